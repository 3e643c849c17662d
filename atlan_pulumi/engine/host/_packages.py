"""What is installed in a project's Python, and how to install what it needs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from ._errors import HostError
from ._interpreter import Interpreter, find_interpreter, virtualenv_folder

# Runs in the project's Python, which need not have pip: prints [[name, version, required by another?], …].
_LIST = """
import json, re
from importlib.metadata import distributions
def plain(name): return re.sub(r"[-_.]+", "-", name).lower()
found = {plain(d.metadata["Name"]): d for d in distributions()}
lines = [line for d in found.values() for line in d.requires or [] if "extra ==" not in line]
needed = {plain(re.match(r"[\\w.-]+", line)[0]) for line in lines}
print(json.dumps([[name, d.version, name in needed] for name, d in sorted(found.items())]))
"""

_ABOUT = "import json, platform, sys; print(json.dumps([sys.executable, platform.python_version()]))"


class Dependency(TypedDict):
    """An installed package."""

    name: str
    version: str


def about(interpreter: Interpreter) -> tuple[str, str]:
    """The interpreter's own path and version."""
    executable, version = json.loads(_ask(interpreter, _ABOUT))
    return executable, version


def installed(interpreter: Interpreter, *, transitive: bool) -> list[Dependency]:
    """What is installed; without `transitive` only what nothing else there requires."""
    return [
        Dependency(name=name, version=version)
        for name, version, required in json.loads(_ask(interpreter, _LIST))
        if transitive or not required
    ]


def _ask(interpreter: Interpreter, code: str) -> str:
    asked = subprocess.run(  # noqa: S603 - the code above, in the Python that runs the user's program anyway
        [interpreter.python, "-c", code], capture_output=True, text=True, check=False
    )
    if asked.returncode:
        last = asked.stderr.strip().splitlines()[-1:] or ["no message"]
        raise HostError(f"{interpreter.python} does not run: {last[0]}")
    return asked.stdout


def install_commands(root: Path, directory: Path, options: Mapping[str, object]) -> list[list[str]]:
    """The commands that give the project in `root`, whose program is in `directory`, what it needs."""
    match options.get("toolchain"):
        case "uv":
            return [["uv", "sync"]]
        case "poetry":
            return [["poetry", "install", "--no-ansi"]]
    return _pip_commands(virtualenv_folder(root, options), _requirements(root, directory))


def _pip_commands(folder: Path | None, requirements: Path | None) -> list[list[str]]:
    ambient = find_interpreter(Path(), {}).python
    python = ambient if folder is None else str(folder / "bin" / "python")
    commands = []
    if folder is not None and not Path(python).exists():
        commands.append([ambient, "-m", "venv", str(folder)])
    if requirements is not None:
        commands.append([python, "-m", "pip", "install", "-r", str(requirements)])
    return commands


def _requirements(root: Path, directory: Path) -> Path | None:
    candidates = [directory / "requirements.txt", root / "requirements.txt"]
    return next((path for path in candidates if path.is_file()), None)
