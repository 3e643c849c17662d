"""The rows of the tables, with short names of assets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from atlan_pulumi.declared import SECRET, Asset, Edge
from atlan_pulumi.engine import Change as FieldChange
from atlan_pulumi.naming import asset_path
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._compare import LATER, EdgeChange, EdgeChangeKind, change_lines, property_of
from atlan_pulumi.review._origins import EdgeOrigins
from atlan_pulumi.text import printable

_MAX_ASSETS = 10
Row = tuple[str, ...]
_NO_VISIBLE_CHANGE = "no visible change"
_UNREADABLE = "cannot be read by this version"
_WITH_DEPENDENTS = "with all dependents in Atlan (force_destroy)"
_MAY_DIFFER = SECRET + ": may have changed"


class AssetNames:
    """The names of all assets in a review.

    Args:
        assets: The assets of its edges.
        others: The qualifiedNames of other assets.
    """

    def __init__(self, assets: Iterable[Asset], others: Iterable[str] = ()) -> None:
        paths = {asset.name: asset.name if asset.namespace else _path(asset.name) for asset in assets}
        paths |= {name: _path(name) for name in others if name not in paths}
        often = Counter(paths.values())
        self._short = {name: path for name, path in paths.items() if often[path] == 1}

    def of(self, name: str) -> str:
        """Return the path of an asset in its connection, or its whole name if the path is not unique."""
        return printable(self._short.get(name, name))

    def flow(self, edge: Edge, later: str = LATER) -> str:
        """Return the inputs and outputs of an edge, such as `RAW/PUBLIC/ORDERS → MART/PUBLIC/ORDERS`.

        Args:
            edge: The edge.
            later: The text for unknown inputs or outputs.
        """
        return " → ".join(
            self._side(assets, [later] if side in edge.unknown else [])
            for side, assets in (("inputs", edge.inputs), ("outputs", edge.outputs))
        )

    def _side(self, assets: Sequence[Asset], later: list[str]) -> str:
        return join_limited([*(self.of(asset.name) for asset in assets), *later], _MAX_ASSETS) or "nothing"


def join_limited(items: Sequence[str], most: int) -> str:
    """Return several items on one line; of too many items, only the first ones."""
    more = len(items) - most
    shown = items if more <= 1 else items[:most]
    return ", ".join([*shown, *([f"and {more:,} more"] if more > 1 else [])])


def _path(name: str) -> str:
    return asset_path(name) or name


def added_rows(changes: Sequence[ResourceChange], names: AssetNames, origins: EdgeOrigins) -> Iterator[Row]:
    """Yield the added resources and edges."""
    for change in changes:
        rows = list(_edge_rows(change, "added", names, origins=origins))
        yield from rows
        known = rows or change.former or any(edge.former for edge in change.edges)
        if change.operation == "create" and not (known and change.whole):
            yield change.name, _describe_resource(change)


def removed_rows(changes: Sequence[ResourceChange], names: AssetNames) -> Iterator[Row]:
    """Yield the removed resources and edges, and what happens to them in Atlan."""
    for change in changes:
        rows = list(_edge_rows(change, "same" if change.kept else "removed", names))
        known = rows or change.holder or any(edge.change == "moved" for edge in change.edges)
        if change.operation == "delete" and not (known and change.whole):
            rows.append((change.name, _describe_resource(change)))
        gone = (edge for edge in change.edges if edge.change == "removed" and not edge.is_column_process)
        processes = set(map(change.name_of, gone))
        for name, what in rows:
            along = change.purges and (change.operation == "delete" or name in processes)
            yield name, what, f"{_outcome(change)} {_WITH_DEPENDENTS}" if along else _outcome(change)


def moved_rows(changes: Sequence[ResourceChange], names: AssetNames) -> Iterator[Row]:
    """Yield the entities that stay in Atlan although their resource no longer declares them."""
    for change in changes:
        if change.holder:
            yield change.name, _describe_resource(change), f"stays: {change.holder}"
        for holder in sorted({edge.holder for edge in change.edges if edge.holder}):
            for name, what in _edge_rows(change, "moved", names, holder):
                yield name, what, f"stays: {holder}"


def changed_rows(changes: Sequence[ResourceChange], origins: EdgeOrigins) -> Iterator[Row]:
    """Yield the changed properties of resources and edges."""
    for change in changes:
        compared = change.operation in ("update", "replace", "create")
        rows = [*_option_rows(change), *(_field_rows(change, origins) if compared else [])]
        yield from rows
        moved = any(edge.change != "same" for edge in change.edges)
        if change.operation == "update" and not rows and not moved and change.whole:
            yield change.name, "", _NO_VISIBLE_CHANGE
        if not change.whole and change.operation in ("update", "replace"):
            unknown = "some of its lineage is unknown or secret"
            yield change.name, "", unknown if change.readable else _UNREADABLE


def replaced_rows(changes: Sequence[ResourceChange], notes: dict[str, list[str]]) -> Iterator[Row]:
    """Yield the replaced resources, with the properties that force it and the provider's notes."""
    for change in changes:
        if change.operation == "replace":
            causes = [each for each in change.fields if property_of(each) in change.keys]
            fields = [f"{_property(each)}: {line}" for each in causes for line in change_lines(each)]
            why = fields or [printable(key) for key in change.keys if key != "qualified_name"]
            purged = [f"The old one is deleted {_WITH_DEPENDENTS}."] if change.purges else []
            yield change.name, "\n".join(why), "\n".join([*notes.get(change.urn, []), *purged])


