"""Projects of dbt: the recorded one, and changed copies of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "stacks" / "dbt_project"
#: What dbt wrote for the project of the stack.
ARTIFACTS = FOLDER / "artifacts"
#: The newest dbt that needs no compiler, with PyYAML for the stack's script.
PACKAGES = ("dbt-core==1.11.16", "dbt-duckdb==1.11.1", "pyyaml")
Change = Callable[[dict[str, Any]], object]


def unchanged(_data: dict[str, Any]) -> None:
    """Change nothing."""


def write_target(folder: Path, manifest: Change = unchanged, catalog: Change | None = unchanged) -> Path:
    """Write a target folder with changed copies of the recorded artifacts.

    Args:
        folder: The folder that gets the target folder.
        manifest: Changes the manifest.
        catalog: Changes the catalog; None to leave it out.
    """
    target = folder / "target"
    target.mkdir()
    for name, change in {"manifest.json": manifest, "catalog.json": catalog}.items():
        if change is not None:
            data = json.loads((ARTIFACTS / name).read_text())
            change(data)
            (target / name).write_text(json.dumps(data))
    return target


def dbt_environment(folder: Path) -> dict[str, str]:
    """Install a real dbt in an environment of its own, and return the variables with which it runs.

    Args:
        folder: The new folder of the environment.
    """
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    binaries = folder / "bin"
    subprocess.run([str(binaries / "python"), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "DBT_PROFILES_DIR": ".", "HOME": str(folder)}
