"""What `pulumi install` runs, and what is found in a project's Python."""

from __future__ import annotations

import sys

import pytest

from tools.engine.language_host import HostError
from tools.engine.language_host._python import Interpreter, about, install_commands, installed


@pytest.fixture(autouse=True)
def _this_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_PYTHON_CMD", sys.executable)


def test_a_new_virtual_environment_is_made_and_filled(tmp_path):
    requirements = tmp_path / "requirements.txt"
    requirements.touch()

    commands = install_commands(tmp_path, tmp_path, {"virtualenv": "env"})

    assert commands == [
        [sys.executable, "-m", "venv", str(tmp_path / "env")],
        [str(tmp_path / "env/bin/python"), "-m", "pip", "install", "-r", str(requirements)],
    ]


def test_one_that_is_there_is_only_filled(tmp_path):
    (tmp_path / "env/bin").mkdir(parents=True)
    (tmp_path / "env/bin/python").symlink_to(sys.executable)
    (tmp_path / "requirements.txt").touch()

    [command] = install_commands(tmp_path, tmp_path, {"virtualenv": "env"})

    assert command[1:4] == ["-m", "pip", "install"]


def test_the_programs_requirements_come_before_the_projects(tmp_path):
    program = tmp_path / "source"
    program.mkdir()
    for folder in (tmp_path, program):
        (folder / "requirements.txt").touch()

    [command] = install_commands(tmp_path, program, {})

    assert command == [sys.executable, "-m", "pip", "install", "-r", str(program / "requirements.txt")]


def test_nothing_to_install(tmp_path):
    assert install_commands(tmp_path, tmp_path, {}) == []


def test_other_toolchains_install_their_own_way(tmp_path):
    assert install_commands(tmp_path, tmp_path, {"toolchain": "uv"}) == [["uv", "sync"]]
    assert install_commands(tmp_path, tmp_path, {"toolchain": "poetry"}) == [
        ["poetry", "install", "--no-ansi"]
    ]


def test_about_this_python():
    assert about(Interpreter(sys.executable)) == (sys.executable, ".".join(map(str, sys.version_info[:3])))


def test_installed_packages_have_versions_and_plain_names():
    packages = {
        package["name"]: package["version"]
        for package in installed(Interpreter(sys.executable), transitive=True)
    }

    assert packages["pulumi"].startswith("3.")
    assert "pulumi-policy" in packages  # its metadata says pulumi_policy
    assert packages.keys() > {
        package["name"] for package in installed(Interpreter(sys.executable), transitive=False)
    }


def test_a_python_that_does_not_run_says_so(tmp_path):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'cannot load its library' >&2\nexit 1\n")
    broken.chmod(0o755)

    with pytest.raises(HostError, match=f"{broken} does not run: cannot load its library"):
        about(Interpreter(str(broken)))
