"""Programs under the real engine, through the language host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.engine


def _outputs(project) -> dict[str, object]:
    return json.loads(project.succeed("stack", "output", "--json", "--show-secrets"))


def test_preview_shows_a_dynamic_resource_and_creates_nothing(project):
    shown = project.succeed("preview")

    assert "pulumi-python:dynamic/test:Thing" in shown
    assert "2 to create" in shown
    assert json.loads(project.succeed("stack", "export"))["deployment"].get("resources") is None


@pytest.mark.soak  # the stacks of other tests cover this
def test_up_creates_and_a_second_up_changes_nothing(project):
    assert "2 created" in project.succeed("up", "--yes")
    assert "2 unchanged" in project.succeed("up", "--yes", "--skip-preview")
    assert "2 deleted" in project.succeed("destroy", "--yes", "--skip-preview")


@pytest.mark.soak
def test_program_and_provider_run_with_the_same_python(project):
    project.succeed("up", "--yes", "--skip-preview")

    assert _outputs(project) == {
        "id": "the-id",
        "provider-python": sys.executable,
        "program-python": sys.executable,
    }


def test_a_config_secret_reaches_the_program_and_is_not_printed(project):
    project.succeed("config", "set", "--secret", "password", "hunter2-and-more")
    project.write(
        "__main__.py",
        """
        import pulumi
        from things import Thing

        password = pulumi.Config().require_secret("password")
        thing = Thing("one", password=password)
        pulumi.export("length", password.apply(len))
        pulumi.export("password", thing.password)
        """,
    )

    output = project.succeed("up", "--yes", "--diff")

    assert "hunter2" not in output
    assert "[secret]" in output
    assert "hunter2" not in project.succeed("stack", "export")
    assert _outputs(project)["password"] == "hunter2-and-more"
    assert _outputs(project)["length"] == len("hunter2-and-more")


def test_an_exception_in_the_program_is_shown_once_and_fails_the_run(project):
    project.write("__main__.py", "raise ValueError('no such warehouse')\n")

    done = project.run("preview")

    assert done.returncode != 0
    assert done.stdout.count("ValueError: no such warehouse") == 1
    assert "exit code" not in done.stdout
    assert "exited with code" not in done.stdout


@pytest.mark.soak
def test_the_exit_code_of_a_program_is_shown(project):
    project.write("__main__.py", "import os; os._exit(7)\n")

    done = project.run("preview")

    assert done.returncode != 0
    assert "the program exited with code 7" in done.stdout


@pytest.mark.soak
def test_the_output_of_a_program_is_shown(project):
    project.write("__main__.py", "import sys; print('to stdout'); print('to stderr', file=sys.stderr)\n")

    shown = project.succeed("preview")

    assert "to stdout" in shown
    assert "to stderr" in shown


@pytest.mark.soak
def test_about_names_the_python_and_its_packages(project):
    about = json.loads(project.succeed("about", "--json"))

    assert about["runtime"]["executable"] == sys.executable
    assert about["runtime"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert "pulumi-policy" in {package["name"] for package in about["dependencies"]}


@pytest.fixture
def environment_with_sdk(project) -> Path:
    """Return a virtual environment in the project that shares the packages of this one."""
    folder = project.folder / "environments" / "mine"
    venv.create(folder, with_pip=False)
    [packages] = folder.glob("lib/python*/site-packages")
    here = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "shared.pth").write_text("\n".join(here))
    return folder


def test_a_virtualenv_runs_program_and_provider_with_its_python(project, environment_with_sdk):
    project.write(
        "Pulumi.yaml",
        "name: sample\nruntime: {name: python, options: {virtualenv: environments/mine}}\n",
    )

    project.succeed("up", "--yes", "--skip-preview")

    outputs = _outputs(project)
    wanted = str(environment_with_sdk / "bin" / "python")
    assert outputs["program-python"] == wanted
    assert outputs["provider-python"] == wanted


@pytest.mark.soak
def test_a_virtualenv_is_relative_to_the_project_and_not_to_the_program(project, environment_with_sdk):
    # Without a dynamic resource, because Pulumi's launcher for those looks in the program's folder.
    project.write(
        "Pulumi.yaml",
        "name: sample\nmain: source\nruntime: {name: python, options: {virtualenv: environments/mine}}\n",
    )
    project.write("source/__main__.py", "import pulumi, sys\npulumi.export('python', sys.executable)\n")

    project.succeed("up", "--yes", "--skip-preview")

    assert _outputs(project) == {"python": str(environment_with_sdk / "bin" / "python")}


@pytest.mark.soak
def test_without_a_virtualenv_both_run_with_python3_on_path(project, environment_with_sdk):
    path = f"{environment_with_sdk / 'bin'}{os.pathsep}{project.environment['PATH']}"
    project.variables = {"PATH": path, "PULUMI_PYTHON_CMD": ""}

    project.succeed("up", "--yes", "--skip-preview")

    outputs = _outputs(project)
    wanted = str(environment_with_sdk / "bin" / "python3")
    assert outputs["program-python"] == wanted
    assert outputs["provider-python"] == wanted


@pytest.mark.soak
def test_a_missing_virtualenv_is_one_clear_error(project):
    project.write("Pulumi.yaml", "name: sample\nruntime: {name: python, options: {virtualenv: nowhere}}\n")

    done = project.run("preview")

    assert done.returncode != 0
    assert f"the virtual environment {project.folder / 'nowhere'}" in done.stdout
    assert "does not exist: run `pulumi install`" in done.stdout
    assert "Traceback" not in done.stdout


def _wheel(folder: Path) -> Path:
    """Return the wheel of a package `tiny` with one module, which installs without a registry."""
    path = folder / "tiny-1.2.3-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("tiny.py", "VALUE = 'from the requirements'\n")
        wheel.writestr("tiny-1.2.3.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.2.3\n")
        wheel.writestr("tiny-1.2.3.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.2.3.dist-info/RECORD", "")
    return path


@pytest.mark.soak
def test_install_creates_the_virtual_environment_with_its_requirements(project):
    project.write("requirements.txt", f"{_wheel(project.folder)}\n")
    project.write("Pulumi.yaml", "name: sample\nruntime: {name: python, options: {virtualenv: env}}\n")

    shown = project.succeed("install")

    assert "Successfully installed tiny-1.2.3" in shown
    python = project.folder / "env" / "bin" / "python"
    output = subprocess.check_output([python, "-c", "import tiny; print(tiny.VALUE)"], text=True)
    assert output == "from the requirements\n"


@pytest.mark.soak
def test_install_shows_the_failed_command(project):
    project.write("requirements.txt", "./no-such-package\n")
    project.write("Pulumi.yaml", "name: sample\nruntime: {name: python, options: {virtualenv: env}}\n")

    done = project.run("install")

    assert done.returncode != 0
    assert "pip install -r" in done.stdout
    assert "no-such-package" in done.stdout
