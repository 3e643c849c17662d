"""Entities for tests."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.client import Entity, Reference

CONNECTION = "default/snowflake/1657025257"


def table(number: int | str, **more: Any) -> Entity:
    name = f"T{number}"
    attributes = {"qualifiedName": f"{CONNECTION}/A/B/{name}", "name": name, "description": "x"}
    return Entity(type_name="Table", attributes=attributes, **more)


def process(number: int, *, onto: str) -> Entity:
    name = f"{CONNECTION}/p{number}"
    inputs = [Reference("Table", qualified_name=f"{CONNECTION}/A/B/{onto}").to_wire()]
    attributes = {"qualifiedName": name, "name": name, "inputs": inputs, "outputs": []}
    return Entity(type_name="Process", attributes=attributes)
