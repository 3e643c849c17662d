"""Write qualifiedNames. Frequent ones become constants that others are built on."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from atlan_pulumi.importer._names import Unique, constant
from atlan_pulumi.importer.code._expressions import below, literal
from atlan_pulumi.naming import connection_of, connector_of

_DEPTH = 3
"""Segments of a connection's qualifiedName."""
_HASH = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
_OF_HASH = 8
"""The number of digits of a hash in a name."""


class Writer(Protocol):
    """Write qualifiedNames."""

    def write(self, qualified_name: str, *, within: bool = False) -> str:
        """Return the expression for a qualifiedName.

        Args:
            qualified_name: The name.
            within: Whether it belongs to another name, such as a column to its table.
        """


class Uses:
    """Count the qualifiedNames in a program before writing it.

    Attributes:
        written: The number of uses of each name. Names within another count for the other.
    """

    def __init__(self) -> None:
        self.written: Counter[str] = Counter()

    def write(self, qualified_name: str, *, within: bool = False) -> str:
        """Count a name, and return its literal."""
        self.written[qualified_name.rpartition("/")[0] if within else qualified_name] += 1
        return literal(qualified_name)


class PathConstants:
    """Write qualifiedNames with constants.

    Attributes:
        constants: Constants by qualifiedName, those of connections first.
    """

    def __init__(
        self, uses: Uses, resources: Mapping[str, int], titles: Mapping[str, str], names: Unique
    ) -> None:
        """Define the constants.

        Args:
            uses: The names in the program.
            resources: The number of resources in each connection.
            titles: Names of connections, by qualifiedName.
            names: The names of the module's variables.
        """
        used = uses.written
        inner = sorted(path for path, count in used.items() if count > 1 and len(path.split("/")) > _DEPTH)
        outer: Counter[str] = Counter()
        for path, count in used.items():
            outer[connection_of(path)] += count
        often = (path for path, count in sorted(outer.items()) if count + resources.get(path, 0) > 1)
        wishes = {path: _titles(path, titles) for path in often}
        wishes |= {path: [wish] for path, wish in _short_names(inner).items()}
        self.constants = {path: names.take(wished, "_") for path, wished in wishes.items()}

    def definitions(self) -> Iterator[tuple[str, str]]:
        """Yield each constant and its value as code, each after those it is built on."""
        for path, name in self.constants.items():
            yield name, self._built(path)

    def write(self, qualified_name: str, *, within: bool = False) -> str:  # noqa: ARG002 - see `Writer`
        """Return the expression for a qualifiedName."""
        return self.constants.get(qualified_name) or self._built(qualified_name)

    def _built(self, qualified_name: str) -> str:
        for path in (qualified_name.rpartition("/")[0], connection_of(qualified_name)):
            if path in self.constants and path != qualified_name:
                return below(self.constants[path], qualified_name[len(path) :])
        return literal(qualified_name)


def _titles(connection: str, titles: Mapping[str, str]) -> list[str]:
    """Return candidates for the constant of a connection, shortest first."""
    title, connector = titles.get(connection, ""), connector_of(connection)
    last = connection.rpartition("/")[2]
    titled = [constant(title), constant(f"{title} {connector}")] if constant(title) else []
    return [*titled, constant(f"{connector} {last}")]


def _short_names(paths: Sequence[str]) -> dict[str, str]:
    """Return a constant for each path: its last segments, as few as distinguish it from the others."""
    segments = {path: [_readable(each) for each in path.split("/")] for path in paths}
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


def _readable(segment: str) -> str:
    """Return a segment for a name. A hash is the id of a process."""
    return f"process {segment[:_OF_HASH]}" if _HASH.fullmatch(segment) else segment
