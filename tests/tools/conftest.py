"""Fixtures: an engine that the real Go builds in a second."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from support.network import make_unreachable
from support.processes import any_version, has_ended_fixture, new_pipe, pipe

from atlan_pulumi.engine._progress import Silent
from tools.engine.build import provide_go
from tools.engine.recipe import PULUMI, Recipe

__all__ = ["any_version", "has_ended_fixture", "new_pipe", "pipe"]


@pytest.fixture(autouse=True)
def _any_version(any_version: None) -> None:
    pass


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    make_unreachable(monkeypatch)


class Notes(Silent):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def note(self, text: str) -> None:
        self.lines.append(text)


@pytest.fixture
def notes() -> Notes:
    return Notes()


_TINY_MODULE = "example.com/engine"
_TINY_FILES = {
    "go.mod": f"module {_TINY_MODULE}\n\ngo 1.21\n",
    "version/version.go": 'package version\n\nvar Version = "none"\n',
    "cmd/pulumi/main.go": (
        "package main\n\n"
        f'import (\n\t"os"\n\n\t"{_TINY_MODULE}/version"\n)\n\n'
        'func main() { os.Stdout.WriteString(version.Version + "\\n") }\n'
    ),
    "dist/pulumi-resource-pulumi-python": "#!/bin/sh\n",
    "cmd/pulumi-language-python-exec": "#!/bin/sh\n",
}


@pytest.fixture(scope="session")
def go_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a `go`: that of the machine, else PyPI's."""
    return provide_go(PULUMI.go, tmp_path_factory.mktemp("go"), Silent()).parent


@pytest.fixture(scope="session")
def tiny_proxy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Go module proxy, as files, with one module: an engine that only prints its version."""
    proxy = tmp_path_factory.mktemp("proxy")
    versions = proxy / _TINY_MODULE / "@v"
    versions.mkdir(parents=True)
    (versions / "list").write_text("v1.0.0\n")
    (versions / "v1.0.0.info").write_text('{"Version": "v1.0.0"}')
    (versions / "v1.0.0.mod").write_text(_TINY_FILES["go.mod"])
    with zipfile.ZipFile(versions / "v1.0.0.zip", "w") as archive:
        for name, text in _TINY_FILES.items():
            archive.writestr(f"{_TINY_MODULE}@v1.0.0/{name}", text)
    return proxy


@pytest.fixture(scope="session")
def go_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Go cache of the test session, because Go's runtime takes seconds to compile."""
    return tmp_path_factory.mktemp("go-cache")


@pytest.fixture
def tiny(
    tmp_path: Path, tiny_proxy: Path, go_folder: Path, go_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> Recipe:
    """Return the recipe of an engine that the real Go builds in a second, in a separate cache."""
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(go_folder), prepend=os.pathsep)
    monkeypatch.setenv("GOPROXY", f"file://{tiny_proxy}")
    monkeypatch.setenv("GOCACHE", str(go_cache))
    monkeypatch.setenv("GONOSUMDB", "*")
    module = tmp_path / "module"
    module.mkdir()
    (module / "go.mod").write_text(
        f"module tiny\n\ngo 1.24\n\ntool {_TINY_MODULE}/cmd/pulumi\n\nrequire {_TINY_MODULE} v1.0.0\n"
    )
    environment = {**os.environ, "GOFLAGS": "-mod=mod -modcacherw", "GOMODCACHE": str(tmp_path / "modules")}
    subprocess.run(["go", "mod", "tidy"], cwd=module, env=environment, check=True, capture_output=True)
    return Recipe(
        version="1.0.0",
        module=module,
        go=(1, 24, 0),
        package=f"{_TINY_MODULE}/cmd/pulumi",
        version_variable=f"{_TINY_MODULE}/version.Version",
        scripts_module=_TINY_MODULE,
        scripts=("dist/pulumi-resource-pulumi-python", "cmd/pulumi-language-python-exec"),
    )
