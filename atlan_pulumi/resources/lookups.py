"""Look-ups by name: a connection's qualifiedName differs in each tenant, but its name is the same.

They run in the program, also in a preview, and their results are plain values. In unit tests with Pulumi's
mocks, they are calls of `atlan:index:getConnection` and `atlan:index:findAsset`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from atlan_pulumi.dynamic.program import stack_option
from atlan_pulumi.errors import AtlanError
from atlan_pulumi.naming import connector_of
from atlan_pulumi.resources.references import AssetReference, UnresolvedReferenceError
from atlan_pulumi.text import counted, did_you_mean, enumerate_first

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

_ATTRIBUTES = ("name", "qualifiedName")
_MOST_CANDIDATES = 5
_MOST_FOUND = 1000
_WAY_OUT = "to use one of them, write its qualifiedName instead"


class FoundConnection(str):
    """The qualifiedName of a connection that `get_connection` found, which is text, and its GUID.

    Attributes:
        guid: The GUID in Atlan.
    """

    __slots__ = ("guid",)
    guid: str

    def __new__(cls, qualified_name: str, guid: str) -> FoundConnection:
        """Return the qualifiedName with the GUID."""
        found = super().__new__(cls, qualified_name)
        found.guid = guid
        return found

    @property
    def qualified_name(self) -> str:
        """The qualifiedName, such as `default/snowflake/1657025257`."""
        return str(self)

    @property
    def connector(self) -> str:
        """The connector, such as `snowflake`."""
        return connector_of(self)


def get_connection(*, connector: str, name: str) -> FoundConnection:
    """Look up a connection by its connector and its name in the tenant of the stack's configuration.

    Args:
        connector: The connector, such as `snowflake`.
        name: The display name, with its case.

    Returns:
        Its qualifiedName, which is text: `f"{warehouse}/RAW/PUBLIC/ORDERS"`.

    Raises:
        ResourceError: There is no such connection, or more than one; the message lists the candidates. Or
            Atlan refused, or could not be reached.

    Example:
        ```python
        import atlan_pulumi as atlan

        warehouse = atlan.get_connection(connector="snowflake", name="warehouse")
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.find_asset(type_name="Table", name="REPORT", connection=warehouse)],
        )
        ```
    """
    arguments = {"connector": connector, "name": name}
    if (mocked := _mocked("getConnection", arguments)) is not None:
        return FoundConnection(mocked["qualified_name"], mocked.get("guid", ""))
    found = _live("Connection", {"connectorName": connector})
    matches = [each for each in found if _name(each) == name]
    entity = _only(matches, found, "connection", name, f" of the connector {connector!r}")
    return FoundConnection(entity.qualified_name, str(entity.guid))


def find_asset(*, type_name: str, name: str, connection: str) -> AssetReference:
    """Look up an asset by its type and its name in a connection, and return a reference to it.

    Args:
        type_name: Atlan's typeName, such as `Table`.
        name: The display name, with its case, such as `ORDERS`; or the end of the qualifiedName, such as
            `PUBLIC/ORDERS`, if several assets have the name.
        connection: The connection's qualifiedName, such as the result of `get_connection`.

    Raises:
        ResourceError: There is no such asset, or more than one; the message lists the candidates. Or Atlan
            refused, or could not be reached.
    """
    arguments = {"type_name": type_name, "name": name, "connection": str(connection)}
    if (mocked := _mocked("findAsset", arguments)) is not None:
        return {"type_name": type_name, "qualified_name": mocked["qualified_name"]}
    last = name.rpartition("/")[2]
    below = {"connectionQualifiedName": str(connection)}
    found = _live(type_name, {**below, "name.keyword": last}) or _live(type_name, below)
    matches = [
        each for each in found if f"/{each.qualified_name}".endswith(f"/{name}") or _name(each) == name
    ]
    entity = _only(matches, found, type_name, name, f" in {str(connection)!r}")
    return {"type_name": entity.type_name, "qualified_name": entity.qualified_name}


def _mocked(function: str, arguments: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the answer of the program's mocks; None without mocks."""
    if not isinstance(get_monitor(), MockMonitor):
        return None
    return pulumi.runtime.invoke(f"atlan:index:{function}", dict(arguments)).value  # type: ignore[no-any-return]


def _live(type_name: str, terms: Mapping[str, str]) -> list[Entity]:
    """Return the live entities of a type with these attributes, sorted; the first thousand."""
    from atlan_pulumi.client import Tenant  # noqa: PLC0415 - brings the HTTP client

    conditions = [{"term": {name: value}} for name, value in terms.items()]
    kind = {"term": {"__typeName.keyword": type_name}}
    try:
        client = Tenant(stack_option()).client()
        found = list(islice(client.search.live(kind, *conditions, attributes=_ATTRIBUTES), _MOST_FOUND))
    except AtlanError as error:
        raise UnresolvedReferenceError(str(error)) from None
    return sorted(found, key=lambda entity: entity.qualified_name)


def _name(entity: Entity) -> str:
    return str(entity.attributes.get("name"))


def _only(matches: Sequence[Entity], found: Sequence[Entity], noun: str, name: str, place: str) -> Entity:
    """Return the only match.

    Args:
        matches: The entities with the name.
        found: The entities among which it was searched.
        noun: What they are, in messages.
        name: The name.
        place: Where it was searched, in messages.

    Raises:
        ResourceError: There is none, or more than one.
    """
    if len(matches) == 1:
        return matches[0]
    if matches:
        candidates = enumerate_first([each.qualified_name for each in matches], _MOST_CANDIDATES)
        raise UnresolvedReferenceError(
            f"Atlan has {counted(len(matches), noun)} named {name!r}{place}: {candidates}; {_WAY_OUT}"
        )
    names = {_name(each): each.qualified_name for each in found}
    hint = did_you_mean(name, names)
    listed = [f"{other!r} ({qualified_name})" for other, qualified_name in names.items()]
    others = f"; there is {enumerate_first(listed, _MOST_CANDIDATES)}" if listed and not hint else ""
    raise UnresolvedReferenceError(f"Atlan has no {noun} named {name!r}{place}{hint}{others}")
