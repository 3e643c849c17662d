"""Installing an engine: order of sources, locking, and interruptions."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from support.network import make_unreachable

from atlan_pulumi.engine import Engine, lock_engines, provide_engine
from atlan_pulumi.engine._find import EXECUTABLES, engine_root
from atlan_pulumi.engine._progress import Silent
from atlan_pulumi.errors import EngineError


def test_source_path_without_pulumi_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EngineError, match=r"^no `pulumi` is on PATH; install Pulumi by hand"):
        provide_engine("path")
    assert not (tmp_path / "cache").exists()


def test_source_path_with_an_old_pulumi_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    (tmp_path / "pulumi").write_text("#!/bin/sh\necho v3.100.0\n")
    (tmp_path / "pulumi").chmod(0o755)

    with pytest.raises(
        EngineError, match=r"cannot be used: version 3\.100\.0 is older than 3\.254\.0; install"
    ):
        provide_engine("path")


def test_source_path_with_another_version_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    (tmp_path / "pulumi").write_text("#!/bin/sh\necho v3.272.0\n")
    (tmp_path / "pulumi").chmod(0o755)

    with pytest.raises(EngineError, match=r"cannot be used: it is version 3\.272\.0, not 3\.274\.1; install"):
        provide_engine("path", version="3.274.1")


@pytest.mark.parametrize("version", [None, "3.1.0", "3.274.1"])
def test_source_build_refers_to_make_engine(tmp_path, monkeypatch, version):
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))

    with pytest.raises(EngineError, match=r"run `make engine` in a checkout .*\(tools/engine/build\.py\)"):
        provide_engine("build", version=version)
    assert not (tmp_path / "cache").exists()


def test_an_unreachable_download_server_is_an_error(tmp_path, monkeypatch):
    make_unreachable(monkeypatch)
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))

    with pytest.raises(
        EngineError, match=r"could not reach Pulumi's download server: .*refused.*; install .* by hand"
    ):
        provide_engine("download")


def test_an_unreachable_download_server_refers_to_make_engine(tmp_path, monkeypatch):
    make_unreachable(monkeypatch)
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(
        EngineError, match=r"not reach Pulumi.*run `make engine` in a checkout of atlan-pulumi$"
    ):
        provide_engine()
    assert [path.name for path in (tmp_path / "cache" / "engine").iterdir()] == [".lock"]


class Waits(Silent):
    """Sets an event when the process waits for another one."""

    def __init__(self) -> None:
        self.waiting = threading.Event()

    @contextmanager
    def step(self, name: str):
        assert name == "wait for another process that is providing the engine"
        self.waiting.set()
        yield


def test_an_engine_that_another_process_provides_is_used(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    found: list[Engine] = []
    progress = Waits()
    waiting = threading.Thread(target=lambda: found.append(provide_engine(progress=progress)))
    with lock_engines(Silent()):
        waiting.start()
        assert progress.waiting.wait(20)
        folder = engine_root("build", "3.274.1") / "bin"
        folder.mkdir(parents=True)
        for name in EXECUTABLES:
            (folder / name).write_text("#!/bin/sh\n")
            (folder / name).chmod(0o755)
    waiting.join(20)

    assert found == [Engine(folder, "3.274.1", "build")]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_to_the_command_ends_its_download(tmp_path, monkeypatch, number, code):
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    command = "from atlan_pulumi.cli._engine import commands; commands()"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        make_unreachable(monkeypatch)
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with subprocess.Popen(
            [sys.executable, "-c", command, "install", "--source", "download"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as install:
            connection, _ = silent.accept()
            install.send_signal(number)
            output, errors = install.communicate(timeout=30)
        with connection:
            connection.settimeout(30)
            while connection.recv(4096):  # ends with the downloading process, the only holder
                pass

    assert install.returncode == code
    assert output == ""
    assert "Traceback" not in errors
    assert [path.name for path in (tmp_path / "cache" / "engine").iterdir()] == [".lock"]
