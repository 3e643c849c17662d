"""`stacks/wide` with 5,100 outputs that Atlan does not have yet, under the real engine and with faults."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from faults.processes import kill_at
from stacks.test_wide import BULK, CATALOG, CONNECTION, FOLDER
from support.fixtures import engine
from support.stack import Stack

from atlan_pulumi.local import LocalAtlan

__all__ = ["engine"]

pytestmark = [pytest.mark.engine, pytest.mark.soak]

TABLES, COLUMNS = 100, 50
PLACEHOLDERS = TABLES * (COLUMNS + 1)
LINEAGE = TABLES * (COLUMNS + 1)


def before_the_crawl() -> dict[str, Any]:
    """Return the catalog without MART, which the lineage writes to."""
    seed: dict[str, Any] = CATALOG.seed(TABLES, COLUMNS)
    (warehouse,) = seed["connections"]
    raw, _ = warehouse["databases"]
    return {**seed, "connections": [{**warehouse, "databases": [raw]}]}


class NewWarehouse:
    """A local Atlan that knows RAW only, and the stack that loads MART from it."""

    def __init__(self, server: LocalAtlan, stack: Stack) -> None:
        self.server, self.stack = server, stack

    def count(self, *conditions: dict[str, Any]) -> int:
        """Return the number of active entities that fulfill the conditions."""
        live = {"term": {"__state": "ACTIVE"}}
        dsl = {"from": 0, "size": 1, "query": {"bool": {"filter": [live, *conditions]}}}
        found = httpx.post(
            f"{self.server.base_url}/api/meta/search/indexsearch",
            json={"dsl": dsl},
            headers={"authorization": f"Bearer {self.server.api_key}"},
            timeout=60,
        )
        return int(found.raise_for_status().json()["approximateCount"])

    @property
    def placeholders(self) -> int:
        return self.count({"term": {"isPartial": True}})

    @property
    def lineage(self) -> int:
        return self.count({"terms": {"__typeName.keyword": ["Process", "ColumnProcess"]}})

    @property
    def marts(self) -> int:
        """The number of assets in MART, full or partial, without its schema and database."""
        return self.count({"prefix": {"qualifiedName": f"{CONNECTION}/MART/PUBLIC/"}})


@pytest.fixture
def warehouse(tmp_path: Path, engine: dict[str, str]) -> Iterator[NewWarehouse]:
    with LocalAtlan(seed=before_the_crawl()) as server:
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
        stack = Stack(tmp_path / "stack", engine, environ=tenant)
        stack.copy(FOLDER, "__main__.py", "catalog.py")
        for name, value in (
            ("tables", str(TABLES)),
            ("columns", str(COLUMNS)),
            ("atlan:missingAssets", "partial"),
        ):
            stack.run("config", "set", name, value).check()
        yield NewWarehouse(server, stack)


def test_thousands_of_placeholders_survive_faults_and_become_full(warehouse: NewWarehouse) -> None:
    """A 429 with a block, a 503 after a completed write, and a lost response; then the crawler."""
    stack, server = warehouse.stack, warehouse.server
    server.fault(
        {**BULK, "after": 3, "status": 429, "headers": {"retry-after": "2"}},
        {**BULK, "after": 20, "status": 503, "commit": True},
        {**BULK, "after": 40, "drop": "after"},
    )
    stack.up()
    server.clear_faults()
    assert (warehouse.placeholders, warehouse.marts, warehouse.lineage) == (
        PLACEHOLDERS,
        PLACEHOLDERS,
        LINEAGE,
    )
    stack.settled()
    server.crawl(CATALOG.seed(TABLES, COLUMNS))
    assert (warehouse.placeholders, warehouse.marts, warehouse.lineage) == (0, PLACEHOLDERS, LINEAGE)
    stack.refresh()
    stack.settled()
    stack.destroy()
    assert (warehouse.marts, warehouse.lineage) == (PLACEHOLDERS, 0), "the crawler owns its assets"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds processes in /proc")
@pytest.mark.parametrize("victim", ["engine", "provider"])
def test_a_run_killed_among_placeholders_converges_and_leaves_none(
    warehouse: NewWarehouse, victim: str
) -> None:
    stack, server = warehouse.stack, warehouse.server
    assert kill_at(stack, server, victim, {**BULK, "after": 10}, carried_out=True) == []
    assert 0 < warehouse.placeholders < PLACEHOLDERS, "the run was killed among the placeholders"
    if victim == "engine":
        stack.run("cancel", "--yes").check()
    stack.up()
    assert (warehouse.placeholders, warehouse.lineage) == (PLACEHOLDERS, LINEAGE)
    stack.refresh(*(["--clear-pending-creates"] if victim == "engine" else []))
    assert stack.preview().changes == {"same": 1}
    stack.destroy()
    assert (warehouse.placeholders, warehouse.marts, warehouse.lineage) == (0, 0, 0)
