"""A review as sections, which every form of it shows.

Markdown and HTML render the same sections, so that no reader sees more than another.
Every text is plain: a renderer escapes it for its own format.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from atlan_pulumi.engine import label_of as described
from atlan_pulumi.review import _table_rows as _rows
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._compare import SETTINGS, property_of
from atlan_pulumi.review._impact import Impact
from atlan_pulumi.review._preview import Message, Preview, Violation
from atlan_pulumi.review._table_rows import Names
from atlan_pulumi.text import counted, printable

_LEVELS = ("mandatory", "remediate", "advisory")
_SEVERITIES = ("critical", "high", "medium", "low")
_GRAVE = _SEVERITIES[:2]
"""What the summary names, whatever the level: an advisory rule stops no deployment."""
ERRORS = "Errors"
FIRST = (ERRORS, "Policies")
"""What has to be read before the lineage that changes."""
_MOST_LOST = 10


@dataclass(frozen=True)
class Section:
    """A table under a title. A section without heads is its intro alone."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]
    intro: str = ""


def policies_section(preview: Preview) -> Section:
    """A row for what one rule says of one resource. Of several packs each rule is told with its own."""
    if not preview.tells_policies:
        intro = "What policies found is not in this form of input: give the file of --event-log."
        return Section("Policies", (), [], intro)
    several = len({each.pack for each in preview.violations}) > 1
    graded = any(each.severity for each in preview.violations)
    descriptions = _descriptions(preview.violations)
    rows: list[tuple[str, ...]] = []
    for _, of_one in groupby(sorted(preview.violations, key=_place), lambda each: _place(each)[:-1]):
        found = list(of_one)
        one = found[0]
        rule = printable(f"{one.policy} ({one.pack})" if several else one.policy)
        said = "\n".join(_said(each, descriptions) for each in found)
        severity = (printable(one.severity),) if graded else ()
        rows.append((_level(one), *severity, rule, described(one.urn), said))
    heads = ("Level", *(("Severity",) if graded else ()), "Rule", "Resource", "Message")
    return Section("Policies", heads, rows)


def _place(found: Violation) -> tuple[int, str, tuple[str, ...], int, str, str, str, str, str]:
    level, severity = _rank(found.level, _LEVELS), _rank(found.severity, _SEVERITIES)
    of = (found.policy, found.pack, found.urn, found.message)
    return level, found.level, found.exceptions, severity, found.severity, *of


def _rank(name: str, known: Sequence[str]) -> int:
    """The place of a name among the known ones; what is not known comes last."""
    return known.index(name) if name in known else len(known)


def _level(found: Violation) -> str:
    """The level, with the exceptions that allow the violation."""
    allowed = f" (excepted by {', '.join(found.exceptions)})" if found.exceptions else ""
    return printable(f"{found.level}{allowed}")


def _descriptions(violations: Sequence[Violation]) -> dict[tuple[str, str], str]:
    """The description of each rule. The engine puts it before all that the rule says, or has none."""
    messages: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in violations:
        if each.level != "remediate":
            messages[each.pack, each.policy].append(each.message)
    firsts = {rule: {text.partition("\n")[0] for text in texts} for rule, texts in messages.items()}
    return {rule: next(iter(lines)) for rule, lines in firsts.items() if len(lines) == 1}


def _said(found: Violation, descriptions: dict[tuple[str, str], str]) -> str:
    """What a policy says of a resource, without the description, unless that is all."""
    first, _, rest = found.message.partition("\n")
    return rest if rest and descriptions.get((found.pack, found.policy)) == first else found.message


def verdict_of(preview: Preview) -> str:
    """What policies found, as one line; empty where that is nothing."""
    excepted = sum(bool(each.exceptions) for each in preview.violations)
    mended = len({each.urn for each in preview.violations if each.level == "remediate"})
    told = [
        *_violations(preview, "mandatory"),
        *_violations(preview, "advisory"),
        *([f"{counted(excepted, 'violation')} allowed by an exception"] if excepted else []),
        *([f"{counted(mended, 'resource')} changed"] if mended else []),
    ]
    return f"Policies: {', '.join(told)}." if told else ""


def _violations(preview: Preview, level: str) -> Iterator[str]:
    """How many violations have a level, and how many of them are grave."""
    found = _of_level(preview, level)
    if found:
        grave = [f"{count:,} {severity}" for severity, count in _graves(found)]
        yield counted(len(found), f"{level} violation") + (f" ({', '.join(grave)})" if grave else "")


def _of_level(preview: Preview, level: str) -> list[Violation]:
    return [each for each in preview.violations if each.level == level and not each.exceptions]


