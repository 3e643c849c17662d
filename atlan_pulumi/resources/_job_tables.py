"""The datasets of a job as the tables of its SQL, and the lineage of the SQL as columns of the datasets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from atlan_pulumi.naming import below_connection, normalize_path
from atlan_pulumi.openlineage import Field, Side

if TYPE_CHECKING:
    from atlan_pulumi.derivation import CatalogLineage, CatalogTable

SIDES = ("inputs", "outputs")
_DIALECTS = {"sqlserver": "mssql", "awsathena": "athena"}
"""Schemes of namespaces that are no names of connectors."""


class JobTables:
    """The datasets of a job as tables in a connection, by their names alone.

    The names of tables in SQL have no namespace. A dataset with the same name as another one of its side, or
    with a path as its name, is no table.

    Attributes:
        tables: The tables.
    """

    def __init__(
        self, sides: Mapping[str, Sequence[Mapping[str, Any]]], connection: str, known: Sequence[CatalogTable]
    ) -> None:
        """Set up.

        Args:
            sides: The inputs and the outputs.
            connection: The qualifiedName of the connection.
            known: Tables of the program, whose columns are known.
        """
        self._sides = {name: Side(map(dict, datasets)) for name, datasets in sides.items()}
        columns = {normalize_path("/".join(each.path)): each.columns for each in known}
        self._named: dict[str, dict[str, Mapping[str, Any]]] = {name: {} for name in sides}
        found: dict[str, CatalogTable] = {}
        for name, datasets in sides.items():
            often = Counter(normalize_path(each["name"]) for each in datasets)
            for each in datasets:
                if often[normalize_path(each["name"])] == 1 and "/" not in each["name"]:
                    table = _table(each, connection, columns)
                    key = table.qualified_name.casefold()
                    self._named[name][key] = each
                    before = found.get(key, table)
                    found[key] = table if before.columns is None else before
        self.tables = tuple(found.values())

    def declared(self) -> list[set[str]]:
        """Return the names of the inputs and of the outputs that are tables."""
        return [{str(each["name"]) for each in self._named[side].values()} for side in SIDES]

    def in_sql(self, lineage: CatalogLineage) -> list[set[str]]:
        """Return the names of the tables that SQL reads and writes, as the datasets have them."""
        return [{self._name(side, each) for each in getattr(lineage, side)} for side in SIDES]

    def _name(self, side: str, table: CatalogTable) -> str:
        dataset = self._named[side].get(table.qualified_name.casefold())
        return str(dataset["name"]) if dataset is not None else ".".join(table.path)

    def properties(self, lineage: CatalogLineage, *, direct: bool) -> dict[str, Any]:
        """Return the columns of a job, how they are derived, and the columns that decide about rows.

        Args:
            lineage: The lineage of its SQL.
            direct: Whether only values count that are copied or computed, as in generic OpenLineage.
        """
        steps: dict[str, dict[str, str]] = {}
        for target, sources in lineage.transformations.items():
            kept = {each: how for each, how in sources.items() if how.type == "DIRECT" or not direct}
            texts = {source: how.subtype for source, how in self._texts(kept).items()}
            for text in self._texts({target: None}, "outputs") if texts else ():
                steps[text] = texts
        rows = {
            text: {source: sorted(each.subtype for each in kinds) for source, kinds in found.items()}
            for table, kinds_of in lineage.indirect.items()
            if (text := self._dataset_text(table)) and (found := self._texts(kinds_of))
        }
        columns = {text: sorted(sources) for text, sources in steps.items()}
        return {"columns": columns, "transformations": steps, "indirect": rows if steps else {}}

    def lines(self, lineage: CatalogLineage) -> dict[str, int]:
        """Return the line of each output column, by its name as a job has it."""
        return self._texts(lineage.lines, "outputs")

    def _texts(self, columns: Mapping[str, Any], side: str = "inputs") -> dict[str, Any]:
        """Return a mapping of columns, by their names as a job has them. Other tables are left out."""
        found = {}
        for column, value in columns.items():
            table, _, name = column.rpartition("/")
            if (dataset := self._named[side].get(table.casefold())) is not None:
                field = Field(dataset["namespace"], dataset["name"], name)
                found[self._sides[side].text(field)] = value
        return found

    def _dataset_text(self, table: str) -> str:
        dataset = self._named["outputs"].get(table.casefold())
        return str(dataset["name"]) if dataset is not None else ""


def _table(
    dataset: Mapping[str, Any], connection: str, known: Mapping[str, tuple[str, ...] | None]
) -> CatalogTable:
    from atlan_pulumi.derivation import CatalogTable  # noqa: PLC0415 - brings sqlglot
    from atlan_pulumi.sql import name_parts  # noqa: PLC0415 - brings sqlglot

    path = "/".join(name_parts(dataset["name"]))
    columns = _fields(dataset) or known.get(normalize_path(path))
    return CatalogTable("Table", below_connection(connection, path), columns)


def _fields(dataset: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the columns in a dataset's `schema` facet; None if they are not known."""
    found: Any = dataset
    for key in ("facets", "schema", "fields"):
        found = found.get(key) if isinstance(found, Mapping) else None
    names = [each.get("name") if isinstance(each, Mapping) else None for each in found or ()]
    return tuple(map(str, names)) if names and all(isinstance(each, str) for each in names) else None


def connector_of_namespaces(datasets: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the connector of the system that all datasets are in; None if there are several."""
    schemes = {each["namespace"].partition(":")[0].lower() for each in datasets}
    scheme = schemes.pop() if len(schemes) == 1 else ""
    return _DIALECTS.get(scheme, scheme) or None
