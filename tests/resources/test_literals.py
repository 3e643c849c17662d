"""The types of closed sets list what the resources accept, and annotate every property that has one."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, get_args

import pulumi
import pytest

import atlan_pulumi as atlan
from atlan_pulumi.lifecycle import AssetInputs
from atlan_pulumi.naming import CATEGORIES
from atlan_pulumi.preflight._preflight import Level
from atlan_pulumi.resources import literals
from atlan_pulumi.resources._arguments import AssetArgs
from atlan_pulumi.resources._edge import ProcessArgs, ProcessAttributes
from atlan_pulumi.resources._job_inputs import OpenLineageJobInputs
from atlan_pulumi.resources.connection import ConnectionArgs, ConnectionInputs

ARGUMENTS = [AssetArgs, ProcessArgs, ConnectionArgs]
RESOURCES = [
    atlan.ColumnLineage,
    atlan.ColumnProcess,
    atlan.Connection,
    atlan.LineageMap,
    atlan.OpenLineageConnection,
    atlan.OpenLineageJob,
    atlan.Process,
    atlan.ProcessSet,
]
#: The exported types.
TYPES = {name: getattr(atlan, name) for name in atlan.__all__ if hasattr(literals, name)}


def values_of(annotation: Any) -> set[str]:
    """Return the texts that an annotation lists, in any of its alternatives."""
    if isinstance(annotation, str):
        return {annotation}
    return set().union(*(values_of(each) for each in get_args(annotation)))


def validated() -> dict[str, set[str]]:
    """Return the texts that the validation lists, by property."""
    models = (AssetInputs, ProcessAttributes, ConnectionInputs, OpenLineageJobInputs)
    fields = {name: field.annotation for model in models for name, field in model.model_fields.items()}
    found = {name: values_of(annotation) for name, annotation in fields.items()}
    return {name: values for name, values in found.items() if values} | {"category": set(CATEGORIES)}


def texts_of(declaration: Any) -> Iterator[tuple[str, str]]:
    """Yield the name and the annotation of each argument, as text."""
    if declaration in ARGUMENTS:
        for name, annotation in declaration.__annotations__.items():
            yield name, getattr(annotation, "__forward_arg__", str(annotation))
        return
    for parameter in inspect.signature(declaration).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY:
            yield parameter.name, str(parameter.annotation)


def evaluated(text: str) -> set[str]:
    return values_of(eval(text, {**vars(literals), "pulumi": pulumi}))


def test_every_type_is_exported_and_documented_as_a_closed_set() -> None:
    defined = {name for name, value in vars(literals).items() if get_args(value)}
    assert TYPES.keys() == defined
    assert len(TYPES) >= 9


def test_every_property_with_a_closed_set_has_its_type() -> None:
    closed = validated()
    assert len(closed) >= 8
    annotations = [(name, text) for each in ARGUMENTS for name, text in texts_of(each)]
    annotations += [(name, text) for each in RESOURCES for name, text in texts_of(each)]
    found = [(name, evaluated(text)) for name, text in annotations if name in closed]
    assert [(name, values) for name, values in found if values != closed[name]] == []
    assert {name for name, _ in found} == closed.keys()


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: each.__name__)
def test_every_resource_has_a_typed_deletion_mode(resource: Any) -> None:
    assert evaluated(dict(texts_of(resource))["delete_type"]) == set(get_args(literals.DeleteType))


def test_the_levels_of_the_checks_are_those_of_the_preflight() -> None:
    assert set(get_args(literals.CheckLevel)) == set(get_args(Level))
    parameters = inspect.signature(atlan.AtlanProvider).parameters
    for name in ("stray_columns", "repeated_lineage"):
        assert "CheckLevel" in str(parameters[name].annotation)
