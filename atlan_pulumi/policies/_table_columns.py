"""The columns of tables, from Atlan and from schema facets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from atlan_pulumi.declared import Asset, Edge
from atlan_pulumi.policies._tenant import tenant_client


def columns_in_atlan(tables: Sequence[str]) -> dict[str, list[str]]:
    """Return the sorted names of the columns of tables and views in Atlan, without nested columns.

    Returns nothing, without a request, if no tenant is configured or `atlan:previewChecks` is off.

    Args:
        tables: The qualifiedNames of the tables.

    Raises:
        AtlanError: The settings are invalid, or Atlan refused the request or cannot be reached.
    """
    if not tables:
        return {}
    found: dict[str, list[str]] = defaultdict(list)
    with tenant_client() as client:
        if client is None:
            return {}
        for table, column, _ in client.search.columns_of(tables):
            found[table].append(column)
    return {table: sorted(columns) for table, columns in found.items()}


def fields_in_schemas(edge: Edge) -> Iterator[tuple[Asset, list[str]]]:
    """Yield the output datasets that have a `schema` facet, with the names of its fields."""
    for dataset, schema in _facets(edge, "schema"):
        fields = schema.get("fields")
        names = [_name(field) for field in fields] if isinstance(fields, list) else []
        if names and all(isinstance(name, str) and name for name in names):
            yield dataset, names


def _name(field: Any) -> Any:
    return field.get("name") if isinstance(field, Mapping) else None


def _facets(edge: Edge, key: str) -> Iterator[tuple[Asset, Mapping[str, Any]]]:
    outputs = edge.declared.get("outputs")
    for each in outputs if isinstance(outputs, list) else ():
        dataset = Asset.of(each) if isinstance(each, Mapping) and "namespace" in each else None
        facets = each.get("facets") if dataset else None
        facet = facets.get(key) if isinstance(facets, Mapping) else None
        if dataset is not None and isinstance(facet, Mapping):
            yield dataset, facet
