"""A reference to an asset, by GUID or by qualifiedName."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reference:
    """Names an asset; at least one of `guid` and `qualified_name` is set.

    Attributes:
        type_name: The asset's type, such as `Table`.
        guid: Its GUID; also, within one request, another entity's placeholder such as `-1`.
        qualified_name: Its qualifiedName.

    Raises:
        ValueError: Neither is set.
    """

    type_name: str
    guid: str | None = None
    qualified_name: str | None = None

    def __post_init__(self) -> None:
        if not (self.guid or self.qualified_name):
            raise ValueError(f"a reference to a {self.type_name} needs a guid or a qualified_name")

    def to_wire(self) -> dict[str, Any]:
        """As Atlan takes it: by GUID where that is known (Atlan lets it win), else by qualifiedName."""
        if self.guid:
            return {"typeName": self.type_name, "guid": self.guid}
        return {"typeName": self.type_name, "uniqueAttributes": {"qualifiedName": self.qualified_name}}

    @classmethod
    def from_wire(cls, stub: Any) -> Reference | None:
        """The reference that a relationship's stub makes; None for what names no asset."""
        if not isinstance(stub, dict) or not stub.get("typeName"):
            return None
        guid, name = stub.get("guid"), _qualified_name(stub)
        return cls(stub["typeName"], guid, name) if guid or name else None


def _qualified_name(stub: dict[str, Any]) -> str | None:
    named = (stub.get("uniqueAttributes") or {}, stub.get("attributes") or {})
    return next((each["qualifiedName"] for each in named if each.get("qualifiedName")), None)
