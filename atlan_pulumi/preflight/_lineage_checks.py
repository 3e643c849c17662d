"""Lineage checks: lineage declared twice, self-references, and columns outside the parent's tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from atlan_pulumi.lifecycle import EntityKey as Key
from atlan_pulumi.lifecycle import InputProblem, is_known, own_source_reason
from atlan_pulumi.preflight._declaration import Declaration, PropertyReference
from atlan_pulumi.preflight._entity_cache import EntityCache

_SIDES = ("inputs", "outputs")
#: With inputs and outputs, the properties that identify lineage.
_ALSO = ("connection", "sql", "code")


def self_sources(declaration: Declaration, cache: EntityCache) -> Iterator[InputProblem]:
    """Yield a problem for each input that is also an output, but is referred to in another way."""
    if declaration.inputs.get("reads_own_output") not in (None, False):  # also where it is not known
        return
    outputs = {_asset(reference, cache) for reference in declaration.references_of("outputs")}
    names = {str(reference) for reference in declaration.references_of("outputs")}
    for reference in declaration.references_of("inputs"):
        if _asset(reference, cache) in outputs and str(reference) not in names:
            yield InputProblem("inputs", f"{reference} is also an output: {own_source_reason('an asset')}")


class DeclaredEdges:
    """The lineage that the program declares, by inputs and outputs."""

    def __init__(self) -> None:
        self._first: dict[object, Declaration] = {}

    def repeated(self, declaration: Declaration, cache: EntityCache) -> Iterator[InputProblem]:
        """Yield a problem if another resource declares the same lineage."""
        if not declaration.references_of("outputs") or not declaration.knows(*_SIDES, *_ALSO, "process"):
            return
        sides = [
            frozenset(_asset(reference, cache) for reference in declaration.references_of(side))
            for side in _SIDES
        ]
        parent = [_asset(reference, cache) for reference in declaration.references_of("process")]
        code = [declaration.inputs.get(name) for name in _ALSO]
        lineage = (declaration.lifecycle.type_name, *sides, *parent, *code)
        first = self._first.setdefault(lineage, declaration)
        if first is not declaration and first.key != declaration.key:
            where = f"{first.resource_name!r} declares the same inputs and outputs"
            yield InputProblem("inputs", f"{where}, with the same code: remove one of the two")


def stray_columns(
    declaration: Declaration, declared: Mapping[Key, Declaration], cache: EntityCache
) -> Iterator[InputProblem]:
    """Yield a problem for each column outside the parent process's tables, which Atlan would not show."""
    parents = declaration.references_of("process")
    for parent in parents:
        for side in _SIDES:
            tables = _tables(parent, side, declared, cache)
            for what, column in _columns(declaration, side, cache) if tables else ():
                if not any(column.startswith(f"{table}/") for table in tables):
                    name = getattr(declaration.lifecycle, "problem_property", side)
                    yield InputProblem(name, f"{what} is not a column of any of the {side} of {parent}")


def _columns(declaration: Declaration, side: str, cache: EntityCache) -> Iterator[tuple[str, str]]:
    """Yield the columns of one side, each with its words and its qualifiedName, or one per table."""
    for reference in declaration.references_of(side):
        if column := _name(reference, cache):
            yield str(reference), column
    tables = declaration.inputs.get(f"{side[:-1]}_tables")
    for table in tables if isinstance(tables, list) else ():
        if is_known(table):
            yield f"a column of {table!r}", f"{table}/"


def _tables(
    parent: PropertyReference, side: str, declared: Mapping[Key, Declaration], cache: EntityCache
) -> list[str]:
    """Return the qualifiedNames of one side of the parent process; empty if some are unknown."""
    maker = declared.get(parent.key) if parent.key else None
    if maker is not None:
        names = (
            [_name(reference, cache) for reference in maker.references_of(side)] if maker.knows(side) else []
        )
        return [name for name in names if name] if all(names) else []
    entity = cache.get_with_relationships(parent.key) if parent.key else cache.resolve(parent)
    return [edge.qualified_name for edge in entity.related(side) if edge.qualified_name] if entity else []


def _asset(reference: PropertyReference, cache: EntityCache) -> str:
    """Return the same text for every reference to one asset."""
    found = cache.resolve(reference)
    return (found.guid if found is not None else None) or str(reference)


def _name(reference: PropertyReference, cache: EntityCache) -> str | None:
    found = cache.resolve(reference)
    return reference.key.qualified_name if reference.key else found.qualified_name if found else None
