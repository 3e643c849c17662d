"""What a job says of its output datasets in OpenLineage's facets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from atlan_pulumi.declared import Asset, Edge


def fields_in_schemas(edge: Edge) -> Iterator[tuple[Asset, list[str]]]:
    """The output datasets whose facet `schema` names their fields, with these."""
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
