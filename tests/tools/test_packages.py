"""The commands of `pulumi install`, and the packages in a project's Python."""

from __future__ import annotations

import sys

import pytest

from tools.engine.language_host import HostError
from tools.engine.language_host._python import Interpreter, describe_python, install_commands, list_packages


@pytest.fixture(autouse=True)
def _this_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_PYTHON_CMD", sys.executable)


def test_a_missing_virtual_environment_is_created(tmp_path):
    requirements = tmp_path / "requirements.txt"
    requirements.touch()

    commands = install_commands(tmp_path, tmp_path, {"virtualenv": "env"})

    assert commands == [
        [sys.executable, "-m", "venv", str(tmp_path / "env")],
        [str(tmp_path / "env/bin/python"), "-m", "pip", "install", "-r", str(requirements)],
    ]


def test_an_existing_virtual_environment_is_kept(tmp_path):
    (tmp_path / "env/bin").mkdir(parents=True)
    (tmp_path / "env/bin/python").symlink_to(sys.executable)
    (tmp_path / "requirements.txt").touch()

    [command] = install_commands(tmp_path, tmp_path, {"virtualenv": "env"})

    assert command[1:4] == ["-m", "pip", "install"]


def test_requirements_of_the_program_override_those_of_the_project(tmp_path):
    program = tmp_path / "source"
    program.mkdir()
    for folder in (tmp_path, program):
        (folder / "requirements.txt").touch()

    [command] = install_commands(tmp_path, program, {})

    assert command == [sys.executable, "-m", "pip", "install", "-r", str(program / "requirements.txt")]


def test_without_requirements_nothing_is_installed(tmp_path):
    assert install_commands(tmp_path, tmp_path, {}) == []


def test_uv_and_poetry_install_with_their_commands(tmp_path):
    assert install_commands(tmp_path, tmp_path, {"toolchain": "uv"}) == [["uv", "sync"]]
    assert install_commands(tmp_path, tmp_path, {"toolchain": "poetry"}) == [
        ["poetry", "install", "--no-ansi"]
    ]


def test_describe_python_returns_path_and_version():
    assert describe_python(Interpreter(sys.executable)) == (
        sys.executable,
        ".".join(map(str, sys.version_info[:3])),
    )


def test_packages_have_versions_and_normalized_names():
    packages = {
        package["name"]: package["version"]
        for package in list_packages(Interpreter(sys.executable), transitive=True)
    }

    assert packages["pulumi"].startswith("3.")
    assert "pulumi-policy" in packages  # its metadata says pulumi_policy
    assert packages.keys() > {
        package["name"] for package in list_packages(Interpreter(sys.executable), transitive=False)
    }


def test_a_broken_python_is_an_error_with_its_output(tmp_path):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'cannot load its library' >&2\nexit 1\n")
    broken.chmod(0o755)

    with pytest.raises(HostError, match=f"{broken} does not run: cannot load its library"):
        describe_python(Interpreter(str(broken)))
