"""Entities in the form of Atlan's responses, and their import."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from support.atlan import WAREHOUSE, table_name

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.dynamic.program._atlan_resource import AtlanResource
from atlan_pulumi.importer import ImportPlan, Shape, import_file, module
from atlan_pulumi.importer._declare import ImportedResource, Unsupported, declare
from atlan_pulumi.importer._importing import name_resources
from atlan_pulumi.importer._kinds import kinds
from atlan_pulumi.importer._shape import apply_shape
from atlan_pulumi.lifecycle import DEFAULTS, ResourceLifecycle, mark
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.resources import column_lineage
from atlan_pulumi.resources.process import Process

NO_ROLES: Any = SimpleNamespace(identities=SimpleNamespace(roles=dict))
"""A client that can look up only roles, of which there are none."""
GUID = "00000000-0000-4000-8000-000000000001"


def edge(type_name: str, qualified_name: str, **more: str) -> dict[str, Any]:
    """Return an end of a relationship. `more` overrides its state."""
    return {
        "typeName": type_name,
        "guid": GUID,
        "uniqueAttributes": {"qualifiedName": qualified_name},
        "entityStatus": "ACTIVE",
        "relationshipStatus": "ACTIVE",
        **more,
    }


def process(
    qualified_name: str = f"{WAREHOUSE}/dag",
    *,
    type_name: str = "Process",
    inputs: list[dict[str, Any]] | None = None,
    outputs: list[dict[str, Any]] | None = None,
    related: dict[str, Any] | None = None,
    others: dict[str, Any] | None = None,
    **attributes: Any,
) -> Entity:
    """Return a process from table 0 to table 1.

    Args:
        qualified_name: Its name.
        type_name: Its type.
        inputs: Other inputs.
        outputs: Other outputs.
        related: More relationships.
        others: Fields other than attributes, such as labels.
        **attributes: More attributes, by Atlan's names.
    """
    sides = {
        "inputs": [edge("Table", table_name(0))] if inputs is None else inputs,
        "outputs": [edge("Table", table_name(1))] if outputs is None else outputs,
    }
    own = {"name": "Load", "qualifiedName": qualified_name, "isPassThrough": False, "sourceCreatedAt": 0}
    return Entity.model_validate(
        {
            "typeName": type_name,
            "guid": GUID,
            "attributes": {**own, **attributes},
            "relationshipAttributes": {**sides, **(related or {})},
            **(others or {}),
        }
    )


def declare_entity(entity: Entity, client: AtlanClient = NO_ROLES) -> ImportedResource | Unsupported:
    """Return the resource for an entity, or the reason why there is none."""
    return declare(client, kinds()[entity.type_name], entity, {"columnProcesses"})


def declared(entity: Entity, client: AtlanClient = NO_ROLES) -> ImportedResource:
    """Return the resource for an entity that can be declared."""
    found = declare_entity(entity, client)
    assert isinstance(found, ImportedResource), found
    return found


def plan_of(
    *entities: Entity,
    titles: dict[str, str] | None = None,
    shape: Shape | None = None,
    client: AtlanClient = NO_ROLES,
) -> ImportPlan:
    """Return the plan for entities."""
    found = [declare_entity(entity, client) for entity in entities]
    singles = [one for one in found if isinstance(one, ImportedResource)]
    return ImportPlan(
        name_resources(apply_shape(client, singles, entities, shape or Shape(), with_columns=True)),
        [one for one in found if isinstance(one, Unsupported)],
        titles or {},
    )


def programmed(plan: ImportPlan) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the arguments in the module of a plan, by kind and name.

    Uses the real resources without registering them.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}

    def register(self: AtlanResource, name: str, props: dict[str, Any], opts: object) -> None:
        kind = self.kind or self.atlan_type
        given = {key: value for key, value in props.items() if value is not None}
        checked = lifecycle_of(kind, 1).check({}, given)
        assert checked.problems == [], (kind, name)
        assert (kind, name) not in found
        found[kind, name] = given
        self.given_here = given  # type: ignore[attr-defined]
        self.planned = SimpleNamespace(given=given.get)  # type: ignore[assignment]
        self.qualified_name = checked.inputs["qualified_name"]

    def tables_of(process: object, side: str) -> list[str] | None:
        """Return the tables of a process, without waiting for outputs."""
        if not isinstance(process, Process):
            return None
        return [each["qualified_name"] for each in process.given_here[side] if "qualified_name" in each]  # type: ignore[attr-defined]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AtlanResource, "__init__", register)
        patch.setattr(column_lineage, "_tables_of", tables_of)
        patch.setattr(pulumi.ComponentResource, "__init__", lambda *_, **__: None)
        patch.setattr(pulumi.ComponentResource, "register_outputs", lambda *_: None)
        patch.setattr(pulumi, "ResourceOptions", lambda **_: None)
        exec(compile(module(plan), "lineage.py", "exec"), {"__name__": "lineage"})
    return found


def run(plan: ImportPlan) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the inputs in the module of a plan, normalized by the resources' checks."""
    checked = {
        key: lifecycle_of(key[0], 1).check({}, given).inputs for key, given in programmed(plan).items()
    }
    return {
        key: {name: each for name, each in inputs.items() if name != DEFAULTS}
        for key, inputs in checked.items()
    }


