"""The steps of the quickstart with the lineage that was read from their SQL by hand.

In `tests/stacks/quickstart_lineage.yaml`, a table is written `<schema>.<TABLE>`, where `schema` is one of
`schemas()`. A column of a step's inputs is written `<TABLE>.<COLUMN>`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "stacks" / "quickstart"
BY_HAND: dict[str, Any] = yaml.safe_load((ROOT / "tests/stacks/quickstart_lineage.yaml").read_text("utf-8"))


@dataclass(frozen=True)
class Schema:
    """A schema that the steps read or write. All of its tables have the same type."""

    qualified_name: str
    type_name: str = "Table"


@dataclass(frozen=True)
class Dataset:
    """A table or view in Atlan."""

    type_name: str
    qualified_name: str

    @property
    def name(self) -> str:
        return self.qualified_name.rpartition("/")[2]

    def column(self, name: str) -> str:
        """Return the qualifiedName of a column."""
        return f"{self.qualified_name}/{name}"


@dataclass(frozen=True)
class Step:
    """A SQL statement that fills one table or defines one view."""

    key: str
    sql: str
    inputs: tuple[Dataset, ...]
    output: Dataset
    columns: Mapping[str, tuple[str, ...]]
    """For each output column, by name, the qualifiedNames of the columns that it is derived from."""


def schemas(*, source: str, warehouse: str) -> dict[str, Schema]:
    """Return the schemas in these two connections (qualifiedNames), by their names in the data."""
    return {
        "app": Schema(f"{source}/jaffle_shop/public"),
        "raw": Schema(f"{warehouse}/RAW/PUBLIC"),
        "staging": Schema(f"{warehouse}/ANALYTICS/STAGING", type_name="View"),
        "marts": Schema(f"{warehouse}/ANALYTICS/MARTS"),
        "retail": Schema(f"{warehouse}/ANALYTICS/RETAIL"),
        "tpcds": Schema(f"{warehouse}/SNOWFLAKE_SAMPLE_DATA/TPCDS_SF10TCL"),
    }


def steps(known: Mapping[str, Schema]) -> Iterator[Step]:
    """Yield every step of the pipeline."""
    for key, lineage in BY_HAND.items():
        inputs = {each.name: each for each in (_dataset(name, known) for name in lineage["inputs"])}
        columns = {
            column: tuple(_column(source, inputs) for source in sources)
            for column, sources in lineage["columns"].items()
        }
        sql = (FOLDER / "sql" / f"{key}.sql").read_text("utf-8")
        yield Step(key, sql, tuple(inputs.values()), _dataset(lineage["output"], known), columns)


def _dataset(name: str, known: Mapping[str, Schema]) -> Dataset:
    schema, _, table = name.partition(".")
    return Dataset(known[schema].type_name, f"{known[schema].qualified_name}/{table}")


def _column(name: str, inputs: Mapping[str, Dataset]) -> str:
    table, _, column = name.partition(".")
    return inputs[table].column(column)
