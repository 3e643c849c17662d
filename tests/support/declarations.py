"""Declarations of resources without a program."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.lifecycle import mark
from atlan_pulumi.preflight import Declaration
from atlan_pulumi.resources.column_lineage import ColumnLineageLifecycle
from atlan_pulumi.resources.column_process import ColumnProcessLifecycle
from atlan_pulumi.resources.connection import ConnectionLifecycle
from atlan_pulumi.resources.process import ProcessLifecycle
from support.atlan import WAREHOUSE, table_name

Props = dict[str, Any]
LIFECYCLES = {
    "Process": ProcessLifecycle(),
    "ColumnProcess": ColumnProcessLifecycle(),
    "ColumnLineage": ColumnLineageLifecycle(),
    "Connection": ConnectionLifecycle(),
}


def ref(kind: str, path: str) -> Props:
    """Return a reference to an asset in the warehouse, such as `DB/S/T0`."""
    return {"type_name": kind, "qualified_name": f"{WAREHOUSE}/{path}"}


def tables(*numbers: int) -> list[Props]:
    return [{"type_name": "Table", "qualified_name": table_name(number)} for number in numbers]


def columns(*paths: str) -> list[Props]:
    return [ref("Column", f"DB/S/{path}") for path in paths]


def declare(kind: str, name: str, given: Props, **about: Any) -> Declaration:
    lifecycle = LIFECYCLES[kind]
    inputs = lifecycle.preview_inputs({name: value for name, value in given.items() if value is not None})
    assert inputs is not None, lifecycle.check({}, given).problems
    return Declaration(name, lifecycle, inputs, **about)


def process(resource_name: str = "load", *, about: Props | None = None, **changed: Any) -> Declaration:
    given: Props = {
        "name": "Load",
        "connection": WAREHOUSE,
        "process_id": resource_name,
        "inputs": tables(0),
        "outputs": tables(1),
        "managed_by": mark("shop/prod", resource_name),
        **changed,
    }
    return declare("Process", resource_name, given, **(about or {}))


def column_process(resource_name: str = "col", *, about: Props | None = None, **changed: Any) -> Declaration:
    given: Props = {
        "name": "A -> B",
        "process": ref("Process", "load"),
        "process_id": resource_name,
        "inputs": columns("T0/A"),
        "outputs": columns("T1/B"),
        "managed_by": mark("shop/prod", resource_name),
        **changed,
    }
    return declare("ColumnProcess", resource_name, given, **(about or {}))


def column_lineage(resource_name: str = "cols", *, about: Props | None = None, **changed: Any) -> Declaration:
    given: Props = {
        "process": ref("Process", "load"),
        "columns": {f"{table_name(1)}/B": f"{table_name(0)}/A"},
        "managed_by": mark("shop/prod", resource_name),
        **changed,
    }
    return declare("ColumnLineage", resource_name, given, **(about or {}))


def connection(name: str = "etl", **changed: Any) -> Declaration:
    given: Props = {"name": name, "connector": "airflow", "admin_roles": ["$admin"], **changed}
    return declare("Connection", name, given)
