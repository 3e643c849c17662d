"""`lineage_of` with Pulumi's mocks: where the SQL comes from, what it creates, and errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from support.recorder import declared

import atlan_pulumi as atlan
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.resources import resource_assets

CONNECTION = "default/snowflake/1657025257"
PLACE = {"database": "MART", "schema": "PUBLIC"}


class Warehouse(pulumi.CustomResource):
    """A resource with the token and the outputs of a provider's SDK."""

    def __init__(self, token: str, resource_name: str, /, **outputs: Any) -> None:
        super().__init__(token, resource_name, outputs)


class Shop(pulumi.ComponentResource):
    """A component whose SQL the program registers."""

    def __init__(self, name: str) -> None:
        super().__init__("shop:index:Shop", name)
        self.query = "select ID from MART.PUBLIC.ORDERS"


@pytest.fixture(autouse=True)
def _nothing_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource_assets, "_registered", {})


def orders() -> Warehouse:
    columns = [{"name": "ID"}, {"name": "AMOUNT"}]
    return Warehouse("snowflake:index/table:Table", "orders", **PLACE, name="ORDERS", columns=columns)


def view(statement: str, **more: Any) -> Warehouse:
    outputs = {**PLACE, "name": "RECENT", "statement": statement, **more}
    return Warehouse("snowflake:index/view:View", "recent", **outputs)


def process_of(program: Callable[[], object], name: str = "recent") -> dict[str, Any]:
    """Return the process of the set that a program declares."""
    seen = declared(program)
    found: dict[str, Any] = seen[f"{name}-lineage"].inputs["processes"]
    assert list(found) == [name]
    return found[name]


def reference(type_name: str, name: str) -> dict[str, str]:
    return {"type_name": type_name, "qualified_name": f"{CONNECTION}/MART/PUBLIC/{name}"}


def test_a_view_is_derived_from_its_statement() -> None:
    def program() -> None:
        context = atlan.SqlContext(default_database="MART", default_schema="PUBLIC", tables=[orders()])
        atlan.lineage_of(view("select * from ORDERS"), connection=CONNECTION, context=context)

    table = f"{CONNECTION}/MART/PUBLIC"
    assert process_of(program) == {
        "sql": "select * from ORDERS",
        "inputs": [reference("Table", "ORDERS")],
        "outputs": [reference("View", "RECENT")],
        "columns": {
            f"{table}/RECENT/ID": [f"{table}/ORDERS/ID"],
            f"{table}/RECENT/AMOUNT": [f"{table}/ORDERS/AMOUNT"],
        },
    }


def test_a_view_that_lists_its_columns_names_them_by_position() -> None:
    def program() -> None:
        context = atlan.SqlContext(default_database="MART", default_schema="PUBLIC", tables=[orders()])
        sql = "select ID, AMOUNT * 2, count(*) over () from ORDERS"
        listed = [{"column_name": name} for name in ("KEY", "TWICE", "ROWS")]
        made = Warehouse(
            "snowflake:index/view:View", "recent", **PLACE, name="RECENT", statement=sql, columns=listed
        )
        atlan.lineage_of(made, connection=CONNECTION, context=context)

    table = f"{CONNECTION}/MART/PUBLIC"
    assert process_of(program)["columns"] == {
        f"{table}/RECENT/KEY": [f"{table}/ORDERS/ID"],
        f"{table}/RECENT/TWICE": [f"{table}/ORDERS/AMOUNT"],
    }


def test_columns_that_are_registered_name_those_of_the_sql() -> None:
    def program() -> None:
        atlan.register_asset_type(
            Shop,
            lambda made: ("View", ["MART", "PUBLIC", "SHOP"]),
            columns=lambda made: ["KEY"],
            sql=lambda made: made.query,
        )
        atlan.lineage_of(Shop("shop"), connection=CONNECTION)

    table = f"{CONNECTION}/MART/PUBLIC"
    assert process_of(program, "shop")["columns"] == {f"{table}/SHOP/KEY": [f"{table}/ORDERS/ID"]}


def test_a_task_writes_what_its_sql_writes() -> None:
    def program() -> None:
        sql = "insert into MART.PUBLIC.DAILY (ID) select ID from MART.PUBLIC.ORDERS"
        task = Warehouse("snowflake:index/task:Task", "refresh", sql_statement=sql)
        atlan.lineage_of(task, connection=CONNECTION, name="Refresh", description="Each night.")

    found = process_of(program, "refresh")
    assert found["outputs"] == [reference("Table", "DAILY")]
    assert (found["name"], found["description"]) == ("Refresh", "Each night.")


def test_the_sql_of_ones_own_kind_is_registered() -> None:
    def program() -> None:
        atlan.register_asset_type(
            Shop, lambda made: ("View", ["MART", "PUBLIC", "SHOP"]), sql=lambda made: made.query
        )
        atlan.lineage_of(Shop("shop"), connection=CONNECTION)

    found = process_of(program, "shop")
    assert (found["inputs"], found["outputs"]) == (
        [reference("Table", "ORDERS")],
        [reference("View", "SHOP")],
    )


def test_sql_that_is_passed_replaces_that_of_the_resource() -> None:
    def program() -> None:
        made = view("select {{ macro }}")
        atlan.lineage_of(made, connection=CONNECTION, sql="select ID from MART.PUBLIC.ORDERS")

    assert process_of(program)["inputs"] == [reference("Table", "ORDERS")]


def test_a_resource_without_sql_is_one_line() -> None:
    def program() -> None:
        atlan.lineage_of(Warehouse("aws:s3/bucket:Bucket", "lake"), connection=CONNECTION)

    with pytest.raises(ResourceError) as caught:
        declared(program)
    assert str(caught.value) == (
        "the resource 'lake' has the type 'aws:s3/bucket:Bucket', whose SQL is not known: pass sql=…, or "
        "register it with atlan.register_asset_type(…, sql=…)"
    )


def test_sql_that_cannot_be_read_is_refused_by_the_provider() -> None:
    found = process_of(lambda: atlan.lineage_of(view("selec ID from ORDERS"), connection=CONNECTION))
    assert found["sql"].startswith("[not derived: its lineage cannot be derived: line 1, column 10: ")


def test_a_warning_names_the_file_of_the_sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "load.sql").write_text("create view A.B.V as\nselect X from A.B.C, A.B.D")
    seen: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, _resource: seen.append(text))
    declared(
        lambda: atlan.LineageMap("map", connection=CONNECTION, processes={"load": {"sql_file": "load.sql"}})
    )
    (line,) = seen
    assert line.startswith("the SQL of 'load' (load.sql): line 2, column 8: column 'X' may be of any of ")
