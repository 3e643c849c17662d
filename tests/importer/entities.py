"""Entities as Atlan answers them, and what becomes of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from support.atlan import WAREHOUSE, table_name

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.dynamic import AtlanResource
from atlan_pulumi.dynamic.loader import lifecycle_of
from atlan_pulumi.importer import ImportPlan, module
from atlan_pulumi.importer._declare import Declared, Inexpressible, declare
from atlan_pulumi.importer._importing import _named
from atlan_pulumi.importer._kinds import kinds

NO_ROLES: Any = SimpleNamespace(identities=SimpleNamespace(roles=dict))
"""A tenant where nothing is to be looked up but roles, of which it has none."""
GUID = "00000000-0000-4000-8000-000000000001"


def edge(type_name: str, qualified_name: str, **more: str) -> dict[str, Any]:
    """An end of a relationship; `more` overrides its state."""
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
    beside: dict[str, Any] | None = None,
    **attributes: Any,
) -> Entity:
    """A process from table 0 to table 1, as Atlan answers it.

    Args:
        qualified_name: Its name.
        type_name: Its type.
        inputs: What it reads instead.
        outputs: What it writes instead.
        related: More relationships.
        beside: What stands beside attributes, such as labels.
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
            **(beside or {}),
        }
    )


def judged(entity: Entity, client: AtlanClient = NO_ROLES) -> Declared | Inexpressible:
    """What an entity is declared as."""
    return declare(client, kinds()[entity.type_name], entity, "columnProcesses")


def declared(entity: Entity, client: AtlanClient = NO_ROLES) -> Declared:
    """As `judged`, for what can be declared."""
    found = judged(entity, client)
    assert isinstance(found, Declared), found
    return found


def plan_of(*entities: Entity, titles: dict[str, str] | None = None) -> ImportPlan:
    """A plan with those of the entities that can be declared, and the others."""
    found = [judged(entity) for entity in entities]
    return ImportPlan(
        _named([one for one in found if isinstance(one, Declared)]),
        [one for one in found if isinstance(one, Inexpressible)],
        titles or {},
    )


def run(plan: ImportPlan) -> dict[tuple[str, str], dict[str, Any]]:
    """What the module of a plan declares, as the resources' own check normalises it.

    The resources are the real ones; only their registration with the engine is left out.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}

    def register(self: AtlanResource, name: str, props: dict[str, Any], opts: object) -> None:
        given = {key: value for key, value in props.items() if value is not None}
        checked = lifecycle_of(self.atlan_type, 1).check({}, given)
        assert checked.mistakes == []
        assert (self.atlan_type, name) not in found
        found[self.atlan_type, name] = checked.inputs
        self.qualified_name = checked.inputs["qualified_name"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AtlanResource, "__init__", register)
        exec(compile(module(plan), "lineage.py", "exec"), {"__name__": "lineage"})
    return found


def told(plan: ImportPlan) -> dict[tuple[str, str], dict[str, Any]]:
    """What the import file of a plan says, but for the mark, which the program sets by itself."""
    return {
        (resource.kind, resource.name): {
            name: value for name, value in resource.inputs.items() if name != "managed_by"
        }
        for resource in plan.resources
    }
