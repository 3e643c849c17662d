"""Background threads of the program's event loop."""

from __future__ import annotations

import asyncio

import pulumi
import pytest
from pulumi.runtime.settings import SETTINGS

from atlan_pulumi.dynamic.program._batch_queue import in_background
from atlan_pulumi.dynamic.program._ownership_mark import urn_of


def test_a_background_thread_knows_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SETTINGS, "stack", "dev")
    monkeypatch.setattr(SETTINGS, "project", "shop")

    class Load(pulumi.Resource):
        def __init__(self) -> None:
            self._type, self._name = "my:Load", "load"

    found = asyncio.run(in_background(urn_of, Load()))
    assert found == "urn:pulumi:dev::shop::my:Load::load"


def test_an_error_in_the_background_is_raised_where_it_is_awaited() -> None:
    def fail() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        asyncio.run(in_background(fail))
