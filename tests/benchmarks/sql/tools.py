"""The tools that are compared, each with its reader, in an environment of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

READERS = Path(__file__).parent / "readers"


@dataclass(frozen=True)
class Tool:
    """A tool.

    Attributes:
        name: Its name in the tables.
        reader: The file of its reader.
        package: What is installed for it; empty if it is in this environment.
        most: The number of statements that its speed is measured with at most.
    """

    name: str
    reader: str
    package: str = ""
    most: int = 1_000_000


OURS = Tool("atlan-pulumi", "ours.py")
TOOLS = {
    "ours": OURS,
    "sqlglot": Tool("plain sqlglot", "plain_sqlglot.py", most=100),
    "datahub": Tool("DataHub's parser", "datahub_parser.py", "acryl-datahub[sql-parser]"),
    "sqllineage": Tool("sqllineage", "with_sqllineage.py", "sqllineage", most=100),
}


@dataclass(frozen=True)
class Read:
    """What a reader found: the edges of each case, None where the tool failed, and the time for all."""

    edges: list[set[tuple[str, str]] | None]
    seconds: float


def read(tool: Tool, cases: list[dict[str, Any]], cache: Path) -> Read:
    """Derive the edges of cases with a tool.

    Args:
        tool: The tool.
        cases: The cases.
        cache: The folder of the environments.

    Raises:
        SystemExit: The reader failed.
    """
    command = [_python(tool, cache), str(READERS / tool.reader)]
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{tool.name} failed:\n{done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    return Read(
        [None if each is None else set(map(_pair, each)) for each in found["edges"]], found["seconds"]
    )


def _pair(edge: list[str]) -> tuple[str, str]:
    target, source = (each.lower().removeprefix("<default>.") for each in edge)
    return target, source


def _python(tool: Tool, cache: Path) -> str:
    """Return the interpreter of a tool, whose environment is created on the first use."""
    if not tool.package:
        return sys.executable
    folder = cache / Path(tool.reader).stem
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    ready = folder / ".ready"
    if not ready.exists():
        print(f"installing {tool.package} into {folder} (once)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, tool.package], check=True)
        ready.touch()
    return str(python)
