"""The rows of a review's tables about resources: what is added, changed, replaced, removed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from atlan_pulumi.declared import HIDDEN
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._edges import EdgeChange
from atlan_pulumi.review._fields import LATER, change_lines
from atlan_pulumi.review._graph import Change
from atlan_pulumi.review._names import Names

Row = tuple[str, ...]
_NOTHING_SHOWN = "nothing that is shown here"


def added(changes: Sequence[ResourceChange], names: Names) -> Iterator[Row]:
    """What is added: resources and their edges, or edges of resources that are there."""
    for change in changes:
        rows = list(_edges(change, "added", names))
        yield from rows
        if change.operation == "create" and not (rows and change.whole):
            yield change.name, _itself(change)


def removed(changes: Sequence[ResourceChange], names: Names) -> Iterator[Row]:
    """What is removed, and what becomes of it in Atlan."""
    for change in changes:
        rows = list(_edges(change, "same" if change.kept else "removed", names))
        if change.operation == "delete" and not (rows and change.whole):
            rows.append((change.name, _itself(change)))
        yield from ((name, what, _becomes(change)) for name, what in rows)


def changed(changes: Sequence[ResourceChange]) -> Iterator[Row]:
    """Which properties change: of resources, and of their edges."""
    for change in changes:
        rows = list(_fields(change)) if change.operation in ("update", "replace") else []
        yield from rows
        moved = any(edge.change != "same" for edge in change.edges)
        if change.operation == "update" and not rows and not moved and change.whole:
            yield change.name, "", _NOTHING_SHOWN
        if not change.whole and change.operation in ("update", "replace"):
            yield change.name, "", "some of its lineage is not known yet, or secret"


def replaced(changes: Sequence[ResourceChange], notes: dict[str, list[str]]) -> Iterator[Row]:
    """What is replaced, because of which properties, and what the provider says about it."""
    for change in changes:
        if change.operation == "replace":
            fields = [f"{each.property}: {line}" for each in change.fields for line in change_lines(each)]
            why = fields or [key for key in change.keys if key != "qualified_name"]
            yield change.name, "\n".join(why), "\n".join(notes.get(change.urn, []))


def imported(changes: Sequence[ResourceChange], names: Names) -> Iterator[Row]:
    """What comes into the stack as it is in Atlan."""
    for change in changes:
        if change.operation == "import":
            yield from list(_edges(change, "same", names)) or [(change.name, _itself(change))]


def _edges(change: ResourceChange, of: Change, names: Names) -> Iterator[tuple[str, str]]:
    """The edges of which the same becomes: a row for each process, with the column mappings below it."""
    edges = [edge for edge in change.edges if edge.change == of]
    below: dict[str | None, list[EdgeChange]] = defaultdict(list)
    for edge in edges:
        if edge.is_column_process:
            below[_parent(edge)].append(edge)
    for edge in edges:
        if not edge.is_column_process:
            columns = below.pop(edge.edge.qualified_name, [])
            yield change.name_of(edge), "\n".join([names.flow(edge.edge), *_mappings(columns, names)])
    for parent, columns in sorted(below.items(), key=lambda item: item[0] or ""):
        yield _name_below(change, parent), "\n".join(_mappings(columns, names))


def _name_below(change: ResourceChange, parent: str | None) -> str:
    """The name of a row of column mappings whose process is in none: of a set, with the process's id."""
    root = change.resource.qualified_name
    if parent and root and parent.startswith(f"{root}/"):
        return f"{change.name}: {parent[len(root) + 1 :]}"
    return change.name


def _parent(edge: EdgeChange) -> str | None:
    process = edge.edge.process
    return process.name if process else None


def _mappings(columns: Sequence[EdgeChange], names: Names) -> list[str]:
    return [names.flow(each.edge) for each in columns]


def _itself(change: ResourceChange) -> str:
    """What stands for a resource that has no edges, or for those that are not known yet."""
    if not change.resource.is_connection:
        return "" if change.whole else LATER if change.new else HIDDEN
    props = change.resource.props
    return f"{_text(props.get('connector'))} connection {_text(props.get('name'))}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else LATER


def _becomes(change: ResourceChange) -> str:
    if change.kept:
        return "stays: retain_on_delete"
    if change.operation == "delete" and change.resource.protect:
        return "refused: it is protected"
    return "archived" if change.resource.props.get("delete_type") == "SOFT" else "removed"


def _fields(change: ResourceChange) -> Iterator[Row]:
    if change.operation == "update":
        yield from ((change.name, each.property, "\n".join(change_lines(each))) for each in change.fields)
    for edge in change.edges:
        if edge.label:  # else these are the resource's own
            for each in edge.fields:
                yield change.name_of(edge), each.property, "\n".join(change_lines(each))
