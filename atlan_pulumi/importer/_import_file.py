"""The file for `pulumi import --file`.

With inputs and outputs, Pulumi takes a resource into its state as told, without a request
(CLI 3.254 or newer; github.com/pulumi/pulumi, pull request 23984). For resources of dynamic providers this
is the only way: `pulumi import TYPE NAME ID` cannot know the provider.
"""

from __future__ import annotations

import json
from typing import Any

from atlan_pulumi.importer._plan import ImportPlan, Resource

_PROVIDER = "__provider"  # where the state keeps the reference to a dynamic provider


def import_file(plan: ImportPlan, stack: str | None = None) -> str:
    """The text of the file.

    Args:
        plan: The import.
        stack: The stack that it is for, such as `shop/prod`. What carries the mark of another one is safe
            from `pulumi destroy` until an `up` has made it this stack's.
    """
    resources = [_resource(resource, stack) for resource in plan.resources]
    return json.dumps({"resources": resources}, indent=2) + "\n"


def _resource(resource: Resource, stack: str | None) -> dict[str, Any]:
    declared = resource.declared
    provider = {_PROVIDER: declared.kind.provider}
    return {
        "type": declared.kind.token,
        "name": resource.name,
        "id": declared.qualified_name,
        "inputs": provider | declared.inputs,
        "outputs": provider | declared.outputs | _own_mark(resource, stack),
    }


def _own_mark(resource: Resource, stack: str | None) -> dict[str, str]:
    """The mark that the resource counts as its own; see `objection_to_delete`."""
    if resource.stack is None:
        return {}
    is_ours = stack is None or resource.stack == stack
    return {"own_mark": resource.inputs["managed_by"] if is_ours else ""}
