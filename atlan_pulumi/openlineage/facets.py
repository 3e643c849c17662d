"""Validate facets with OpenLineage's models.

A facet defined by OpenLineage's specification must match its model. A custom facet, under another key, may
contain anything.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, Literal

import cattrs
from openlineage.client import facet_v2
from openlineage.client.generated import base

FacetKind = Literal["run", "job", "dataset", "input", "output"]

_BASES: dict[FacetKind, type[base.BaseFacet]] = {
    "run": base.RunFacet,
    "job": base.JobFacet,
    "input": base.InputDatasetFacet,
    "output": base.OutputDatasetFacet,
    "dataset": base.DatasetFacet,
}
#: Keys of facets that do not follow from their class names.
_KEYS = {
    "DatasetVersion": "version",
    "Datasource": "dataSource",
    "ProcessingEngine": "processing_engine",
    "SQL": "sql",
}


def facet(
    kind: FacetKind, key: str, value: Mapping[str, Any], producer: str, *, strict: bool = True
) -> base.BaseFacet | dict[str, Any]:
    """Build a facet from plain data.

    Args:
        kind: The kind of facet.
        key: The key of the facet.
        value: The content of the facet.
        producer: The producer, unless the value has one.
        strict: Whether to refuse properties that the model does not have. Other OpenLineage versions
            may have some.

    Raises:
        ValueError: The facet is invalid. The message says where and why.
    """
    model = known_facets(kind).get(key)
    if model is None:
        if near := _near_key(kind, key):
            raise ValueError(f"unknown {kind} facet {key!r}; did you mean {near!r}?")
        return {"_producer": producer, "_schemaURL": _BASES[kind]._get_schema(), **value}  # noqa: SLF001
    properties = {name: item for name, item in value.items() if name not in ("_producer", "_schemaURL")}
    try:
        made = _converter(strict=strict).structure(properties, model)
    except cattrs.BaseValidationError as error:
        raise ValueError("; ".join(_reasons(error))) from None
    made._producer = str(value.get("_producer") or producer)  # noqa: SLF001 - the field's name in the model
    return made


def known_facets(kind: FacetKind) -> dict[str, type[base.BaseFacet]]:
    """Return the facets of a kind that OpenLineage's specification defines, by key."""
    return _known()[kind]


@functools.cache
def _known() -> dict[FacetKind, dict[str, type[base.BaseFacet]]]:
    found: dict[FacetKind, dict[str, type[base.BaseFacet]]] = {kind: {} for kind in _BASES}
    for module in vars(facet_v2).values():
        for model in _models(module) if isinstance(module, ModuleType) else ():
            kind = next(kind for kind, base_ in _BASES.items() if issubclass(model, base_))
            found[kind][_key(model)] = model
    return found


def _models(module: ModuleType) -> Iterator[type[base.BaseFacet]]:
    bases = tuple(_BASES.values())
    for _, model in inspect.getmembers(module, inspect.isclass):
        if model.__module__ == module.__name__ and issubclass(model, bases) and model not in bases:
            yield model


def _key(model: type) -> str:
    stem = re.sub(r"((Input|Output)?Dataset|Run|Job)Facet$", "", model.__name__)
    return _KEYS.get(stem) or stem[0].lower() + stem[1:]


def _near_key(kind: FacetKind, key: str) -> str | None:
    def bare(name: str) -> str:
        return name.replace("_", "").casefold()

    return next((name for name in known_facets(kind) if bare(name) == bare(key)), None)


@functools.cache
def _converter(*, strict: bool) -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=strict)
    for scalar in (str, bool):
        converter.register_structure_hook(scalar, _exactly)
    return converter


def _exactly(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is not a {kind.__name__}")
    return value


def _reasons(error: cattrs.BaseValidationError) -> list[str]:
    reasons = cattrs.transform_error(error)
    plain = [re.sub(r"unknown error \(.*?\)(?= @|$)", "has the wrong type", reason) for reason in reasons]
    return list(dict.fromkeys(reason.replace(" @ $.", " at ").replace(" @ $", "") for reason in plain))
