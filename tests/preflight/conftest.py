"""Declarations without a program, checked against a local Atlan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.atlan import SEED, reset
from support.fixtures import client, witness

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.preflight import Declaration, Findings, Preflight

__all__ = ["client", "witness"]


@pytest.fixture(scope="session")
def shared() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture
def server(shared: LocalAtlan) -> LocalAtlan:
    reset(shared)
    return shared


@pytest.fixture
def preflight(client: AtlanClient) -> Callable[..., Findings]:
    """Return the findings about the last of some declarations."""

    def run(*declarations: Declaration, **levels: Any) -> Findings:
        return Preflight(client, **levels).findings(list(declarations))[-1]

    return run
