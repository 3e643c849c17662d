"""Read the pipeline: `lineage/*.yaml` has the tables and columns of each step, and `sql/*.sql` its SQL.

A table is written `<schema>.<TABLE>`, where `schema` is one of `schemas()`. A column of a step's inputs is
written `<TABLE>.<COLUMN>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).parent


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
    name: str
    description: str
    certificate_status: str | None
    sql: str
    inputs: tuple[Dataset, ...]
    output: Dataset
    columns: Mapping[str, tuple[str, ...]]
    """For each output column, by name, the qualifiedNames of the columns that it is derived from."""


def schemas(*, source: str, warehouse: str) -> dict[str, Schema]:
    """Return the schemas in these two connections (qualifiedNames), by their names in `lineage/*.yaml`."""
    return {
        "app": Schema(f"{source}/jaffle_shop/public"),
        "raw": Schema(f"{warehouse}/RAW/PUBLIC"),
        "staging": Schema(f"{warehouse}/ANALYTICS/STAGING", type_name="View"),
        "marts": Schema(f"{warehouse}/ANALYTICS/MARTS"),
        "retail": Schema(f"{warehouse}/ANALYTICS/RETAIL"),
        "tpcds": Schema(f"{warehouse}/SNOWFLAKE_SAMPLE_DATA/TPCDS_SF10TCL"),
    }


def read_steps(known: Mapping[str, Schema], folder: Path = HERE) -> Iterator[Step]:
    """Yield every step of the pipeline, file by file.

    Raises:
        ValueError: A step names an unknown schema or input. The message says where.
    """
    for file in sorted((folder / "lineage").glob("*.yaml")):
        for key, facts in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            yield _step(key, facts, known, (folder / "sql" / f"{key}.sql").read_text(encoding="utf-8"))


def _step(key: str, facts: Mapping[str, Any], known: Mapping[str, Schema], sql: str) -> Step:
    try:
        inputs = tuple(_dataset(name, known) for name in facts["inputs"])
        output = _dataset(facts["output"], known)
        columns = {
            column: tuple(_column(source, inputs) for source in sources)
            for column, sources in facts["columns"].items()
        }
    except ValueError as error:
        raise ValueError(f"step {key}: {error}") from None
    return Step(
        key=key,
        name=facts["name"],
        description=facts["description"],
        certificate_status=facts.get("certificate_status"),
        sql=sql,
        inputs=inputs,
        output=output,
        columns=columns,
    )


def _dataset(name: str, known: Mapping[str, Schema]) -> Dataset:
    schema, _, table = name.partition(".")
    if schema not in known:
        raise ValueError(f"{name}: there is no schema {schema!r}; there are {', '.join(known)}")
    return Dataset(known[schema].type_name, f"{known[schema].qualified_name}/{table}")


def _column(name: str, inputs: tuple[Dataset, ...]) -> str:
    table, _, column = name.partition(".")
    for dataset in inputs:
        if dataset.name == table:
            return dataset.column(column)
    raise ValueError(f"{name}: {table} is not among the step's inputs")
