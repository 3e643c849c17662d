"""An end of an edge: an asset of Atlan's, or a dataset as OpenLineage names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from atlan_pulumi.openlineage import asset_path, flat
from atlan_pulumi.unknown import UNKNOWN

DATASET = "Dataset"
COLUMN = "Column"
_NAMING = ("namespace", "name", "field", "type_name", "qualified_name", "guid")


class Asset(NamedTuple):
    """What an edge leads from or to.

    Attributes:
        type_name: Atlan's typeName, such as `Table`; `Dataset` for what OpenLineage names.
        name: The qualifiedName; of a dataset `<namespace>/<name>`; the GUID where it is referred to by that.
        path: The path within its connection, without regard to case and to how segments are joined: a
            dataset and the asset that Atlan takes it for have the same. Empty where there is only a GUID.
        namespace: That of a dataset, or of the dataset that a field is of; else empty.
    """

    type_name: str
    name: str
    path: str
    namespace: str = ""

    @classmethod
    def of(cls, reference: Mapping[str, Any]) -> Asset | None:
        """The asset that a reference names, as it stands in props; None while it is not known."""
        if any(reference.get(key) is UNKNOWN for key in _NAMING):
            return None
        if "namespace" in reference:
            return cls._of_dataset(
                str(reference["namespace"]), str(reference["name"]), reference.get("field")
            )
        type_name, named = str(reference["type_name"]), reference.get("qualified_name")
        if named:
            return cls(type_name, str(named), flat(asset_path(str(named))))
        return cls(type_name, str(reference["guid"]), "")

    @classmethod
    def _of_dataset(cls, namespace: str, name: str, field: str | None) -> Asset:
        if field is None:
            return cls(DATASET, f"{namespace}/{name}", flat(name), namespace)
        return cls(COLUMN, f"{namespace}/{name}/{field}", f"{flat(name)}/{field.casefold()}", namespace)

    @property
    def names(self) -> tuple[str, ...]:
        """What a pattern may match: of a dataset also with its segments joined by slashes."""
        if not self.namespace:
            return (self.name,)
        own = self.name.removeprefix(f"{self.namespace}/")
        return (self.name, f"{self.namespace}/{own.replace('.', '/')}")

    @property
    def is_column(self) -> bool:
        """Whether it is a column or a field whose name tells which table it is of."""
        return self.type_name == COLUMN and bool(self.path)

    @property
    def is_field(self) -> bool:
        """Whether it is a field of a dataset, rather than a column of Atlan's."""
        return self.is_column and bool(self.namespace)

    @property
    def table(self) -> Asset:
        """What a column is a column of; itself, where it is none."""
        if not self.is_column:
            return self
        above = self.name.rpartition("/")[0]
        kind = DATASET if self.is_field else "Table"
        return Asset(kind, above, self.path.rpartition("/")[0], self.namespace)

    def __str__(self) -> str:
        return f"{self.type_name} {self.name!r}"


def assets(value: Any) -> tuple[tuple[Asset, ...], bool]:
    """The assets that a property refers to, and whether these are all of them."""
    if value is UNKNOWN:
        return (), False
    items = value if isinstance(value, list) else [value] if value else []
    found = [Asset.of(item) if isinstance(item, Mapping) else None for item in items]
    return tuple(each for each in found if each is not None), all(found)
