"""Scripted servers, and clients of them whose waits take no time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import pytest
from client.clocks import LeapingClock
from client.scripted_server import ScriptedServer, Step
from pydantic import SecretStr
from secrecy.searching import CANARY

from atlan_pulumi.client import AtlanClient, ClientSettings, _rate_limit

API_KEY = CANARY

NewServer = Callable[..., ScriptedServer]
NewClient = Callable[..., AtlanClient]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(autouse=True)
def state_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new folder for rate limit state for each test, since a later test may get the same port."""
    folder = tmp_path_factory.mktemp("rate-limit")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(_rate_limit, "_memories", WeakValueDictionary())
    return folder


@pytest.fixture
def api_key() -> str:
    """The key of every client in these tests. It must never be visible."""
    return API_KEY


@pytest.fixture
def clock() -> LeapingClock:
    return LeapingClock()


@pytest.fixture
def new_server() -> Iterator[NewServer]:
    """Start servers that follow a script."""
    with ExitStack() as stack:

        def start(*script: Step, **options: Any) -> ScriptedServer:
            server = ScriptedServer(*script, **options)
            stack.callback(server.stop)
            return server

        yield start


@pytest.fixture
def new_client(clock: LeapingClock) -> Iterator[NewClient]:
    """Create clients, without a rate limit unless the test sets one."""
    with ExitStack() as stack:

        def make(server: ScriptedServer | str, **settings: Any) -> AtlanClient:
            url = server if isinstance(server, str) else server.base_url
            chosen = {"requests_per_minute": 0, **settings}
            client = AtlanClient(ClientSettings(url, SecretStr(API_KEY), **chosen), clock=clock)
            return stack.enter_context(client)

        yield make


@pytest.fixture
def scripted(
    new_server: NewServer, new_client: NewClient
) -> Callable[..., tuple[AtlanClient, ScriptedServer]]:
    """A client, and the server that it connects to."""

    def make(*script: Step, **settings: Any) -> tuple[AtlanClient, ScriptedServer]:
        server = new_server(*script)
        return new_client(server, **settings), server

    return make
