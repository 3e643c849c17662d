"""The arguments of a resource, as a person would write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlan_pulumi.importer._plan import Resource
from atlan_pulumi.importer.code._layout import Items, Node, Text
from atlan_pulumi.importer.code._literals import block, literal
from atlan_pulumi.importer.code._paths import Paths
from atlan_pulumi.lifecycle import Props, connection_of

_FIRST = ("name", "connector", "connection", "process", "process_id", "qualified_name", "inputs", "outputs")
_SHORT_FORMS = {"Table": "atlan.table", "View": "atlan.view", "Column": "atlan.column"}


class Arguments:
    """Writes arguments with the variables and constants of one module."""

    def __init__(
        self, paths: Paths, variables: Mapping[tuple[str, str], str], texts: Mapping[str, str]
    ) -> None:
        """Take what can be referred to.

        Args:
            paths: Writes qualifiedNames.
            variables: Variables of resources, by kind and qualifiedName.
            texts: Constants for long texts, by their value.
        """
        self._paths = paths
        self._variables = variables
        self._texts = texts

    def of(self, resource: Resource) -> list[tuple[str, Node]]:
        """All arguments of a resource, each behind its `name=`."""
        given = _written(resource)
        order = [*(name for name in _FIRST if name in given), *(name for name in given if name not in _FIRST)]
        written = [(f"{name}=", self._value(resource, name, given[name])) for name in order]
        return [("", literal(resource.name)), *written]

    def _value(self, resource: Resource, name: str, value: Any) -> Node:
        if name == "connection":
            return self._variables.get(("Connection", value)) or self._paths.write(value)
        if name == "qualified_name":
            return self._paths.write(value)
        if name in resource.declared.kind.lifecycle.model.references:
            return self._references(name, value)
        return self._plain(value)

    def _references(self, name: str, value: Any) -> Node:
        if isinstance(value, list):
            return Items("[", "]", [("", self._reference(item)) for item in value])
        if name == "process" and "qualified_name" in value:
            known = self._variables.get((value["type_name"], value["qualified_name"]))
            return known or self._paths.write(value["qualified_name"])
        return self._reference(value)

    def _reference(self, reference: Props) -> Node:
        type_name = reference["type_name"]
        if "guid" in reference:
            guid = ("guid=", literal(reference["guid"]))
            return Items("atlan.asset(", ")", [("", literal(type_name)), guid])
        path = self._paths.write(reference["qualified_name"])
        if type_name in _SHORT_FORMS:
            return Items(f"{_SHORT_FORMS[type_name]}(", ")", [("", path)])
        return Items("atlan.asset(", ")", [("", literal(type_name)), ("qualified_name=", path)])

    def _plain(self, value: Any) -> Node:
        if isinstance(value, str):
            return self._texts.get(value) or text(value)
        if isinstance(value, list):
            return Items("[", "]", [("", self._plain(item)) for item in value])
        if isinstance(value, dict):
            return Items("{", "}", [(f"{literal(key)}: ", self._plain(item)) for key, item in value.items()])
        return literal(value)


def text(value: str) -> Node:
    """A text: as it reads where it has several lines."""
    return block(value) if "\n" in value.rstrip("\n") else Text(value)


def _written(resource: Resource) -> Props:
    """The inputs that have to be written: not what the resource would have by itself."""
    inputs, kind = resource.inputs, resource.declared.kind
    implied = {"managed_by"}
    if kind.is_edge:
        implied.add("qualified_name")
        if inputs["process_id"] == resource.name:
            implied.add("process_id")
    process = inputs.get("process", {}).get("qualified_name")
    if process and connection_of(process) == inputs["connection"]:
        implied.add("connection")
    return {name: value for name, value in inputs.items() if name not in implied}
