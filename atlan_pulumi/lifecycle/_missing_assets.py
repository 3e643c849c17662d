"""Missing inputs and outputs of a resource that is about to be written: placeholders, or a wait."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle._declared import EntityKey
from atlan_pulumi.lifecycle._lookups import is_live, look_up_entities
from atlan_pulumi.lifecycle._observe import describe_entity
from atlan_pulumi.lifecycle._placeholders import (
    changed,
    is_placeholder,
    may_be_placeholder,
    placeholder_of,
    was_placeholder,
)
from atlan_pulumi.lifecycle._sought_assets import Waits
from atlan_pulumi.naming import asset_types, connection_of
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE
from atlan_pulumi.text import counted, enumerate_first

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity, Outcome

WAIT_SECONDS = 600
"""The default of `wait_seconds`."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 15.0
"""Seconds between two look-ups while a resource waits for assets; each pause is twice as long."""
_MOST_NAMES = 1000
"""The most qualifiedNames in a search."""
_SYNCED = "lastSyncRun"
_SIGNS_OF_A_FULL_ASSET = (_SYNCED, "databaseQualifiedName", "schemaQualifiedName", "description", "dataType")
"""Attributes that crawlers and SDKs set, and a placeholder does not have."""

Log = Callable[[str], None]
Found = Mapping[EntityKey, "Entity"]


class Needs(NamedTuple):
    """What a resource needs to be written.

    Attributes:
        keys: The assets that may be missing, or may be placeholders already.
        handling: `error`, `partial`, or `wait`.
        mark: The resource's ownership mark; None if marks are off.
        wait_seconds: The longest wait for missing assets, in seconds.
        hidden: Whether the names must not be printed.
        checked: Whether preflight looked the assets up.
    """

    keys: Collection[EntityKey]
    handling: str
    mark: str | None = None
    wait_seconds: float = WAIT_SECONDS
    hidden: bool = False
    checked: bool = True


def provide_assets(client: AtlanClient, needs: Needs, waits: Waits, log: Log) -> set[str]:
    """Write placeholders for missing assets, or wait for them.

    Returns:
        The GUIDs of the placeholders among the assets.

    Raises:
        ResourceError: An asset is still missing after the wait, or has another type in Atlan.
        RequestError: Atlan refused, or could not be reached.
    """
    found, namesakes = (
        (_await_assets(client, needs, waits, log), [])
        if needs.handling == "wait"
        else _indexed(client, needs)
    )
    used = {str(entity.guid) for entity in found.values() if is_placeholder(entity)}
    missing = [key for key in needs.keys if not is_live(found.get(key))]
    if missing and needs.handling == "partial":
        _refuse_namesakes(missing, namesakes, needs)
        used |= _write(client, _possible(client, missing, needs), found, needs)
    elif missing:
        late = look_up_entities(client, missing).values()  # the index lags
        used |= {str(entity.guid) for entity in late if is_placeholder(entity)}
    return used


def _indexed(client: AtlanClient, needs: Needs) -> tuple[dict[EntityKey, Entity], list[Entity]]:
    """Return the entities that the index has, in few requests, and live assets of other types.

    Atlan may write to an asset of another type that has the name.
    """
    found: dict[EntityKey, Entity] = {}
    namesakes, wanted = [], frozenset(needs.keys)
    for entity in _search(client, [key.qualified_name for key in needs.keys]):
        key = EntityKey(entity.type_name, entity.qualified_name)
        if key not in wanted:
            namesakes += [entity] if is_live(entity) and asset_types.is_a(key.type_name, "Catalog") else []
        elif not is_live(found.get(key)):
            found[key] = entity
    return found, namesakes


def _search(client: AtlanClient, names: Sequence[str]) -> Iterator[Entity]:
    attributes = ["qualifiedName", "name", "isPartial", OWNERSHIP_ATTRIBUTE]
    for start in range(0, len(names), _MOST_NAMES):
        named = {"terms": {"qualifiedName": names[start : start + _MOST_NAMES]}}
        yield from client.search.pages({"query": named}, attributes=attributes)


