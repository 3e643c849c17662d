"""The connections that a resource makes, or writes to."""

from __future__ import annotations

from typing import NamedTuple

from atlan_pulumi.declared import Declared


class Written(NamedTuple):
    """A connection that a resource makes or writes to.

    Attributes:
        name: Its qualifiedName.
        told_of: What a message is about: an edge in it, or the resource.
        property: The property that names it.
    """

    name: str
    told_of: str
    property: str


def connections_of(resource: Declared) -> list[Written]:
    """The connections, each once, as far as they are known; also where no edge of a set is known yet."""
    if resource.is_connection:
        name = resource.qualified_name
        return [Written(name, str(resource), "qualified_name")] if name else []
    given = [(edge.declared.get("connection"), str(edge)) for edge in resource.edges]
    given.append((resource.props.get("connection"), str(resource)))
    found: dict[str, Written] = {}
    for connection, told_of in given:
        if isinstance(connection, str):
            found.setdefault(connection, Written(connection, told_of, "connection"))
    return list(found.values())
