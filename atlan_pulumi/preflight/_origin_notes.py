"""Notes on where the changed column lineage of a resource comes from, if it is derived from SQL."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from atlan_pulumi.lifecycle import Checked, ManyLifecycle, Origins, Props, ResourceLifecycle, origin_note
from atlan_pulumi.naming import asset_path
from atlan_pulumi.text import printable

_MOST_LISTED = 200
"""The most columns per resource. A table of a review has as many rows."""


def origin_notes(
    lifecycle: ResourceLifecycle, olds: Props, checked: Checked, origins: Origins
) -> Iterator[str]:
    """Yield a note for each file or process whose SQL decides changed columns.

    Args:
        lifecycle: The resource's lifecycle.
        olds: The inputs of the last deployment; empty before the first.
        checked: The result of its check.
        origins: The lines of all derived columns.
    """
    if not origins or checked.problems:
        return
    changed = frozenset(_changed_columns(lifecycle, olds, checked))
    left = _MOST_LISTED
    for source, lines in origins.items():
        own = {column: line for column, line in lines.items() if column in changed}
        listed = dict(islice(sorted(own.items(), key=lambda each: each[1]), left))
        left -= len(listed)
        if listed:
            paths = {printable(asset_path(column) or column): line for column, line in listed.items()}
            yield origin_note(printable(source), paths, len(own) - len(listed))


def _changed_columns(lifecycle: ResourceLifecycle, olds: Props, checked: Checked) -> Iterator[str]:
    """Yield the output columns that are new, or have other sources, as the resource names them."""
    if not isinstance(lifecycle, ManyLifecycle):
        before, now = (props.get("columns") or {} for props in (olds, checked.inputs))
        yield from (column for column, sources in now.items() if before.get(column) != sources)
        return
    plan = lifecycle.plan_of(olds, checked)
    for key, child in plan.wanted(checked.inputs.get("managed_by")).items():
        if "process" in child.declared:
            had = plan.had.get(key)
            if had is None or had.declared["inputs"] != child.declared["inputs"]:
                yield from (each["qualified_name"] for each in child.declared["outputs"])
