"""Lookups of a preview: each entity once, and independent requests at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Barrier
from types import SimpleNamespace
from typing import Any, cast

import pytest
from support.atlan import WAREHOUSE, seed_of, table_name

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.lifecycle import EntityKey
from atlan_pulumi.local import LocalAtlan
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


TABLES = 250
EVERY = [EntityKey("Table", table_name(number)) for number in range(TABLES + 10)]


@pytest.fixture
def many() -> Iterator[LocalAtlan]:
    """A local Atlan with 250 tables, of which the first is archived and the second partial."""
    with LocalAtlan(seed=seed_of([{"name": f"T{number}"} for number in range(TABLES)])) as server:
        with client_of(server) as client:
            found = client.entities.get_many_by_qualified_name("Table", [table_name(0)])
            client.entities.delete([str(found[table_name(0)].guid)], "SOFT")
            named = {"qualifiedName": table_name(1), "name": "T1", "isPartial": True}
            client.entities.upsert([Entity(type_name="Table", attributes=named)])
        yield server


def client_of(server: LocalAtlan) -> AtlanClient:
    return AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0))


def paths_of(server: LocalAtlan, since: int) -> list[str]:
    return [each["path"].rpartition("/")[2] for each in server.requests()[since:]]


def seen(cache: EntityCache) -> list[tuple[str | None, object]]:
    found = [cache.get(key) for key in EVERY]
    return [(each.status, each.attributes.get("isPartial")) if each else (None, None) for each in found]


def test_many_assets_are_searched_and_the_rest_is_read(many: LocalAtlan) -> None:
    with client_of(many) as client:
        searched, read = EntityCache(client), EntityCache(client)
        before = len(many.requests())
        searched.load(assets=EVERY)
        assert paths_of(many, before) == ["indexsearch", "Table"]  # the last: archived, partial, and missing
        assert f"{table_name(1)}&" in many.requests()[-1]["query"]  # its mark is not in the index's answer
        read.load(EVERY)
        assert [each[0] for each in seen(searched)] == [each[0] for each in seen(read)]
        assert seen(searched)[:2] == [("DELETED", False), ("ACTIVE", True)]
        before = len(many.requests())
        searched.load(assets=EVERY)
        assert paths_of(many, before) == []


def test_a_few_assets_are_read(many: LocalAtlan) -> None:
    with client_of(many) as client:
        cache, before = EntityCache(client), len(many.requests())
        cache.load([EntityKey("Connection", WAREHOUSE)], assets=EVERY[:100])
        assert sorted(paths_of(many, before)) == ["Connection", "Table"]


def test_assets_that_the_index_does_not_have_yet_are_found(
    many: LocalAtlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client_of(many) as client:
        monkeypatch.setattr(client.search, "page_of_named", lambda *_: [])
        cache = EntityCache(client)
        cache.load(assets=EVERY)
        assert sum(cache.get(key) is not None for key in EVERY) == TABLES


MISSING = [EntityKey("Table", table_name(number)) for number in range(TABLES, TABLES + 10)]
COLUMNS_OF_MISSING = [EntityKey("Column", f"{key.qualified_name}/C{n}") for key in MISSING for n in range(20)]


def test_columns_of_missing_tables_are_not_read(many: LocalAtlan) -> None:
    """A deployment of many new tables would otherwise take a request for every hundred columns."""
    with client_of(many) as client:
        cache, before = EntityCache(client), len(many.requests())
        cache.load(assets=[*EVERY, *COLUMNS_OF_MISSING])
        assert paths_of(many, before) == ["indexsearch", "Table"]
        assert not any(map(cache.get, [*MISSING, *COLUMNS_OF_MISSING]))


def test_columns_are_read_if_the_index_or_their_table_says_that_they_may_exist(many: LocalAtlan) -> None:
    of_missing, of_partial = COLUMNS_OF_MISSING[0], EntityKey("Column", f"{table_name(1)}/C")
    archived = COLUMNS_OF_MISSING[1]
    with client_of(many) as client:
        named = [
            {"qualifiedName": key.qualified_name, "name": "C"} for key in (of_missing, of_partial, archived)
        ]
        entities = [Entity(type_name="Column", attributes={**each, "isPartial": True}) for each in named]
        written = client.entities.upsert(entities)
        gone = next(each for each in written.created if each.qualified_name == archived.qualified_name)
        client.entities.delete([str(gone.guid)], "SOFT")
        cache = EntityCache(client)
        cache.load(assets=[*EVERY, *COLUMNS_OF_MISSING, of_partial])
        assert [key for key in [*COLUMNS_OF_MISSING, of_partial] if cache.get(key)] == [
            of_missing,
            archived,
            of_partial,
        ]
        lagging = EntityCache(client)
        lagging.client.search = SimpleNamespace(page_of_named=lambda *_: [])
        lagging.load(assets=[*EVERY, *COLUMNS_OF_MISSING, of_partial])
        assert lagging.get(of_partial)


def test_a_name_is_missing_only_if_it_is_so_in_every_type(many: LocalAtlan) -> None:
    """The table of the columns may be a view that a second resource names as a table."""
    name = f"{WAREHOUSE}/DB/S/V"
    view, table, column = EntityKey("View", name), EntityKey("Table", name), EntityKey("Column", f"{name}/C")
    with client_of(many) as client:
        for key in (view, column):
            named = {"qualifiedName": key.qualified_name, "name": "V"}
            client.entities.upsert([Entity(type_name=key.type_name, attributes=named)])
        client.search = SimpleNamespace(page_of_named=lambda *_: [])
        cache = EntityCache(client)
        cache.load(assets=[*EVERY, *COLUMNS_OF_MISSING, view, table, column])
        assert cache.get(column)
        assert not cache.get(table)


def test_what_was_searched_is_not_searched_again(many: LocalAtlan) -> None:
    with client_of(many) as client:
        cache = EntityCache(client)
        cache.load(assets=EVERY)
        before = len(many.requests())
        names = [key.qualified_name for key in EVERY]
        types = cache.types_of(names)
        assert (types[table_name(0)], types[table_name(2)], types[table_name(TABLES)]) == ([], ["Table"], [])
        assert cache.full_assets(names) == {table_name(number) for number in range(2, TABLES)}
        assert paths_of(many, before) == []
        assert EntityCache(client).types_of(names) == types
        assert paths_of(many, before) != []
