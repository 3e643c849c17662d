"""The rows of its tables; assets by the shortest telling name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from atlan_pulumi.declared import SECRET, Asset, Edge
from atlan_pulumi.engine import Change as FieldChange
from atlan_pulumi.naming import asset_path
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._compare import LATER, Became, EdgeChange, change_lines, property_of
from atlan_pulumi.text import printable

_MOST = 10
Row = tuple[str, ...]
_NOTHING_SHOWN = "nothing that is shown here"
_UNREADABLE = "cannot be read by this version"
_ALONG = "all that hangs on it in Atlan (force_destroy)"
_MAY_DIFFER = SECRET + ": may have changed"


class Names:
    """The names of all assets that a review tells of.

    Args:
        assets: Those of its edges.
        others: The qualifiedNames of others.
    """

    def __init__(self, assets: Iterable[Asset], others: Iterable[str] = ()) -> None:
        paths = {asset.name: asset.name if asset.namespace else _path(asset.name) for asset in assets}
        paths |= {name: _path(name) for name in others if name not in paths}
        often = Counter(paths.values())
        self._short = {name: path for name, path in paths.items() if often[path] == 1}

    def of(self, name: str) -> str:
        """An asset's path within its connection, on one line; its whole name where two have the same path."""
        return printable(self._short.get(name, name))

    def flow(self, edge: Edge, later: str = LATER) -> str:
        """What an edge reads and writes, such as `RAW/PUBLIC/ORDERS → MART/PUBLIC/ORDERS`.

        Args:
            edge: The edge.
            later: What stands for what is not known of it.
        """
        return " → ".join(
            self._side(assets, [later] if side in edge.unknown else [])
            for side, assets in (("inputs", edge.inputs), ("outputs", edge.outputs))
        )

    def _side(self, assets: Sequence[Asset], later: list[str]) -> str:
        return shortened([*(self.of(asset.name) for asset in assets), *later], _MOST) or "nothing"


def shortened(items: Sequence[str], most: int) -> str:
    """Several items on one line; of very many the first few."""
    more = len(items) - most
    shown = items if more <= 1 else items[:most]
    return ", ".join([*shown, *([f"and {more:,} more"] if more > 1 else [])])


def _path(name: str) -> str:
    return asset_path(name) or name


def added(changes: Sequence[ResourceChange], names: Names) -> Iterator[Row]:
    """What is added: resources and their edges, or edges of resources that are there."""
    for change in changes:
        rows = list(_edges(change, "added", names))
        yield from rows
        known = rows or change.former or any(edge.former for edge in change.edges)
        if change.operation == "create" and not (known and change.whole):
            yield change.name, _itself(change)


def removed(changes: Sequence[ResourceChange], names: Names) -> Iterator[Row]:
    """What is removed, and what becomes of it in Atlan."""
    for change in changes:
        rows = list(_edges(change, "same" if change.kept else "removed", names))
        known = rows or change.holder or any(edge.change == "moved" for edge in change.edges)
        if change.operation == "delete" and not (known and change.whole):
            rows.append((change.name, _itself(change)))
        gone = (edge for edge in change.edges if edge.change == "removed" and not edge.is_column_process)
        processes = set(map(change.name_of, gone))
        for name, what in rows:
            along = change.purges and (change.operation == "delete" or name in processes)
            yield name, what, f"{_becomes(change)}, with {_ALONG}" if along else _becomes(change)


def moved(changes: Sequence[ResourceChange], names: Names) -> Iterator[Row]:
    """What stays in Atlan although its resource no longer declares it, and who has it."""
    for change in changes:
        if change.holder:
            yield change.name, _itself(change), f"stays: {change.holder}"
        for holder in sorted({edge.holder for edge in change.edges if edge.holder}):
            for name, what in _edges(change, "moved", names, holder):
                yield name, what, f"stays: {holder}"


def changed(changes: Sequence[ResourceChange]) -> Iterator[Row]:
    """Which properties change: of resources, and of their edges."""
    for change in changes:
        compared = change.operation in ("update", "replace", "create")
        rows = [*_options(change), *(_fields(change) if compared else [])]
        yield from rows
        moved = any(edge.change != "same" for edge in change.edges)
        if change.operation == "update" and not rows and not moved and change.whole:
            yield change.name, "", _NOTHING_SHOWN
        if not change.whole and change.operation in ("update", "replace"):
            unknown = "some of its lineage is not known yet, or secret"
            yield change.name, "", unknown if change.readable else _UNREADABLE