def inputs_in_file(plan: ImportPlan) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the inputs in the import file of a plan, without marks."""
    return {
        (resource.declared.kind.name, resource.name): {
            name: value
            for name, value in (resource.declared.written or resource.inputs).items()
            if name != "managed_by"
        }
        for resource in plan.resources
    }


def assert_no_changes(client: AtlanClient, plan: ImportPlan, stack: str) -> None:
    """Assert that the preview is empty after an import, before and after a refresh.

    Args:
        client: The tenant.
        plan: The import, whose program is deployed.
        stack: The stack that it is for.
    """
    for lifecycle, inputs, outputs, given in _deployed(plan, stack):
        assert lifecycle.check({}, inputs).problems == [], "the engine checks imported inputs"
        seen = lifecycle.read(client, inputs["qualified_name"], outputs)
        assert seen.notes == []
        for olds, state in ((inputs, outputs), (seen.inputs, seen.outputs)):
            checked = lifecycle.check(olds, given)
            assert checked.problems == []
            assert lifecycle.diff(state, checked.inputs).changed == []
            assert lifecycle.diff(olds, checked.inputs).changed == []


def changes(plan: ImportPlan, stack: str) -> dict[str, list[str]]:
    """Return the changed properties in the first preview after an import, by qualifiedName."""
    return {
        inputs["qualified_name"]: changed
        for lifecycle, inputs, outputs, given in _deployed(plan, stack)
        if (changed := lifecycle.diff(outputs, lifecycle.check(inputs, given).inputs).changed)
    }


def update(client: AtlanClient, plan: ImportPlan, stack: str) -> None:
    """Update the imported resources to the program of the import."""
    for lifecycle, inputs, outputs, given in _deployed(plan, stack):
        checked = lifecycle.check(inputs, given)
        assert checked.problems == []
        lifecycle.update(client, outputs, checked.inputs)


def _deployed(
    plan: ImportPlan, stack: str
) -> Iterator[tuple[ResourceLifecycle, dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Yield the lifecycle of each resource, its state after the import, and its inputs in the program."""
    news, types = programmed(plan), dict[str, str]()
    for item in json.loads(import_file(plan, stack))["resources"]:
        kind, name = item["type"].rpartition(":")[2], item.get("logicalName", item["name"])
        above = f"{types[item['parent']]}$" if "parent" in item else ""
        if item.get("component"):
            types[item["name"]] = above + item["type"]
            continue
        inputs, outputs = (
            {key: value for key, value in item[side].items() if key != "__provider"}
            for side in ("inputs", "outputs")
        )
        given = {**news[kind, name], "managed_by": mark(stack, name, f"{above}atlan:{kind}", "0000abcd")}
        yield lifecycle_of(kind, 1), inputs, outputs, given
