"""Policy packs under the real engine, through the language host's RunPlugin."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.engine


@pytest.fixture
def pack(project) -> str:
    """A pack with one rule against the project's resource; its level comes from the environment."""
    project.write("pack/PulumiPolicy.yaml", "runtime: python\nversion: 0.0.1\n")
    project.write(
        "pack/__main__.py",
        """
        import os
        from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

        def no_green(args, report):
            if args.props.get("colour") == "green":
                report(f"{args.name} is green")

        rule = ResourceValidationPolicy("no-green", "Nothing may be green.", no_green)
        level = EnforcementLevel(os.environ["LEVEL"])
        PolicyPack("colours", policies=[rule], enforcement_level=level)
        """,
    )
    return str(project.folder / "pack")


@pytest.mark.soak  # the package's own pack, in `tests/policies`, is run so in the ordinary run
@pytest.mark.parametrize("command", [["preview"], ["up", "--yes", "--skip-preview"]], ids=["preview", "up"])
def test_a_mandatory_violation_fails(project, pack, command):
    project.variables = {"LEVEL": "mandatory"}

    done = project.run(*command, "--policy-pack", pack)

    assert done.returncode != 0
    assert "one is green" in done.stdout
    assert "Traceback" not in done.stdout
    assert project.processes() == []


@pytest.mark.soak  # see above
def test_an_advisory_violation_is_shown_and_passes(project, pack):
    project.variables = {"LEVEL": "advisory"}

    shown = project.succeed("up", "--yes", "--policy-pack", pack)

    assert "one is green" in shown
    assert "2 created" in shown
    assert project.processes() == []


def test_a_pack_that_breaks_says_so(project, pack):
    project.write("pack/__main__.py", "raise RuntimeError('a broken pack')\n")

    done = project.run("preview", "--policy-pack", pack)

    assert done.returncode != 0
    assert "a broken pack" in done.stdout
    assert project.processes() == []


def test_a_pack_with_a_virtual_environment_that_is_not_there_says_so(project, pack):
    project.write(
        "pack/PulumiPolicy.yaml",
        "runtime: {name: python, options: {virtualenv: nowhere}}\nversion: 0.0.1\n",
    )

    done = project.run("preview", "--policy-pack", pack)

    assert done.returncode != 0
    assert "nowhere, which this project is set to run in, does not exist" in done.stdout
