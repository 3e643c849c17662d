"""Derive the lineage of many scripts at once, with the tables of the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from atlan_pulumi.derivation._cache import LineageCache, key_of
from atlan_pulumi.derivation._catalog import Catalog
from atlan_pulumi.derivation._edges import NOWHERE, Edges, Indirect
from atlan_pulumi.derivation._tables import (
    WHOLE,
    CatalogTable,
    declared_table,
    qualified_name_in,
    schema_of,
)
from atlan_pulumi.sql import (
    DerivedLineage,
    Problem,
    Transformation,
    derive_lineage,
    ignores_case,
    name_parts,
)
from atlan_pulumi.text import enumerate_first

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient

_BOTH = "default_database and default_schema"
_TYPES = {"view": "View", "materialized view": "MaterialisedView", "dynamic table": "SnowflakeDynamicTable"}
"""The types of what CREATE makes."""


@dataclass(frozen=True)
class Script:
    """SQL whose lineage is to be derived.

    Attributes:
        sql: One or many statements.
        connection: The qualifiedName of the connection with the tables.
        dialect: The dialect, as sqlglot names it; None for standard SQL.
        default_database: The database of names that lack one.
        default_schema: The schema of names that lack one.
        tables: Tables that the program declares. A name in the SQL refers to the one whose path ends with it.
        passed: Tables with a known type. Only a complete name means one of them.
        target: What a script that only selects defines, such as a view. Without a type, it has that in Atlan.
        secret: Whether the SQL is a secret, which is not cached.
        view_columns: The names of the target's columns by position, if it lists them itself.
    """

    sql: str
    connection: str
    dialect: str | None = None
    default_database: str | None = None
    default_schema: str | None = None
    tables: tuple[CatalogTable, ...] = ()
    passed: tuple[CatalogTable, ...] = ()
    target: CatalogTable | None = None
    secret: bool = False
    view_columns: tuple[str, ...] = ()

    def declared(self, name: str) -> CatalogTable | None:
        """Return the declared table that a name in the SQL means."""
        any_case = self.dialect is None or ignores_case(self.dialect)
        found = declared_table(name, self.tables, any_case=any_case)
        return found or declared_table(name, self.passed, any_case=any_case, whole=True)

    def derive(self, schema: Mapping[str, Sequence[str] | None], cache: LineageCache) -> DerivedLineage:
        """Return the lineage by the names in the SQL.

        Args:
            schema: The columns of tables, by their names in the SQL.
            cache: The results of earlier runs.
        """
        defaults = (self.default_database, self.default_schema)
        key = key_of(self.sql, self.dialect, schema, *defaults, *self.view_columns)
        found = None if self.secret else cache.get(key)
        if found is None:
            found = derive_lineage(
                self.sql,
                dialect=self.dialect,
                schema=schema,
                default_database=self.default_database,
                default_schema=self.default_schema,
                view_columns=self.view_columns,
            )
            if not self.secret:
                cache.put(key, found)
        return found


@dataclass(frozen=True)
class CatalogLineage:
    """The lineage of a script in Atlan's terms.

    Attributes:
        inputs: The tables that are read, in the order of the SQL.
        outputs: The tables that are written, in the order of the SQL.
        columns: The qualifiedNames of the columns that each output column is derived from, sorted.
        transformations: How each output column is derived from each of them.
        indirect: The columns that only join, filter, group, or sort the rows of an output, each with how.
        lines: The line of the expression of each output column, from 1, as far as it is known.
        written: The names of the columns that are written, by output, also those without a source.
        refusals: Why tables are not known, so that nothing should be written.
        problems: Why columns are not known. Their edges are left out.
    """

    inputs: tuple[CatalogTable, ...] = ()
    outputs: tuple[CatalogTable, ...] = ()
    columns: dict[str, list[str]] = field(default_factory=dict)
    transformations: dict[str, dict[str, Transformation]] = field(default_factory=dict)
    indirect: Indirect = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refusals: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def lacks_columns(self) -> bool:
        """Whether columns are not decided, and some tables have columns that are not known."""
        return bool(self.problems) and any(each.columns is None for each in (*self.inputs, *self.outputs))


def derive_in_catalog(client: AtlanClient | None, scripts: Sequence[Script]) -> list[CatalogLineage]:
    """Return the lineage of each script.

    A table that Atlan does not have is a `Table`: whether that is an error is decided where it is used.

    Args:
        client: The client; None to look nothing up.
        scripts: The scripts. Their tables are looked up together.

    Raises:
        RequestError: Atlan refused, or could not be reached.
    """
    catalog = Catalog(client)
    with LineageCache() as cache:
        named = [_tables_in(script, cache) for script in scripts]
        every = list(zip(scripts, named, strict=True))
        any_case = {
            name for script, (_, names) in every if ignores_case(script.dialect) for name in names.values()
        }
        catalog.load((name for _, names in named for name in names.values()), any_case)
        return [_lineage_of(script, first, names, catalog, cache) for script, (first, names) in every]


def _tables_in(script: Script, cache: LineageCache) -> tuple[DerivedLineage, dict[str, str]]:
    """Return the lineage without the catalog, and the qualifiedName of each table with a complete name."""
    found = script.derive({}, cache)
    names = {}
    for name in dict.fromkeys((*found.inputs, *found.outputs)):
        declared = script.declared(name)
        whole = declared.qualified_name if declared else qualified_name_in(script.connection, name)
        if whole is not None:
            names[name] = whole
    if script.target is not None and not found.outputs:
        names[""] = script.target.qualified_name
    return found, names


def _lineage_of(
    script: Script, first: DerivedLineage, names: dict[str, str], catalog: Catalog, cache: LineageCache
) -> CatalogLineage:
    tables = {name: _table(script, first, name, names[name], catalog) for name in names}
    known = schema_of({name: table for name, table in tables.items() if name})
    found = script.derive(known, cache) if any(known.values()) else first
    refusals = [
        *(each for each in found.problems if each.hides_tables),
        *_unnamed(script, found, names, catalog),
    ]
    inputs = [tables[name] for name in _read(found) if name in tables]
    outputs = [tables[name] for name in found.outputs if name in tables]
    if "" in tables:
        outputs = [tables[""]]
    if not refusals:
        refusals += _nothing_found(inputs, outputs, found)
    edges = Edges(tables, found)
    problems = [each for each in found.problems if not each.hides_tables]
    return CatalogLineage(
        tuple(dict.fromkeys(inputs)),
        tuple(dict.fromkeys(outputs)),
        {target: sorted(sources) for target, sources in edges.columns.items()},
        edges.columns,
        edges.indirect,
        edges.lines,
        edges.written,
        tuple(refusals),
        (*problems, *edges.problems),
    )


def _read(found: DerivedLineage) -> Iterator[str]:
    """Yield the tables that are read, also those whose own values an UPDATE or MERGE reads."""
    yield from found.inputs
    yield from (source.table for sources in found.transformations.values() for source in sources)


def _table(
    script: Script, found: DerivedLineage, name: str, qualified_name: str, catalog: Catalog
) -> CatalogTable:
    """Return a table with the type and the columns that the program declares, else those in Atlan."""
    declared = script.declared(name) if name else script.target
    in_atlan = catalog.table(qualified_name)
    if declared is None:
        return in_atlan or CatalogTable(_TYPES.get(found.kinds.get(name, ""), "Table"), qualified_name)
    if not declared.type_name:  # a target that is named after a file
        return in_atlan or declared._replace(type_name="Table")
    if declared.columns is None and in_atlan is not None:
        return declared._replace(columns=in_atlan.columns)
    return declared


def _unnamed(
    script: Script, found: DerivedLineage, names: dict[str, str], catalog: Catalog
) -> Iterator[Problem]:
    """Yield a problem for each table whose name is not complete."""
    for name in dict.fromkeys((*found.inputs, *found.outputs)):
        if name in names:
            continue
        parts = name_parts(name)
        if len(parts) > WHOLE or any("/" in part for part in parts):
            message = f"table {name!r} has more parts than database, schema, and table, or a slash in one"
        else:
            candidates = enumerate_first(catalog.candidates(script.connection, parts[-1]))
            hint = f"; Atlan has {candidates}" if candidates else ""
            lacks, sets = _missing(parts)
            message = f"table {name!r} has no {lacks}: set {sets}{hint}"
        yield Problem(message, *found.places.get(name, NOWHERE), hides_tables=True)


def _missing(parts: Sequence[str]) -> tuple[str, str]:
    """Return what a name lacks, and what completes it."""
    if len(parts) == WHOLE:
        return "schema", "default_schema"
    return ("database", "default_database") if len(parts) > 1 else ("database and schema", _BOTH)


def _nothing_found(
    inputs: Iterable[CatalogTable], outputs: Iterable[CatalogTable], found: DerivedLineage
) -> Iterator[Problem]:
    """Yield why there is no lineage at all."""
    if not inputs:
        yield Problem("the SQL reads no table: set inputs, or leave the lineage out", hides_tables=True)
    elif not outputs:
        what = "only selects" if found.columns else "writes no table"
        yield Problem(
            f"the SQL {what}: set outputs to the one table or view that it defines", hides_tables=True
        )
