"""The language host in a built engine: installation and launcher."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pulumi
import pytest

from tools.engine.install_host import install_host

RECORD = f"{sys.executable}\n{pulumi.__file__}\n"


def test_installing_the_host_again_changes_nothing(tmp_path):
    (tmp_path / "bin").mkdir()
    install_host(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    before = {path: path.stat().st_mtime_ns for path in files}

    install_host(tmp_path)

    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before
    assert len(before) == 3


def _launch(root: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher with a closed engine: the host prints its port and ends."""
    return subprocess.run(
        [root / "bin" / "pulumi-language-python", "127.0.0.1:1"],
        input="",
        cwd=root,  # not a checkout, so that nothing is imported from it
        env={"PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "an engine's root"
    (folder / "bin").mkdir(parents=True)
    install_host(folder)
    return folder


def test_the_launcher_runs_the_host_with_the_python_that_provided_it(root):
    launched = _launch(root)

    assert (launched.returncode, launched.stderr) == (0, "")
    assert int(launched.stdout) > 0
    assert (root / "lib" / "python").read_text() == RECORD


@pytest.mark.parametrize("variable", ["PULUMI_PYTHON_CMD", "VIRTUAL_ENV"])
def test_the_launcher_falls_back_to_the_python_of_the_program(root, variable):
    (root / "lib" / "python").write_text("/nowhere/bin/python\n")
    value = sys.executable if variable == "PULUMI_PYTHON_CMD" else sys.prefix

    launched = _launch(root, **{variable: value})

    assert (launched.returncode, launched.stderr) == (0, "")


def test_the_error_without_any_python_with_the_sdk_is_one_line(root, tmp_path):
    (root / "lib" / "python").write_text("/nowhere/bin/python\n")
    (tmp_path / "pulumi").mkdir()  # a folder named like the SDK is not the SDK

    launched = _launch(root, PATH="/usr/bin:/bin", PYTHONNOUSERSITE="1", PYTHONPATH="")

    assert launched.returncode == 1
    assert launched.stdout == ""
    assert launched.stderr.startswith("no Python with the Pulumi SDK: /nowhere/bin/python, which provided")
    assert launched.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "record",
    ["/nowhere/bin/python\n", f"{sys.executable}\n", f"{sys.executable}\n/nowhere/pulumi/__init__.py\n"],
    ids=["no Python", "written by an earlier version", "no SDK"],
)
def test_a_record_that_does_not_hold_is_replaced(root, record):
    (root / "lib" / "python").write_text(record)
    launched = _launch(root, PULUMI_PYTHON_CMD=sys.executable)
    assert (launched.returncode, launched.stderr) == (0, "")

    install_host(root)

    assert (root / "lib" / "python").read_text() == RECORD


def test_a_record_that_holds_stays(root, tmp_path):
    """Several checkouts share an engine, each with its own Python."""
    other = f"{tmp_path / 'python'}\n{pulumi.__file__}\n"
    (tmp_path / "python").symlink_to(sys.executable)
    (root / "lib" / "python").write_text(other)

    install_host(root)

    assert (root / "lib" / "python").read_text() == other


def test_the_bytecode_of_another_python_is_not_used(root):
    """It is ignored, as Python does with any bytecode whose magic number is not its own."""
    archive = root / "lib" / "language-host.pyz"
    with zipfile.ZipFile(archive) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, b"\0\0\0\0" + content[4:] if name.endswith(".pyc") else content)

    launched = _launch(root)

    assert (launched.returncode, launched.stderr) == (0, "")
    assert sum(name.endswith(".pyc") for name in files) == sum(name.endswith(".py") for name in files) - 1
