"""What `atlan-pulumi init` asks on a terminal: the tenant's base URL, and the connection with the tables."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

import typer

from atlan_pulumi.errors import AtlanError, ScaffoldError
from atlan_pulumi.naming import connector_of, is_connection_name
from atlan_pulumi.text import did_you_mean, printable

_EXAMPLE = "default/snowflake/1657025257"
_ATTRIBUTES = ("name", "qualifiedName")


class Tenant(NamedTuple):
    """The tenant, and the connection with the tables."""

    base_url: str
    connection: str


class _Connection(NamedTuple):
    """A connection of the tenant."""

    qualified_name: str
    name: str


def tenant(base_url: str | None, connection: str | None) -> Tenant:
    """Return the given values, and ask for the others on a terminal.

    Args:
        base_url: The tenant's base URL. Default: `ATLAN_BASE_URL`.
        connection: The qualifiedName of the connection.

    Raises:
        ScaffoldError: A value is missing and there is no terminal, or the connection is none.
        ConfigurationError: The base URL is none.
    """
    from atlan_pulumi.client import normalize_base_url  # noqa: PLC0415 - brings the HTTP client

    base_url = base_url or os.environ.get("ATLAN_BASE_URL", "").strip()
    if connection is not None:
        _checked_connection(connection, ())
    if not (base_url and connection) and not sys.stdin.isatty():
        missing = ["--base-url https://TENANT.atlan.com (or ATLAN_BASE_URL)"] * (not base_url)
        missing += [f"--connection QN, such as {_EXAMPLE}"] * (not connection)
        raise ScaffoldError(f"there is no terminal to ask on: set {', and '.join(missing)}")
    base_url = normalize_base_url(base_url) if base_url else _ask_base_url()
    return Tenant(base_url, connection or _ask_connection(base_url))


def _ask_base_url() -> str:
    return str(typer.prompt("Atlan's base URL, such as https://acme.atlan.com", value_proc=_url, err=True))


def _url(text: str) -> str:
    from atlan_pulumi.client import normalize_base_url  # noqa: PLC0415 - see above

    try:
        return normalize_base_url(text)
    except AtlanError as error:
        raise typer.BadParameter(str(error)) from None


def _ask_connection(base_url: str) -> str:
    known = _connections(base_url)
    _print_connections(known, base_url)
    how = "its number, or its qualifiedName" if known else f"its qualifiedName, such as {_EXAMPLE}"

    def chosen(text: str) -> str:
        try:
            return _checked_connection(text.strip(), known)
        except ScaffoldError as error:
            raise typer.BadParameter(str(error)) from None

    return str(typer.prompt(f"The connection with the tables: {how}", value_proc=chosen, err=True))


def _checked_connection(text: str, known: Sequence[_Connection]) -> str:
    """Return the connection that a text names.

    Args:
        text: A qualifiedName, or the number of a known connection.
        known: The connections of the tenant; empty if they are not known.

    Raises:
        ScaffoldError: It names none.
    """
    if text.isdecimal() and 0 < int(text) <= len(known):
        return known[int(text) - 1].qualified_name
    if not is_connection_name(text):
        raise ScaffoldError(f"{text!r} is not a connection's qualifiedName, such as {_EXAMPLE!r}")
    names = [each.qualified_name for each in known]
    if known and text not in names:
        raise ScaffoldError(f"Atlan has no connection {text!r}{did_you_mean(text, names)}")
    return text


def _connections(base_url: str) -> list[_Connection]:
    """Return the tenant's connections; none without an API key, or if Atlan does not list them."""
    if not os.environ.get("ATLAN_API_KEY", "").strip():
        return []
    from atlan_pulumi.client import AtlanClient, ClientSettings  # noqa: PLC0415 - brings the HTTP client

    kind = {"term": {"__typeName.keyword": "Connection"}}
    try:
        with AtlanClient(ClientSettings.resolve(base_url)) as client:
            client.ping()
            found = list(client.search.live(kind, attributes=_ATTRIBUTES))
    except AtlanError as error:
        typer.echo(f"The connections cannot be listed: {error}", err=True)
        return []
    connections = [_Connection(each.qualified_name, str(each.attributes.get("name"))) for each in found]
    valid = [each for each in connections if is_connection_name(each.qualified_name)]
    return sorted(valid, key=attrgetter("qualified_name"))


def _print_connections(connections: Sequence[_Connection], base_url: str) -> None:
    if not connections:
        return
    from rich.console import Console  # noqa: PLC0415 - slow to import
    from rich.table import Table  # noqa: PLC0415 - slow to import

    table = Table("", "connector", "name", "qualifiedName", box=None, header_style="bold")
    for number, (qualified_name, name) in enumerate(connections, 1):
        cells = (connector_of(qualified_name), name, qualified_name)
        table.add_row(str(number), *map(printable, cells))
    typer.echo(f"Connections of {base_url}:", err=True)
    Console(stderr=True, markup=False, highlight=False).print(table)
