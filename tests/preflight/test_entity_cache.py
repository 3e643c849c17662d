"""Lookups of a preview: each entity once, and independent requests at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Barrier
from types import SimpleNamespace
from typing import Any, cast

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.lifecycle import EntityKey
from atlan_pulumi.preflight._entity_cache import EntityCache

NAME = EntityKey("Process", "default/snowflake/1657025257/load")


def test_other_requests_run_at_the_same_time_as_lookups() -> None:
    together = Barrier(2, timeout=60)

    def read(_type_name: str, names: Sequence[str], **_options: Any) -> dict[str, Entity]:
        together.wait()
        return {name: Entity(type_name="Process", attributes={"qualifiedName": name}) for name in names}

    def other() -> None:
        together.wait()

    entities = SimpleNamespace(get_many_by_qualified_name=read)
    cache = EntityCache(cast("AtlanClient", SimpleNamespace(entities=entities)))
    cache.load([NAME], also=[other])
    assert cache.get(NAME) is not None
