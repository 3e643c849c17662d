"""A local Atlan, stacks with the real engine, and a search for their drift."""

from __future__ import annotations

from typing import Any

import pytest
from drift.scenes import Look
from support.fixtures import engine, new_stack, server, witness
from support.stack import Stack

from atlan_pulumi.drift import Report, find_drift

__all__ = ["engine", "new_stack", "server", "witness"]


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Look:
    """Find the drift of a stack, in that stack's environment."""

    def find(of: Stack, /, environ: dict[str, str] | None = None, **options: Any) -> Report:
        with monkeypatch.context() as patch:
            for name, value in {**of.environ, **(environ or {})}.items():
                patch.setenv(name, value)
            return find_drift(of.folder, **options)

    return find
