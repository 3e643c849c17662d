"""qualifiedNames.

Connector, connection, path; the form in which OpenLineage dataset names can be compared.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

_CONNECTION = re.compile(r"[^/\s]+/[^/\s]+/[^/\s]+")
_BELOW_CONNECTION = re.compile(_CONNECTION.pattern + r"/\S(?:.*\S)?", re.DOTALL)
_EXAMPLE = "default/snowflake/1657025257"
CONNECTION_SEGMENTS = 3


def _trimmed(value: str) -> str:
    if value != value.strip():
        end = "starts" if value != value.lstrip() else "ends"
        raise ValueError(f"{value!r} {end} with a blank; remove it")
    return value


def is_connection_name(value: str) -> bool:
    """Return whether a text has the form of a connection's qualifiedName."""
    return _CONNECTION.fullmatch(value) is not None


def _connection(value: str) -> str:
    if not is_connection_name(value):
        raise ValueError(
            f"{value!r} is not a connection's qualifiedName; it has three segments, such as {_EXAMPLE!r}"
        )
    return value


def _below_connection(value: str) -> str:
    if not _BELOW_CONNECTION.fullmatch(value):
        raise ValueError(
            f"{value!r} is not an asset's qualifiedName; it starts with its connection's, "
            f"such as {_EXAMPLE + '/DB/SCHEMA/TABLE'!r}"
        )
    return value


#: A connection's qualifiedName, e.g. `default/snowflake/1657025257`.
ConnectionName = Annotated[str, AfterValidator(_trimmed), AfterValidator(_connection)]
#: The qualifiedName of an asset in a connection, e.g. `default/snowflake/1657025257/DB/SCHEMA/TABLE`.
AssetName = Annotated[str, AfterValidator(_trimmed), AfterValidator(_below_connection)]


def connector_of(connection_qualified_name: str) -> str:
    """Return the connector in a qualifiedName: its second segment, as in Atlan's own SDK."""
    return connection_qualified_name.split("/")[1]


def connection_of(qualified_name: str) -> str:
    """Return the qualifiedName of an asset's connection: its first three segments."""
    return "/".join(qualified_name.split("/")[:3])


def below_connection(connection_qualified_name: str, id_: str) -> str:
    """Return the qualifiedName of the entity with the id `id_` in a connection."""
    return f"{connection_qualified_name}/{id_}"


def normalize_path(name: str) -> str:
    """Return a dataset's name, or an asset's path, in a form in which both are equal.

    Example:
        >>> normalize_path("OPS.DEFAULT.RUN_STATS") == normalize_path("ops/default/run_stats")
        True
    """
    return name.replace(".", "/").strip("/").casefold()


def asset_path(qualified_name: str) -> str:
    """Return an asset's path within its connection.

    Example:
        >>> asset_path("default/snowflake/1657025257/OPS/DEFAULT/RUN_STATS")
        'OPS/DEFAULT/RUN_STATS'
    """
    return "/".join(qualified_name.split("/")[CONNECTION_SEGMENTS:])
