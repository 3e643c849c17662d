"""What was found: the report of one look at a stack."""

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
from atlan_pulumi.text import printable

#: `changed`: other values; `recreated`: another entity of that name, perhaps with other values as well;
#: `gone`: not in Atlan any more, or archived.
Status = Literal["changed", "recreated", "gone"]
_MOST = 5
_TAKEN = re.compile(r" (?:is of|belongs to) the stack '([^']+)' now")
_CONNECTIONS = ("Connection", "OpenLineageConnection")
_VERSION = 1
_VALUE = "State → Atlan"
_HEADINGS = ("Resource", "Property", _VALUE, "Last written")
_BETWEEN = 3
"""What stands between two columns, in characters."""
_STYLES = {"-": "red", "+": "green", "@": "cyan"}


@dataclass(frozen=True)
class Drifted:
    """A resource that differs in Atlan from what the state says.

    Attributes:
        urn: The resource's URN.
        name: Its name in the program.
        type: Its type, such as `Process`.
        qualified_name: Its qualifiedName in Atlan.
        status: What became of it.
        changes: What differs; empty when it is gone.
        last_writer: Who wrote it last, where Atlan tells.
        last_written_at: When that was, in UTC, to the minute.
        note: What the provider says about it; empty when it says nothing.
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
    """What one look at a stack found.

    Attributes:
        stack: The stack's name; None for a stack without resources that was not named.
        checked: How many resources of this package were read.
        resources: Those that differ, in the state's order.
        key_was_rotated: Whether Atlan refused the key of the last deployment, and took the present one.
    """

    stack: str | None
    checked: int
    resources: tuple[Drifted, ...]
    key_was_rotated: bool = False

    @property
    def drift(self) -> bool:
        """Whether anything differs."""
        return bool(self.resources)


def advice(report: Report) -> Iterator[str]:
    """Yield what to do, a line for each kind of drift."""
    taken = [(each, stack) for each in report.resources if (stack := _taken_by(each))]
    gone = [each for each in report.resources if each.status == "gone" and each.type in _CONNECTIONS]
    for resource, stack in taken[:_MOST]:
        what = printable(f"{resource.name!r} belongs to the stack {stack!r} now, at least in part")
        yield f"{what}: take it out of this program, or set adopt=True to take it back."
    if len(taken) > _MOST:
        yield f"So do {len(taken) - _MOST} more."
    for resource in gone[:_MOST]:
        what = printable(f"Restore the connection {resource.qualified_name!r} in Atlan")
        yield f"{what}: a deployment makes another one, unless the program pins its qualified_name."
    if len(taken) + len(gone) < len(report.resources):
        then = "Then `" if taken or gone else "`"
        program = f" {RUN_PROGRAM}" if report.key_was_rotated else ""
        yield f"{then}pulumi up --refresh{program}` puts back what the program declares."


def _taken_by(resource: Drifted) -> str | None:
    """The other stack that a resource, or one of its entities, belongs to now."""
    for change in resource.changes:
        if isinstance(change, ValueChange) and change.property == "managed_by":
            stack = stack_of(change.actual)
            if stack is not None and stack != stack_of(change.declared):
                return stack
    found = _TAKEN.search(resource.note)
    return found[1] if found else None


def as_json(report: Report) -> str:
    """The report as JSON, as `docs/drift.md` describes it; nothing is abbreviated."""
    return _document(
        stack=report.stack,
        drift=report.drift,
        checked=report.checked,
        resources=[_resource(item) for item in report.resources],
        error=None,
    )


def error_as_json(stack: str | None, message: str) -> str:
    """What stands in a report's place when it could not be told whether there is drift: `drift` is null."""
    return _document(stack=stack, drift=None, checked=None, resources=[], error=message)


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
