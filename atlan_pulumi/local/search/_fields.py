"""Searchable fields and the SQL behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_COLUMNS = {
    "guid": "guid",
    "__guid": "guid",
    "__state": "status",
    "__typeName": "type_name",
    "qualifiedName": "qualified_name",
    "name": "name",
    "__timestamp": "create_time",
    "__modificationTimestamp": "update_time",
    "__createdBy": "created_by",
    "__modifiedBy": "updated_by",
    "__hasLineage": "has_lineage",
    "connectionQualifiedName": "json_extract(attributes, '$.connectionQualifiedName')",
}
_LISTS = {
    "__superTypeNames": ("json_each(super_types(type_name))", "value"),
    "__traitNames": ("json_each(extras, '$.classifications')", "json_extract(value, '$.typeName')"),
    "__classificationNames": ("json_each(extras, '$.classifications')", "json_extract(value, '$.typeName')"),
}
_TEXTS = frozenset({"name", "displayName", "description", "userDescription", "__typeName"})
_NAMES = frozenset({"guid", "__guid", "__typeName", "qualifiedName", "name", "connectionQualifiedName"})
_SUFFIXES = ("keyword", "text", "stemmed", "hierarchy", "delimited")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the index.

    Attributes:
        base: the attribute's name.
        suffix: the sub-field (`keyword`, `text`, …), or nothing.
    """

    base: str
    suffix: str

    @property
    def folds(self) -> bool:
        """Whether case does not matter: keyword sub-fields and analysed texts are lower-cased."""
        return self.suffix in ("keyword", "text", "stemmed") or self.analysed

    @property
    def analysed(self) -> bool:
        """Whether the field is split into words."""
        return self.suffix in ("text", "stemmed") or (not self.suffix and self.base in _TEXTS)

    @property
    def hierarchical(self) -> bool:
        """Whether the field holds the path to each ancestor as well."""
        return self.suffix == "hierarchy"

    @property
    def scalar(self) -> str:
        """An SQL expression for the field's single value (to sort and group by)."""
        return _COLUMNS.get(self.base) or f"json_extract(attributes, '{self._path}')"

    @property
    def is_name(self) -> bool:
        """Whether its values are names or ids, whatever they look like, rather than numbers or times."""
        return self.base in _NAMES

    def holds(self, test: Callable[[str], str]) -> str:
        """An SQL condition: some value of the field passes a test.

        Args:
            test: makes a condition of an expression for one value.
        """
        if self.base in _COLUMNS:
            return test(_COLUMNS[self.base])
        source, value = _LISTS.get(self.base, (f"json_each(attributes, '{self._path}')", "value"))
        return f"EXISTS (SELECT 1 FROM {source} WHERE {test(value)})"  # noqa: S608 - the path is quoted

    @property
    def _path(self) -> str:
        plain = self.base.replace("'", "").replace('"', "")
        return f'$."{plain}"'


def field(name: str) -> Field:
    """The field with this name, as a query writes it."""
    base, dot, suffix = name.rpartition(".")
    return Field(base, suffix) if dot and suffix in _SUFFIXES else Field(name, "")
