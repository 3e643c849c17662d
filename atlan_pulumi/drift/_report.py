"""Report: drift as a table, and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from atlan_pulumi.engine import Change, ValueChange, lines
from atlan_pulumi.key_rotation import RUN_PROGRAM
from atlan_pulumi.lifecycle import stack_of
from atlan_pulumi.naming import asset_types
from atlan_pulumi.text import printable

#: `changed`: other values; `recreated`: another entity with that name, possibly with other values; `gone`: no
#: longer in Atlan, or archived.
Status = Literal["changed", "recreated", "gone"]
_MAX_LINES = 5
_TAKEN_OVER = re.compile(r" (?:is of|belongs to) the stack '([^']+)' now")
_CONNECTIONS = ("Connection", "OpenLineageConnection")
_VERSION = 1
_VALUE = "State → Atlan"
_HEADINGS = ("Resource", "Property", _VALUE, "Last written")
_COLUMN_GAP = 3
"""Characters between two columns."""
_STYLES = {"-": "red", "+": "green", "@": "cyan"}


@dataclass(frozen=True)
class Drifted:
    """A resource that differs between the state and Atlan.

    Attributes:
        urn: The resource's URN.
        name: Its name in the program.
        type: Its type, such as `Process`.
        qualified_name: Its qualifiedName in Atlan.
        status: The kind of drift.
        changes: The differences; empty if it is gone.
        last_writer: Who wrote it last, if Atlan says so.
        last_written_at: When it was last written, in UTC, to the minute.
        note: The provider's message about it; empty without one.
    """

    urn: str
    name: str
    type: str
    qualified_name: str
    status: Status
    changes: tuple[Change, ...]
    last_writer: str | None
    last_written_at: datetime | None
    note: str


@dataclass(frozen=True)
class Report:
    """The drift of a stack.

    Attributes:
        stack: The stack's name; None for a selected stack without resources.
        checked: Number of resources of this package that were read.
        resources: The resources that differ, in the state's order.
        key_was_rotated: Whether Atlan refused the key of the last deployment and accepted the present one.
        stale_placeholders: Lines on placeholders that no crawl has made full for days. They are no drift.
    """

    stack: str | None
    checked: int
    resources: tuple[Drifted, ...]
    key_was_rotated: bool = False
    stale_placeholders: tuple[str, ...] = ()

    @property
    def drift(self) -> bool:
        """Whether anything differs."""
        return bool(self.resources)


def drift_advice(report: Report) -> Iterator[str]:
    """Yield what to do, one line for each kind of drift."""
    taken = [(each, owner) for each in report.resources if (owner := _taken_by(each))]
    gone = [each for each in report.resources if each.status == "gone" and each.type in _CONNECTIONS]
    for resource, owner in taken[:_MAX_LINES]:
        what = printable(f"{resource.name!r} now belongs to the {owner}, at least in part")
        yield f"{what}: remove it from this program, or set adopt=True to take it over again."
    if len(taken) > _MAX_LINES:
        yield f"So do {len(taken) - _MAX_LINES} others."
    for resource in gone[:_MAX_LINES]:
        what = printable(f"Restore the connection {resource.qualified_name!r} in Atlan")
        yield f"{what}: a deployment would create another one, unless the program sets its qualified_name."
    if len(taken) + len(gone) < len(report.resources):
        then = "Then `" if taken or gone else "`"
        program = f" {RUN_PROGRAM}" if report.key_was_rotated else ""
        yield f"{then}pulumi up --refresh{program}` restores what the program declares."


def _taken_by(resource: Drifted) -> str | None:
    """Return who now owns a resource or one of its entities: another stack, or a crawler."""
    for change in resource.changes:
        if isinstance(change, ValueChange) and change.property == "managed_by":
            stack = stack_of(change.actual)
            if stack is not None and stack != stack_of(change.declared):
                return f"stack {stack!r}"
            if stack is None and change.actual and asset_types.is_source_type(resource.type):
                return f"crawler {change.actual!r}"
    found = _TAKEN_OVER.search(resource.note)
    return f"stack {found[1]!r}" if found else None


def as_json(report: Report) -> str:
    """Return the report as JSON, in the format of `docs/drift.md`; nothing is abbreviated."""
    return _document(
        stack=report.stack,
        drift=report.drift,
        checked=report.checked,
        resources=[_resource(item) for item in report.resources],
        stale_placeholders=list(report.stale_placeholders),
        error=None,
    )


def error_as_json(stack: str | None, message: str) -> str:
    """Return the JSON for an error, without a report: `drift` is null."""
    return _document(
        stack=stack, drift=None, checked=None, resources=[], stale_placeholders=[], error=message
    )


def _document(**fields: Any) -> str:
    return json.dumps({"version": _VERSION, **fields}, indent=2, ensure_ascii=False)


def _resource(item: Drifted) -> dict[str, Any]:
    when = item.last_written_at
    return {
        **asdict(item),
        "changes": [_change(change) for change in item.changes],
        "last_written_at": when and f"{when:%Y-%m-%dT%H:%M:%SZ}",
    }


def _change(change: Change) -> dict[str, Any]:
    return {"kind": change.kind, **asdict(change)}


def print_report(report: Report, console: Console) -> None:
    """Print the report: a table of the differences, or one line without any."""
    of_stack = f" of stack {report.stack}" if report.stack else ""
    counted = _resources(report.checked)
    if not report.drift:
        _print(console, f"No drift: {counted}{of_stack} read; Atlan matches the state.")
        _print_stale(report, console)
        return
    console.print(_table(report, is_wide=console.width >= full_width(report)))
    _print(console, f"Drift: {len(report.resources)} of {counted}{of_stack}. - in the state, + in Atlan.")
    for line in drift_advice(report):
        _print(console, line)
    _print_stale(report, console)


def _print_stale(report: Report, console: Console) -> None:
    for line in report.stale_placeholders[:_MAX_LINES]:
        _print(console, printable(line))
    if len(report.stale_placeholders) > _MAX_LINES:
        _print(console, f"So are those of {len(report.stale_placeholders) - _MAX_LINES} other resources.")


def full_width(report: Report) -> int:
    """Return the width at which no name is split over two lines."""
    rows = [(resource, *row) for resource in report.resources for row in _rows(resource)]
    if not rows:
        return 0
    names = max(_longest_line(_resource_cell(resource).plain) for resource, *_ in rows)
    properties = max(len(property_) for _, property_, _ in rows)
    values = max(_unsplit_width(resource, change.plain) for resource, _, change in rows)
    writers = max(_longest_line(_writer_cell(resource).plain) for resource, *_ in rows)
    least = [
        max(width, len(heading))
        for width, heading in zip((names, properties, values, writers), _HEADINGS, strict=True)
    ]
    return sum(least) + _COLUMN_GAP * len(least)


def _longest_line(text: str) -> int:
    return max(map(len, text.split("\n")))


def _unsplit_width(resource: Drifted, text: str) -> int:
    """Return the width of the longest part that stays on one line.

    A word, or a line if names contain blanks.
    """
    if " " in resource.qualified_name or any(" " in line.partition("/")[2] for line in _references(text)):
        return _longest_line(text)
    return max(map(len, text.split()), default=0)


def _references(text: str) -> list[str]:
    """Return the lines that name an asset, such as `- Table default/snowflake/1657025257/DB/S/T`."""
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
                _resource_cell(resource) if first else "",
                Text(property_),
                change,
                _writer_cell(resource) if first else "",
            )
        table.add_section()
    return table


def _rows(resource: Drifted) -> Iterator[tuple[str, Text]]:
    """Yield the rows of a resource: the property, and the difference."""
    if resource.status == "gone":
        why = resource.note.partition("; last written")[0]
        yield (
            "",
            Text(f"gone: {printable(why) or 'it no longer exists in Atlan, or is archived'}", style="red"),
        )
    for change in resource.changes:
        yield printable(change.property), _styled(lines(change))


def _styled(text: list[str]) -> Text:
    return Text("\n").join(Text(line, style=_STYLES.get(line[:1], "")) for line in text)


def _resource_cell(resource: Drifted) -> Text:
    status = "\nrecreated" if resource.status == "recreated" else ""
    return Text.assemble((printable(resource.name), "bold"), f"\n{resource.type}", status)


def _writer_cell(resource: Drifted) -> Text:
    if resource.last_writer is None or resource.last_written_at is None:
        return Text("")
    return Text(f"{printable(resource.last_writer)}\n{resource.last_written_at:%Y-%m-%d %H:%M} UTC")
