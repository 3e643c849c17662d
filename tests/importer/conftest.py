"""A local Atlan with a small warehouse, stacks under the real engine, and the command that imports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from importer.command import run_import
from pydantic import SecretStr
from support.atlan import SEED, Witness
from support.stack import NewStack, Stack

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.engine import provide_engine
from atlan_pulumi.local import LocalAtlan


@pytest.fixture(scope="session")
def engine() -> dict[str, str]:
    """The environment in which the real `pulumi` runs."""
    return provide_engine().environment()


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    """A local Atlan with the warehouse of `SEED`; two people besides the default key's user."""
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture
def client(server: LocalAtlan) -> Iterator[AtlanClient]:
    """Our own client, without a limit."""
    with AtlanClient(ClientSettings(server.base_url, SecretStr(server.api_key), 0)) as client:
        yield client


@pytest.fixture
def witness(server: LocalAtlan) -> Iterator[Witness]:
    """Atlan's own SDK, as another person who makes things."""
    witness = Witness(server.base_url, "key-of-alice")
    yield witness
    witness.close()


@pytest.fixture
def new_stack(tmp_path: Path, engine: dict[str, str], server: LocalAtlan) -> NewStack:
    """Makes stacks that are configured for the local Atlan by the environment."""

    def make(program: str = "", name: str = "project", **environ: str) -> Stack:
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
        return Stack(tmp_path / name, engine, program, environ={**tenant, **environ})

    return make


@pytest.fixture
def take_in():
    """Imports into a stack with the command, then with the line that the command tells to run."""

    def take_in(stack: Stack, *arguments: str) -> str:
        done = run_import(stack, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        (line,) = [line for line in done.stdout.splitlines() if "pulumi import" in line]
        imported = stack.run(*line.partition("pulumi ")[2].split())
        assert imported.code == 0, imported.output
        assert "warning" not in imported.output, imported.output
        stack.write("import lineage\n")
        return done.stdout

    return take_in
