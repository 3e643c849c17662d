"""Reference checks: every referenced asset must exist, be live, and have the type in the reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from atlan_pulumi.lifecycle import EntityKey as Key
from atlan_pulumi.lifecycle import InputProblem, last_written
from atlan_pulumi.naming import asset_types, connection_of
from atlan_pulumi.preflight._declaration import Declaration, PropertyReference
from atlan_pulumi.preflight._entity_cache import EntityCache
from atlan_pulumi.preflight._report import Findings

_MOST_SUGGESTIONS = 20
"""The number of missing assets for which the nearest names are looked up."""


class Missing(NamedTuple):
    """A reference to an asset that does not exist."""

    declaration: Declaration
    reference: PropertyReference


def check_references(
    found: Mapping[Declaration, Findings], declared: Mapping[Key, Declaration], cache: EntityCache
) -> None:
    """Add a problem for each invalid reference.

    Assets that the program creates first need not exist yet. If resources of other kinds, such as a crawler's
    run, may create a missing asset, it is a warning.
    """
    missing: list[Missing] = []
    for declaration, findings in found.items():
        for reference in declaration.references():
            asset = cache.resolve(reference)
            if reference.key is not None and reference.key in declaration.created_before:
                continue
            if asset is not None and asset.status == "ACTIVE":
                findings.problems += _mistyped(reference, asset.type_name)
            elif reference.key is not None and reference.key in declared:
                maker = declared[reference.key].resource_name
                findings.problems.append(InputProblem(reference.name, _out_of_order(reference.key, maker)))
            elif asset is not None:
                reason = f"{reference} is archived in Atlan ({last_written(asset)}); restore it first"
                findings.problems.append(InputProblem(reference.name, reason))
            else:
                missing.append(Missing(declaration, reference))
    for each, reason in _reasons(missing, cache):
        _report(each, reason, found[each.declaration])


def _report(missing: Missing, reason: str, findings: Findings) -> None:
    if missing.declaration.waits_for_others:
        findings.warnings.append(f"{missing.reference.name}: {reason}; it must exist when this is deployed")
    else:
        findings.problems.append(InputProblem(missing.reference.name, reason))


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


def _reasons(missing: list[Missing], cache: EntityCache) -> Iterator[tuple[Missing, str]]:
    """Return the reason for each missing asset."""
    return zip(missing, missing_reasons([each.reference for each in missing], cache), strict=True)


def missing_reasons(references: Sequence[PropertyReference], cache: EntityCache) -> Iterator[str]:
    """Yield one line for each missing asset, with the nearest existing names."""
    keys = list(dict.fromkeys(reference.key for reference in references if reference.key))
    if keys:
        cache.load(Key("Connection", connection_of(key.qualified_name)) for key in keys)
    types = cache.types_of([key.qualified_name for key in keys])
    hints = {key: _hint(key, types.get(key.qualified_name), cache) for key in keys[:_MOST_SUGGESTIONS]}
    for reference in references:
        yield f"Atlan has no {reference}{hints.get(reference.key, '') if reference.key else ''}"


def _hint(key: Key, types: list[str] | None, cache: EntityCache) -> str:
    if types:
        return f"; there is a {types[0]} of that name: refer to it as asset({types[0]!r}, …)"
    connection = connection_of(key.qualified_name)
    if key.type_name != "Connection" and not _is_live(cache, Key("Connection", connection)):
        return f"; there is no connection {connection!r} either"
    near = cache.suggestions(key)
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ""


def _is_live(cache: EntityCache, key: Key) -> bool:
    found = cache.get(key)
    return found is not None and found.status == "ACTIVE"
