"""What a person asks to import, and what that means for a search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.importer._errors import ImporterError
from atlan_pulumi.lifecycle import connection_of

Query = dict[str, Any]


@dataclass(frozen=True)
class Selection:
    """What to import.

    `processes` are taken as they are named. The rest selects; given together, each narrows the others.

    Attributes:
        connections: qualifiedNames of connections, with the processes in them.
        processes: qualifiedNames of processes or column processes.
        name_prefix: How names of processes begin; case does not matter.
        assets: qualifiedNames of assets that processes read or write.
        columns: Whether column processes come with their processes.
        with_connections: Whether `connections` are imported themselves.
    """

    connections: Sequence[str] = ()
    processes: Sequence[str] = ()
    name_prefix: str = ""
    assets: Sequence[str] = ()
    columns: bool = True
    with_connections: bool = True

    def __post_init__(self) -> None:
        if not (self.connections or self.processes or self.name_prefix or self.assets):
            raise ImporterError(
                "nothing was asked for: give --connection, --process, --name-prefix or --asset"
            )
        for name in self.connections:
            if len(name.split("/")) != 3 or connection_of(name) != name or not all(name.split("/")):  # noqa: PLR2004
                example = "such as default/snowflake/1657025257"
                raise ImporterError(f"{name!r} is not a connection's qualifiedName, {example}")

    @property
    def narrowed(self) -> bool:
        """Whether not all that lies in the connections is asked for."""
        return bool(self.name_prefix or self.assets)

    def conditions(self, type_names: Iterable[str]) -> Iterator[Query]:
        """What entities of these types, or of types below them, have to meet."""
        yield _any(_of_type(name) for name in type_names)
        if self.connections:
            yield _any(_lies_in(name) for name in self.connections)
        if self.name_prefix:
            yield {"prefix": {"name.keyword": {"value": self.name_prefix, "case_insensitive": True}}}


def _any(queries: Iterable[Query]) -> Query:
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def _of_type(type_name: str) -> Query:
    fields = ("__typeName.keyword", "__superTypeNames.keyword")
    return _any({"term": {field: {"value": type_name}}} for field in fields)


def _lies_in(connection: str) -> Query:
    return {"prefix": {"qualifiedName": {"value": f"{connection}/"}}}
