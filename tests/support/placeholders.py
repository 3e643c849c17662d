"""Keys, crawls, and processes for tests of placeholders against the local Atlan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.lifecycle import EntityKey, mark
from atlan_pulumi.lifecycle._missing_assets import provide_assets
from atlan_pulumi.lifecycle._sought_assets import Needs, Waits
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE
from support.atlan import SEED, WAREHOUSE, reset, table_name

OURS, THEIRS = mark("shop/prod", "load"), mark("shop/dev", "other")
NEW, OLD = (EntityKey("Table", f"{WAREHOUSE}/DB/S/{name}") for name in ("NEW", "OLD"))
FULL = EntityKey("Table", table_name(0))


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    """A local Atlan for all tests of a module, which `client` resets."""
    with LocalAtlan(seed=SEED) as server:
        yield server


@pytest.fixture
def client(server: LocalAtlan) -> Iterator[AtlanClient]:
    """Reset the local Atlan, and yield a client of it."""
    reset(server)
    with AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0)) as client:
        yield client


Later = Callable[[float], None]


@pytest.fixture
def later(client: AtlanClient, monkeypatch: pytest.MonkeyPatch) -> Later:
    """Let days pass for the client."""

    def later(days: float) -> None:
        now = client.clock.time() + days * 24 * 60 * 60
        monkeypatch.setattr(client, "clock", type("Later", (), {"time": lambda _self: now})())

    return later


def needs(*keys: EntityKey, handling: str = "partial", own: str | None = OURS, **given: Any) -> Needs:
    return Needs(keys, handling, own, **given)


def provide(client: AtlanClient, *keys: EntityKey, own: str | None = OURS, **given: Any) -> set[str]:
    """Provide assets without printing, and return the GUIDs of the placeholders."""
    return provide_assets(client, needs(*keys, own=own, **given), Waits(), lambda _line: None).guids


def find(client: AtlanClient, key: EntityKey) -> Entity | None:
    return client.entities.get_by_qualified_name(*key)


def existing(client: AtlanClient, key: EntityKey) -> Entity:
    """Return an entity that must exist, live or archived."""
    entity = find(client, key)
    assert entity is not None, key
    return entity


def crawl(server: LocalAtlan, *names: str) -> None:
    """Publish tables in addition to those of the seed."""
    (warehouse,) = SEED["connections"]
    (database,) = warehouse["databases"]
    (schema,) = database["schemas"]
    tables = [*schema["tables"], *({"name": name} for name in names)]
    databases = [{"name": "DB", "schemas": [{"name": "S", "tables": tables}]}]
    server.crawl({"connections": [{**warehouse, "databases": databases}]})


def process(client: AtlanClient, name: str, *outputs: EntityKey, own: str | None = OURS) -> str:
    """Create a process that writes the assets, and return its GUID."""
    references = [
        {"typeName": key.type_name, "uniqueAttributes": {"qualifiedName": key.qualified_name}}
        for key in (FULL, *outputs)
    ]
    attributes = {
        "qualifiedName": f"{WAREHOUSE}/{name}",
        "name": name,
        "inputs": references[:1],
        "outputs": references[1:],
        OWNERSHIP_ATTRIBUTE: own,
    }
    result = client.entities.upsert([Entity(type_name="Process", attributes=attributes)])
    return str(result.guid_of("Process", f"{WAREHOUSE}/{name}"))
