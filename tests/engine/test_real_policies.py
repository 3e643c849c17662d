"""Policy packs under the real engine, through the language host's RunPlugin."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.engine


@pytest.fixture
def pack(project) -> str:
    """Return a pack with one rule that the project violates; its level comes from the environment."""
    project.write("pack/PulumiPolicy.yaml", "runtime: python\nversion: 0.0.1\n")
    project.write(
        "pack/__main__.py",
        """
        import os
        from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

        def no_green(args, report):
            if args.props.get("color") == "green":
                report(f"{args.name} is green")

        rule = ResourceValidationPolicy("no-green", "Nothing may be green.", no_green)
        level = EnforcementLevel(os.environ["LEVEL"])
        PolicyPack("colors", policies=[rule], enforcement_level=level)
        """,
    )
    return str(project.folder / "pack")


@pytest.mark.soak  # `tests/policies` covers this with the package's pack in the ordinary run
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


def test_a_failing_pack_fails_the_preview_with_its_error(project, pack):
    project.write("pack/__main__.py", "raise RuntimeError('a broken pack')\n")

    done = project.run("preview", "--policy-pack", pack)

    assert done.returncode != 0
    assert "a broken pack" in done.stdout
    assert project.processes() == []


def test_a_pack_with_a_missing_virtual_environment_is_a_clear_error(project, pack):
    project.write(
        "pack/PulumiPolicy.yaml",
        "runtime: {name: python, options: {virtualenv: nowhere}}\nversion: 0.0.1\n",
    )

    done = project.run("preview", "--policy-pack", pack)

    assert done.returncode != 0
    assert "nowhere of this project does not exist" in done.stdout
