"""`atlan-pulumi review`: what a preview would change in lineage, for a pull request."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlan_pulumi.cli._common import BaseUrl, stopping_in_order

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient
    from atlan_pulumi.review import Preview, Review

_STDIN = "-"

_Events = Annotated[
    str,
    typer.Argument(
        metavar="EVENTS",
        help="The output of `pulumi preview`: the --event-log file, or the --json output; - for stdin.",
        show_default=False,
    ),
]
_Markdown = Annotated[Path | None, typer.Option(metavar="FILE", help="Write a comment for the pull request.")]
_Html = Annotated[Path | None, typer.Option(metavar="FILE", help="Write an HTML page with all details.")]
_Svg = Annotated[Path | None, typer.Option(metavar="FILE", help="Write a picture of the lineage.")]
_Png = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the same picture as PNG, for example for a chat.")
]
_Depth = Annotated[
    int,
    typer.Option(
        min=0,
        metavar="N",
        help="How many assets downstream to search in Atlan for lost lineage; 0: none.",
    ),
]
_Title = Annotated[
    str, typer.Option(metavar="TEXT", help="The title. Default: one with the name of the stack.")
]


def review_command(  # noqa: PLR0917 - typer reads options from parameters
    events: _Events,
    markdown: _Markdown = None,
    html: _Html = None,
    svg: _Svg = None,
    png: _Png = None,
    impact_depth: _Depth = 3,
    base_url: BaseUrl = None,
    title: _Title = "",
) -> None:
    """Show what a preview would change in lineage: a table, a diagram, and what loses lineage downstream.

    Nothing is changed, and the preview does not run again. Without an output file, Markdown goes to stdout.
    Lost lineage is looked up in Atlan if ATLAN_BASE_URL and ATLAN_API_KEY are set; otherwise, or if Atlan
    does not respond, the review says so. Exit code 0: the review was written, whatever its result.
    """
    # Imported here, since it imports Pulumi's SDK, which other commands do not need.
    from atlan_pulumi.review import review as make_review  # noqa: PLC0415

    preview = _read(events)
    with stopping_in_order(), _tenant(base_url) as tenant:
        made = make_review(preview, title=title, tenant=tenant, depth=impact_depth)
    forms = ((markdown, _as_markdown), (html, _as_html), (svg, _as_svg), (png, _as_png))
    written = {path: render(made) for path, render in forms if path}
    for path, content in written.items():
        _write(path, content)
    if not written:
        typer.echo(_as_markdown(made), nl=False)


def _read(events: str) -> Preview:
    from atlan_pulumi.errors import ReviewError  # noqa: PLC0415 - see above
    from atlan_pulumi.review import parse, read_preview  # noqa: PLC0415 - see above

    if events != _STDIN:
        return read_preview(Path(events))
    try:
        return parse(sys.stdin.buffer.read().decode("utf-8-sig"), "stdin")
    except UnicodeDecodeError:
        raise ReviewError("stdin is not UTF-8 text") from None


@contextmanager
def _tenant(base_url: str | None) -> Iterator[Callable[[], AtlanClient] | None]:
    """Yield a function that creates the client on first use; None if no tenant or key is set."""
    from atlan_pulumi.client import AtlanClient, ClientSettings  # noqa: PLC0415 - only needed here

    given = (base_url or os.environ.get("ATLAN_BASE_URL", ""), os.environ.get("ATLAN_API_KEY", ""))
    with ExitStack() as stack:

        def client() -> AtlanClient:
            made = stack.enter_context(AtlanClient(ClientSettings.resolve(base_url=base_url)))
            made.ping()  # report a wrong URL or key at once, not after many attempts
            return made

        yield client if all(text.strip() for text in given) else None


def _as_markdown(made: Review) -> str:
    from atlan_pulumi.review import as_markdown  # noqa: PLC0415 - see above

    return as_markdown(made)


def _as_html(made: Review) -> str:
    from atlan_pulumi.review import html  # noqa: PLC0415 - see above

    return html(made.title, made.summary, made.graph, made.sections)


def _as_svg(made: Review) -> str:
    from atlan_pulumi.review.picture import svg  # noqa: PLC0415 - see above

    return svg(made.graph)


def _as_png(made: Review) -> bytes:
    from atlan_pulumi.review.picture import png  # noqa: PLC0415 - see above

    return png(_as_svg(made))


def _write(path: Path, content: str | bytes) -> None:
    from atlan_pulumi.errors import ReviewError  # noqa: PLC0415 - see above

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise ReviewError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from None
