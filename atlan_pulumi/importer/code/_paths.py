"""qualifiedNames in code: those that occur often become constants, and others are built on these."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from atlan_pulumi.importer._names import Unique, constant
from atlan_pulumi.importer._plan import Resource
from atlan_pulumi.importer.code._literals import below, literal
from atlan_pulumi.lifecycle import connection_of, connector_of, references_in

_DEPTH = 3
"""Segments of a connection's qualifiedName."""


class Paths:
    """Writes qualifiedNames.

    Attributes:
        constants: By qualifiedName; those of connections come first.
    """

    def __init__(self, resources: Iterable[Resource], titles: Mapping[str, str], names: Unique) -> None:
        """Find out what occurs often.

        Args:
            resources: What will be written.
            titles: Names of connections, by qualifiedName.
            names: The names of the module's variables.
        """
        used = Counter(path for resource in resources for path in _paths(resource))
        inner = sorted(path for path, count in used.items() if count > 1 and len(path.split("/")) > _DEPTH)
        outer = Counter(connection_of(path) for path, count in used.items() for _ in range(count))
        wishes = {path: _titles(path, titles) for path, count in sorted(outer.items()) if count > 1}
        wishes |= {path: [wish] for path, wish in _short_names(inner).items()}
        self.constants = {path: names.take(wished, "_") for path, wished in wishes.items()}

    def definitions(self) -> Iterator[tuple[str, str]]:
        """Each constant and its value, as code; what others are built on comes first."""
        for path, name in self.constants.items():
            yield name, self._built(path)

    def write(self, qualified_name: str) -> str:
        """The expression for a qualifiedName."""
        return self.constants.get(qualified_name) or self._built(qualified_name)

    def _built(self, qualified_name: str) -> str:
        for path in (qualified_name.rpartition("/")[0], connection_of(qualified_name)):
            if path in self.constants and path != qualified_name:
                return below(self.constants[path], qualified_name[len(path) :])
        return literal(qualified_name)


def _paths(resource: Resource) -> Iterator[str]:
    """What a resource is written with: its connection, its assets, the tables of its columns."""
    yield resource.inputs.get("connection") or resource.qualified_name
    model = resource.declared.kind.lifecycle.model
    for name in model.references & resource.inputs.keys():
        for reference in references_in(resource.inputs[name]):
            path = reference.get("qualified_name", "")
            if path:
                yield path.rpartition("/")[0] if reference["type_name"] == "Column" else path


def _titles(connection: str, titles: Mapping[str, str]) -> list[str]:
    """What a connection may be called, the shortest first."""
    title, connector = titles.get(connection, ""), connector_of(connection)
    last = connection.rpartition("/")[2]
    told = [constant(title), constant(f"{title} {connector}")] if constant(title) else []
    return [*told, constant(f"{connector} {last}")]


def _short_names(paths: Sequence[str]) -> dict[str, str]:
    """A constant for each path: as few of its last segments as tell it from the others."""
    segments = {path: path.split("/") for path in paths}
    depths = dict.fromkeys(paths, 1)
    while True:
        names = {path: constant(" ".join(segments[path][-depth:])) for path, depth in depths.items()}
        alike: defaultdict[str, list[str]] = defaultdict(list)
        for path, name in names.items():
            alike[name].append(path)
        unclear = [path for group in alike.values() if len(group) > 1 for path in group]
        longer = [path for path in unclear if depths[path] < len(segments[path])]
        if not longer:
            return names
        for path in longer:
            depths[path] += 1
