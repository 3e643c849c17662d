"""Reference checks: every referenced asset must exist, be live, and have the type in the reference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from atlan_pulumi.lifecycle import EntityKey as Key
from atlan_pulumi.lifecycle import InputProblem, is_live, last_written, wire_name
from atlan_pulumi.naming import asset_types
from atlan_pulumi.preflight._declaration import Declaration, PropertyReference
from atlan_pulumi.preflight._entity_cache import EntityCache
from atlan_pulumi.preflight._report import Findings
from atlan_pulumi.preflight._unready_assets import SIDES, UnreadyAssets, connection_key, has_connection
from atlan_pulumi.text import enumerate_first

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

_MOST_SUGGESTIONS = 20
"""The number of missing assets for which the nearest names are looked up."""


def check_references(
    found: Mapping[Declaration, Findings],
    declared: Mapping[Key, Declaration],
    cache: EntityCache,
    unready: UnreadyAssets,
) -> None:
    """Add a problem for each invalid reference.

    Assets that the program creates first need not exist yet. Missing inputs and outputs may become
    placeholders, or be waited for. If resources of other kinds, such as a crawler's run, may create a missing
    asset, it is a warning.
    """
    missing = {
        declaration: list(_missing(declaration, findings, declared, cache, unready))
        for declaration, findings in found.items()
    }
    unready.take_over(missing, found)
    every = [reference for references in missing.values() for reference in references]
    archived = [each for each, of_it in missing.items() if any(map(cache.resolve, of_it)) and each.key]
    cache.load(whole=[each.key for each in archived if each.key])
    absent = [reference for reference in every if cache.resolve(reference) is None]
    created_first = frozenset[Key]().union(*(each.created_before for each in missing))
    explanation = MissingAssets(absent, cache, created_later=declared.keys() | created_first)
    for declaration, references in missing.items():
        findings, lost = found[declaration], []
        for reference in references:
            if (asset := cache.resolve(reference)) is None:
                lost.append(reference)
            else:
                why = archived_reason(asset, may_be_missing=reference.name in SIDES)
                reason = f"{reference.key or reference} {why}"
                problem = InputProblem(reference.name, reason)
                known = _refers_already(declaration, reference.name, asset, cache)
                (findings.problems_if_written if known else findings.problems).append(problem)
        handling = unready.handling_of(declaration)
        for reference, reason in explanation.reasons(lost, declaration.inputs.get("connection")):
            advice = _advice_on_connection(declaration, reference, handling, declared, cache)
            _report(declaration, reference, reason + advice, findings)


def _missing(
    declaration: Declaration,
    findings: Findings,
    declared: Mapping[Key, Declaration],
    cache: EntityCache,
    unready: UnreadyAssets,
) -> Iterator[PropertyReference]:
    """Yield the references to missing and archived assets that the program does not bring about."""
    for reference in declaration.references():
        asset = cache.resolve(reference)
        if reference.key is not None and reference.key in declaration.created_before:
            continue
        if asset is not None and asset.status == "ACTIVE":
            findings.problems += _mistyped(reference, asset.type_name)
            unready.add_existing(reference, declaration, asset, findings)
        elif reference.key is not None and reference.key in declaration.published:
            unready.add_published(reference, declaration, findings)
        elif reference.key is not None and reference.key in declared:
            maker = declared[reference.key].resource_name
            findings.problems.append(InputProblem(reference.name, _out_of_order(reference.key, maker)))
        else:
            yield reference


def _advice_on_connection(
    declaration: Declaration,
    reference: PropertyReference,
    handling: str,
    declared: Mapping[Key, Declaration],
    cache: EntityCache,
) -> str:
    """Return advice about a missing asset in a connection that the program creates; empty without any."""
    if reference.key is None or reference.name not in SIDES:
        return ""
    if handling == "error":
        return new_connection_advice(reference.key, cache, declared.keys() | declaration.created_before)
    connection = connection_key(reference.key)
    if connection not in declared or has_connection(reference.key, cache, declaration.created_before):
        return ""
    return f"; {_out_of_order(connection, declared[connection].resource_name)}"


def new_connection_advice(key: Key, cache: EntityCache, new: Container[Key]) -> str:
    """Return advice about a missing asset if the program creates its connection; empty otherwise.

    Args:
        key: The asset. Its connection must have been looked up.
        cache: The lookups.
        new: The entities that the program creates.
    """
    connection = connection_key(key)
    if connection not in new or is_live(cache.get(connection)):
        return ""
    return "; the program creates its connection: set missing_assets='partial', which creates a placeholder"


def _report(declaration: Declaration, reference: PropertyReference, reason: str, findings: Findings) -> None:
    if declaration.waits_for_others and (reference.key is None or declaration.expects(reference.key)):
        findings.warnings.append(f"{reference.name}: {reason}; it must exist when this is deployed")
    else:
        findings.problems.append(InputProblem(reference.name, reason))


def _refers_already(declaration: Declaration, name: str, asset: Entity, cache: EntityCache) -> bool:
    """Return whether the live entity of a resource refers, or referred, to an asset.

    The resource may then be unchanged, which only its state shows. Otherwise the reference is new.
    """
    entity = cache.get_with_relationships(declaration.key) if declaration.key else None
    if entity is None or entity.status != "ACTIVE":
        return False
    edges = entity.relationship_attributes.get(wire_name(declaration.lifecycle.model, name)) or []
    stubs = edges if isinstance(edges, list) else [edges]
    return any(stub.get("guid") == asset.guid for stub in stubs)


def archived_reason(entity: Entity, *, may_be_missing: bool = True) -> str:
    """Return why an archived entity cannot be referred to, and what to do."""
    advice = "restore it first"
    if may_be_missing:
        advice = "restore it, leave it out, or set missing_assets to 'partial' or 'wait'"
    return f"is archived in Atlan ({last_written(entity)}); {advice}"


def _mistyped(reference: PropertyReference, actual: str) -> Iterator[InputProblem]:
    """Yield a problem for a reference by GUID with another type, which Atlan does not check."""
    type_name = reference.target["type_name"]
    if not asset_types.is_a(actual, type_name):
        reason = f"{reference.guid!r} is a {actual}, not a {type_name}: refer to it as asset({actual!r}, …)"
        yield InputProblem(reference.name, reason)


def _out_of_order(key: Key, maker: str) -> str:
    return (
        f"{key} will be created by {maker!r} of this program: refer to that resource "
        "rather than to its name, so that it is created first"
    )


class MissingAssets:
    """Explains missing assets: the nearest existing names, or the connection that is missing as a whole."""

    def __init__(
        self,
        references: Iterable[PropertyReference],
        cache: EntityCache,
        created_later: Container[Key] = frozenset(),
    ) -> None:
        """Look up what the explanations need, in few requests.

        Args:
            references: All references to missing assets.
            cache: The lookups.
            created_later: What the program creates; a connection among it is not missing.
        """
        self._cache = cache
        self._created_later = created_later
        keys = list(dict.fromkeys(reference.key for reference in references if reference.key))
        if keys:
            cache.load(connection_key(key) for key in keys)
        types = cache.types_of([key.qualified_name for key in keys])
        explained = list(dict.fromkeys(self._lost_connection(key) or key for key in keys))
        self._hints = {
            key: self._hint(key, types.get(key.qualified_name)) for key in explained[:_MOST_SUGGESTIONS]
        }

    def reasons(
        self, references: Sequence[PropertyReference], own_connection: object = None
    ) -> Iterator[tuple[PropertyReference, str]]:
        """Yield one reason for each missing asset, or one for all assets below a missing connection.

        Args:
            references: References of one resource to missing assets.
            own_connection: The resource's connection. If it is archived, that is reported already, and the
                assets below it are not.
        """
        below: dict[Key, list[PropertyReference]] = defaultdict(list)
        for reference in references:
            if reference.key and (lost := self._lost_connection(reference.key)):
                below[lost].append(reference)
        for connection, lost_references in below.items():
            assets = [str(each.key) for each in lost_references if each.key != connection]
            if connection.qualified_name != own_connection or self._cache.get(connection) is None:
                yield lost_references[0], f"{self._reason(connection)}{_listed(assets)}"
        for reference in references:
            if reference.key is None:
                yield reference, f"Atlan has no {reference}"
            elif self._lost_connection(reference.key) is None:
                yield reference, self._reason(reference.key)

    def _reason(self, key: Key) -> str:
        if archived := self._cache.get(key):
            return f"{key} {archived_reason(archived, may_be_missing=key.type_name != 'Connection')}"
        return f"Atlan has no {key}{self._hints.get(key, '')}"

    def _lost_connection(self, key: Key) -> Key | None:
        """Return the connection of an asset if it is not live, and the program does not create it."""
        connection = connection_key(key)
        found = self._cache.get(connection)
        is_live = found is not None and found.status == "ACTIVE"
        return None if is_live or connection in self._created_later else connection

    def _hint(self, key: Key, types: list[str] | None) -> str:
        if types:
            return f"; there is a {types[0]} of that name: refer to it as asset({types[0]!r}, …)"
        near = self._cache.suggestions(key)
        same = [name for name in near if name.casefold() == key.qualified_name.casefold()]
        if same:
            return f"; names are case-sensitive: use {same[0]!r}"
        if near:
            return f"; did you mean {' or '.join(map(repr, near))}?"
        return self._other_connections(key) if key.type_name == "Connection" else ""

    def _other_connections(self, key: Key) -> str:
        names = [repr(name) for name in self._cache.siblings(key)]
        return f"; of this connector it has {enumerate_first(names)}" if names else ""


def _listed(assets: Sequence[str]) -> str:
    """Return which assets are below a missing connection."""
    if not assets:
        return ""
    return f"; {enumerate_first(assets)} {'is' if len(assets) == 1 else 'are'} below it"
