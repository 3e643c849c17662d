"""Providing an engine: the order, one at a time, and nothing half-done."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from atlan_pulumi.engine import provide_engine
from atlan_pulumi.engine._progress import Silent
from atlan_pulumi.engine._provide import provide_build
from atlan_pulumi.errors import EngineError
from atlan_pulumi.files import cache_folder

# Provides the tiny engine as `atlan-pulumi engine install` would, and says so line by line.
PROVIDE = """
import pickle, sys
from atlan_pulumi.engine._progress import Lines
from atlan_pulumi.engine._provide import provide_build
print(provide_build(pickle.loads(bytes.fromhex(sys.argv[1])), Lines()).folder)
"""


@pytest.fixture
def slow_go(tmp_path: Path, new_pipe, go_folder, monkeypatch: pytest.MonkeyPatch):
    """The real `go`, but when it is to compile it tells its process id and waits to be released."""
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
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.soak
def test_of_two_processes_one_builds_and_the_other_waits(tiny, slow_go):
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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_build_leaves_nothing_half_done(
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

    if number is signal.SIGKILL:  # then its compiler has outlived it, and would go on writing
        os.killpg(compiler, signal.SIGKILL)
    assert has_ended(compiler)
    monkeypatch.setenv("PATH", str(go_folder), prepend=os.pathsep)
    provide_build(tiny, Silent())

    assert [path.name for path in engines.iterdir() if path.name != ".lock"] == ["build-1.0.0"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_the_command_when_stopped_stops_its_compiler(tmp_path, pipe, monkeypatch, number, code):
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
    command = "from atlan_pulumi.cli._engine import commands; commands()"
    with subprocess.Popen(
        [sys.executable, "-c", command, "install", "--source", "build"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as install:
        assert pipe.read() == "compiling\n"
        install.send_signal(number)
        output, errors = install.communicate(timeout=30)

    assert pipe.read() == ""  # the compiler, which alone writes into it, has ended
    assert install.returncode == code
    assert output == ""
    assert "Traceback" not in errors
    assert [path.name for path in (tmp_path / "cache" / "engine").iterdir()] == [".lock"]


def test_only_from_path_and_nothing_there(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EngineError, match=r"^no `pulumi` is on PATH; by hand: install Pulumi"):
        provide_engine("path")
    assert not (tmp_path / "cache").exists()


def test_only_from_path_and_too_old_there(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    (tmp_path / "pulumi").write_text("#!/bin/sh\necho v3.100.0\n")
    (tmp_path / "pulumi").chmod(0o755)

    with pytest.raises(EngineError, match=r"will not do: version 3\.100\.0 is older than 3\.254\.0; by hand"):
        provide_engine("path")


def test_only_from_path_and_another_version_there(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    (tmp_path / "pulumi").write_text("#!/bin/sh\necho v3.272.0\n")
    (tmp_path / "pulumi").chmod(0o755)

    with pytest.raises(EngineError, match=r"will not do: it is version 3\.272\.0, not 3\.274\.1; by hand"):
        provide_engine("path", version="3.274.1")


def test_a_version_that_cannot_be_built(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))

    with pytest.raises(
        EngineError, match=r"^Pulumi 3\.1\.0 cannot be built here, only 3\.259\.0 or 3\.274\.1"
    ):
        provide_engine("build", version="3.1.0")


@pytest.fixture
def _unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every address is behind a proxy that nobody runs."""
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_unreachable")
def test_a_download_that_cannot_be_reached_fails_in_seconds(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))

    with pytest.raises(EngineError, match=r"could not reach Pulumi's download server: .*refused.*; by hand"):
        provide_engine("download")


class Notes(Silent):
    def __init__(self) -> None:
        self.heard: list[str] = []

    def note(self, text: str) -> None:
        self.heard.append(text)


@pytest.mark.usefixtures("_unreachable")
def test_without_a_download_it_goes_on_to_the_build_and_says_so(tmp_path, go_folder, monkeypatch):
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(go_folder))
    monkeypatch.setenv("GOPROXY", "off")
    notes = Notes()

    with pytest.raises(EngineError, match="could not fetch the Go sources"):
        provide_engine(progress=notes)

    [note] = notes.heard
    assert note.startswith("no official download: could not reach Pulumi's download server: ")
    assert "by hand" not in note