def _refuse_namesakes(missing: Sequence[EntityKey], namesakes: Iterable[Entity], needs: Needs) -> None:
    names = {key.qualified_name for key in missing}
    for entity in namesakes:
        if entity.qualified_name in names:
            what = f"a {entity.type_name}" if needs.hidden else describe_entity(entity)
            advice = f"refer to it as asset({entity.type_name!r}, …)"
            raise ResourceError(f"{what} of that name exists in Atlan: {advice}; nothing was written")


def _possible(client: AtlanClient, missing: Sequence[EntityKey], needs: Needs) -> Sequence[EntityKey]:
    """Return the assets for which placeholders can be written. Atlan refuses the resource if any remain."""
    if needs.checked:
        return missing
    named = [key for key in missing if may_be_placeholder(key)]
    connections = {EntityKey("Connection", connection_of(key.qualified_name)) for key in named}
    live = {
        key.qualified_name for key, entity in look_up_entities(client, connections).items() if is_live(entity)
    }
    return [key for key in named if connection_of(key.qualified_name) in live]


def _await_assets(client: AtlanClient, needs: Needs, waits: Waits, log: Log) -> dict[EntityKey, Entity]:
    pause, clock = _FIRST_PAUSE, client.clock
    found: dict[EntityKey, Entity] = {}
    waits.begin(clock.monotonic())
    while True:
        before = [key for key in needs.keys if not is_live(found.get(key))]
        found |= look_up_entities(client, before)
        missing = [key for key in before if not is_live(found.get(key))]
        if len(missing) < len(before) and pause > _FIRST_PAUSE:
            waits.asset_appeared(clock.monotonic())
        if not missing:
            return found
        left = waits.remaining(needs.wait_seconds, clock.monotonic())
        names = _names(missing, needs)
        if left <= 0:
            raise ResourceError(
                f"Atlan still has no {names} after {needs.wait_seconds:g} seconds: run the crawler, then "
                "`pulumi up` again; or set missing_assets='partial'"
            )
        log(f"waits for {names}, {left:.0f} more seconds at most")
        clock.sleep(min(pause, left))
        pause = min(pause * 2, _LONGEST_PAUSE)


def _write(client: AtlanClient, missing: Sequence[EntityKey], found: Found, needs: Needs) -> set[str]:
    """Write placeholders, restore archived assets of others as they were, and return the placeholders."""
    restored = [found[key] for key in missing if key in found and not was_placeholder(found[key])]
    new = [key for key in missing if key not in found or was_placeholder(found[key])]
    entities = [placeholder_of(key, needs.mark, archived=key in found) for key in new]
    entities += [changed(entity, {}).model_copy(update={"status": "ACTIVE"}) for entity in restored]
    outcomes = client.bulk.upsert(entities, small=True)
    for entity, outcome in zip(entities, outcomes, strict=True):
        if outcome.error and needs.hidden:
            raise ResourceError(f"the placeholder for a secret {entity.type_name} cannot be written")
        if outcome.error:
            what = f"{entity.type_name} {entity.qualified_name!r}"
            raise ResourceError(f"the placeholder for {what} cannot be written: {outcome.error}")
    written = dict(zip(new, outcomes, strict=False))
    _leave_full(client, [key for key, outcome in written.items() if not outcome.created and key not in found])
    # Without a mark, a placeholder cannot be recognized later.
    return set(_guids(client, written)) if needs.mark else set()


def _guids(client: AtlanClient, written: Mapping[EntityKey, Outcome]) -> Iterator[str]:
    unknown = [key for key, outcome in written.items() if not outcome.guid]
    yield from (outcome.guid for outcome in written.values() if outcome.guid)
    yield from (str(entity.guid) for entity in look_up_entities(client, unknown).values())


def _leave_full(client: AtlanClient, existed: Sequence[EntityKey]) -> None:
    """Make assets full again that were published since the look-up, and became partial with this write."""
    full = [
        changed(entity, {"isPartial": False, OWNERSHIP_ATTRIBUTE: entity.attributes.get(_SYNCED)})
        for entity in look_up_entities(client, existed).values()
        if any(entity.attributes.get(name) for name in _SIGNS_OF_A_FULL_ASSET)
    ]
    client.bulk.upsert(full)


def _names(keys: Sequence[EntityKey], needs: Needs) -> str:
    return counted(len(keys), "asset") if needs.hidden else enumerate_first([str(key) for key in keys])
