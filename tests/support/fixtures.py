"""Fixtures for tests with a local Atlan or the real engine, to import into a `conftest.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.engine import provide_engine
from atlan_pulumi.local import LocalAtlan
from support.atlan import SEED, Witness
from support.stack import NewStack, Stack


@pytest.fixture(scope="session")
def engine() -> dict[str, str]:
    """The environment of the real `pulumi`."""
    return provide_engine().environment()


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    """A local Atlan with the warehouse of `SEED` and a second user."""
    server = LocalAtlan(seed=SEED, users={"key-of-alice": "alice"})
    server.start()
    yield server
    Thread(target=server.stop).start()  # waits up to 0.2 seconds


@pytest.fixture
def client(server: LocalAtlan) -> Iterator[AtlanClient]:
    """The client of this package, without a rate limit."""
    with AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0)) as client:
        yield client


@pytest.fixture
def witness(server: LocalAtlan) -> Iterator[Witness]:
    """Atlan's SDK as another user."""
    witness = Witness(server.base_url, "key-of-alice")
    yield witness
    witness.close()


@pytest.fixture
def new_stack(tmp_path: Path, engine: dict[str, str], server: LocalAtlan) -> NewStack:
    """Create stacks that the environment configures for the local Atlan."""

    def make(program: str = "", name: str = "project", **environ: str) -> Stack:
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
        return Stack(tmp_path / name, engine, program, environ={**tenant, **environ})

    return make
