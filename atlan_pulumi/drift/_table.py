"""The report for people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from atlan_pulumi.drift._advice import advice
from atlan_pulumi.drift._report import Drifted, Report
from atlan_pulumi.drift._values import lines
from atlan_pulumi.printable import printable

_VALUE = "State → Atlan"
_HEADINGS = ("Resource", "Property", _VALUE, "Last written")
_BETWEEN = 3
"""What stands between two columns, in characters."""
_STYLES = {"-": "red", "+": "green", "@": "cyan"}


def print_report(report: Report, console: Console) -> None:
    """Print the report: a table of what differs, or one line when nothing does."""
    of_stack = f" of stack {report.stack}" if report.stack else ""
    counted = _resources(report.checked)
    if not report.drift:
        _print(console, f"No drift: {counted}{of_stack} read, and Atlan has what the state says.")
        return
    console.print(_table(report, is_wide=console.width >= whole_width(report)))
    _print(
        console, f"Drift: {len(report.resources)} of {counted}{of_stack}. - the state has it, + Atlan has it."
    )
    for line in advice(report):
        _print(console, line)


def whole_width(report: Report) -> int:
    """Return the width at which no name is split over two lines."""
    rows = [(resource, *row) for resource in report.resources for row in _rows(resource)]
    if not rows:
        return 0
    names = max(_longest(_who(resource).plain) for resource, *_ in rows)
    properties = max(len(property_) for _, property_, _ in rows)
    values = max(_unsplit(resource, change.plain) for resource, _, change in rows)
    writers = max(_longest(_writer(resource).plain) for resource, *_ in rows)
    least = [
        max(width, len(heading))
        for width, heading in zip((names, properties, values, writers), _HEADINGS, strict=True)
    ]
    return sum(least) + _BETWEEN * len(least)


def _longest(text: str) -> int:
    return max(map(len, text.split("\n")))


def _unsplit(resource: Drifted, text: str) -> int:
    """The longest part of a change that stays on one line: a word, or a line where names have blanks."""
    if " " in resource.qualified_name or any(" " in line.partition("/")[2] for line in _references(text)):
        return _longest(text)
    return max(map(len, text.split()), default=0)


def _references(text: str) -> list[str]:
    """The lines that tell of an asset, such as `- Table default/snowflake/1657025257/DB/S/T`."""
    return [line for line in text.split("\n") if re.match(r"[-+] \w+ \S+/", line)]


def _print(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)


def _resources(count: int) -> str:
    return "1 resource" if count == 1 else f"{count} resources"


def _table(report: Report, *, is_wide: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in _HEADINGS:
        is_value = heading == _VALUE
        table.add_column(
            heading, overflow="fold", ratio=1 if is_value else None, no_wrap=is_wide and not is_value
        )
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
