"""The report for people."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from atlan_pulumi.drift._report import Drifted, Report
from atlan_pulumi.drift._values import lines
from atlan_pulumi.printable import printable

_STYLES = {"-": "red", "+": "green", "@": "cyan"}


def print_report(report: Report, console: Console) -> None:
    """Print the report: a table of what differs, or one line when nothing does."""
    of_stack = f" of stack {report.stack}" if report.stack else ""
    counted = _resources(report.checked)
    if not report.drift:
        _print(console, f"No drift: {counted}{of_stack} read, and Atlan has what the state says.")
        return
    console.print(_table(report))
    _print(
        console, f"Drift: {len(report.resources)} of {counted}{of_stack}. - the state has it, + Atlan has it."
    )
    _print(console, "`pulumi up --refresh` puts back what the program declares.")


def _print(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)


def _resources(count: int) -> str:
    return "1 resource" if count == 1 else f"{count} resources"


def _table(report: Report) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Resource", "Property"):
        table.add_column(heading, overflow="fold")
    table.add_column("State → Atlan", overflow="fold", ratio=1)
    table.add_column("Last written", overflow="fold")
    for resource in report.resources:
        for index, (property_, change) in enumerate(_rows(resource)):
            first = index == 0
            table.add_row(
                _who(resource) if first else "", Text(property_), change, _writer(resource) if first else ""
            )
        table.add_section()
    return table


def _rows(resource: Drifted) -> Iterator[tuple[str, Text]]:
    """The rows of a resource: the property, and how it differs."""
    if resource.status == "gone":
        why = resource.note.partition("; last written")[0]
        yield "", Text(f"gone: {printable(why) or 'it is not in Atlan any more, or archived'}", style="red")
    for change in resource.changes:
        yield printable(change.property), _coloured(lines(change))


def _coloured(shown: list[str]) -> Text:
    return Text("\n").join(Text(line, style=_STYLES.get(line[:1], "")) for line in shown)


def _who(resource: Drifted) -> Text:
    status = "\nmade anew" if resource.status == "recreated" else ""
    return Text.assemble((printable(resource.name), "bold"), f"\n{resource.type}", status)


def _writer(resource: Drifted) -> Text:
    if resource.last_writer is None or resource.last_written_at is None:
        return Text("")
    return Text(f"{printable(resource.last_writer)}\n{resource.last_written_at:%Y-%m-%d %H:%M} UTC")
