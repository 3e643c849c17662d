"""The arguments of a resource, as an author would write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlan_pulumi.importer._full import lineage_in_full
from atlan_pulumi.importer._plan import Resource
from atlan_pulumi.importer.code._layout import Items, Node
from atlan_pulumi.importer.code._literals import literal
from atlan_pulumi.importer.code._mappings import Mappings, process_of_map
from atlan_pulumi.importer.code._paths import Writer
from atlan_pulumi.importer.code._references import References
from atlan_pulumi.importer.code._values import plain
from atlan_pulumi.lifecycle import Props, connection_of

_FIRST = (
    "name",
    "connector",
    "connection",
    "base",
    "process",
    "process_id",
    "job_name",
    "qualified_name",
    "inputs",
    "outputs",
)
_SHORT_FORMS = {"Table": "atlan.table", "View": "atlan.view", "Column": "atlan.column"}
_TABLES = ("input_tables", "output_tables")


class Arguments:
    """Writes arguments with the variables and constants of one module."""

    def __init__(self, paths: Writer, references: References, texts: Mapping[str, str]) -> None:
        """Take what can be referred to.

        Args:
            paths: Writes qualifiedNames.
            references: The variables of resources.
            texts: Constants for long texts, by their value.
        """
        self._paths = paths
        self._references_to = references
        self._texts = texts

    def of(self, resource: Resource) -> list[tuple[str, Node]]:
        """All arguments of a resource, each behind its `name=`."""
        given = self._written(resource)
        order = [*(name for name in _FIRST if name in given), *(name for name in given if name not in _FIRST)]
        return [("", literal(resource.name)), *((f"{name}=", given[name]) for name in order)]

    def _written(self, resource: Resource) -> dict[str, Node]:
        """What has to be written: not what the resource would have by itself."""
        if resource.declared.kind.name == "ProcessSet":
            return self._of_map(resource)
        if resource.declared.kind.name == "ColumnLineage":
            return self._of_columns(resource)
        given = _not_implied(resource)
        return {name: self._value(resource, name, value) for name, value in given.items()} | self._options(
            resource
        )

    def _value(self, resource: Resource, name: str, value: Any) -> Node:
        if name == "connection":
            return self._connection(value)
        if name == "qualified_name":
            return self._paths.write(value)
        if name in resource.declared.kind.lifecycle.model.references:
            return self._process(value) if name == "process" else self._references(value)
        if resource.kind == "OpenLineageJob" and name in ("inputs", "outputs"):
            return Items("[", "]", [("", self._dataset(each)) for each in value])
        return plain(value, self._texts)

    def _connection(self, name: str) -> Node:
        return self._references_to.variables.get(("Connection", name)) or self._paths.write(name)

    def _process(self, value: Props) -> Node:
        named = value.get("qualified_name")
        known = self._references_to.variables.get((value["type_name"], named)) if named else None
        if known or value["type_name"] != "Process" or not named:
            return known or self._reference(value)
        return self._paths.write(named)

    def _references(self, value: Any) -> Node:
        if isinstance(value, list):
            return Items("[", "]", [("", self._reference(item)) for item in value])
        return self._reference(value)

    def _reference(self, reference: Props) -> Node:
        type_name = reference["type_name"]
        if "guid" in reference:
            guid = ("guid=", literal(reference["guid"]))
            return Items("atlan.asset(", ")", [("", literal(type_name)), guid])
        path = self._paths.write(reference["qualified_name"], within=type_name == "Column")
        if type_name in _SHORT_FORMS:
            return Items(f"{_SHORT_FORMS[type_name]}(", ")", [("", path)])
        return Items("atlan.asset(", ")", [("", literal(type_name)), ("qualified_name=", path)])

    def _dataset(self, dataset: Props) -> Node:
        """A dataset; where nothing is known of its system, its namespace is a connection of Atlan's."""
        namespace = dataset["namespace"]
        place = literal(namespace) if ":" in namespace else self._paths.write(namespace)
        return Items("atlan.dataset(", ")", [("", place), ("", literal(dataset["name"]))])

    def _of_columns(self, resource: Resource) -> dict[str, Node]:
        """A `ColumnLineage`: tables that its process shows need not be named."""
        props = resource.inputs
        process = self._references_to.resources.get(("Process", props["process"]["qualified_name"]))
        if process is not None and process.kind == "Process":
            tables = [_names(process.inputs[side]) for side in ("inputs", "outputs")]
            named: dict[str, Node] = {}
        else:
            tables = [props[side] for side in _TABLES]
            named = {side: self._paths_in(props[side]) for side in _TABLES}
        full = lineage_in_full(props)
        write = Mappings(self._paths, *tables)
        written = {
            "process": self._process(props["process"]),
            **named,
            "columns": write.columns(full.columns),
        }
        written |= {"sql": write.sql(full.sql)} if full.sql else {}
        return written | _also(props, "name", "adopt") | self._options(resource)

    def _paths_in(self, names: list[str]) -> Node:
        return Items("[", "]", [("", self._paths.write(name)) for name in names])

    def _of_map(self, resource: Resource) -> dict[str, Node]:
        """A `LineageMap`, with its data as a mapping."""
        props = resource.inputs
        base = props.get("base") or props["connection"]
        rows = [
            (f"{literal(process_id)}: ", process_of_map(short, base, self._paths))
            for process_id, short in sorted(props["processes"].items())
        ]
        written = {"connection": self._connection(props["connection"])}
        written |= {"base": self._paths.write(props["base"])} if "base" in props else {}
        written |= {"processes": Items("{", "}", rows, spread=True)}
        return written | _also(props, "column_name", "adopt") | self._options(resource)

    def _options(self, resource: Resource) -> dict[str, Node]:
        """The component above it, and the map that holds its process, which goes after it."""
        process = resource.inputs.get("process", {}).get("qualified_name")
        holder = self._references_to.maps.get(process or "")
        parent = self._references_to.components.get(resource.parents)
        given = [("parent=", parent)] if parent else []
        given += [("depends_on=", f"[{holder}]")] if holder else []
        return {"opts": Items("pulumi.ResourceOptions(", ")", given)} if given else {}


def _also(props: Props, *names: str) -> dict[str, Node]:
    """Those of the properties that are given."""
    return {name: plain(props[name]) for name in names if name in props}


def _names(references: list[Props]) -> list[str]:
    return [each["qualified_name"] for each in references if each.get("qualified_name")]


def _not_implied(resource: Resource) -> Props:
    """The inputs of a resource that is one entity, without what it would have by itself."""
    inputs = resource.declared.written or resource.inputs
    kind = resource.declared.kind
    implied = {"managed_by", "events_path"}
    if kind.type_name != "Connection":
        implied.add("qualified_name")
    implied |= {name for name in ("process_id", "job_name") if inputs.get(name) == resource.name}
    if inputs.get("partial_assets"):
        implied.add("partial_assets")
    process = inputs.get("process", {}).get("qualified_name")
    if process and connection_of(process) == inputs["connection"]:
        implied.add("connection")
    return {name: value for name, value in inputs.items() if name not in implied}
