"""Tables of a dbt project have the names and the types that a crawler gives them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.dbt import ARTIFACTS

from atlan_pulumi.dbt import Node, read_project
from atlan_pulumi.dbt._artifacts import CatalogEntry
from atlan_pulumi.dbt._tables import dialect_of_adapter, table_of_node
from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.sql import derive_lineage, is_dialect

CONNECTION = "default/snowflake/1657025257"
NODE = read_project(ARTIFACTS).nodes["model.shop.orders"]


def node(
    relation: str, *path: str | None, materialized: str = "table", entry: CatalogEntry | None = None
) -> Node:
    return NODE._replace(relation=relation, path=path, config={"materialized": materialized}, entry=entry)


def path_of(made: Node, dialect: str | None, default_database: str | None = None) -> str:
    table = table_of_node(made, CONNECTION, dialect, default_database)
    return table.qualified_name.removeprefix(f"{CONNECTION}/")


@pytest.mark.parametrize(
    ("adapter", "dialect"),
    [
        ("snowflake", "snowflake"),
        ("bigquery", "bigquery"),
        ("databricks", "databricks"),
        ("spark", "spark"),
        ("glue", "spark"),
        ("sqlserver", "tsql"),
        ("fabric", "fabric"),
        ("duckdb", "duckdb"),
        ("athena", "athena"),
        ("of_the_future", None),
        ("", None),
    ],
)
def test_the_dialect_of_an_adapter(adapter: str, dialect: str | None) -> None:
    assert dialect_of_adapter(adapter) == dialect
    assert dialect is None or is_dialect(dialect)


@pytest.mark.parametrize(
    ("dialect", "relation", "path"),
    [
        ("snowflake", "analytics.marts.orders", "ANALYTICS/MARTS/ORDERS"),
        ("snowflake", 'analytics.marts."orders"', "ANALYTICS/MARTS/orders"),
        ("postgres", '"analytics"."marts"."orders"', "analytics/marts/orders"),
        ("bigquery", "`analytics`.`marts`.`orders`", "analytics/marts/orders"),
        ("databricks", "`analytics`.`marts`.`orders`", "analytics/marts/orders"),
        ("tsql", "[analytics].[marts].[orders]", "analytics/marts/orders"),
        ("snowflake", "", "ANALYTICS/MARTS/ORDERS"),
    ],
)
def test_a_name_is_spelled_as_the_dialect_stores_it(dialect: str, relation: str, path: str) -> None:
    assert path_of(node(relation, "analytics", "marts", "orders"), dialect) == path


@given(
    st.sampled_from(["snowflake", "postgres", "bigquery", "duckdb"]),
    st.from_regex(r"[A-Za-z]\w{0,8}", fullmatch=True),
)
def test_a_name_is_the_one_that_the_sql_means(dialect: str, name: str) -> None:
    relation = f"db_1.sc_1.{name}"
    path = path_of(node(relation, "db_1", "sc_1", name), dialect)
    assert derive_lineage(f"select 1 from {relation} as t", dialect=dialect).inputs == (
        path.replace("/", "."),
    )


def test_the_catalog_knows_better() -> None:
    entry = CatalogEntry(("Analytics", "Marts", "ORDERS"), "BASE TABLE", ("ID", "Net"))
    made = node("analytics.marts.orders", "analytics", "marts", "orders", entry=entry)
    table = table_of_node(made, CONNECTION, "snowflake", None)
    assert table == ("Table", f"{CONNECTION}/Analytics/Marts/ORDERS", ("ID", "Net"))


@pytest.mark.parametrize(
    ("kind", "type_name"),
    [
        ("BASE TABLE", "Table"),
        ("table", "Table"),
        ("incremental", "Table"),
        ("external", "Table"),
        ("VIEW", "View"),
        ("view", "View"),
        ("MATERIALIZED VIEW", "MaterialisedView"),
        ("materialized_view", "MaterialisedView"),
        ("DYNAMIC TABLE", "SnowflakeDynamicTable"),
        ("dynamic_table", "SnowflakeDynamicTable"),
    ],
)
def test_the_type_of_a_table(kind: str, type_name: str) -> None:
    path = ("analytics", "marts", "orders")
    entry = CatalogEntry(path, kind, ())
    for made in (node("", *path, materialized=kind), node("", *path, entry=entry)):
        assert table_of_node(made, CONNECTION, None, None).type_name == type_name


def test_a_missing_database_is_the_default_one_or_an_error() -> None:
    made = node("`marts`.`orders`", None, "marts", "orders")
    assert path_of(made, "spark", "hive_metastore") == "hive_metastore/marts/orders"
    with pytest.raises(LineageDataError, match=r"model\.shop\.orders has no database: set default_database"):
        path_of(made, "spark")


def test_a_slash_in_a_name_is_an_error() -> None:
    with pytest.raises(LineageDataError, match="has a slash in its name, 'a/b'"):
        path_of(node('"analytics"."marts"."a/b"', "analytics", "marts", "a/b"), "postgres")
