"""A review as sections, which every form of it shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from atlan_pulumi.review import _rows
from atlan_pulumi.review._impact import Impact
from atlan_pulumi.review._names import Names
from atlan_pulumi.review._policies import policies_section
from atlan_pulumi.review._preview import Message, Preview, described
from atlan_pulumi.review._resource_change import ResourceChange
from atlan_pulumi.review._section import Section
from atlan_pulumi.review._words import counted

ERRORS = "Errors"
FIRST = (ERRORS, "Policies")
"""What has to be read before the lineage that changes."""
_MOST_LOST = 10


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