def _graves(violations: Sequence[Violation]) -> list[tuple[str, int]]:
    """How many of the violations are critical, and how many are high."""
    severities = [each.severity for each in violations]
    return [(each, severities.count(each)) for each in _GRAVE if each in severities]


def sections_of(preview: Preview, changes: Sequence[ResourceChange], impact: Impact) -> list[Section]:
    """The sections that have something to tell: errors first, and then what policies found."""
    names = _names(changes, impact)
    told: defaultdict[str, list[str]] = defaultdict(list)
    for note in preview.notes:
        told[note.urn].append(note.text)
    replacing = {change.urn for change in changes if change.operation == "replace"}
    rest = [note for note in preview.notes if note.urn not in replacing]
    policies = policies_section(preview)
    every = [
        Section(ERRORS, ("Resource", "Message"), _messages(preview.errors)),
        *([policies] if policies.rows else []),
        Section("Added", ("Resource", "Lineage"), list(_rows.added(changes, names))),
        Section("Changed", ("Resource", "Property", "Change"), list(_rows.changed(changes))),
        Section("Replaced", ("Resource", "Because of", "What happens"), list(_rows.replaced(changes, told))),
        Section("Removed", ("Resource", "Lineage", "In Atlan"), list(_rows.removed(changes, names))),
        Section("Moved", ("Resource", "Lineage", "In Atlan"), list(_rows.moved(changes, names))),
        Section("Imported", ("Resource", "Lineage"), list(_rows.imported(changes, names))),
        _impact(impact, names),
        *([] if policies.rows else [policies]),
        Section("Notes", ("Resource", "Note"), _messages(rest), _note(preview, changes)),
    ]
    return [section for section in every if section.rows or section.intro]


def _note(preview: Preview, changes: Sequence[ResourceChange]) -> str:
    """What is missing where unchanged resources are not told; they matter only where something was before."""
    if preview.tells_same or all(change.operation in ("create", "import") for change in changes):
        return ""
    what = "Unchanged resources are not in this form of input"
    return (
        f"{what}: where one of them links the same assets, a link that is shown as removed or changed stays. "
        "Add --show-sames to the preview, or give the file of --event-log."
    )


def _names(changes: Sequence[ResourceChange], impact: Impact) -> Names:
    edges = (each for change in changes for edge in change.edges for each in (edge.old, edge.new) if each)
    assets = (asset for edge in edges for asset in (*edge.inputs, *edge.outputs))
    return Names(assets, impact.assets)


def _messages(messages: Iterable[Message]) -> list[tuple[str, ...]]:
    return sorted((described(message.urn), message.text) for message in messages)


def _impact(impact: Impact, names: Names) -> Section:
    heads = ("Lineage that goes", "Assets", "Which lose it")
    rows: list[tuple[str, ...]] = [
        (loss.edge, f"{len(loss.assets):,}", "\n".join(_some(loss.assets, names))) for loss in impact.losses
    ]
    return Section("Impact downstream", heads, rows, " ".join(_impact_lines(impact)))


def _impact_lines(impact: Impact) -> Iterator[str]:
    if impact.asked:
        yield f"{_who_loses(impact)} lineage, as Atlan has it now, to a depth of {impact.depth}."
    if impact.note:
        yield impact.note


def _who_loses(impact: Impact) -> str:
    count = len(impact.assets)
    if not count:  # that no asset does can only be said where all was looked at
        return "No asset loses" if impact.sure else "What was looked at costs no"
    return f"{counted(count, 'asset')} {'loses' if count == 1 else 'lose'}"


def _some(assets: Sequence[str], names: Names) -> list[str]:
    more = len(assets) - _MOST_LOST
    shown = [names.of(asset) for asset in (assets if more <= 1 else assets[:_MOST_LOST])]
    return [*shown, *([f"and {more:,} more"] if more > 1 else [])]


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
    mandatory = sum(each.forbids for each in preview.violations)
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
    return f"This pull request may be merged{_to_look_at(preview)}."


def _to_look_at(preview: Preview) -> str:
    """The advisory violations to look at before a merge. The engine refuses nothing because of them."""
    graves = _graves(_of_level(preview, "advisory"))
    if not graves:
        return ""
    counts = " and ".join(f"{count:,} {severity}" for severity, count in graves)
    noun = "violation" if sum(count for _, count in graves) == 1 else "violations"
    return f"; look first at {counts} advisory {noun}"


def _ending(preview: Preview) -> str:
    if preview.result == "unfinished":
        return "The preview did not come to its end: what follows is not all of it."
    if preview.result == "succeeded":
        return ""
    forbidden = any(each.forbids for each in preview.violations)
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
