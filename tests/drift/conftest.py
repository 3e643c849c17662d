"""A local Atlan, stacks under the real engine, and a look at their drift."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drift.scenes import Look
from support.atlan import SEED, Witness
from support.stack import NewStack, Stack

from atlan_pulumi.drift import Report, find_drift
from atlan_pulumi.engine import provide_engine
from atlan_pulumi.local import LocalAtlan


@pytest.fixture(scope="session")
def engine() -> dict[str, str]:
    """The environment in which the real `pulumi` runs."""
    return provide_engine().environment()


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    """A local Atlan with the warehouse of `SEED`, and alice besides the default key's user."""
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture
def witness(server: LocalAtlan) -> Iterator[Witness]:
    """Atlan's own SDK, in the hands of alice."""
    witness = Witness(server.base_url, "key-of-alice")
    yield witness
    witness.close()


@pytest.fixture
def new_stack(tmp_path: Path, engine: dict[str, str], server: LocalAtlan) -> NewStack:
    """Makes stacks that are configured for the local Atlan by the environment."""

    def make(program: str = "", name: str = "project") -> Stack:
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
        return Stack(tmp_path / name, engine, program, environ=tenant)

    return make


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Look:
    """Looks for drift in a stack, in that stack's environment."""

    def find(of: Stack, /, environ: dict[str, str] | None = None, **options: Any) -> Report:
        with monkeypatch.context() as patch:
            for name, value in {**of.environ, **(environ or {})}.items():
                patch.setenv(name, value)
            return find_drift(of.folder, **options)

    return find
