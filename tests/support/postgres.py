"""A PostgreSQL server for tests, on 127.0.0.1 and as an unprivileged user."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

_UNPRIVILEGED = "nobody"
"""The user that runs the server if the tests run as root, which PostgreSQL refuses."""
_SECONDS_TO_START = 60


def _command(name: str) -> str:
    """Return the path of a command of PostgreSQL; Debian does not put it on PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(installed[-1]) if installed else None)
    if found is None:
        pytest.skip("PostgreSQL is not installed")
    return found


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _SECONDS_TO_START
    while not _accepts_connections(url):
        assert server.poll() is None, "PostgreSQL has ended"
        assert time.monotonic() < end, "PostgreSQL does not accept connections"
        time.sleep(0.1)


def _accepts_connections(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server, and yield its URL without a database."""
    initdb, postgres = _command("initdb"), _command("postgres")
    user = _UNPRIVILEGED if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    if user:
        shutil.chown(folder, user)
    try:
        data, port = str(folder / "data"), _free_port()
        made = [initdb, "-D", data, "-U", "shop", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"]
        subprocess.run(made, user=user, cwd=folder, check=True, capture_output=True)
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"]
        server = subprocess.Popen(
            [postgres, "-D", data, "-p", str(port), *options],
            user=user,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            host = f"postgresql://shop:not-a-secret@127.0.0.1:{port}"
            _wait_until_ready(f"{host}/postgres", server)
            yield host
        finally:
            server.terminate()
            server.wait(_SECONDS_TO_START)
    finally:
        shutil.rmtree(folder)


def new_database(host: str, name: str) -> str:
    """Create an empty database in place of one with this name, and return its URL."""
    with psycopg.connect(f"{host}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{host}/{name}"
