"""`lineage_from_builder`: a CSV file of Atlan's Lineage Builder, as processes of a `LineageMap`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource
from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.lineage_data.builder import BuilderFile, NamedConnection, read_builder_file
from atlan_pulumi.resources._file_lineage import FileLineage, edges_of, plain_errors
from atlan_pulumi.resources.lookups import get_connection
from atlan_pulumi.resources.references import qualified_name_of
from atlan_pulumi.text import did_you_mean, enumerate_first, printable

_MOST = 5


def lineage_from_builder(
    path: str | Path,
    *,
    connections: Mapping[str, AtlanResource | pulumi.Input[str]] | None = None,
    transformation_connection: str | None = None,
) -> FileLineage:
    """Read a CSV file of Atlan's Lineage Builder, and return its lineage as processes of a `LineageMap`.

    A `LineageMap` also takes the path of such a file, which is then read with the defaults.

    The rows with the same `Transformation Identity` are one process, whose id this is. A row connects two
    columns, or two other assets. The display names of assets are not needed. Further columns are attributes
    of the process, such as `sql` or `certificateStatus`.

    Args:
        path: The file.
        connections: Connections of the file -> connections in Atlan: resources, or qualifiedNames. The keys
            are names, such as `production`, or connectors with names, such as `snowflake/production`.
            Default: those with this connector and name in the tenant of the stack's configuration.
        transformation_connection: The connection, as in the file, whose processes to return. Required if the
            file has processes of several: a `LineageMap` has one connection.

    Raises:
        LineageDataError: The file cannot be read, or is invalid.
        ResourceError: Atlan has no such connection, or more than one.

    Example:
        ```python
        import csv
        from pathlib import Path

        import atlan_pulumi as atlan

        row = {
            "Source Type": "Table",
            "Source Connector": "snowflake",
            "Source Connection": "warehouse",
            "Source Identity": "RAW/PUBLIC/ORDERS",
            "Target Type": "Table",
            "Target Connector": "snowflake",
            "Target Connection": "warehouse",
            "Target Identity": "MART/PUBLIC/ORDERS",
            "Transformation Connector": "snowflake",
            "Transformation Connection": "warehouse",
            "Transformation Identity": "load-orders",
            "Transformation Name": "Load orders",
        }
        with Path("lineage-builder.csv").open("w", newline="") as file:  # you have such a file
            writer = csv.DictWriter(file, row)
            writer.writeheader()
            writer.writerow(row)

        warehouse = "default/snowflake/1657025257"
        rows = atlan.lineage_from_builder("lineage-builder.csv", connections={"warehouse": warehouse})
        atlan.LineageMap("builder", connection=warehouse, processes=rows)
        ```
    """
    with plain_errors():
        file = read_builder_file(Path(path))
        transformation = _transformation(file, str(path), transformation_connection)
        given = dict(connections or {})
        _refuse_unused(given, file, str(path))
        return _lineage(file, _qualified_names(file, given), transformation)


def _transformation(file: BuilderFile, where: str, wanted: str | None) -> NamedConnection:
    """Return the connection of the processes.

    Raises:
        LineageDataError: The file has processes of several connections, or none of the wanted one.
    """
    found = file.transformations if wanted is None else _named(file.transformations, wanted)
    if len(found) == 1:
        return found[0]
    listed = enumerate_first([str(each) for each in file.transformations], _MOST)
    if wanted is not None and not found:
        raise LineageDataError(
            printable(f"{where} has no processes of the connection {wanted!r}, but of {listed}")
        )
    what = f"{where} has processes of several connections ({listed})"
    raise LineageDataError(
        printable(f"{what}; declare a LineageMap for each, with transformation_connection=…")
    )


def _named(connections: list[NamedConnection], key: str) -> list[NamedConnection]:
    return [each for each in connections if key in (each.name, str(each))]


def _refuse_unused(given: Mapping[str, Any], file: BuilderFile, where: str) -> None:
    names = [text for each in file.connections for text in (each.name, str(each))]
    for key in given:
        if key not in names:
            known = enumerate_first([str(each) for each in file.connections], _MOST)
            near = did_you_mean(key, names) or f", but {known}"
            raise LineageDataError(printable(f"{where} has no assets of a connection {key!r}{near}"))


def _qualified_names(file: BuilderFile, given: Mapping[str, Any]) -> dict[NamedConnection, Any]:
    return {each: _qualified_name(each, given) for each in file.connections}


def _qualified_name(named: NamedConnection, given: Mapping[str, Any]) -> Any:
    for key in (str(named), named.name):
        if key in given:
            return qualified_name_of(given[key])
    return get_connection(connector=named.connector, name=named.name)


def _lineage(
    file: BuilderFile, names: Mapping[NamedConnection, Any], transformation: NamedConnection
) -> FileLineage:
    if all(isinstance(name, str) for name in names.values()):
        return FileLineage(file.lineage(names, transformation))

    def known_lineage(known: Sequence[str]) -> Mapping[str, Any]:
        with plain_errors():
            return file.lineage(dict(zip(names, known, strict=True)), transformation)

    later = pulumi.Output.all(*names.values()).apply(known_lineage)
    # The names of the connections in the file stand for those that are not known yet.
    first = file.lineage({each: str(each) for each in names}, transformation)
    return FileLineage({id_: {**process, **edges_of(later, id_)} for id_, process in first.items()})