def imported_rows(changes: Sequence[ResourceChange], names: AssetNames) -> Iterator[Row]:
    """Yield the resources and edges that are imported."""
    for change in changes:
        if change.operation == "import":
            yield from list(_edge_rows(change, "same", names)) or [(change.name, _describe_resource(change))]


def _edge_rows(
    change: ResourceChange,
    of: EdgeChangeKind,
    names: AssetNames,
    holder: str = "",
    origins: EdgeOrigins | None = None,
) -> Iterator[tuple[str, str]]:
    """Yield a row for each process with the same change, with its column mappings."""
    flow = partial(_flow, change, names, origins)
    edges = [edge for edge in change.edges if (edge.change, edge.holder) == (of, holder)]
    if of == "same" and change.kept:
        edges = [edge for edge in edges if not edge.former]
    there = of in ("removed", "moved") or change.kept
    later = SECRET if there else LATER  # only secrets of existing edges are unknown
    below: dict[str | None, list[EdgeChange]] = defaultdict(list)
    for edge in edges:
        if edge.is_column_process:
            below[_parent(edge)].append(edge)
    for edge in edges:
        if not edge.is_column_process:
            columns = below.pop(edge.edge.qualified_name, [])
            flows = [names.flow(edge.edge, later), *(flow(each, later) for each in columns)]
            yield change.name_of(edge), "\n".join(flows)
    for parent, columns in sorted(below.items(), key=lambda item: item[0] or ""):
        yield _mapping_row_name(change, parent), "\n".join(flow(each, later) for each in columns)


def _mapping_row_name(change: ResourceChange, parent: str | None) -> str:
    """Return the name of a row of column mappings without their process; in a set, with the process's id."""
    root = change.resource.qualified_name
    if parent and root and parent.startswith(f"{root}/"):
        return f"{change.name}: {printable(parent[len(root) + 1 :])}"
    return change.name


def _parent(edge: EdgeChange) -> str | None:
    process = edge.edge.process
    return process.name if process else None


def _flow(
    change: ResourceChange, names: AssetNames, origins: EdgeOrigins | None, edge: EdgeChange, later: str
) -> str:
    """Return the inputs and outputs of a column mapping, and where it is derived from."""
    place = origins.of(change.urn, edge.edge) if origins else ""
    return f"{names.flow(edge.edge, later)}{f' ({place})' if place else ''}"


def _describe_resource(change: ResourceChange) -> str:
    """Return the text for a resource without known edges."""
    if not change.readable:
        return _UNREADABLE
    if change.resource.is_asset:
        name = change.resource.qualified_name
        return LATER if name is None else printable(_path(name))
    if not change.resource.is_connection:
        return "" if change.whole else LATER if change.new else SECRET
    props = change.resource.props
    return f"{_text(props.get('connector'))} connection {_text(props.get('name'))}"


def _text(value: object) -> str:
    return printable(value) if isinstance(value, str) else LATER


def _outcome(change: ResourceChange) -> str:
    if change.kept:
        return "stays: retain_on_delete"
    if change.operation == "delete" and change.resource.protect:
        return "refused: it is protected"
    return "archived" if change.resource.props.get("delete_type") == "SOFT" else "removed"


def _option_rows(change: ResourceChange) -> Iterator[Row]:
    """Yield the changed resource options."""
    for each in change.options:
        yield change.name, each.property, "\n".join(change_lines(each))


def _field_rows(change: ResourceChange, origins: EdgeOrigins) -> Iterator[Row]:
    """Yield the changed properties, without those that force a replacement."""
    because = change.keys if change.operation == "replace" else ()
    for each in change.fields:
        if property_of(each) not in because:
            yield change.name, _property(each), "\n".join(change_lines(each))
    yield from ((change.name, printable(name), _MAY_DIFFER) for name in change.may_differ)
    for edge in change.edges:
        if edge.label or edge.former:  # otherwise these are the resource's properties
            place = origins.of(change.urn, edge.edge)
            for each in edge.fields:
                derived = [f"derived from {place}"] if place and property_of(each) == "inputs" else []
                yield change.name_of(edge), _property(each), "\n".join([*change_lines(each), *derived])


def _property(change: FieldChange) -> str:
    return printable(change.property)
