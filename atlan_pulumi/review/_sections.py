"""A review as sections, which every form of it shows, and as a few lines that sum it up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from atlan_pulumi.review import _rows
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._impact import Impact
from atlan_pulumi.review._names import Names
from atlan_pulumi.review._preview import Message, Preview, described
from atlan_pulumi.review._section import Section

ERRORS = "Errors"
_LEVELS = ("mandatory", "remediate", "advisory")
_MOST_LOST = 10


def sections_of(preview: Preview, changes: Sequence[ResourceChange], impact: Impact) -> list[Section]:
    """The sections that have something to tell: errors first."""
    names = _names(changes, impact)
    told: defaultdict[str, list[str]] = defaultdict(list)
    for note in preview.notes:
        told[note.urn].append(note.text)
    replacing = {change.urn for change in changes if change.operation == "replace"}
    rest = [note for note in preview.notes if note.urn not in replacing]
    every = [
        Section(ERRORS, ("Resource", "Message"), _messages(preview.errors)),
        Section("Added", ("Resource", "Lineage"), list(_rows.added(changes, names))),
        Section("Changed", ("Resource", "Property", "Change"), list(_rows.changed(changes))),
        Section("Replaced", ("Resource", "Because of", "What happens"), list(_rows.replaced(changes, told))),
        Section("Removed", ("Resource", "Lineage", "In Atlan"), list(_rows.removed(changes, names))),
        Section("Imported", ("Resource", "Lineage"), list(_rows.imported(changes, names))),
        _impact(impact, names),
        _policies(preview),
        Section("Notes", ("Resource", "Note"), _messages(rest)),
    ]
    return [section for section in every if section.rows or section.intro]


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
        what = "No asset loses" if not impact.losses else f"{_count(len(impact.assets), 'asset')} lose"
        what = "1 asset loses" if len(impact.assets) == 1 else what
        yield f"{what} lineage, as Atlan has it now, to a depth of {impact.depth}."
    if impact.note:
        yield impact.note


def _some(assets: Sequence[str], names: Names) -> list[str]:
    more = len(assets) - _MOST_LOST
    shown = [names.of(asset) for asset in (assets if more <= 1 else assets[:_MOST_LOST])]
    return [*shown, *([f"and {more:,} more"] if more > 1 else [])]


def _policies(preview: Preview) -> Section:
    if not preview.tells_policies:
        intro = "What policies found is not in this form of input: give the file of --event-log."
        return Section("Policies", (), [], intro)
    order = {level: place for place, level in enumerate(_LEVELS)}
    found = sorted(preview.violations, key=lambda each: (order.get(each.level, len(order)), each))
    rows: list[tuple[str, ...]] = [
        (level, policy, described(urn), "\n".join(_without_description(each.message) for each in of_one))
        for (level, policy, urn), of_one in groupby(found, lambda each: (each.level, each.policy, each.urn))
    ]
    return Section("Policies", ("Level", "Rule", "Resource", "Message"), rows)


def _without_description(message: str) -> str:
    """What a policy says of a resource; the engine puts its description, the same for all, before that."""
    description, _, said = message.partition("\n")
    return said or description


def summary_of(preview: Preview, changes: Sequence[ResourceChange], impact: Impact) -> list[str]:
    """The review in a few lines: how the preview ended, what changes, what policies say, what is lost."""
    counted = ", ".join(_counts(changes))
    lines = [
        _ending(preview),
        f"{counted}." if counted else "No lineage changes.",
        _verdict(preview),
        _lost(impact),
    ]
    return [line for line in lines if line]


def _ending(preview: Preview) -> str:
    if preview.result == "unfinished":
        return "The preview did not come to its end: what follows is not all of it."
    if preview.result == "succeeded":
        return ""
    mandatory = any(each.level == "mandatory" for each in preview.violations)
    why = (
        _count(len(preview.errors), "error") if preview.errors else "a policy forbids it" if mandatory else ""
    )
    told = f"The preview failed{f' ({why})' if why else ''}"
    removals = any(step.op == "delete" for step in preview.steps)
    return f"{told}." if removals else f"{told}: it may not tell of all changes, and of no removals."


def _counts(changes: Sequence[ResourceChange]) -> Iterator[str]:
    edges = [edge for change in changes for edge in change.edges]
    for noun, columns in (("process", False), ("column mapping", True)):
        for what in ("added", "changed", "removed"):
            of_kind = [edge for edge in edges if edge.is_column_process == columns and edge.change == what]
            if of_kind:
                yield f"{_count(len(of_kind), noun)} {what}"
    done = [change for change in changes if change.operation not in ("same", "import")]
    connections = [change for change in done if change.resource.is_connection]
    for operation, what in (("create", "added"), ("update", "changed"), ("delete", "removed")):
        if count := sum(change.operation == operation for change in connections):
            yield f"{_count(count, 'connection')} {what}"
    for count, what in (
        (sum(change.operation == "replace" for change in done), "replaced"),
        (sum(change.operation == "import" for change in changes), "imported"),
        (sum(change.kept for change in done), "left in Atlan"),
        (sum(not change.whole for change in done), "not known as a whole before it is applied"),
    ):
        if count:
            yield f"{_count(count, 'resource')} {what}"


def _verdict(preview: Preview) -> str:
    levels = [each.level for each in preview.violations]
    mandatory, advisory = levels.count("mandatory"), levels.count("advisory")
    mended = levels.count("remediate")
    told = [
        *([_count(mandatory, "mandatory violation")] if mandatory else []),
        *([_count(advisory, "advisory violation")] if advisory else []),
        *([f"{_count(mended, 'resource')} changed"] if mended else []),
    ]
    return f"Policies: {', '.join(told)}." if told else ""


def _lost(impact: Impact) -> str:
    count = len(impact.assets)
    if not count:
        return ""
    return f"{_count(count, 'asset')} downstream {'loses' if count == 1 else 'lose'} lineage."


def _count(count: int, noun: str) -> str:
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"
