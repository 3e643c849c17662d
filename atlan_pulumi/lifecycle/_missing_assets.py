"""Missing inputs and outputs of a resource that is about to be written: placeholders, or a wait for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle._awaited_assets import await_assets
from atlan_pulumi.lifecycle._declared import EntityKey
from atlan_pulumi.lifecycle._lookups import is_live, look_up_entities
from atlan_pulumi.lifecycle._observe import describe_entity
from atlan_pulumi.lifecycle._placeholders import (
    SIGNS_OF_OTHERS,
    changed,
    is_bare,
    is_placeholder,
    may_be_placeholder,
    placeholder_of,
    was_placeholder,
)
from atlan_pulumi.lifecycle._sought_assets import Needs, Waits
from atlan_pulumi.naming import asset_types, connection_of
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity, Outcome

_SYNCED = "lastSyncRun"

Log = Callable[[str], None]
Found = Mapping[EntityKey, "Entity"]


class Provided(NamedTuple):
    """The placeholders among the assets of a resource, by GUID, and whether it has waited for assets."""

    guids: set[str]
    waited: bool = False


def provide_assets(client: AtlanClient, needs: Needs, waits: Waits, log: Log) -> Provided:
    """Write placeholders for missing assets, or wait for them.

    Raises:
        ResourceError: An asset is still missing after the wait, or has another type in Atlan.
        RequestError: Atlan refused, or could not be reached.
    """
    namesakes: list[Entity] = []
    waited = False
    if needs.handling == "wait":
        found, waited = await_assets(client, needs, waits, log)
    elif needs.checked:
        found, namesakes = _indexed(client, needs)
    else:
        found = look_up_entities(client, needs.keys)
    used = {str(entity.guid) for entity in found.values() if is_placeholder(entity)}
    missing = [key for key in needs.keys if not is_live(found.get(key))]
    if missing and needs.handling == "partial":
        _refuse_namesakes(missing, namesakes, needs)
        used |= _write(client, _possible(client, missing, needs), found, needs)
    elif missing:
        late = look_up_entities(client, missing).values()  # the index lags
        used |= {str(entity.guid) for entity in late if is_placeholder(entity)}
    return Provided(used, waited)


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
    attributes = ["qualifiedName", "name", "isPartial", OWNERSHIP_ATTRIBUTE, *SIGNS_OF_OTHERS]
    return client.search.named(names, attributes=attributes)


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


def _write(client: AtlanClient, missing: Sequence[EntityKey], found: Found, needs: Needs) -> set[str]:
    """Write placeholders, restore archived assets of others as they were, and return the placeholders."""
    archived = look_up_entities(client, [key for key in missing if key in found])  # the index lags
    live = {str(entity.guid) for entity in archived.values() if is_placeholder(entity)}
    missing = [key for key in missing if not is_live(archived.get(key))]
    ours = {key for key, entity in archived.items() if was_placeholder(entity) and is_bare(entity)}
    restored = [archived[key] for key in missing if key in archived and key not in ours]
    new = [key for key in missing if key not in archived or key in ours]
    entities = [placeholder_of(key, needs.mark, archived=key in ours) for key in new]
    entities += [changed(entity, {}).model_copy(update={"status": "ACTIVE"}) for entity in restored]
    outcomes = client.bulk.upsert(entities, small=True)
    _refuse_failures(entities, outcomes, needs)
    written = dict(zip(new, outcomes, strict=False))
    existed = [key for key, outcome in written.items() if not outcome.created and key not in ours]
    full = _leave_full(client, existed, needs)
    # Without a mark, a placeholder cannot be recognized later.
    return live | (set(_guids(client, written)) - full if needs.mark else set())


def _refuse_failures(entities: Sequence[Entity], outcomes: Sequence[Outcome], needs: Needs) -> None:
    for entity, outcome in zip(entities, outcomes, strict=True):
        if outcome.error and needs.hidden:
            raise ResourceError(f"the placeholder for a secret {entity.type_name} cannot be written")
        if outcome.error:
            what = f"{entity.type_name} {entity.qualified_name!r}"
            raise ResourceError(f"the placeholder for {what} cannot be written: {outcome.error}")


def _guids(client: AtlanClient, written: Mapping[EntityKey, Outcome]) -> Iterator[str]:
    unknown = [key for key, outcome in written.items() if not outcome.guid]
    yield from (outcome.guid for outcome in written.values() if outcome.guid)
    yield from (str(entity.guid) for entity in look_up_entities(client, unknown).values())


def _leave_full(client: AtlanClient, existed: Sequence[EntityKey], needs: Needs) -> set[str]:
    """Make assets full again that were published since the look-up, and became partial with this write.

    Returns:
        Their GUIDs.

    Raises:
        ResourceError: Atlan refused it.
    """
    full = [entity for entity in look_up_entities(client, existed).values() if not is_bare(entity)]
    changes = [
        changed(entity, {"isPartial": False, OWNERSHIP_ATTRIBUTE: entity.attributes.get(_SYNCED)})
        for entity in full
    ]
    _refuse_failures(changes, client.bulk.upsert(changes), needs)
    return {str(entity.guid) for entity in full}
