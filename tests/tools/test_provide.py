"""`make engine`: order of sources, locking, and interruptions."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from atlan_pulumi.engine import Engine
from atlan_pulumi.engine._find import EXECUTABLES
from atlan_pulumi.engine._progress import Silent
from atlan_pulumi.errors import EngineError
from atlan_pulumi.files import cache_folder
from tools.engine.__main__ import build, main, provide
from tools.engine.build import build_engine

ROOT = Path(__file__).parents[2]

# Provides the tiny engine as `make engine` does, and reports each step as a line.
PROVIDE = """
import pickle, sys
from atlan_pulumi.engine._progress import Lines
from tools.engine.build import build_engine
print(build_engine(pickle.loads(bytes.fromhex(sys.argv[1])), Lines()).folder)
"""


@pytest.fixture
def slow_go(tmp_path: Path, new_pipe, go_folder, monkeypatch: pytest.MonkeyPatch):
    """Wrap the real `go`: `go build` reports its process ID and waits for a release."""
    started, release = new_pipe("started"), tmp_path / "release"
    os.mkfifo(release)
    folder = tmp_path / "slow"
    folder.mkdir()
    (folder / "go").write_text(
        "#!/bin/sh\n"
        f'if [ "$1" = build ]; then echo $$ > {started.path}; cat {release}; fi\n'
        f'exec {go_folder / "go"} "$@"\n'
    )
    (folder / "go").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return started, release


def _start(recipe) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROVIDE, pickle.dumps(recipe).hex()],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.soak
def test_of_two_processes_one_builds_and_one_waits(tiny, slow_go):
    started, release = slow_go
    with _start(tiny) as first:
        assert int(started.read()) > 0
        with _start(tiny) as second:
            assert second.stderr is not None
            waiting = second.stderr.readline()
            release.open("w").close()
            outputs = [process.communicate(timeout=60) for process in (first, second)]

    assert waiting == "wait for another process that is providing the engine …\n"
    assert outputs[0][0] == outputs[1][0] == f"{cache_folder() / 'engine' / 'build-1.0.0' / 'bin'}\n"
    assert "compile Pulumi 1.0.0" in outputs[0][1]
    assert "compile" not in outputs[1][1]


@pytest.mark.soak
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_build_leaves_no_partial_engine(
    tiny, slow_go, go_folder, has_ended, monkeypatch, number
):
    started, _ = slow_go
    with _start(tiny) as interrupted:
        compiler = int(started.read())
        interrupted.send_signal(number)
        interrupted.communicate(timeout=60)
    engines = cache_folder() / "engine"
    assert not (engines / "build-1.0.0").exists()
    left = [path.name for path in engines.glob(".work-*")]
    assert (left == []) is (number is signal.SIGINT)

    if number is signal.SIGKILL:  # the compiler survives SIGKILL of its parent and would keep writing
        os.killpg(compiler, signal.SIGKILL)
    assert has_ended(compiler)
    monkeypatch.setenv("PATH", str(go_folder), prepend=os.pathsep)
    build_engine(tiny, Silent())

    assert [path.name for path in engines.iterdir() if path.name != ".lock"] == ["build-1.0.0"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_compiler(tmp_path, pipe, monkeypatch, number, code):
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = env ]; then echo go1.99.0; exit; fi\n'
        f"exec 9> {pipe.path}\n"
        "echo compiling >&9\n"
        f'exec "{sys.executable}" -c "import signal; signal.pause()"\n'
    )
    go.chmod(0o755)
    monkeypatch.setenv("PATH", str(go.parent), prepend=os.pathsep)
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    with subprocess.Popen(
        [sys.executable, "-m", "tools.engine", "--build"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        assert pipe.read() == "compiling\n"
        command.send_signal(number)
        output, errors = command.communicate(timeout=30)

    assert pipe.read() == ""  # the compiler, the only writer, has ended
    assert command.returncode == code
    assert output == ""
    assert "Traceback" not in errors
    assert [path.name for path in (tmp_path / "cache" / "engine").iterdir()] == [".lock"]


def test_a_version_without_a_recipe_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))

    with pytest.raises(
        EngineError, match=r"^no recipe builds Pulumi 3\.1\.0: choose version 3\.259\.0 or 3\.274\.1"
    ):
        build("3.1.0", Silent())


@pytest.mark.usefixtures("unreachable")
def test_an_unreachable_download_server_leads_to_a_build_with_a_note(tmp_path, go_folder, notes, monkeypatch):
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(go_folder))
    monkeypatch.setenv("GOPROXY", "off")

    with pytest.raises(EngineError, match="could not fetch the Go sources"):
        provide(None, notes)

    [note] = notes.lines
    assert note.startswith("no official download: could not reach Pulumi's download server: ")
    assert "by hand" not in note


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty engine cache; no engine is on PATH."""
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"/usr/bin{os.pathsep}/bin")
    return tmp_path / "cache" / "engine"


