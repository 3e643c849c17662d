"""The column lineage of an `OpenLineageJob`, from its `columns` and from the facets of its outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from atlan_pulumi.lifecycle import Props
from atlan_pulumi.openlineage import Side
from atlan_pulumi.unknown import UNKNOWN, has_unknown, is_known

_SIDES = ("inputs", "outputs")
_FIELD = ("namespace", "name", "field")


def columns_are_known(job: Props) -> bool:
    """Whether all column lineage of a job is known."""
    facets = [_fields(dataset) for dataset in _datasets(job, "outputs")]
    return not has_unknown([job.get("columns"), *(_names(job, side) for side in _SIDES), facets])


def columns_of(job: Props) -> Iterator[tuple[Props, Any]]:
    """Each output field with the fields that it is made of, as references; `UNKNOWN` where they are."""
    if has_unknown([_names(job, side) for side in _SIDES]):
        return
    inputs, outputs = (Side(_datasets(job, side)) for side in _SIDES)
    columns = job.get("columns")
    for target, texts in sorted(columns.items()) if isinstance(columns, Mapping) else ():
        known = is_known(texts) and not has_unknown(list(texts))
        yield _field(outputs, target), [_field(inputs, each) for each in texts] if known else UNKNOWN
    for dataset in outputs.datasets:
        yield from _in_facet(dataset)


def _datasets(job: Props, side: str) -> list[Any]:
    datasets = job.get(side)
    return datasets if isinstance(datasets, list) else [UNKNOWN] if datasets is UNKNOWN else []


def _names(job: Props, side: str) -> list[Any]:
    """What has to be known of the datasets at one side; their facets may be unknown."""
    return [
        (each["namespace"], each["name"]) if isinstance(each, Mapping) else each
        for each in _datasets(job, side)
    ]


def _field(side: Side, text: str) -> Props:
    field = side.field(text)
    if field is None:
        return {"type_name": "Column", "qualified_name": text}
    return {"namespace": field.namespace, "name": field.name, "field": field.field}


def _in_facet(dataset: Props) -> Iterator[tuple[Props, Any]]:
    """The fields whose sources an output's facet `columnLineage` tells; a constant has none."""
    fields = _fields(dataset)
    for field, lineage in sorted(fields.items()) if isinstance(fields, Mapping) else ():
        read = lineage.get("inputFields") if isinstance(lineage, Mapping) else lineage
        target = {"namespace": dataset["namespace"], "name": dataset["name"], "field": field}
        if read is UNKNOWN:
            yield target, UNKNOWN
        elif isinstance(read, list) and read:
            yield target, [_source(each) for each in read]


def _source(field: Any) -> Any:
    return {key: field.get(key) for key in _FIELD} if isinstance(field, Mapping) else UNKNOWN


def _fields(dataset: Any) -> Any:
    """What the facet `columnLineage` tells of a dataset's fields; `UNKNOWN` where it is not known yet."""
    found = dataset
    for key in ("facets", "columnLineage", "fields"):
        found = found.get(key) if isinstance(found, Mapping) else found
    return found if isinstance(found, Mapping) or found is UNKNOWN else None
