"""`atlan-pulumi openlineage`: send OpenLineage events without a resource."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atlan_pulumi.cli._common import BaseUrl
from atlan_pulumi.errors import AtlanError, OpenLineageError
from atlan_pulumi.openlineage import credential_for_events, unknown_names
from atlan_pulumi.text import printable

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient

commands = typer.Typer(help="Send OpenLineage events to Atlan.", no_args_is_help=True)

_File = Annotated[Path, typer.Argument(help="An event as JSON, a list of events, or one event per line.")]
_Connector = Annotated[
    str, typer.Option(metavar="NAME", help="The connector of the connection that accepts the events.")
]
_CheckOnly = Annotated[
    bool, typer.Option("--check", help="Only check the events, without a request to Atlan.")
]
_AllowDrops = Annotated[
    bool, typer.Option("--allow-drops", help="Send the events even if Atlan would drop some of them.")
]


@commands.command()
def emit(
    file: _File,
    connector: _Connector = "spark",
    base_url: BaseUrl = None,
    check: _CheckOnly = False,
    allow_drops: _AllowDrops = False,
) -> None:
    """Validate the events in a file, and send them.

    Events that Atlan would drop silently are refused: events for a connection that accepts none, runs without
        a
    START or an end, and column lineage of datasets or fields that are not among the inputs. The API key is
    read from ATLAN_API_KEY. Exit code 1: not all events were sent.
    """
    review, events = _load_events(file)
    refused, dropped = review.malformed(events), []
    if not refused:
        dropped = review.dropped(events)
    _print_lines(refused + dropped)
    if refused or (dropped and not allow_drops):
        hint = "" if refused else " (--allow-drops sends them anyway)"
        raise OpenLineageError(f"{file}: nothing was sent{hint}")
    if check:
        typer.echo(f"{_amount(events, review)}: valid")
        return
    _send(events, connector, base_url, review, allow_drops=allow_drops)
    typer.echo(f"Sent {_amount(events, review)} to {', '.join(review.namespaces(events))} ({connector})")


def _load_events(file: Path) -> tuple[Any, list[Any]]:
    try:
        from atlan_pulumi.openlineage import validate as _review  # noqa: PLC0415 - needs an extra
    except ImportError as error:
        what = f"{error.name} is not installed: pip install 'atlan-pulumi[openlineage]'"
        raise OpenLineageError(what) from None
    from atlan_pulumi.openlineage.validate import read_events  # noqa: PLC0415 - needs an extra

    return _review, read_events(file)


def _send(events: list[Any], connector: str, base_url: str | None, review: Any, *, allow_drops: bool) -> None:
    from atlan_pulumi.client import AtlanClient, ClientSettings  # noqa: PLC0415 - only needed here

    with AtlanClient(ClientSettings.resolve(base_url=base_url)) as client:
        client.ping()
        for namespace in review.namespaces(events):
            names = () if allow_drops else review.datasets_of(events, namespace)
            _ensure_accepted(client, connector, namespace, names)
        sent = 0
        try:
            for event in events:
                client.events.emit(connector, event)
                sent += 1
        except AtlanError as error:
            before = f"{sent} of {len(events)} events were sent before"
            raise OpenLineageError(f"event {sent + 1}: {error}; {before}") from None


def _ensure_accepted(client: AtlanClient, connector: str, namespace: str, datasets: Collection[str]) -> None:
    """Check the connection first: Atlan's response is the same whether it processes an event or drops it."""
    kind, named = {"term": {"__typeName.keyword": "Connection"}}, {"term": {"name.keyword": namespace}}
    listed = client.search.live(kind, named, attributes=["qualifiedName", "name"])
    found = [client.entities.get(str(each.guid)) for each in listed if each.name == namespace]
    candidates = [each for each in found if each and each.attributes.get("connectorName") == connector]
    accepting = [opened for each in candidates if (opened := credential_for_events(client, each)) is not None]
    what = f"Atlan has no {connector} connection named {namespace!r}"
    if not accepting:
        what += " that accepts events" if candidates else ""
        raise OpenLineageError(f"{what}, the namespace of the job; nothing was sent")
    extra = accepting[0].get("extra")
    if extra is not None and not extra.get("events.enable-partial-assets"):
        _refuse_unknown(namespace, sorted(unknown_names(client, datasets)))


def _refuse_unknown(namespace: str, names: list[str]) -> None:
    if names:
        what = f"Atlan has no assets for {', '.join(names)}, and {namespace!r} does not create partial assets"
        raise OpenLineageError(f"{what}; nothing was sent (--allow-drops sends them anyway)")


def _print_lines(lines: list[str]) -> None:
    for line in lines:
        typer.echo(f"  {printable(line)}", err=True)


def _amount(events: list[Any], review: Any) -> str:
    runs = review.runs_of(events)
    return f"{len(events)} event{'s' * (len(events) != 1)} of {runs} run{'s' * (runs != 1)}"
