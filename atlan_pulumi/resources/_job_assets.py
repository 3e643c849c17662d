"""The assets of a job's datasets and columns: which ones Atlan lacks, and would leave out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import InputProblem, Props, has_unknown, is_ours
from atlan_pulumi.naming import (
    asset_types,
    connection_of,
    connector_of,
    connector_of_namespace,
    normalize_path,
)
from atlan_pulumi.openlineage import Destination, Field, Side, field_text, known_assets, makes_partial_assets
from atlan_pulumi.resources._job_datasets import SIDES
from atlan_pulumi.text import nearest

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_NONE_ARE_MADE = "and the connection creates no partial assets"
_MOST_NAMES = 1000
"""The most columns among which the nearest one is searched."""


def destination_problem(declared: Props, destination: Destination) -> InputProblem | None:
    """Return the problem of a connection that silently drops events; None if it accepts them.

    A connection that will be created, or that belongs to this stack, may be about to change.
    """
    if _may_change(declared, destination) or destination.credential is not None:
        return None
    advice = "declare it as an OpenLineageConnection, or configure it for events in Atlan"
    name = declared["connection"]
    return InputProblem("connection", f"Connection {name!r} accepts no OpenLineage events: {advice}")


def absent_at_preview(
    client: AtlanClient, declared: Props, destination: Destination | None
) -> list[InputProblem]:
    """Return a problem for each dataset and column that Atlan would leave out in any case.

    Args:
        client: The tenant.
        declared: The inputs of the job.
        destination: The destination of its events; None if unknown.
    """
    judged = destination is not None and not _may_change(declared, destination)
    partial = not judged or _makes_partial_assets(destination)
    return list(_Lookup(client, declared).absent(partial=partial))


def refuse_absent(client: AtlanClient, declared: Props, destination: Destination) -> None:
    """Refuse datasets and columns that Atlan would leave out. The connection is as declared by now.

    Raises:
        ResourceError: Atlan has no such dataset or column.
        RequestError: Atlan refused, or could not be reached.
    """
    for problem in _Lookup(client, declared).absent(partial=_makes_partial_assets(destination)):
        raise ResourceError(f"{problem.property}: {problem.reason}; nothing was sent")


def _may_change(declared: Props, destination: Destination) -> bool:
    connection = destination.connection
    return connection is None or is_ours(connection, declared)


def _makes_partial_assets(destination: Destination | None) -> bool:
    """Return whether a connection creates partial assets; True if the API key cannot see that."""
    credential = destination.credential if destination else None
    return not credential or makes_partial_assets(credential)


class _Lookup:
    """The lookup of the assets of one job."""

    def __init__(self, client: AtlanClient, declared: Props) -> None:
        self._client = client
        self._names = [
            (side, each["name"])
            for side in SIDES
            if not has_unknown(declared[side])
            for each in declared[side]
        ]
        self._fields = dict(_fields(declared))
        self._siblings: dict[str, list[str]] = {}

    def absent(self, *, partial: bool) -> Iterator[InputProblem]:
        """Yield a problem for each dataset and column that Atlan lacks and would leave out.

        Args:
            partial: Whether the connection creates partial assets. It adds no columns to other assets.
        """
        names = [] if partial and not self._fields else [name for _, name in self._names]
        known = known_assets(self._client, [*names, *map(field_text, self._fields.values())])
        missing = [] if partial else [pair for pair in self._names if normalize_path(pair[1]) not in known]
        for side, name in missing:  # sorted: the index would not be that in the program
            yield InputProblem(side, f"Atlan has no asset for the dataset {name!r}, {_NONE_ARE_MADE}")
        if not missing:
            yield from self._absent_columns(known, partial=partial)

    def _absent_columns(
        self, known: Mapping[str, Sequence[Entity]], *, partial: bool
    ) -> Iterator[InputProblem]:
        for text, field in self._fields.items():
            if normalize_path(field_text(field)) in known:
                continue
            if whole := self._without_column(field, known.get(normalize_path(field.name), ())):
                yield InputProblem("columns", f"Atlan has no column {text!r}: {self._lacks(field, whole[0])}")
            elif not partial:
                yield InputProblem("columns", f"Atlan has no column {text!r}, {_NONE_ARE_MADE}")

    def _without_column(self, field: Field, assets: Sequence[Entity]) -> list[Entity]:
        """Return the assets of a dataset that lack the column, and get none from events."""
        connector, host = connector_of_namespace(field.namespace), urlsplit(field.namespace).netloc
        whole = [each for each in assets if _is_whole(each, connector)]
        connections = self._connections({connection_of(each.qualified_name) for each in whole})
        whole = [
            each for each in whole if _is_of_host(connections.get(connection_of(each.qualified_name)), host)
        ]
        named = [f"{each.qualified_name}/{field.field}" for each in whole]
        # The index may not contain columns yet that a crawler has just created.
        there = self._client.entities.get_many_by_qualified_name("Column", named) if named else {}
        return [] if any(each.status == "ACTIVE" for each in there.values()) else whole

    def _connections(self, names: set[str]) -> Mapping[str, Entity]:
        ordered = sorted(names)
        return self._client.entities.get_many_by_qualified_name("Connection", ordered) if ordered else {}

    def _lacks(self, field: Field, asset: Entity) -> str:
        name = asset.qualified_name
        if name not in self._siblings:
            below = {"prefix": {"qualifiedName": f"{name}/"}}, {"term": {"__typeName.keyword": "Column"}}
            found = self._client.search.live(*below, attributes=["qualifiedName"])
            self._siblings[name] = [each.qualified_name for each in islice(found, _MOST_NAMES)]
        near = nearest(f"{name}/{field.field}", self._siblings[name])
        texts = [field_text(field._replace(field=each.rpartition("/")[2])) for each in near]
        hint = f"; did you mean {' or '.join(map(repr, texts))}?" if texts else ""
        return f"{asset.type_name} {name!r} has no such column{hint}"


def _fields(declared: Props) -> Iterator[tuple[str, Field]]:
    """Yield each text that names a column, with its field; none while some are unknown."""
    columns = declared.get("columns") or {}
    if has_unknown([columns, *(declared[side] for side in SIDES)]):
        return
    inputs, outputs = (Side(declared[side]) for side in SIDES)
    texts = [(outputs, target) for target in columns]
    texts += [(inputs, source) for sources in columns.values() for source in sources]
    for side, text in texts:
        if field := side.field(text):
            yield text, field


def _is_whole(asset: Entity, connector: str) -> bool:
    """Return whether an asset is a complete asset of that connector."""
    if asset.attributes.get("isPartial") or not asset_types.is_a(asset.type_name, "Catalog"):
        return False
    return connector_of(asset.qualified_name) == connector


def _is_of_host(connection: Entity | None, host: str) -> bool:
    """Return whether a connection may be the system on that host. A connection without a host may be."""
    own = connection.attributes.get("host") if connection else None
    return not own or not host or own in (host, host.partition(":")[0])
