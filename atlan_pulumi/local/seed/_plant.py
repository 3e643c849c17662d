"""Writing a seed catalogue into the store."""

from __future__ import annotations

import uuid
from dataclasses import replace

from atlan_pulumi.errors import LocalAtlanError
from atlan_pulumi.local._errors import AtlasError
from atlan_pulumi.local.graph import BulkFlags, Session, upsert
from atlan_pulumi.local.seed._expand import Sprout, expand
from atlan_pulumi.local.seed._model import Catalogue
from atlan_pulumi.local.store import Store
from atlan_pulumi.local.types import plant_types

_GARDENER = "seed"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "atlan-pulumi:local:seed")


def plant(store: Store, catalogue: Catalogue) -> None:
    """Create the entities of a catalogue that are not there yet; those that are stay as they are.

    Args:
        store: the data, inside a transaction.
        catalogue: what to create.

    Raises:
        LocalAtlanError: an entity is refused; the message names its place in the catalogue.
    """
    plant_types(store, catalogue.tags, catalogue.custom_metadata, _GARDENER)
    sprouts, credentials = expand(catalogue)
    _refuse_doubles(sprouts)
    new = [one for one in sprouts if not _exists(store, one)]
    chosen = {(one.type_name, one.qualified_name): one.guid for one in new if one.guid}
    session = Session(
        store, _GARDENER, new_guid=lambda *key: chosen.get(key) or seeded_guid(*key), own_names=True
    )
    payloads = [replace(one.payload, guid=f"-{number}") for number, one in enumerate(new, 1)]
    try:
        upsert(session, payloads, BulkFlags())
    except AtlasError as error:
        place = new[int(error.entity_guid or "-1") * -1 - 1].place
        raise LocalAtlanError(f"cannot seed {place}: {error.message}") from None
    for guid, body in credentials.items():
        store.credentials.put(guid, body)


def seeded_guid(type_name: str, qualified_name: str) -> str:
    """The GUID of a seeded entity that names none."""
    return str(uuid.uuid5(_NAMESPACE, f"{type_name}:{qualified_name}"))


def _refuse_doubles(sprouts: list[Sprout]) -> None:
    seen: dict[str, str] = {}
    for one in sprouts:
        for what in (f"{one.type_name} {one.qualified_name}", f"GUID {one.guid}"):
            if what in seen and what != "GUID None":
                raise LocalAtlanError(f"cannot seed {one.place}: {what} is at {seen[what]} already")
            seen[what] = one.place


def _exists(store: Store, sprout: Sprout) -> bool:
    found = store.entities.find(sprout.type_name, sprout.qualified_name)
    return found is not None and found.type_name == sprout.type_name
