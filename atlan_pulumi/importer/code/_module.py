"""The module that declares all resources of an import."""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from atlan_pulumi.importer._components import component_name
from atlan_pulumi.importer._names import Unique, constant, variables
from atlan_pulumi.importer._plan import ImportPlan, Resource
from atlan_pulumi.importer._told import amounts
from atlan_pulumi.importer.code._arguments import Arguments
from atlan_pulumi.importer.code._layout import Items, Node, lines
from atlan_pulumi.importer.code._literals import WIDTH, literal
from atlan_pulumi.importer.code._paths import Paths, Uses
from atlan_pulumi.importer.code._references import References, references
from atlan_pulumi.importer.code._values import text
from atlan_pulumi.lifecycle import connection_of
from atlan_pulumi.printable import printable

_NEVER_TEXTS = frozenset({"qualified_name", "managed_by", "connection", "process_id", "base", "events_path"})
_LONG = 80
"""From how many characters on a text that occurs twice becomes a constant."""


def module(plan: ImportPlan) -> str:
    """The text of a Python module; it is formatted, and passes mypy."""
    names, uses = variables(), Uses()
    _dry_run(plan, uses)
    paths = Paths(uses, _in_connections(plan), plan.titles, names)
    texts = _texts(plan.resources, names)
    referred = references(plan.resources, names)
    write = Arguments(paths, referred, texts)
    parts = [_opening(plan, needs_pulumi=bool(referred.maps or referred.components))]
    parts += _section("Where things are", [f"{name} = {value}" for name, value in paths.definitions()])
    parts += _section(
        "Texts that occur more than once",
        [line for value, name in texts.items() for line in lines(text(value), before=f"{name} = ")],
    )
    parts += _section(
        "In place of components of the program, whose names Atlan does not have", _components(referred)
    )
    for title, group in _groups(plan):
        parts.append("\n".join(comment(title)))
        parts += [_statement(resource, referred, write) for resource in group]
    parts += _closing(plan)
    return "\n\n".join(parts) + "\n"


def _dry_run(plan: ImportPlan, uses: Uses) -> None:
    """Note which names the resources are written with."""
    write = Arguments(uses, references(plan.resources, variables()), {})
    for resource in plan.resources:
        write.of(resource)


def _in_connections(plan: ImportPlan) -> Counter[str]:
    return Counter(connection_of(resource.qualified_name) for resource in plan.resources)


def comment(words: str, *, first: str = "", then: str = "") -> list[str]:
    """A comment on as many lines as it takes; nothing in it can end the comment."""
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
    opening = [f'"""Lineage in Atlan, as `atlan-pulumi import` found it: {amounts(plan)}.', ""]
    opening.append("What a resource leaves to others is told above it.")
    if plan.inexpressible:
        opening.append("What could not be imported is told at the end.")
    if any(resource.declared.written for resource in plan.resources):
        opening.append("Atlan does not keep the namespaces of datasets: check them before the next change.")
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
        written += lines(call, before=f"{variable} = ")
    return written


def _texts(resources: Iterable[Resource], names: Unique) -> dict[str, str]:
    """Constants for long texts that several resources have."""
    used: Counter[str] = Counter()
    wishes: dict[str, str] = {}
    for resource in resources:
        for name, value in resource.inputs.items():
            if isinstance(value, str) and len(value) >= _LONG and name not in _NEVER_TEXTS:
                used[value] += 1
                wishes.setdefault(value, constant(f"{resource.name} {name}"))
    return {value: names.take([wishes[value]], "_") for value, count in used.items() if count > 1}


def _groups(plan: ImportPlan) -> Iterator[tuple[str, list[Resource]]]:
    """The resources with the titles of their groups: connections first, then what lies in each."""
    connections = [resource for resource in plan.resources if _is_connection(resource)]
    if connections:
        yield "Connections", connections
    groups: defaultdict[str, list[Resource]] = defaultdict(list)
    for resource in plan.resources:
        if not _is_connection(resource):
            above = resource.inputs.get("process", {}).get("qualified_name")
            groups[connection_of(above or resource.qualified_name)].append(resource)
    for connection, group in groups.items():
        title = plan.titles.get(connection)
        yield f"In {title}: {connection}" if title else f"In {connection}", group


def _is_connection(resource: Resource) -> bool:
    return resource.declared.kind.type_name == "Connection"


def _statement(resource: Resource, referred: References, write: Arguments) -> str:
    left_out = "; ".join(resource.declared.left_out)
    told = comment(left_out, first="Left to others: ", then="  ") if left_out else []
    variable = referred.variable_of(resource)
    call = Items(f"atlan.{resource.kind}(", ")", write.of(resource), spread=True)
    return "\n".join([*told, *lines(call, before=f"{variable} = " if variable else "")])


def _closing(plan: ImportPlan) -> list[str]:
    told = [
        line
        for type_name, name, reason in plan.inexpressible
        for line in comment(f"{type_name} {name!r}: {reason}", first="- ", then="  ")
    ]
    return ["\n".join([*comment("Not imported, and left as it is in Atlan:"), *told])] if told else []