def _engine_in(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    for name in EXECUTABLES:
        (folder / name).write_text(f"#!/bin/sh\necho v{version}\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("version", ["3.259.0", "3.274.1"])
def test_a_cached_engine_is_used(cache, notes, version):
    folder = _engine_in(cache / f"build-{version}" / "bin", version)

    assert provide(None, notes) == Engine(folder, version, "build")
    assert notes.lines == []


def test_path_comes_before_the_cache(cache, tmp_path, notes, monkeypatch):
    _engine_in(cache / "build-3.274.1" / "bin", "3.274.1")
    folder = _engine_in(tmp_path / "official", "3.260.0")
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)

    assert provide(None, notes) == Engine(folder, "3.260.0", "path")
    assert build(None, notes) == Engine(cache / "build-3.274.1" / "bin", "3.274.1", "build")


@pytest.mark.parametrize("by_variable", [True, False])
def test_the_cached_engine_of_the_requested_version_is_used(cache, notes, monkeypatch, by_variable):
    for version in ("3.259.0", "3.274.1"):
        _engine_in(cache / f"build-{version}" / "bin", version)
    if by_variable:
        monkeypatch.setenv("ATLAN_PULUMI_ENGINE", "v3.259.0")

    assert provide(None if by_variable else "3.259.0", notes).version == "3.259.0"


def test_a_cached_build_gets_the_host_of_this_checkout(cache, notes):
    root = cache / "build-3.259.0"
    _engine_in(root / "bin", "3.259.0")
    (root / "lib").mkdir()
    (root / "lib" / "language-host.pyz").write_bytes(b"an older one")

    provide(None, notes)

    assert (root / "lib" / "language-host.pyz").read_bytes().startswith(b"PK")


def test_an_official_engine_keeps_its_host(cache, notes):
    folder = _engine_in(cache / "download-3.274.1" / "bin", "3.274.1")
    before = (folder / "pulumi-language-python").read_bytes()

    assert provide(None, notes) == Engine(folder, "3.274.1", "download")
    assert (folder / "pulumi-language-python").read_bytes() == before
    assert not (folder.parent / "lib").exists()


def test_a_read_only_cache_keeps_its_host(cache, notes, monkeypatch):
    folder = _engine_in(cache / "build-3.274.1" / "bin", "3.274.1")

    def refuse(root: Path) -> None:
        raise PermissionError(root)

    monkeypatch.setattr("tools.engine.__main__.install_host", refuse)

    assert provide(None, notes) == Engine(folder, "3.274.1", "build")


def test_the_command_prints_the_engine(cache, capsys):
    folder = _engine_in(cache / "build-3.274.1" / "bin", "3.274.1")

    assert main([]) == 0
    assert capsys.readouterr() == (f"Pulumi 3.274.1: {folder}\n", "")


def test_the_error_of_the_command_is_one_line(cache, capsys):
    assert main(["--build", "--version", "3.1.0"]) == 1

    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.startswith("make engine: no recipe builds Pulumi 3.1.0: choose version 3.259.0 or 3.274.1")
    assert errors.count("\n") == 1
