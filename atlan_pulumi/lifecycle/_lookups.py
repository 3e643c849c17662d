"""Look-ups of entities in Atlan by type and qualifiedName."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, TypeGuard

from atlan_pulumi.lifecycle._declared import EntityKey

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity


def by_type(keys: Iterable[EntityKey]) -> dict[str, list[EntityKey]]:
    """Return the keys by type, with the types in the order of their first key."""
    sorted_out: dict[str, list[EntityKey]] = defaultdict(list)
    for key in keys:
        sorted_out[key.type_name].append(key)
    return sorted_out


def look_up_entities(
    client: AtlanClient, keys: Iterable[EntityKey], *, relationships: bool = False
) -> dict[EntityKey, Entity]:
    """Return the entities with these keys, live or archived, with up to 100 per request.

    Raises:
        RequestError: Atlan refused, or could not be reached.
    """
    from atlan_pulumi.client import run_all  # noqa: PLC0415 - brings the HTTP client

    def read(type_name: str, of_type: list[EntityKey]) -> dict[EntityKey, Entity]:
        names = [key.qualified_name for key in of_type]
        there = client.entities.get_many_by_qualified_name(type_name, names, relationships=relationships)
        return {EntityKey(type_name, name): entity for name, entity in there.items()}

    jobs = [partial(read, *each) for each in by_type(keys).items()]
    return {key: entity for found in run_all(jobs) for key, entity in found.items()}


def is_live(entity: Entity | None) -> TypeGuard[Entity]:
    """Return whether an entity exists and is not archived."""
    return entity is not None and entity.status == "ACTIVE"
