"""The file for `pulumi import --file`.

With inputs and outputs, Pulumi takes a resource into its state as told, without a request
(CLI 3.254 or newer; github.com/pulumi/pulumi, pull request 23984). For resources of dynamic providers this
is the only way: `pulumi import TYPE NAME ID` cannot know the provider.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from atlan_pulumi.importer._components import Chain, component_chains, component_name
from atlan_pulumi.importer._full import as_an_author_gives_them
from atlan_pulumi.importer._marks import marked
from atlan_pulumi.importer._plan import ImportPlan, Resource
from atlan_pulumi.lifecycle import DEFAULTS

_PROVIDER = "__provider"  # where the state keeps the reference to a dynamic provider


def import_file(plan: ImportPlan, stack: str | None = None) -> str:
    """The text of the file.

    Args:
        plan: The import.
        stack: The stack that it is for, such as `shop/prod`. What carries the mark of another one is safe
            from `pulumi destroy` until an `up` has made it this stack's.
    """
    chains = component_chains(plan.resources)
    resources = [_component(chain) for chain in chains]
    resources += [each for resource in plan.resources for each in _resources(resource, stack)]
    return json.dumps({"resources": resources}, indent=2) + "\n"


def _component(chain: Chain) -> dict[str, Any]:
    """A component above resources; those that have no parent here are the outermost."""
    entry = {"type": chain[-1], "name": _name_of(chain), "logicalName": component_name(chain)}
    return {**entry, "component": True, **_below(chain[:-1])}


def _below(chain: Chain) -> dict[str, str]:
    return {"parent": _name_of(chain)} if chain else {}


def _name_of(chain: Chain) -> str:
    """The name of a component in the file; names in the stack may be others' as well."""
    return f"component {'$'.join(chain)}"


def _resources(resource: Resource, stack: str | None) -> Iterator[dict[str, Any]]:
    """A resource, behind the component that declares it."""
    declared, below = resource.declared, _below(resource.parents)
    if not declared.component:
        yield {"type": declared.kind.token, "name": resource.name, **below, **_state(resource, stack)}
        return
    component, named = f"{resource.kind} {resource.name}", {"logicalName": resource.name}
    yield {"type": f"atlan:index:{resource.kind}", "name": component, **named, "component": True, **below}
    child = {"type": declared.kind.token, "name": f"{declared.kind.name} {resource.name}", **named}
    yield {**child, "parent": component, **_state(resource, stack)}


def _state(resource: Resource, stack: str | None) -> dict[str, Any]:
    declared = resource.declared
    provider = {_PROVIDER: declared.kind.provider}
    given = as_an_author_gives_them(declared.kind, declared.inputs)
    defaults = _defaults(resource)
    inputs, outputs = (
        provider | defaults | {name: value for name, value in props.items() if name != "managed_by"} | mark
        for props, mark in zip((given, declared.outputs), marked(resource, stack), strict=True)
    )
    return {"id": declared.qualified_name, "inputs": inputs, "outputs": outputs}


def _defaults(resource: Resource) -> dict[str, list[str]]:
    """Which properties have the resource's name as a default, so that the program does not give them."""
    given = resource.declared.written or resource.inputs
    names = [name for name in ("process_id", "job_name") if given.get(name) == resource.name]
    return {DEFAULTS: names} if names else {}
