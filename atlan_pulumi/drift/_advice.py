"""What to do about drift: only what will work."""

from __future__ import annotations

import re
from collections.abc import Iterator

from atlan_pulumi.drift._changes import ValueChange
from atlan_pulumi.drift._report import Drifted, Report
from atlan_pulumi.lifecycle import stack_of
from atlan_pulumi.printable import printable
from atlan_pulumi.rotation import RUN_PROGRAM

_MOST = 5
_TAKEN = re.compile(r" (?:is of|belongs to) the stack '([^']+)' now")
_CONNECTIONS = ("Connection", "OpenLineageConnection")


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
