"""The examples pass `mypy --strict` and pyright, so the package is typed; a wrong value does not pass."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from docs.examples import examples

#: An installed pyright. It is no dependency, since it downloads itself with Node.js.
PYRIGHT = shutil.which("pyright")
#: Values outside a closed set, each with the property that it is for.
WRONG = """\
import atlan_pulumi as atlan

warehouse = "default/snowflake/1657025257"
deletion: atlan.DeleteType = "PURG"
atlan.Process(
    "load",
    name="Load",
    connection=warehouse,
    inputs=[atlan.table(f"{warehouse}/A")],
    outputs=[atlan.table(f"{warehouse}/B")],
    delete_type="PURG",
    certificate_status="verified",
    announcement_type="danger",
)
atlan.Connection("etl", name="etl", connector="airflow", category="etl", admin_roles=["$admin"])
"""


def strict(folder: Path, cache: Path) -> list[str]:
    """Return the errors of `mypy --strict` on the files of a folder."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", f"--cache-dir={cache}", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_the_package_has_the_marker_of_typed_packages() -> None:
    assert (files("atlan_pulumi") / "py.typed").is_file()


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Return a folder with the examples, and one with a program that has wrong values."""
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    right.mkdir()
    wrong.mkdir()
    for number, each in enumerate([*examples("program"), *examples("script")]):
        (right / f"example_{number:02}.py").write_text(f"# {each.where}\n{each.text}")
    (wrong / "example.py").write_text(WRONG)
    return right, wrong


@pytest.mark.soak  # a quarter of a minute
def test_the_examples_pass_strict_type_checks_and_wrong_values_do_not(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    right, wrong = folders
    assert strict(right, tmp_path / "cache") == []
    lines = [line for line in strict(wrong, tmp_path / "cache") if "error: " in line]

    for argument in ("delete_type", "certificate_status", "announcement_type", "category"):
        assert any(f'Argument "{argument}" to ' in line for line in lines), lines
    assert any('variable has type "Literal[' in line for line in lines), lines
    assert len(lines) == 5


@pytest.mark.soak
@pytest.mark.skipif(PYRIGHT is None, reason="pyright is not installed; it needs Node.js")
def test_pyright_agrees(folders: tuple[Path, Path]) -> None:
    right, wrong = folders
    for folder, expected in ((right, 0), (wrong, 5)):
        (folder / "pyrightconfig.json").write_text(json.dumps({"typeCheckingMode": "strict"}))
        command = [str(PYRIGHT), "--pythonpath", sys.executable, "--outputjson"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert json.loads(done.stdout)["summary"]["errorCount"] == expected, done.stdout