def replaced(changes: Sequence[ResourceChange], notes: dict[str, list[str]]) -> Iterator[Row]:
    """What is replaced, because of which properties, and what the provider says about it."""
    for change in changes:
        if change.operation == "replace":
            causes = [each for each in change.fields if property_of(each) in change.keys]
            fields = [f"{_property(each)}: {line}" for each in causes for line in change_lines(each)]
            why = fields or [printable(key) for key in change.keys if key != "qualified_name"]
            along = [f"The old one goes with {_ALONG}."] if change.purges else []
            yield change.name, "\n".join(why), "\n".join([*notes.get(change.urn, []), *along])


def imported(changes: Sequence[ResourceChange], names: Names) -> Iterator[Row]:
    """What comes into the stack as it is in Atlan."""
    for change in changes:
        if change.operation == "import":
            yield from list(_edges(change, "same", names)) or [(change.name, _itself(change))]


def _edges(change: ResourceChange, of: Became, names: Names, holder: str = "") -> Iterator[tuple[str, str]]:
    """The edges of which the same becomes: a row for each process, with the column mappings below it."""
    edges = [edge for edge in change.edges if (edge.change, edge.holder) == (of, holder)]
    if of == "same" and change.kept:
        edges = [edge for edge in edges if not edge.former]
    there = of in ("removed", "moved") or change.kept
    later = SECRET if there else LATER  # of what is there only secrets are unknown
    below: dict[str | None, list[EdgeChange]] = defaultdict(list)
    for edge in edges:
        if edge.is_column_process:
            below[_parent(edge)].append(edge)
    for edge in edges:
        if not edge.is_column_process:
            columns = below.pop(edge.edge.qualified_name, [])
            flows = [names.flow(edge.edge, later), *_mappings(columns, names, later)]
            yield change.name_of(edge), "\n".join(flows)
    for parent, columns in sorted(below.items(), key=lambda item: item[0] or ""):
        yield _name_below(change, parent), "\n".join(_mappings(columns, names, later))


def _name_below(change: ResourceChange, parent: str | None) -> str:
    """The name of a row of column mappings whose process is in none: of a set, with the process's id."""
    root = change.resource.qualified_name
    if parent and root and parent.startswith(f"{root}/"):
        return f"{change.name}: {printable(parent[len(root) + 1 :])}"
    return change.name


def _parent(edge: EdgeChange) -> str | None:
    process = edge.edge.process
    return process.name if process else None


def _mappings(columns: Sequence[EdgeChange], names: Names, later: str) -> list[str]:
    return [names.flow(each.edge, later) for each in columns]


def _itself(change: ResourceChange) -> str:
    """What stands for a resource that has no edges, or for those that are not known yet."""
    if not change.readable:
        return _UNREADABLE
    if not change.resource.is_connection:
        return "" if change.whole else LATER if change.new else SECRET
    props = change.resource.props
    return f"{_text(props.get('connector'))} connection {_text(props.get('name'))}"


def _text(value: object) -> str:
    return printable(value) if isinstance(value, str) else LATER


def _becomes(change: ResourceChange) -> str:
    if change.kept:
        return "stays: retain_on_delete"
    if change.operation == "delete" and change.resource.protect:
        return "refused: it is protected"
    return "archived" if change.resource.props.get("delete_type") == "SOFT" else "removed"


def _options(change: ResourceChange) -> Iterator[Row]:
    """Pulumi's own options, which may change where nothing else does."""
    for each in change.options:
        yield change.name, each.property, "\n".join(change_lines(each))


def _fields(change: ResourceChange) -> Iterator[Row]:
    """The properties, but for those because of which it is replaced."""
    because = change.keys if change.operation == "replace" else ()
    for each in change.fields:
        if property_of(each) not in because:
            yield change.name, _property(each), "\n".join(change_lines(each))
    yield from ((change.name, printable(name), _MAY_DIFFER) for name in change.may_differ)
    for edge in change.edges:
        if edge.label or edge.former:  # else these are the resource's own
            for each in edge.fields:
                yield change.name_of(edge), _property(each), "\n".join(change_lines(each))


def _property(change: FieldChange) -> str:
    return printable(change.property)
