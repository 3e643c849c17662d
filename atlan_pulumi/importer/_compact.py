"""From column processes to `ColumnLineage`s: one for each process, or for each mark below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from atlan_pulumi.importer._columns import Mapped, edges_of, mapped, process_of
from atlan_pulumi.importer._declare import Declared
from atlan_pulumi.importer._kinds import kind_of
from atlan_pulumi.importer._marks import kind_in
from atlan_pulumi.lifecycle import GUIDS, ManyLifecycle, Props, merged, packed, stack_of

_SEVERAL = "several"
"""In place of the marks of `ColumnProcess` resources, each of which has its own."""
Key = tuple[str, str]
"""What names an entity: its type and its qualifiedName."""


def column_lineages(
    declared: Sequence[Declared],
    guids: Mapping[Key, str | None],
    whole: Collection[Key],
    *,
    kept: str | None = None,
) -> list[Declared]:
    """The same lineage, with mappings in place of the column processes that they can tell.

    Args:
        declared: What is imported.
        guids: The GUIDs of the processes.
        whole: The processes whose column processes are all among them: a mapping takes what it does not know
            for a leftover.
        kept: The stack whose `ColumnProcess` resources stay what they are.
    """
    groups: defaultdict[tuple[Key, str | None], list[Declared]] = defaultdict(list)
    for one in declared:
        if one.kind.is_below and process_of(one) in whole:
            is_single = kind_in(one.mark) == "ColumnProcess"
            if not (is_single and stack_of(one.mark) == kept):
                groups[process_of(one), _SEVERAL if is_single else one.mark].append(one)
    taken: set[Key] = set()
    made: list[Declared] = []
    for (process, mark), group in groups.items():
        found = mapped(edges_of(group))
        lineage = _column_lineage(found, process, mark, guids) if found.edges else None
        if lineage is not None:
            made.append(lineage)
            taken |= {key_of(edge.declared) for edge in found.edges}
    return [*(one for one in declared if key_of(one) not in taken), *made]


def key_of(one: Declared) -> Key:
    """What names the entity of a resource that is one."""
    return one.kind.type_name, one.qualified_name


def _column_lineage(
    found: Mapped, process: Key, mark: str | None, guids: Mapping[Key, str | None]
) -> Declared | None:
    mixed = mark is _SEVERAL
    given = {
        "process": {"type_name": process[0], "qualified_name": process[1]},
        "columns": found.columns,
        "sql": found.sql or None,
        "name": found.template,
        "managed_by": max(str(edge.declared.mark) for edge in found.edges) if mixed else mark,
        "adopt": mixed or None,
    }
    parts = [edge.declared for edge in found.edges]
    made = many("ColumnLineage", given, parts, guid=guids.get(process), left_out=found.left_out)
    return replace(made, mixed=mixed) if made else None


def many(
    kind_name: str,
    given: Mapping[str, Any],
    parts: Iterable[Declared],
    *,
    guid: str | None,
    left_out: list[str],
    component: str = "",
) -> Declared | None:
    """A resource that is many entities; None where it would not be exactly these.

    Args:
        kind_name: The kind of resource.
        given: Its inputs; what is None is left out.
        parts: Its entities, each as a resource.
        guid: The GUID that it shows as its own.
        left_out: What it does not manage.
        component: The component that declares it.
    """
    kind = kind_of(kind_name)
    lifecycle = kind.lifecycle
    assert isinstance(lifecycle, ManyLifecycle)  # noqa: S101 - it is one of the two kinds that are many
    checked = lifecycle.check({}, {name: value for name, value in given.items() if value is not None})
    known = {key_of(one): one.outputs["guid"] for one in parts}
    if checked.mistakes or {*known} != {*map(tuple, lifecycle.parts(checked.inputs))}:
        return None
    inputs: Props = dict(checked.inputs)
    if given.get("managed_by") is not None:  # else `check` leaves it out, since nothing changes
        inputs["managed_by"] = given["managed_by"]
    outputs = merged(inputs, {"guid": guid, GUIDS: packed(known[key] for key in sorted(known))})
    return Declared(kind, inputs["qualified_name"], inputs, outputs, left_out, component)
