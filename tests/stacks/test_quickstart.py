"""The quickstart's catalog, its SQL, and the lineage read from it by hand agree on every column."""

from __future__ import annotations

import graphlib
import re
from collections import Counter
from functools import cache
from typing import Any

import pytest
import sqlglot
import yaml
from sqlglot import exp
from sqlglot.lineage import lineage
from support.quickstart import FOLDER, ROOT, schemas, steps

PROJECT = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
DEFAULTS = {key: setting["default"] for key, setting in PROJECT["config"].items()}
SCHEMAS = schemas(source=DEFAULTS["source"], warehouse=DEFAULTS["warehouse"])
STEPS = {step.key: step for step in steps(SCHEMAS)}
CATALOG = yaml.safe_load((FOLDER / "catalog.yaml").read_text())
DESCRIBED = {
    key: facts
    for file in sorted((FOLDER / "lineage").glob("*.yaml"))
    for key, facts in yaml.safe_load(file.read_text()).items()
}
every_step = pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)


@cache
def _tables() -> dict[str, tuple[str, dict[str, str]]]:
    """Return every table and view of the catalog: qualifiedName → (typeName, column → data type)."""
    return {
        "/".join((connection["qualified_name"], database["name"], schema["name"], table["name"])): (
            type_name,
            {column["name"]: column["data_type"] for column in table["columns"]},
        )
        for connection in CATALOG["connections"]
        for database in connection["databases"]
        for schema in database["schemas"]
        for key, type_name in (("tables", "Table"), ("views", "View"))
        for table in schema.get(key, [])
    }


@cache
def _sql_schema() -> dict[str, Any]:
    """Return the catalog for sqlglot: database → schema → table → column → data type."""
    tree: dict[str, Any] = {}
    for qualified_name, (_, columns) in _tables().items():
        database, schema, table = qualified_name.split("/")[3:]
        tree.setdefault(database, {}).setdefault(schema, {})[table] = columns
    return tree


def _dialect(step: Any) -> str:
    return str(step.inputs[0].qualified_name.split("/")[1])


def _statement(step: Any) -> exp.Expression:
    return sqlglot.parse_one(step.sql, dialect=_dialect(step))


def _query(step: Any) -> exp.Query:
    query = _statement(step).find(exp.Query)
    assert query is not None
    return query


def _path(table: exp.Table, dialect: str) -> str:
    """Return the end of the qualifiedName of a table in SQL."""
    path = f"{table.catalog}/{table.db}/{table.name}"
    return path.upper() if dialect == "snowflake" else path


def _sources(step: Any, column: str) -> set[str]:
    """Return the source columns of an output column in SQL, as ends of qualifiedNames."""
    dialect = _dialect(step)
    root = lineage(column, _query(step).copy(), schema=_sql_schema(), dialect=dialect)
    return {
        f"{_path(leaf.source, dialect)}/{leaf.name.rpartition('.')[2]}"
        for leaf in root.walk()
        if isinstance(leaf.source, exp.Table) and not leaf.downstream
    }


def _below_connection(qualified_name: str) -> str:
    return qualified_name.split("/", 3)[3]


def test_the_catalog_has_a_realistic_size() -> None:
    assert len(CATALOG["connections"]) >= 2
    assert len(_tables()) >= 20
    assert sum(len(columns) for _, columns in _tables().values()) >= 200


def test_tables_and_columns_are_unique_and_described() -> None:
    schemas = [
        schema
        for connection in CATALOG["connections"]
        for database in connection["databases"]
        for schema in database["schemas"]
    ]
    for schema in schemas:
        tables = schema.get("tables", []) + schema.get("views", [])
        assert max(Counter(table["name"] for table in tables).values()) == 1
        for table in tables:
            assert table["description"].endswith(".")
            assert max(Counter(column["name"] for column in table["columns"]).values()) == 1
            for column in table["columns"]:
                assert set(column) == {"name", "data_type", "description"}
                assert all(isinstance(value, str) and value for value in column.values())


