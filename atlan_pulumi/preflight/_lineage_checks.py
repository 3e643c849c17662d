"""Lineage that is declared twice, runs in a circle, or maps columns of tables that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from atlan_pulumi.lifecycle import EntityKey as Key
from atlan_pulumi.lifecycle import InputProblem, is_known
from atlan_pulumi.preflight._catalog import Catalog
from atlan_pulumi.preflight._declaration import Declaration, Place

_OWN_SOURCE = (
    "an asset cannot be its own source; where the process reads what it writes (MERGE, INSERT OVERWRITE), "
    "set reads_own_output=True"
)
_SIDES = ("inputs", "outputs")
#: What makes two edges the same lineage: where they lie, what they link, and the code that runs.
_ALSO = ("connection", "sql", "code")


def own_sources(declaration: Declaration, catalog: Catalog) -> Iterator[InputProblem]:
    """Each input that is an output too, though it is referred to in another way."""
    if declaration.inputs.get("reads_own_output") not in (None, False):  # also where it is not known
        return
    outputs = {_asset(place, catalog) for place in declaration.side("outputs")}
    names = {str(place) for place in declaration.side("outputs")}
    for place in declaration.side("inputs"):
        if _asset(place, catalog) in outputs and str(place) not in names:
            yield InputProblem("inputs", f"{place} is also an output: {_OWN_SOURCE}")


class Edges:
    """The lineage that the program declares, by what it links."""

    def __init__(self) -> None:
        self._first: dict[object, Declaration] = {}

    def repeated(self, declaration: Declaration, catalog: Catalog) -> Iterator[InputProblem]:
        """The problem of a resource whose lineage another one declares as well."""
        if not declaration.side("outputs") or not declaration.knows(*_SIDES, *_ALSO, "process"):
            return
        sides = [frozenset(_asset(place, catalog) for place in declaration.side(side)) for side in _SIDES]
        parent = [_asset(place, catalog) for place in declaration.side("process")]
        code = [declaration.inputs.get(name) for name in _ALSO]
        lineage = (declaration.lifecycle.type_name, *sides, *parent, *code)
        first = self._first.setdefault(lineage, declaration)
        if first is not declaration and first.key != declaration.key:
            where = f"{first.resource_name!r} declares the same inputs and outputs"
            yield InputProblem("inputs", f"{where}, with the same code: remove one of the two")


def stray_columns(
    declaration: Declaration, declared: Mapping[Key, Declaration], catalog: Catalog
) -> Iterator[InputProblem]:
    """Each column that lies in none of the parent process's tables: Atlan would not show its lineage."""
    parents = declaration.side("process")
    for parent in parents:
        for side in _SIDES:
            tables = _tables(parent, side, declared, catalog)
            for what, column in _columns(declaration, side, catalog) if tables else ():
                if not any(column.startswith(f"{table}/") for table in tables):
                    name = getattr(declaration.lifecycle, "problem_property", side)
                    yield InputProblem(name, f"{what} is not a column of any of the {side} of {parent}")


def _columns(declaration: Declaration, side: str, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """The columns at one side, in words and by qualifiedName; of many, one stands for its table."""
    for place in declaration.side(side):
        if column := _name(place, catalog):
            yield str(place), column
    tables = declaration.inputs.get(f"{side[:-1]}_tables")
    for table in tables if isinstance(tables, list) else ():
        if is_known(table):
            yield f"a column of {table!r}", f"{table}/"


def _tables(parent: Place, side: str, declared: Mapping[Key, Declaration], catalog: Catalog) -> list[str]:
    """The qualifiedNames at one side of the parent process; none where not all of them are known."""
    maker = declared.get(parent.key) if parent.key else None
    if maker is not None:
        names = [_name(place, catalog) for place in maker.side(side)] if maker.knows(side) else []
        return [name for name in names if name] if all(names) else []
    entity = catalog.whole(parent.key) if parent.key else catalog.at(parent)
    return [edge.qualified_name for edge in entity.related(side) if edge.qualified_name] if entity else []


def _asset(place: Place, catalog: Catalog) -> str:
    """One form for an asset, however it is referred to."""
    found = catalog.at(place)
    return (found.guid if found is not None else None) or str(place)


def _name(place: Place, catalog: Catalog) -> str | None:
    found = catalog.at(place)
    return place.key.qualified_name if place.key else found.qualified_name if found else None
