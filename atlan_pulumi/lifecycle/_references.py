"""References to assets, validated, and as Atlan's REST API takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from atlan_pulumi import asset_types
from atlan_pulumi.lifecycle._model import Element, Inputs, Mistake, did_you_mean, refer_with
from atlan_pulumi.lifecycle._qualified_name import AssetName
from atlan_pulumi.unknown import has_unknown, is_known

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_guid(value: str) -> bool:
    """Whether `value` has the form of a GUID."""
    return bool(_GUID.fullmatch(value))


def _guid(value: str) -> str:
    if not is_guid(value):
        raise ValueError(f"{value!r} is not a GUID, such as '495b1516-aaaf-4390-8cfd-b11ade7a7799'")
    return value


def _type_name(value: str) -> str:
    if not asset_types.is_known(value):
        near = did_you_mean(value, asset_types.type_names())
        raise ValueError(f"{value!r} is not a type of Atlan's, such as 'Table' (case matters){near}")
    return value


class ReferenceInputs(Inputs):
    """One reference, validated."""

    type_name: Annotated[str, AfterValidator(_type_name)]
    qualified_name: AssetName | None = None
    guid: Annotated[str, AfterValidator(_guid)] | None = None

    def mistakes(self, place: str, kind: str) -> Iterator[Mistake]:
        """What is wrong with this reference, beyond its single values.

        Args:
            place: Where it stands, such as `inputs[2]`.
            kind: The type that an asset has to be of there, or a kind of.
        """
        name = place.partition("[")[0]
        if (self.qualified_name is None) == (self.guid is None):
            yield Mistake(name, f"{place}: give exactly one of qualified_name and guid")
        if is_known(self.type_name) and not asset_types.is_a(self.type_name, kind):
            advice = f"; {refer_with(type(self), kind)}" if kind == "Catalog" else ""
            yield Mistake(
                name, f"{place}: a {self.type_name} cannot stand here, where a {kind} is due{advice}"
            )


#: A reference as an element of a list, where it may still be unknown as a whole.
ReferenceElement = Annotated[ReferenceInputs, Element]


def to_wire(reference_: Mapping[str, Any]) -> dict[str, Any]:
    """A reference as Atlan's REST API takes it."""
    wire: dict[str, Any] = {"typeName": reference_["type_name"]}
    if reference_.get("guid"):
        return wire | {"guid": reference_["guid"]}
    return wire | {"uniqueAttributes": {"qualifiedName": reference_["qualified_name"]}}


def references_in(value: Any) -> list[dict[str, Any]]:
    """The references in the value of a property, be it one or a list, that are known."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict) and not has_unknown(item)]


def sort_key(item: Mapping[str, Any]) -> tuple[str, str, str]:
    """An order for sets of references, or of OpenLineage datasets, that reads well in a preview."""
    kind = item.get("type_name") or item.get("namespace") or ""
    return (kind, item.get("qualified_name") or item.get("name") or "", item.get("guid") or "")
