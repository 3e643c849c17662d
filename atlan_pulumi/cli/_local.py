"""`atlan-pulumi local`: run a local Atlan. `atlan-pulumi local crawl`: crawl a catalog into it."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from atlan_pulumi.errors import LocalAtlanError

_Port = Annotated[int, typer.Option(help="The port on 127.0.0.1; 0 for a free port.")]
_Database = Annotated[
    Path | None, typer.Option("--db", help="The SQLite file for the data. Default: in memory.")
]
_Seed = Annotated[Path | None, typer.Option(help="The catalog (YAML) to start with.")]
_Sample = Annotated[
    bool, typer.Option("--sample", help="Start with the sample catalog, which the examples refer to.")
]
_Key = Annotated[str, typer.Option(help="The API key that clients use.")]
_Latency = Annotated[float, typer.Option(min=0, help="Delay every API request, in milliseconds.")]
_Rate = Annotated[
    int | None,
    typer.Option(min=1, help="API requests per minute; above it, Atlan responds with 429 for a minute."),
]
_EventDelay = Annotated[
    float, typer.Option(min=0, help="Process OpenLineage events after this delay, in milliseconds.")
]
_Url = Annotated[str, typer.Option(help="The base URL of the local Atlan.")]
_Catalog = Annotated[
    Path, typer.Argument(help="The content of the crawled connections (YAML), as in a seed.")
]
_ArchiveUnpublished = Annotated[
    bool,
    typer.Option(
        "--archive-unpublished",
        help="Also archive assets that no crawl has published, such as partial assets.",
    ),
]

commands = typer.Typer(invoke_without_command=True, help="Serve a local Atlan, and crawl catalogs into it.")


@commands.callback()
def serve(  # noqa: PLR0917 - typer reads options from parameters
    context: typer.Context,
    port: _Port = 8585,
    db: _Database = None,
    seed: _Seed = None,
    sample: _Sample = False,
    api_key: _Key = "local",
    latency_ms: _Latency = 0,
    rate_limit: _Rate = None,
    event_delay_ms: _EventDelay = 0,
) -> None:
    """Serve a local Atlan until it is stopped with Ctrl-C. `crawl` publishes a catalog in a running one."""
    if context.invoked_subcommand is not None:
        return
    if seed is not None and sample:
        raise LocalAtlanError("set --seed or --sample, not both")
    try:
        from atlan_pulumi.local import SAMPLE, LocalAtlan  # noqa: PLC0415 - the extra may be absent
    except ImportError as error:
        raise LocalAtlanError(str(error)) from None
    stopped = threading.Event()
    server = LocalAtlan(
        port=port,
        db=db,
        seed=SAMPLE if sample else seed,
        api_key=api_key,
        latency_ms=latency_ms,
        rate_limit=rate_limit,
        event_delay_ms=event_delay_ms,
    )

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with server:
            _announce(server.base_url, api_key)
            stopped.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@commands.command()
def crawl(
    catalog: _Catalog, url: _Url = "http://127.0.0.1:8585", archive_unpublished: _ArchiveUnpublished = False
) -> None:
    """Publish a catalog in a running local Atlan, as Atlan's crawlers do.

    Assets of the catalog are created or updated, and partial assets become full. Assets that the catalog no
    longer has are archived.
    """
    import httpx  # noqa: PLC0415 - slow to import

    from atlan_pulumi.local.seed import load_seed  # noqa: PLC0415 - only this command needs it

    content = load_seed(catalog, "crawl").model_dump(mode="json", exclude_unset=True)
    query = {"archive_unpublished": str(archive_unpublished).lower()}
    try:
        answer = httpx.post(f"{url.rstrip('/')}/_local/crawl", params=query, json=content, timeout=60)
        body = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise LocalAtlanError(
            f"no local Atlan answers at {url}: start one with `atlan-pulumi local`"
        ) from None
    if answer.is_error:
        raise LocalAtlanError(body.get("error", f"the local Atlan answered {answer.status_code}"))
    changes = ("created", "promoted", "restored", "archived")
    print(f"Published {body['published']} assets: {', '.join(f'{body[name]} {name}' for name in changes)}.")


def _announce(base_url: str, api_key: str) -> None:
    lines = (
        "A local Atlan is running; stop it with Ctrl-C.",
        f"  base URL  {base_url}",
        f"  API key   {api_key}",
        f"  page      {base_url}/",
        "",
        f"  export ATLAN_BASE_URL={base_url} ATLAN_API_KEY={api_key}",
    )
    print("\n".join(lines), flush=True)
