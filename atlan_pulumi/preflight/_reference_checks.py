"""Every asset that is referred to must be there, live, and of the type that the reference says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from atlan_pulumi.lifecycle import EntityKey as Key
from atlan_pulumi.lifecycle import InputProblem, last_written
from atlan_pulumi.naming import asset_types, connection_of
from atlan_pulumi.preflight._catalog import Catalog
from atlan_pulumi.preflight._declaration import Declaration, Place
from atlan_pulumi.preflight._report import Findings

_MOST_SUGGESTIONS = 20
"""For so many missing assets the nearest names are looked up: more would be a problem in all of them."""


class Missing(NamedTuple):
    """A reference that leads to nothing."""

    declaration: Declaration
    place: Place


def look_at_references(
    found: Mapping[Declaration, Findings], declared: Mapping[Key, Declaration], catalog: Catalog
) -> None:
    """Add each reference that cannot stand, with the reason.

    What the program makes before needs not be there yet. Nor does what resources of other kinds may bring
    about, such as a crawler's run: that is told as a warning.
    """
    missing: list[Missing] = []
    for declaration, findings in found.items():
        for place in declaration.places():
            asset = catalog.at(place)
            if place.key is not None and place.key in declaration.made_before:
                continue
            if asset is not None and asset.status == "ACTIVE":
                findings.problems += _mistyped(place, asset.type_name)
            elif place.key is not None and place.key in declared:
                maker = declared[place.key].resource_name
                findings.problems.append(InputProblem(place.name, _out_of_order(place.key, maker)))
            elif asset is not None:
                reason = f"{place} is archived in Atlan ({last_written(asset)}); restore it first"
                findings.problems.append(InputProblem(place.name, reason))
            else:
                missing.append(Missing(declaration, place))
    for each, reason in _reasons(missing, catalog):
        _tell(each, reason, found[each.declaration])


def _tell(missing: Missing, reason: str, findings: Findings) -> None:
    if missing.declaration.waits_for_others:
        findings.warnings.append(f"{missing.place.name}: {reason}; it has to be there when this is deployed")
    else:
        findings.problems.append(InputProblem(missing.place.name, reason))


def _mistyped(place: Place, actual: str) -> Iterator[InputProblem]:
    """A reference by GUID, where Atlan itself does not look at the type."""
    type_name = place.reference["type_name"]
    if not asset_types.is_a(actual, type_name):
        reason = f"{place.guid!r} is a {actual}, not a {type_name}: refer to it as asset({actual!r}, …)"
        yield InputProblem(place.name, reason)


def _out_of_order(key: Key, maker: str) -> str:
    return (
        f"{key} is yet to be made, by {maker!r} of this program: refer to that resource itself "
        "rather than to its name, so that it is made first"
    )


def _reasons(missing: list[Missing], catalog: Catalog) -> Iterator[tuple[Missing, str]]:
    """Why each cannot stand."""
    return zip(missing, why_missing([each.place for each in missing], catalog), strict=True)


def why_missing(places: Sequence[Place], catalog: Catalog) -> Iterator[str]:
    """For each asset that is not there a line that says so, and what is nearest to it."""
    keys = list(dict.fromkeys(place.key for place in places if place.key))
    if keys:
        catalog.load(Key("Connection", connection_of(key.qualified_name)) for key in keys)
    types = catalog.types_of([key.qualified_name for key in keys])
    hints = {key: _hint(key, types.get(key.qualified_name), catalog) for key in keys[:_MOST_SUGGESTIONS]}
    for place in places:
        yield f"Atlan has no {place}{hints.get(place.key, '') if place.key else ''}"


def _hint(key: Key, types: list[str] | None, catalog: Catalog) -> str:
    if types:
        return f"; there is a {types[0]} of that name: refer to it as asset({types[0]!r}, …)"
    connection = connection_of(key.qualified_name)
    if key.type_name != "Connection" and not _is_live(catalog, Key("Connection", connection)):
        return f"; there is no connection {connection!r} either"
    near = catalog.near(key)
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ""


def _is_live(catalog: Catalog, key: Key) -> bool:
    found = catalog.named(key)
    return found is not None and found.status == "ACTIVE"
