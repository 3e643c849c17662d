"""The real engine, and small real projects to run it on."""

from __future__ import annotations

import os
import select
import subprocess
import textwrap
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from atlan_pulumi.engine import Engine, provide_engine
from atlan_pulumi.engine._go import provide_go
from atlan_pulumi.engine._progress import Silent
from atlan_pulumi.engine._recipe import PULUMI, Recipe

#: Marks every process of a test's engine, however deep: environments are inherited.
MARK = "ATLAN_PULUMI_TEST_RUN"


@pytest.fixture(scope="session")
def engine() -> Engine:
    return provide_engine()


@pytest.fixture(autouse=True)
def _any_version(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what runs an engine is run on the version that was asked for."""
    if not request.node.get_closest_marker("engine"):
        monkeypatch.delenv("ATLAN_PULUMI_ENGINE", raising=False)


@dataclass
class Project:
    """A Pulumi project in a folder of its own, with its own state and home."""

    folder: Path
    engine: Engine
    variables: dict[str, str] = field(default_factory=dict)
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return path

    @property
    def environment(self) -> dict[str, str]:
        beside = self.folder.parent
        return self.engine.environment(
            **{
                "PULUMI_BACKEND_URL": f"file://{beside}",
                "PULUMI_HOME": str(beside / "home"),
                "PULUMI_CONFIG_PASSPHRASE": "correct horse",
                MARK: self.mark,
                **self.variables,
            }
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pulumi", "--non-interactive", "--color=never", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )

    def succeed(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["pulumi", "--non-interactive", "--color=never", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def processes(self) -> list[str]:
        """The command lines of what still runs of this project."""
        return marked_processes(self.mark)


def marked_processes(mark: str) -> list[str]:
    """The command lines of the processes that have the mark in their environment and go on running."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                environment = (entry / "environ").read_bytes()
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if f"{MARK}={mark}".encode() in environment and not has_ended(int(entry.name)):
                found.append(command.replace(b"\0", b" ").decode())
    return found


def has_ended(pid: int, seconds: float = 20) -> bool:
    """Whether a process, anybody's child, has ended or does so soon."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return select.select([descriptor], [], [], seconds)[0] == [descriptor]
    finally:
        os.close(descriptor)


class Pipe:
    """The reading end of a named pipe: how a test learns, without polling, how far a process has come."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read(self, seconds: float = 30) -> str:
        """The next that is written; empty when all who had opened it for writing have closed it or ended."""
        if not select.select([self._descriptor], [], [], seconds)[0]:
            raise AssertionError(f"nobody wrote into {self.path} in {seconds} s")
        return os.read(self._descriptor, 4096).decode()

    def close(self) -> None:
        os.close(self._descriptor)


PROVIDER = """
    import os, sys
    from pulumi.dynamic import CreateResult, Resource, ResourceProvider

    class Provider(ResourceProvider):
        def __reduce__(self):
            return Provider, ()

        def create(self, props):
            return CreateResult("the-id", {**props, "python": sys.executable})

    class Thing(Resource, module="test", name="Thing"):
        def __init__(self, name, **props):
            super().__init__(Provider(), name, {"python": None, **props})
"""


@pytest.fixture(name="has_ended")
def _has_ended() -> Callable[[int], bool]:
    return has_ended


@pytest.fixture
def new_pipe(tmp_path: Path) -> Iterator[Callable[[str], Pipe]]:
    with ExitStack() as made:
        yield lambda name: made.enter_context(closing(Pipe(tmp_path / name)))


@pytest.fixture
def pipe(new_pipe: Callable[[str], Pipe]) -> Pipe:
    return new_pipe("pipe")


@pytest.fixture
def project(engine: Engine, tmp_path: Path) -> Project:
    """A project with one dynamic resource, `Thing`, and a stack `dev`."""
    made = Project(tmp_path / "project", engine)
    made.write("Pulumi.yaml", "name: sample\nruntime: python\n")
    made.write("things.py", PROVIDER)
    made.write(
        "__main__.py",
        """
        import pulumi, sys
        from things import Thing

        thing = Thing("one", colour="green")
        pulumi.export("id", thing.id)
        pulumi.export("provider-python", thing.python)
        pulumi.export("program-python", sys.executable)
        """,
    )
    made.succeed("stack", "init", "dev")
    return made


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
    """A folder with a `go`: the machine's, else PyPI's."""
    return provide_go(PULUMI.go, tmp_path_factory.mktemp("go"), Silent()).parent


@pytest.fixture(scope="session")
def tiny_proxy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Go module proxy, as files, with one module: an engine that can only say its version."""
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
    """Compiled packages for all tests of a session: Go's runtime takes seconds to compile."""
    return tmp_path_factory.mktemp("go-cache")


@pytest.fixture
def tiny(
    tmp_path: Path, tiny_proxy: Path, go_folder: Path, go_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> Recipe:
    """A recipe for an engine that builds in a second, in a cache of its own, by the real Go."""
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
