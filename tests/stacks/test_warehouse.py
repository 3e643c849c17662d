"""`stacks/warehouse` with the real engine and a real PostgreSQL: tables and lineage in one deployment."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from pyatlan.model.assets import Asset, Column, ColumnProcess, Process, Table, View
from support.atlan import Witness
from support.fixtures import engine, witness
from support.postgres import new_database, postgres_server
from support.stack import Stack

from atlan_pulumi.local import LocalAtlan

__all__ = ["engine", "witness"]

pytestmark = pytest.mark.engine

FOLDER = Path(__file__).parents[2] / "stacks" / "warehouse"
CONNECTION = "default/postgres/1700000000"
ORDERS, SALES = f"{CONNECTION}/shop/shop/orders", f"{CONNECTION}/shop/mart/sales"
SALES_LINEAGE = f"{CONNECTION}/shop.sales_by_customer"
PLACED = "1 table, 1 view and 4 columns"  # what the lineage refers to: not all columns of the table


def read_catalog(url: str) -> Any:
    """Read PostgreSQL's catalog with the stack's own script."""
    spec = importlib.util.spec_from_file_location("warehouse_catalog", FOLDER / "catalog.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.read_catalog(url, CONNECTION)


@pytest.fixture(scope="module")
def postgres_host() -> Iterator[str]:
    with postgres_server() as host:
        yield host


@pytest.fixture
def postgres(postgres_host: str) -> str:
    """The URL of an empty database."""
    return new_database(postgres_host, "shop")


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    """An Atlan that has the warehouse's connection, and nothing in it."""
    connection = {"name": "shop-warehouse", "connector": "postgres", "qualified_name": CONNECTION}
    seed = {"connections": [connection], "groups": ["data-platform"]}
    with LocalAtlan(seed=seed, users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture
def stack(tmp_path: Path, engine: dict[str, str], server: LocalAtlan, postgres: str) -> Stack:
    tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
    stack = Stack(tmp_path / "stack", engine, environ=tenant)
    stack.copy(FOLDER, "__main__.py", "postgres.py")
    stack.run("config", "set", "--secret", "postgresUrl", postgres).check()
    return stack


def change(stack: Stack, *pairs: tuple[str, str]) -> None:
    """Change the program."""
    program = stack.folder / "__main__.py"
    text = program.read_text()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    program.write_text(text)


def relations(url: str) -> set[str]:
    """Return the tables and views in PostgreSQL."""
    query = (
        "SELECT table_schema || '.' || table_name FROM information_schema.tables "
        "WHERE table_schema IN ('shop', 'mart')"
    )
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute(query)}


def total(server: LocalAtlan) -> int:
    return int(httpx.get(f"{server.base_url}/_local/assets").json()["total"])


def is_partial(witness: Witness, kind: type[Asset], name: str) -> bool:
    return witness.find(kind, name).is_partial is True


@pytest.mark.soak
def test_the_warehouse_and_its_lineage_are_deployed_together_and_crawled_later(
    stack: Stack, server: LocalAtlan, witness: Witness, postgres: str
) -> None:
    preview = stack.preview()
    assert preview.warnings == []
    assert f"{PLACED} are not in Atlan yet: placeholders will be created" in preview.output
    assert relations(postgres) == set()

    stack.up()
    assert relations(postgres) == {"shop.orders", "mart.sales"}
    assert is_partial(witness, Table, ORDERS)
    assert is_partial(witness, View, SALES)
    assert is_partial(witness, Column, f"{SALES}/total")
    assert witness.names(Process, SALES_LINEAGE, "outputs") == {SALES}
    made = witness.find(Table, ORDERS).guid

    server.crawl(read_catalog(postgres))
    assert (witness.find(Table, ORDERS).guid, is_partial(witness, Table, ORDERS)) == (made, False)
    assert witness.find(Column, f"{ORDERS}/ordered_at") is not None, "the crawl knows all columns"
    assert "are full assets now: the crawler owns them" in stack.refresh().output
    stack.settled()

    # One commit renames a column in the warehouse and in the lineage.
    change(
        stack,
        ('"amount": "numeric"', '"price": "numeric"'),
        ("sum(amount)", "sum(price)"),
    )
    renamed = stack.preview()
    assert f"1 column is not in Atlan yet: a placeholder will be created ({ORDERS}/price)" in renamed.output
    assert renamed.warnings == []
    stack.up()
    edge = f"{SALES_LINEAGE}/column/total"
    assert witness.names(ColumnProcess, edge, "inputs") == {f"{ORDERS}/price"}
    server.crawl(read_catalog(postgres))
    assert not is_partial(witness, Column, f"{ORDERS}/price")
    assert witness.find(Column, f"{ORDERS}/amount").status.value == "DELETED"
    stack.refresh()
    stack.settled()

    # The view and its lineage are dropped.
    source = stack.folder / "__main__.py"
    program = source.read_text()
    source.write_text(program[: program.index("sales = View(")] + 'pulumi.export("none", 1)\n')
    stack.up()
    assert relations(postgres) == {"shop.orders"}
    assert witness.find(Process, SALES_LINEAGE) is None
    assert witness.find(View, SALES).status.value == "ACTIVE", "until the crawler sees it"
    server.crawl(read_catalog(postgres))
    assert witness.find(View, SALES).status.value == "DELETED"

    source.write_text(program)
    stack.up()
    stack.settled()
    assert witness.names(Process, SALES_LINEAGE, "outputs") == {SALES}


def test_destroy_leaves_neither_tables_nor_placeholders(
    stack: Stack, server: LocalAtlan, postgres: str
) -> None:
    before = total(server)
    stack.up()
    assert total(server) > before
    stack.destroy()
    assert total(server) == before
    assert relations(postgres) == set()


@pytest.mark.soak
def test_with_a_crawl_in_the_deployment_there_are_no_placeholders(
    stack: Stack, server: LocalAtlan, witness: Witness, postgres: str
) -> None:
    server.add_workflow("shop-crawler", source=lambda: read_catalog(postgres))
    stack.run("config", "set", "crawler", "shop-crawler").check()
    preview = stack.preview()
    assert preview.warnings == []
    assert "not in Atlan" not in preview.output
    stack.up()
    assert not is_partial(witness, Table, ORDERS)
    assert not is_partial(witness, Column, f"{SALES}/total")
    assert witness.names(ColumnProcess, f"{SALES_LINEAGE}/column/total", "inputs") == {f"{ORDERS}/amount"}
    stack.settled()
    stack.destroy()
    assert relations(postgres) == set()
