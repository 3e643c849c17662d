"""Building an engine from Pulumi's Go module."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from atlan_pulumi.engine._go import provide_go
from atlan_pulumi.engine._host import install_host
from atlan_pulumi.engine._progress import Progress
from atlan_pulumi.engine._recipe import Recipe
from atlan_pulumi.engine._step import failed, run_step

# Go's own settings that would change what is built, or where for.
_NOT_OURS = ("GOFLAGS", "GOOS", "GOARCH", "GOROOT", "GO111MODULE")


def build(recipe: Recipe, work: Path, progress: Progress) -> Path:
    """Build the engine of `recipe` in the folder `work` and return its root there, ready to be moved.

    Raises:
        EngineError: A step failed.
    """
    go = provide_go(recipe.go, work, progress)
    module, root = work / "module", work / "engine"
    shutil.copytree(recipe.module, module)
    (root / "bin").mkdir(parents=True)
    environment = _environment(work)

    with progress.step(name := f"fetch the Go sources of Pulumi {recipe.version}"):
        run_step(name, [go, "list", "-deps", recipe.package], environment=environment, directory=module)
    with progress.step(name := f"compile Pulumi {recipe.version}, about 4 minutes on 2 cores"):
        command: list[str | Path] = [
            go,
            "build",
            "-o",
            root / "bin" / "pulumi",
            "-ldflags",
            _linker(recipe),
            recipe.package,
        ]
        run_step(name, command, environment=environment, directory=module)
    with progress.step(name := "add what runs Python programs"):
        query: list[str | Path] = [go, "list", "-m", "-f", "{{.Dir}}", recipe.scripts_module]
        sources = Path(run_step(name, query, environment=environment, directory=module).strip())
        _copy_scripts(name, sources, recipe.scripts, root / "bin")
        install_host(root)
    _try(recipe, root)
    return root


def _environment(work: Path) -> dict[str, str]:
    """The variables for Go. What it fetches and compiles stays in `work`, unless the user says where it goes.

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
            raise failed(step, f"{script} is not in the module ({error.strerror})") from None
        Path(copied).chmod(0o755)


def _try(recipe: Recipe, root: Path) -> None:
    name = "run the compiled pulumi"
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_HOME": str(root.parent / "home")}
    said = run_step(name, [root / "bin" / "pulumi", "version"], environment=environment, seconds=60).strip()
    if said != f"v{recipe.version}":
        raise failed(name, f"it says it is {said!r} and not v{recipe.version}")
