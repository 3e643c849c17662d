"""DuckDB computes what `derive_lineage` derives: no column changes that is not among the sources.

For each column of a result, all columns of the tables change that are neither its sources nor among those
that filter, join, group, or sort. The column must stay as it is.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import duckdb
import pytest
from sql.oracle import Column, Oracle, rotate
from sql.queries import TABLES, Queries, Query

from atlan_pulumi.sql import DerivedLineage, derive_lineage

ROWS = 23
VALUES = [*range(50), *[None] * 10]
BATCHES = 15


@pytest.fixture(scope="module")
def small() -> Iterator[Oracle]:
    """Three small tables of numbers."""
    random = Random(7)
    with duckdb.connect() as connection:
        for table, columns in TABLES.items():
            for version in ("first", "second"):
                named = ", ".join(f"{column} bigint" for column in columns)
                connection.execute(f"create table {table}_{version} ({named})")
                rows = [[random.choice(VALUES) for _ in columns] for _ in range(ROWS)]
                marks = ", ".join("?" * len(columns))
                connection.executemany(f"insert into {table}_{version} values ({marks})", rows)
        yield Oracle(connection, TABLES)


def lineage_of(query: str, width: int, schema: dict[str, list[str]]) -> DerivedLineage:
    """Return the lineage of a view of a query with the columns `c0`, `c1`, …"""
    names = ", ".join(f"c{index}" for index in range(width))
    return derive_lineage(f"create view q ({names}) as {query}", dialect="duckdb", schema=schema)


def sources(found: DerivedLineage, index: int) -> set[Column]:
    """Return what may change a column of the result."""
    direct = found.columns.get(("q", f"c{index}"), frozenset())  # type: ignore[call-overload]
    return {(each.table, each.column) for each in (*direct, *found.indirect.get("q", {}))}


def lost(oracle: Oracle, query: str, found: DerivedLineage) -> list[int]:
    """Return the columns of a result that change although none of their sources does."""
    before = oracle.results(query)
    every = oracle.every_column(found.inputs)
    return [
        index
        for index in range(len(before))
        if index in oracle.changes(query, before, every - sources(found, index))
    ]


def random_query(seed: int) -> Query:
    return Queries(Random(seed)).query()


def check_random(oracle: Oracle, seeds: range) -> None:
    for seed in seeds:
        query = random_query(seed)
        found = lineage_of(query.text, len(query.columns), TABLES)
        assert found.problems == (), (seed, query.text, found.problems)
        assert lost(oracle, query.text, found) == [], (seed, query.text)


def confirmed(oracle: Oracle, query: str, found: DerivedLineage) -> list[bool]:
    """Return for each derived edge whether the column changes if only this source does."""
    before = oracle.results(query)
    return [
        int(column.removeprefix("c")) in oracle.changes(query, before, {(source.table, source.column)})
        for (_, column), edges in found.columns.items()
        for source in edges
    ]


def test_most_derived_edges_are_seen_in_the_results(small: Oracle) -> None:
    """The rest are edges whose effect these rows do not show, such as a condition that is always true."""
    seen: list[bool] = []
    for seed in range(100):
        query = random_query(seed)
        seen += confirmed(small, query.text, lineage_of(query.text, len(query.columns), TABLES))
    assert len(seen) > 300
    assert sum(seen) / len(seen) > 0.7


def test_the_oracle_notices_a_lost_source(small: Oracle) -> None:
    query = "select a + b, c from t where d > 10"
    assert lost(small, query, lineage_of(query, 2, TABLES)) == []
    assert lost(small, query, lineage_of("select a, c from t where d > 10", 2, TABLES)) == [0]
    assert lost(small, query, lineage_of("select a + b, c from t", 2, TABLES)) == [0, 1]


@pytest.mark.parametrize("batch", range(2))
def test_random_queries_lose_no_source(small: Oracle, batch: int) -> None:
    check_random(small, range(batch * 100, batch * 100 + 100))


@pytest.mark.soak
@pytest.mark.parametrize("batch", range(BATCHES))
def test_many_random_queries_lose_no_source(small: Oracle, batch: int) -> None:
    check_random(small, range(10_000 + batch * 300, 10_000 + batch * 300 + 300))


@pytest.fixture(scope="module")
def tpc() -> Iterator[dict[str, Oracle]]:
    """The tables of TPC-H and TPC-DS with generated rows; PyPI has the generators for Linux only."""
    pytest.importorskip("duckdb_extension_tpch")
    with duckdb.connect() as first, duckdb.connect() as second:
        yield {"tpch": generated(first, "tpch", "dbgen"), "tpcds": generated(second, "tpcds", "dsdgen")}


def generated(connection: duckdb.DuckDBPyConnection, name: str, generator: str) -> Oracle:
    folder = Path(importlib.import_module(f"duckdb_extension_{name}").__path__[0])
    (extension,) = folder.rglob(f"{name}.duckdb_extension")
    connection.execute(f"load '{extension}'")
    connection.execute(f"call {generator}(sf = 0.01)")
    tables = [str(row[0]) for row in connection.execute("show tables").fetchall()]
    rotate(connection, tables)
    return Oracle(connection, tables)


def tpc_queries(oracle: Oracle, name: str) -> list[str]:
    rows = oracle.connection.execute(f"select query from {name}_queries() order by query_nr").fetchall()
    return [str(row[0]).rstrip().rstrip(";") for row in rows]


def check_tpc(oracle: Oracle, queries: list[str]) -> None:
    for query in queries:
        width = len(oracle.connection.execute(f"describe {query}").fetchall())
        found = lineage_of(query, width, oracle.columns)
        assert found.problems == (), query
        assert lost(oracle, query, found) == [], query


def test_tpc_h_loses_no_source(tpc: dict[str, Oracle]) -> None:
    queries = tpc_queries(tpc["tpch"], "tpch")
    assert len(queries) == 22
    check_tpc(tpc["tpch"], queries)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(9))
def test_tpc_ds_loses_no_source(tpc: dict[str, Oracle], part: int) -> None:
    queries = tpc_queries(tpc["tpcds"], "tpcds")
    assert len(queries) == 99
    check_tpc(tpc["tpcds"], queries[part::9])
