"""Write the module that declares all resources of an import."""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from atlan_pulumi.importer._lineage_maps import component_name, lineage_in_full
from atlan_pulumi.importer._names import Unique, constant, variables
from atlan_pulumi.importer._plan import ImportPlan, Resource
from atlan_pulumi.importer._summary import amounts
from atlan_pulumi.importer.code._asset_call import asset_call
from atlan_pulumi.importer.code._expressions import (
    WIDTH,
    Items,
    Node,
    expression,
    format_lines,
    literal,
    text,
)
from atlan_pulumi.importer.code._paths import PathConstants, Uses, Writer
from atlan_pulumi.importer.code._references import Mappings, References, process_of_map, resource_variables
from atlan_pulumi.lifecycle import Props
from atlan_pulumi.naming import connection_of
from atlan_pulumi.text import printable

_FIRST = (
    "type_name",
    "name",
    "connector",
    "connection",
    "parent",
    "database",
    "schema",
    "table",
    "order",
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
_NEVER_TEXTS = frozenset({"qualified_name", "managed_by", "connection", "process_id", "base", "events_path"})
_LONG = 80
"""The minimum length of a repeated text that becomes a constant."""


class Arguments:
    """Write arguments with the variables and constants of a module."""

    def __init__(self, paths: Writer, references: References, texts: Mapping[str, str]) -> None:
        """Set the variables and constants.

        Args:
            paths: Writes qualifiedNames.
            references: The variables of resources.
            texts: Constants for long texts, by their value.
        """
        self._paths = paths
        self._references_to = references
        self._texts = texts

    def of(self, resource: Resource) -> list[tuple[str, Node]]:
        """Return the arguments of a resource with their `name=` prefixes."""
        given = self._written(resource)
        order = [*(name for name in _FIRST if name in given), *(name for name in given if name not in _FIRST)]
        return [("", literal(resource.name)), *((f"{name}=", given[name]) for name in order)]

    def _written(self, resource: Resource) -> dict[str, Node]:
        """Return the arguments without implied values."""
        if resource.declared.kind.is_asset:
            return self._of_asset(resource)
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
        return expression(value, self._texts)

    def _connection(self, name: str) -> Node:
        return self._references_to.variables.get(("Connection", name)) or self._paths.write(name)

    def _process(self, value: Props) -> Node:
        named = value.get("qualified_name")
        known = self._references_to.variables.get((value["type_name"], named)) if named else None
        if known or value["type_name"] != "Process" or not named:
            return known or self._reference(value)
        return self._paths.write(named)

    def _of_asset(self, resource: Resource) -> dict[str, Node]:
        """Return the arguments of a declared asset."""
        call = asset_call(resource)
        written = {
            name: self._value(resource, name, value)
            for name, value in call.arguments.items()
            if name != call.place
        }
        if call.place:
            written[call.place] = self._container(call.arguments[call.place], call.place_type)
        return written | self._options(resource)

    def _container(self, value: Props, type_name: str) -> Node:
        known = self._references_to.variables.get((value["type_name"], value["qualified_name"]))
        if known or value["type_name"] != type_name:
            return known or self._reference(value)
        return self._paths.write(value["qualified_name"])

    def _references(self, value: Any) -> Node:
        if isinstance(value, list):
            return Items("[", "]", [("", self._reference(item)) for item in value])
        return self._reference(value)

    def _reference(self, reference: Props) -> Node:
        type_name = reference["type_name"]
        if known := self._references_to.variables.get((type_name, reference.get("qualified_name", ""))):
            return known
        if "guid" in reference:
            guid = ("guid=", literal(reference["guid"]))
            return Items("atlan.asset(", ")", [("", literal(type_name)), guid])
        path = self._paths.write(reference["qualified_name"], within=type_name == "Column")
        if type_name in _SHORT_FORMS:
            return Items(f"{_SHORT_FORMS[type_name]}(", ")", [("", path)])
        return Items("atlan.asset(", ")", [("", literal(type_name)), ("qualified_name=", path)])

    def _dataset(self, dataset: Props) -> Node:
        """Return the expression for a dataset. If its system is unknown, its namespace is a connection."""
        namespace = dataset["namespace"]
        place = literal(namespace) if ":" in namespace else self._paths.write(namespace)
        return Items("atlan.dataset(", ")", [("", place), ("", literal(dataset["name"]))])

    def _of_columns(self, resource: Resource) -> dict[str, Node]:
        """Return the arguments of a `ColumnLineage`, without tables that follow from its process."""
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
        """Return the arguments of a `LineageMap`, with its data as a mapping."""
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
        """Return the options: the component above, and a dependency on the map with its process."""
        process = resource.inputs.get("process", {}).get("qualified_name")
        holder = self._references_to.maps.get(process or "")
        parent = self._references_to.components.get(resource.parents)
        given: list[tuple[str, Node]] = [("parent=", parent)] if parent else []
        needed = [*([holder] if holder else []), *self.assets_of_map(resource)]
        given += [("depends_on=", Items("[", "]", [("", each) for each in needed]))] if needed else []
        return {"opts": Items("pulumi.ResourceOptions(", ")", given)} if given else {}

    def assets_of_map(self, resource: Resource) -> list[str]:
        """Return the variables of the declared assets of a map, which refers to them by name only."""
        if resource.declared.kind.name != "ProcessSet":
            return []
        held = set(resource.declared.paths)
        known = self._references_to.resources
        return [
            self._references_to.variables[key]
            for key, each in known.items()
            if each.declared.kind.is_asset and each.qualified_name in held
        ]


def _also(props: Props, *names: str) -> dict[str, Node]:
    """Return the arguments for the properties that are set."""
    return {name: expression(props[name]) for name in names if name in props}


def _names(references: list[Props]) -> list[str]:
    return [each["qualified_name"] for each in references if each.get("qualified_name")]


def _not_implied(resource: Resource) -> Props:
    """Return the inputs of a single-entity resource without implied values."""
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


def module(plan: ImportPlan) -> str:
    """Return the text of a Python module, which is formatted and passes mypy."""
    names, uses = variables(), Uses()
    _dry_run(plan, uses)
    paths = PathConstants(uses, _in_connections(plan), plan.titles, names)
    texts = _texts(plan.resources, names)
    referred = resource_variables(plan.resources, names)
    write = Arguments(paths, referred, texts)
    has_options = bool(referred.maps or referred.components) or any(map(write.assets_of_map, plan.resources))
    parts = [_opening(plan, needs_pulumi=has_options)]
    parts += _section("Qualified names", [f"{name} = {value}" for name, value in paths.definitions()])
    parts += _section(
        "Repeated texts",
        [line for value, name in texts.items() for line in format_lines(text(value), before=f"{name} = ")],
    )
    parts += _section(
        "Components of the original program, whose names are not in Atlan", _components(referred)
    )
    for title, group in _groups(plan):
        parts.append("\n".join(comment(title)))
        parts += [_statement(resource, referred, write) for resource in group]
    parts += _closing(plan)
    return "\n\n".join(parts) + "\n"


def _dry_run(plan: ImportPlan, uses: Uses) -> None:
    """Record the qualifiedNames that the resources use."""
    write = Arguments(uses, resource_variables(plan.resources, variables()), {})
    for resource in plan.resources:
        write.of(resource)


def _in_connections(plan: ImportPlan) -> Counter[str]:
    return Counter(connection_of(resource.qualified_name) for resource in plan.resources)


def comment(words: str, *, first: str = "", then: str = "") -> list[str]:
    """Wrap a comment. No character in the text can end it."""
    wrapped = textwrap.wrap(
        printable(words),
        WIDTH,
        initial_indent=f"# {first}",
        subsequent_indent=f"# {then}",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapped or ["#"]


def _opening(plan: ImportPlan, *, needs_pulumi: bool) -> str:
    opening = [f'"""Lineage in Atlan, written by `atlan-pulumi import`: {amounts(plan)}.', ""]
    opening.append("Comments above a resource list what it does not manage.")
    if plan.unsupported:
        opening.append("Comments at the end list what could not be imported.")
    if any(resource.declared.written for resource in plan.resources):
        opening.append("Atlan does not store the namespaces of datasets: check them before the next change.")
    imports = ["import pulumi", ""] if needs_pulumi else []
    return "\n".join([*opening, '"""', "", *imports, "import atlan_pulumi as atlan"])


def _section(title: str, body: list[str]) -> list[str]:
    return ["\n".join([*comment(title), *body])] if body else []


def _components(referred: References) -> list[str]:
    written = []
    for chain, variable in referred.components.items():
        above = referred.components.get(chain[:-1])
        options = [("opts=", f"pulumi.ResourceOptions(parent={above})")] if above else []
        named: list[tuple[str, Node]] = [("", literal(chain[-1])), ("", literal(component_name(chain)))]
        call = Items("pulumi.ComponentResource(", ")", [*named, *options])
        written += format_lines(call, before=f"{variable} = ")
    return written


def _texts(resources: Iterable[Resource], names: Unique) -> dict[str, str]:
    """Return constants for long texts of several resources."""
    used: Counter[str] = Counter()
    wishes: dict[str, str] = {}
    for resource in resources:
        for name, value in resource.inputs.items():
            if isinstance(value, str) and len(value) >= _LONG and name not in _NEVER_TEXTS:
                used[value] += 1
                wishes.setdefault(value, constant(f"{resource.name} {name}"))
    return {value: names.take([wishes[value]], "_") for value, count in used.items() if count > 1}


def _groups(plan: ImportPlan) -> Iterator[tuple[str, list[Resource]]]:
    """Yield groups of resources with titles: connections, assets, then the lineage in each connection."""
    connections = [resource for resource in plan.resources if _is_connection(resource)]
    if connections:
        yield "Connections", connections
    assets = [resource for resource in plan.resources if resource.declared.kind.is_asset]
    if assets:
        yield "Assets", assets
    groups: defaultdict[str, list[Resource]] = defaultdict(list)
    for resource in plan.resources:
        if not _is_connection(resource) and not resource.declared.kind.is_asset:
            above = resource.inputs.get("process", {}).get("qualified_name")
            groups[connection_of(above or resource.qualified_name)].append(resource)
    for connection, group in groups.items():
        title = plan.titles.get(connection)
        yield f"In {title}: {connection}" if title else f"In {connection}", group


def _is_connection(resource: Resource) -> bool:
    return resource.declared.kind.type_name == "Connection"


def _statement(resource: Resource, referred: References, write: Arguments) -> str:
    left_out = "; ".join(resource.declared.left_out)
    notes = comment(left_out, first="Not managed: ", then="  ") if left_out else []
    variable = referred.variable_of(resource)
    name = asset_call(resource).name if resource.declared.kind.is_asset else resource.kind
    call = Items(f"atlan.{name}(", ")", write.of(resource), spread=True)
    return "\n".join([*notes, *format_lines(call, before=f"{variable} = " if variable else "")])


def _closing(plan: ImportPlan) -> list[str]:
    reasons = [
        line
        for type_name, name, reason in plan.unsupported
        for line in comment(f"{type_name} {name!r}: {reason}", first="- ", then="  ")
    ]
    return ["\n".join([*comment("Not imported, and unchanged in Atlan:"), *reasons])] if reasons else []
