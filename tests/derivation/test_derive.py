"""Lineage of SQL in Atlan's terms, with a local Atlan."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.atlan import WAREHOUSE, seed_of

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.derivation import CatalogLineage, CatalogTable, Script, derive_in_catalog
from atlan_pulumi.local import LocalAtlan

DB = f"{WAREHOUSE}/DB/S"


def columns(*names: str) -> list[dict[str, str]]:
    return [{"name": name} for name in names]


TABLES = [
    {"name": "RAW", "columns": columns("ID", "B", "A")},
    {"name": "MART", "columns": columns("KEY", "FIRST", "SECOND")},
    {"name": "Mixed", "columns": columns("Id", "Total")},
]
UNPARSABLE = (
    "this cannot be parsed (Invalid expression / Unexpected token): check the dialect, "
    "and that templates are rendered"
)
MORE = "has more parts than database, schema, and table, or a slash in one"
VIEWS = [{"name": "RECENT", "columns": columns("ID")}]


@pytest.fixture(scope="module")
def atlan() -> Iterator[AtlanClient]:
    seed = seed_of(TABLES)
    seed["connections"][0]["databases"][0]["schemas"][0]["views"] = VIEWS
    with (
        LocalAtlan(seed=seed) as server,
        AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0)) as client,
    ):
        yield client


def derive(
    atlan: AtlanClient | None, sql: str, dialect: str = "snowflake", **given: object
) -> CatalogLineage:
    every = {"default_database": "DB", "default_schema": "S", **given}
    (found,) = derive_in_catalog(atlan, [Script(sql, WAREHOUSE, dialect, **every)])  # type: ignore[arg-type]
    return found


def edges(found: CatalogLineage) -> dict[str, list[str]]:
    return {
        target.removeprefix(f"{DB}/"): [each.removeprefix(f"{DB}/") for each in sources]
        for target, sources in found.columns.items()
    }


def names(tables: tuple[CatalogTable, ...]) -> list[tuple[str, str]]:
    return [(each.type_name, each.qualified_name.removeprefix(f"{DB}/")) for each in tables]


def test_tables_have_the_type_and_the_columns_that_atlan_knows(atlan: AtlanClient) -> None:
    found = derive(atlan, "insert into MART select * from RAW union all select ID, ID, ID from RECENT")
    assert names(found.inputs) == [("Table", "RAW"), ("View", "RECENT")]
    assert names(found.outputs) == [("Table", "MART")]
    assert edges(found) == {
        "MART/KEY": ["RAW/ID", "RECENT/ID"],
        "MART/FIRST": ["RAW/B", "RECENT/ID"],
        "MART/SECOND": ["RAW/A", "RECENT/ID"],
    }, "columns in the order of the table, not of their names"
    assert found.problems == found.refusals == ()


def test_without_a_client_nothing_is_looked_up() -> None:
    found = derive(None, "insert into MART (KEY) select r.ID from RAW r")
    assert names(found.inputs) == [("Table", "RAW")]
    assert edges(found) == {"MART/KEY": ["RAW/ID"]}


@pytest.mark.parametrize(
    ("dialect", "sql", "source"),
    [
        ("tsql", "insert into MART (KEY) select id from mixed", "Mixed"),
        ("snowflake", 'insert into MART (KEY) select "Id" from "Mixed"', "Mixed"),
        ("snowflake", "insert into MART (KEY) select ID from mixed", "MIXED"),
        ("snowflake", 'insert into MART (KEY) select "Id" from "mixed"', "mixed"),
    ],
)
def test_names_follow_the_rules_of_the_dialect_for_case(
    atlan: AtlanClient, dialect: str, sql: str, source: str
) -> None:
    assert names(derive(atlan, sql, dialect).inputs) == [("Table", source)]


def test_columns_have_the_case_that_atlan_has(atlan: AtlanClient) -> None:
    found = derive(atlan, "insert into mixed (ID, TOTAL) select key, first from mart", "tsql")
    assert edges(found) == {"Mixed/Id": ["MART/KEY"], "Mixed/Total": ["MART/FIRST"]}


def test_a_declared_table_is_meant_by_the_end_of_its_path() -> None:
    other = "default/postgres/1700000000/shop/public/orders"
    orders = CatalogTable("View", other, ("id", "amount"))
    sql = "create table DB.S.MART as select * from {}"
    found = derive(None, sql.format('"orders"'), default_schema=None, tables=(orders,))
    assert [each.qualified_name for each in found.inputs] == [other]
    assert found.columns == {f"{DB}/MART/id": [f"{other}/id"], f"{DB}/MART/amount": [f"{other}/amount"]}
    (refusal,) = derive(None, sql.format("orders"), default_schema=None, tables=(orders,)).refusals
    assert "table 'ORDERS' has no database and schema" in refusal.message


def test_of_two_declared_tables_with_one_name_none_is_meant() -> None:
    two = tuple(CatalogTable("Table", f"{WAREHOUSE}/DB/{schema}/ORDERS", ("ID",)) for schema in ("A", "B"))
    sql = "insert into DB.S.MART select ID from ORDERS"
    (refusal,) = derive(None, sql, default_schema=None, tables=two).refusals
    missing = "table 'ORDERS' has no database and schema: set default_database and default_schema"
    assert str(refusal) == f"line 1, column 38: {missing}"


def test_a_select_defines_its_target(atlan: AtlanClient) -> None:
    target = CatalogTable("View", f"{DB}/NEW")
    found = derive(atlan, "with a as (select ID, A from RAW) select ID as KEY, A from a", target=target)
    assert names(found.outputs) == [("View", "NEW")]
    assert edges(found) == {"NEW/KEY": ["RAW/ID"], "NEW/A": ["RAW/A"]}


def test_a_table_whose_values_an_update_reads_is_an_input(atlan: AtlanClient) -> None:
    found = derive(atlan, "update MART set FIRST = FIRST + r.A from RAW r where r.ID = MART.KEY")
    assert names(found.inputs) == [("Table", "RAW"), ("Table", "MART")]
    assert edges(found) == {"MART/FIRST": ["MART/FIRST", "RAW/A"]}


def test_an_incomplete_name_has_the_place_of_the_table() -> None:
    sql = (
        "-- fills ORDERS from RAW\ninsert into DB.S.MART (KEY) select ORDERS.ID, 'orders' from\n  raw.orders"
    )
    (refusal,) = derive(None, sql, default_database=None).refusals
    assert str(refusal).startswith("line 3, column 7: table 'RAW.ORDERS' has no database: ")


def test_stars_of_unknown_tables_are_problems(atlan: AtlanClient) -> None:
    found = derive(atlan, "create view V as\nselect *, RAW.ID as OTHER from NOWHERE, RAW")
    assert edges(found) == {"V/ID": ["RAW/ID"], "V/B": ["RAW/B"], "V/A": ["RAW/A"], "V/OTHER": ["RAW/ID"]}
    assert [str(each) for each in found.problems] == [
        "line 2, column 32: * of 'DB.S.NOWHERE' cannot be expanded: its columns are not in Atlan"
    ]


@pytest.mark.parametrize(
    ("sql", "refusal"),
    [
        ("insert into MART select 1", "the SQL reads no table: set inputs, or leave the lineage out"),
        ("select ID from RAW", "the SQL only selects: set outputs to the one table or view that it defines"),
        ("delete from MART using RAW where RAW.ID = KEY", None),
        (
            "insert into MART select ID from X.DB.S.RAW",
            f"line 1, column 40: table 'X.DB.S.RAW' {MORE}",
        ),
        (
            "insert into MART select ID from RAW; selec ID from RAW",
            f"line 1, column 47: {UNPARSABLE}",
        ),
    ],
)
def test_lineage_without_its_tables_is_refused(atlan: AtlanClient, sql: str, refusal: str | None) -> None:
    found = [str(each) for each in derive(atlan, sql).refusals]
    assert found == ([refusal] if refusal else [])


def test_names_that_differ_only_in_case_are_different_tables(atlan: AtlanClient) -> None:
    sql = 'insert into MART (KEY) select x."Id" from "Mixed" x join "mixed" y on x."Id" = y."Id"'
    assert names(derive(atlan, sql).inputs) == [("Table", "Mixed"), ("Table", "mixed")]


def test_a_name_with_a_date_is_another_table(atlan: AtlanClient) -> None:
    found = derive(atlan, "create table RAW_20240101 as select * from RAW", "bigquery")
    assert names(found.outputs) == [("Table", "RAW_20240101")]
    assert names(found.inputs) == [("Table", "RAW")]


def test_positions_in_a_table_with_unknown_columns_are_not_guessed(atlan: AtlanClient) -> None:
    found = derive(atlan, "insert into NEW select B as A, A as B from RAW")
    assert (edges(found), names(found.outputs)) == ({}, [("Table", "NEW")])
    (problem,) = found.problems
    assert "the columns of DB.S.NEW are not known" in problem.message


def test_what_is_created_has_its_type(atlan: AtlanClient) -> None:
    for made, type_name in (
        ("view", "View"),
        ("materialized view", "MaterialisedView"),
        ("dynamic table", "SnowflakeDynamicTable"),
        ("table", "Table"),
    ):
        found = derive(atlan, f"create {made} NEW as select ID from RAW")
        assert names(found.outputs) == [(type_name, "NEW")]


def test_what_a_script_only_selects_goes_nowhere(atlan: AtlanClient) -> None:
    target = CatalogTable("", f"{DB}/SCRIPT")
    found = derive(
        atlan, "insert into MART (KEY) select ID from RAW; select count(A) as N from RAW", target=target
    )
    assert names(found.outputs) == [("Table", "MART")]
    assert edges(found) == {"MART/KEY": ["RAW/ID"]}


def test_a_target_that_is_named_after_a_file_is_the_one_in_atlan(atlan: AtlanClient) -> None:
    found = derive(atlan, "select ID as Id from RAW", "tsql", target=CatalogTable("", f"{DB}/mixed"))
    assert names(found.outputs) == [("Table", "Mixed")]
    assert edges(found) == {"Mixed/Id": ["RAW/ID"]}


def test_names_with_dots_and_slashes(atlan: AtlanClient) -> None:
    found = derive(atlan, 'insert into MART (KEY) select ID from "dotted.name"')
    assert names(found.inputs) == [("Table", "dotted.name")]
    (refusal,) = derive(atlan, 'insert into MART (KEY) select ID from "S/RAW"').refusals
    assert "or a slash in one" in refusal.message
    found = derive(atlan, 'insert into MART (KEY, FIRST) select "A/B", ID from RAW')
    assert edges(found) == {"MART/FIRST": ["RAW/ID"]}
    assert "no table of the query has a column 'A/B'" in found.problems[0].message


def test_two_dots_need_a_default_schema(atlan: AtlanClient) -> None:
    sql = "insert into DB.S.MART (KEY) select ID from DB..RAW"
    assert names(derive(atlan, sql).inputs) == [("Table", "RAW")]
    (refusal,) = derive(atlan, sql, default_schema=None).refusals
    assert "table 'DB..RAW' has no schema: set default_schema" in refusal.message


def test_placeholders_do_not_hide_columns(server: LocalAtlan, client: AtlanClient) -> None:
    """A placeholder has the columns that lineage needs; there may be more."""
    name = f"{DB}/PLACED"
    place = {"connectorName": "snowflake", "connectionQualifiedName": WAREHOUSE, "isPartial": True}
    table = {"typeName": "Table", "attributes": {"name": "PLACED", "qualifiedName": name, **place}}
    of_table = {"tableName": "PLACED", "tableQualifiedName": name, "order": 1}
    column = {
        "typeName": "Column",
        "attributes": {"name": "X", "qualifiedName": f"{name}/X", **place, **of_table},
    }
    client.entities.upsert([Entity.model_validate(each) for each in (table, column)])
    found = derive(client, "insert into T0 (ID) select * from PLACED")
    assert edges(found) == {}
    assert len(found.problems) == 1


def test_many_scripts_share_their_lookups(server: LocalAtlan, client: AtlanClient) -> None:
    scripts = [
        Script(f"insert into T{n % 3} select * from T{n % 3 + 3}", WAREHOUSE, "snowflake", "DB", "S")
        for n in range(60)
    ]
    before = len(server.requests())
    found = derive_in_catalog(client, scripts)
    assert len(server.requests()) - before == 4, (
        "a page of tables and of columns, and the empty ones after them"
    )
    assert all(len(each.columns) == 3 for each in found)
