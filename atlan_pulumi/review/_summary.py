"""A review in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from atlan_pulumi.review._fields import SETTINGS, property_of
from atlan_pulumi.review._impact import Impact
from atlan_pulumi.review._policies import verdict_of
from atlan_pulumi.review._preview import Preview
from atlan_pulumi.review._resource_change import ResourceChange
from atlan_pulumi.review._words import counted


def summary_of(preview: Preview, changes: Sequence[ResourceChange], impact: Impact) -> list[str]:
    """The review in a few lines: how the preview ended, what changes and is lost, and whether to merge it."""
    counts = ", ".join(_counts(changes))
    lines = [
        _ending(preview),
        f"{counts}." if counts else "No lineage changes.",
        _unprotected(changes),
        _going_along(changes),
        verdict_of(preview),
        _lost(impact),
        _merge(preview),
    ]
    return [line for line in lines if line]


def _merge(preview: Preview) -> str:
    """Whether the pull request may be merged."""
    mandatory = sum(each.level == "mandatory" for each in preview.violations)
    why = [counted(mandatory, "mandatory violation")] if mandatory else []
    why += [counted(len(preview.errors), "error")] if preview.errors else []
    if preview.result == "unfinished":
        why.append("the preview did not come to its end")
    elif preview.result == "failed" and not why:
        why.append("the preview failed")
    if why:
        return f"This pull request must not be merged: {', '.join(why)}."
    if not preview.tells_policies:
        return (
            "This pull request may be merged, unless a policy forbids it: what policies found is not known."
        )
    return "This pull request may be merged."


def _ending(preview: Preview) -> str:
    if preview.result == "unfinished":
        return "The preview did not come to its end: what follows is not all of it."
    if preview.result == "succeeded":
        return ""
    forbidden = any(each.level == "mandatory" for each in preview.violations)
    why = "a policy forbids it" if forbidden else ""
    why = counted(len(preview.errors), "error") if preview.errors else why
    told = f"The preview failed{f' ({why})' if why else ''}"
    removals = any(step.op == "delete" for step in preview.steps)
    return f"{told}." if removals else f"{told}: it may not tell of all changes, and of no removals."


def _counts(changes: Sequence[ResourceChange]) -> Iterator[str]:
    edges = [edge for change in changes for edge in change.edges]
    for noun, columns in (("process", False), ("column mapping", True)):
        for what in ("added", "changed", "removed"):
            of_kind = [edge for edge in edges if edge.is_column_process == columns and edge.change == what]
            if of_kind:
                yield f"{counted(len(of_kind), noun)} {what}"
        left = [edge for edge in edges if edge.is_column_process == columns and edge.change == "moved"]
        yield from _left(noun, [edge.elsewhere for edge in left])
    done = [change for change in changes if change.operation not in ("same", "import")]
    connections = [change for change in done if change.resource.is_connection]
    became = [_became(change) for change in connections]
    for what in ("added", "changed", "removed"):
        if count := became.count(what):
            yield f"{counted(count, 'connection')} {what}"
    yield from _left("connection", [change.elsewhere for change in connections if change.holder])
    for count, what in (
        (sum(change.operation == "replace" for change in done), "replaced"),
        (sum(change.operation == "import" for change in changes), "imported"),
        (sum(change.kept and not change.moves for change in done), "left in Atlan"),
        (sum(_is_open(change) for change in done), "not known as a whole before it is applied"),
        (
            sum(not change.readable and change.operation != "same" for change in changes),
            "cannot be read by this version",
        ),
    ):
        if count:
            yield f"{counted(count, 'resource')} {what}"


def _left(noun: str, elsewhere: Sequence[bool]) -> Iterator[str]:
    """How many stay in Atlan although their resource no longer declares them."""
    for count, where in (
        (elsewhere.count(False), "moved to another resource"),
        (sum(elsewhere), "left to others"),
    ):
        if count:
            yield f"{counted(count, noun)} {where}"


def _became(connection: ResourceChange) -> str:
    """What becomes of a connection in Atlan; empty where it moves, or stays as it is."""
    if connection.former:
        return "changed" if any(property_of(each) not in SETTINGS for each in connection.fields) else ""
    words = {"create": "added", "update": "changed", "delete": "removed"}
    return "" if connection.holder else words.get(connection.operation, "")


def _is_open(change: ResourceChange) -> bool:
    """Whether it is not known yet what would be; of what goes, the rest is secret, and stays so."""
    return change.readable and not change.whole and change.operation != "delete"


def _unprotected(changes: Sequence[ResourceChange]) -> str:
    count = sum(change.loses_protection for change in changes)
    return f"{counted(count, 'resource')} {'loses its' if count == 1 else 'lose their'} protection." * bool(
        count
    )


def _going_along(changes: Sequence[ResourceChange]) -> str:
    count = sum(change.purges for change in changes)
    if not count:
        return ""
    takes, on = ("takes", "on it") if count == 1 else ("take", "on them")
    return f"{counted(count, 'resource')} {takes} along all that hangs {on} in Atlan (force_destroy)."


def _lost(impact: Impact) -> str:
    count = len(impact.assets)
    if not count:
        return ""
    return f"{counted(count, 'asset')} downstream {'loses' if count == 1 else 'lose'} lineage."
