"""The language host in a built engine: installation and launcher."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.engine.install_host import install_host


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
    assert (root / "lib" / "python").read_text() == f"{sys.executable}\n"


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


def test_a_missing_recorded_python_is_replaced(root):
    (root / "lib" / "python").write_text("/nowhere/bin/python\n")

    install_host(root)

    assert (root / "lib" / "python").read_text() == f"{sys.executable}\n"