def test_the_pipeline_has_a_realistic_size() -> None:
    assert len(STEPS) >= 12
    assert sum(len(step.columns) for step in STEPS.values()) >= 60


def test_project_defaults_name_the_catalogs_connections_and_a_new_one() -> None:
    known = {connection["qualified_name"] for connection in CATALOG["connections"]}
    assert {DEFAULTS["source"], DEFAULTS["warehouse"]} == known
    assert DEFAULTS["etl"] not in known
    connections = {key: name for key, name in DEFAULTS.items() if key != "owner"}
    assert connections.keys() == {"source", "warehouse", "etl"}
    assert all(re.fullmatch(r"default/[a-z]+/\d{10}", name) for name in connections.values())


def test_the_owner_of_the_project_defaults_is_in_the_catalog() -> None:
    assert DEFAULTS["owner"] in CATALOG["groups"]


@every_step
def test_datasets_are_in_the_catalog_with_their_type(step: Any) -> None:
    for dataset in (*step.inputs, step.output):
        assert _tables()[dataset.qualified_name][0] == dataset.type_name


@every_step
def test_columns_are_in_the_catalog(step: Any) -> None:
    assert set(step.columns) <= set(_tables()[step.output.qualified_name][1])
    for sources in step.columns.values():
        for source in sources:
            table, _, column = source.rpartition("/")
            assert column in _tables()[table][1]


@every_step
def test_sql_reads_the_declared_inputs(step: Any) -> None:
    dialect = _dialect(step)
    read = {_path(table, dialect) for table in _query(step).find_all(exp.Table) if table.db}
    assert read == {_below_connection(dataset.qualified_name) for dataset in step.inputs}


@every_step
def test_sql_writes_the_declared_output(step: Any) -> None:
    statement = _statement(step)
    if isinstance(statement, exp.Create):
        assert statement.kind == step.output.type_name.upper()
        assert _path(statement.this, "snowflake") == _below_connection(step.output.qualified_name)
    else:  # a load: the file goes into the table that the comment names
        assert _below_connection(step.output.qualified_name).replace("/", ".") in step.sql.splitlines()[0]


@every_step
def test_sql_produces_exactly_the_outputs_columns(step: Any) -> None:
    produced = [name.upper() for name in _query(step).named_selects]
    assert produced == list(_tables()[step.output.qualified_name][1])


@every_step
def test_sql_derives_each_column_from_exactly_the_declared_columns(step: Any) -> None:
    for name in _query(step).named_selects:
        declared = {_below_connection(source) for source in step.columns.get(name.upper(), ())}
        assert _sources(step, name) == declared, name


def test_one_step_writes_each_table_of_the_warehouse() -> None:
    made = Counter(step.output.qualified_name for step in STEPS.values())
    layers = [SCHEMAS[layer].qualified_name for layer in ("raw", "staging", "marts", "retail")]
    assert made == Counter(name for name in _tables() if name.rpartition("/")[0] in layers)


def test_the_pipeline_has_no_cycle() -> None:
    waits = {step.output: step.inputs for step in STEPS.values()}
    order = list(graphlib.TopologicalSorter(waits).static_order())
    assert order.index(STEPS["load_orders"].output) < order.index(STEPS["customers"].output)


def test_every_sql_file_belongs_to_a_step() -> None:
    assert {file.stem for file in (FOLDER / "sql").glob("*.sql")} == set(STEPS) == set(DESCRIBED)


def test_the_stack_declares_only_what_the_sql_does_not_say() -> None:
    facts = {name for step in DESCRIBED.values() for name in step}
    assert facts == {"name", "description", "certificate_status", "loads"}
    loads = {key: step["loads"] for key, step in DESCRIBED.items() if "loads" in step}
    raw = SCHEMAS["raw"].qualified_name
    written = {key: step.output for key, step in STEPS.items()}
    assert loads == {
        key: output.name for key, output in written.items() if output.qualified_name.startswith(raw)
    }
