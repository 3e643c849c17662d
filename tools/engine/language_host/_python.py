"""Find the Python of a project, list its packages, and install its requirements."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from . import HostError

# Runs in the project's Python, which may lack pip; prints [[name, version, required by another package], …].
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


@dataclass(frozen=True)
class Interpreter:
    """A Python, and its virtual environment if the project configures one."""

    python: str
    virtualenv: Path | None = None

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """Return `base` with the virtual environment, if any, activated."""
        environment = dict(base)
        if self.virtualenv is not None:
            search = [str(self.virtualenv / "bin"), environment.get("PATH", "")]
            environment["PATH"] = os.pathsep.join(filter(None, search))
            environment["VIRTUAL_ENV"] = str(self.virtualenv)
            environment.pop("PYTHONHOME", None)
        return environment


def find_interpreter(root: Path, options: Mapping[str, object]) -> Interpreter:
    """Return the Python that the runtime options of the project in `root` select.

    The rules are those of Pulumi's resource launcher, `pulumi-resource-pulumi-python`, so that a program and
    its pickled providers run with the same Python: the option `virtualenv`, else the toolchain's environment,
    else `PULUMI_PYTHON_CMD`, else `python3` on PATH.

    Raises:
        HostError: The selected Python does not exist.
    """
    folder = virtualenv_folder(root, options)
    if folder is None:
        return Interpreter(_ambient_python())
    python = folder / "bin" / "python"
    if not python.is_file():
        found = "is not a virtual environment" if folder.is_dir() else "does not exist"
        raise HostError(
            f"the virtual environment {folder} of this project {found}: "
            f"run `pulumi install` in {root}, or correct `runtime.options.virtualenv`"
        )
    return Interpreter(str(python), folder)


def virtualenv_folder(root: Path, options: Mapping[str, object]) -> Path | None:
    """Return the absolute path of the configured virtual environment, if any; it may not exist."""
    named = options.get("virtualenv")
    if named:
        return root / str(named)
    match options.get("toolchain"):
        case "uv":
            return root / os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv")
        case "poetry":
            return _poetry_folder(root)
    return None


def _poetry_folder(root: Path) -> Path:
    try:
        asked = subprocess.run(
            ["poetry", "env", "info", "--path"],  # noqa: S607 - the user's own poetry, from PATH
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise HostError(
            f"poetry does not say which virtual environment {root} has ({error}): run `poetry install` there"
        ) from None
    return Path(asked.stdout.strip())


def _ambient_python() -> str:
    named = os.environ.get("PULUMI_PYTHON_CMD")
    for command in [named] if named else ["python3", "python"]:
        if found := shutil.which(command):
            return found
    wanted = f"{named!r}, which PULUMI_PYTHON_CMD names," if named else "python3"
    raise HostError(f"{wanted} is not on PATH: put a Python 3.10 or newer there, or set PULUMI_PYTHON_CMD")


class Dependency(TypedDict):
    """An installed package."""

    name: str
    version: str


def describe_python(interpreter: Interpreter) -> tuple[str, str]:
    """Return the path and version that the interpreter reports."""
    executable, version = json.loads(_ask(interpreter, _ABOUT))
    return executable, version


def list_packages(interpreter: Interpreter, *, transitive: bool) -> list[Dependency]:
    """Return the installed packages; without `transitive`, only those that no other package requires."""
    return [
        Dependency(name=name, version=version)
        for name, version, required in json.loads(_ask(interpreter, _LIST))
        if transitive or not required
    ]


def _ask(interpreter: Interpreter, code: str) -> str:
    asked = subprocess.run(  # noqa: S603 - the code above, in the Python of the user's program
        [interpreter.python, "-c", code], capture_output=True, text=True, check=False
    )
    if asked.returncode:
        last = asked.stderr.strip().splitlines()[-1:] or ["no message"]
        raise HostError(f"{interpreter.python} does not run: {last[0]}")
    return asked.stdout


def install_commands(root: Path, directory: Path, options: Mapping[str, object]) -> list[list[str]]:
    """Return the commands that install a project's requirements; its program is in `directory`."""
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
