"""Finding the Python of a project."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tools.engine.language_host import HostError
from tools.engine.language_host._python import Interpreter, find_interpreter, virtualenv_folder


def _environment(folder: Path) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    return folder


def _command(folder: Path, name: str, text: str = "#!/bin/sh\n") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_a_relative_virtualenv_is_relative_to_the_project(tmp_path):
    folder = _environment(tmp_path / "envs" / "one")

    found = find_interpreter(tmp_path, {"virtualenv": "envs/one"})

    assert found == Interpreter(str(folder / "bin" / "python"), folder)


def test_an_absolute_virtualenv_is_used_unchanged(tmp_path):
    folder = _environment(tmp_path / "one")

    assert find_interpreter(tmp_path / "project", {"virtualenv": str(folder)}).virtualenv == folder


@pytest.mark.parametrize(
    ("present", "problem"), [(False, "does not exist"), (True, "is not a virtual environment")]
)
def test_an_unusable_virtualenv_is_an_error(tmp_path, present, problem):
    if present:
        (tmp_path / "one").mkdir()

    with pytest.raises(HostError, match=f"{tmp_path / 'one'}.*{problem}.*`pulumi install` in {tmp_path}"):
        find_interpreter(tmp_path, {"virtualenv": "one"})


def test_without_options_the_order_is_variable_python3_python(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("PULUMI_PYTHON_CMD", raising=False)

    python = _command(tmp_path / "bin", "python")
    assert find_interpreter(tmp_path, {}) == Interpreter(str(python))
    python3 = _command(tmp_path / "bin", "python3")
    assert find_interpreter(tmp_path, {}) == Interpreter(str(python3))
    named = _command(tmp_path / "bin", "pypy3")
    monkeypatch.setenv("PULUMI_PYTHON_CMD", "pypy3")
    assert find_interpreter(tmp_path, {}) == Interpreter(str(named))


@pytest.mark.parametrize(
    ("named", "wanted"), [("", "python3 is not on PATH"), ("py9", "'py9', which PULUMI_PYTHON_CMD")]
)
def test_a_missing_python_is_an_error(tmp_path, monkeypatch, named, wanted):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PULUMI_PYTHON_CMD", named)

    with pytest.raises(HostError, match=wanted):
        find_interpreter(tmp_path, {})


def test_the_environment_of_uv_is_in_the_project(tmp_path, monkeypatch):
    monkeypatch.delenv("UV_PROJECT_ENVIRONMENT", raising=False)
    assert virtualenv_folder(tmp_path, {"toolchain": "uv"}) == tmp_path / ".venv"
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", "other")
    assert virtualenv_folder(tmp_path, {"toolchain": "uv"}) == tmp_path / "other"
    assert virtualenv_folder(tmp_path, {"toolchain": "uv", "virtualenv": "mine"}) == tmp_path / "mine"


def test_the_environment_of_poetry_comes_from_its_command(tmp_path, monkeypatch):
    _command(tmp_path / "bin", "poetry", f"#!/bin/sh\necho {tmp_path}/of-poetry\n")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)

    assert virtualenv_folder(tmp_path, {"toolchain": "poetry"}) == tmp_path / "of-poetry"


def test_a_failing_poetry_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(HostError, match=f"which virtual environment {tmp_path} has .*: run `poetry install`"):
        virtualenv_folder(tmp_path, {"toolchain": "poetry"})


def test_the_environment_variables_activate_the_virtualenv(tmp_path):
    base = {"PATH": "/usr/bin", "PYTHONHOME": "/usr", "VIRTUAL_ENV": "/another", "LANG": "C"}

    activated = Interpreter("python", tmp_path).environment(base)

    assert activated == {"PATH": f"{tmp_path}/bin:/usr/bin", "VIRTUAL_ENV": str(tmp_path), "LANG": "C"}
    assert Interpreter("python").environment(base) == base
    assert Interpreter("python", tmp_path).environment({})["PATH"] == f"{tmp_path}/bin"
