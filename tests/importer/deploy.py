"""Deploy resources without the engine."""

from __future__ import annotations

from typing import Any

from support.atlan import WAREHOUSE, table_name

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.lifecycle import mark
from atlan_pulumi.lifecycle._registry import lifecycle_of

STACK = "acceptance/test"
ETL = "default/airflow/1700000000"
SPARK = "default/spark/1700000001"


def make(
    client: AtlanClient,
    kind: str,
    name: str,
    /,
    *,
    parent: str = "",
    stack: str | None = STACK,
    old: bool = False,
    **given: Any,
) -> dict[str, Any]:
    """Deploy a resource, and return its outputs.

    Args:
        client: The tenant.
        kind: The kind of resource.
        name: Its name in the stack.
        parent: The type of its parent.
        stack: The stack in its mark. None for no mark.
        old: Whether the mark has the form of earlier versions.
        **given: Its inputs.
    """
    lifecycle = lifecycle_of(kind, 1)
    types = f"{parent}$atlan:{kind}" if parent else f"atlan:{kind}"
    marked = (
        {"managed_by": mark(stack, name, parent, "") if old else mark(stack, name, types)} if stack else {}
    )
    checked = lifecycle.check({}, {**given, **marked})
    assert checked.problems == []
    return lifecycle.create(client, checked.inputs | marked)


def connection(client: AtlanClient, qualified_name: str = ETL, **more: Any) -> dict[str, Any]:
    """Deploy a connection named after its connector."""
    connector = qualified_name.split("/")[1]
    given = {"name": connector, "connector": connector, "qualified_name": qualified_name}
    return make(client, "Connection", connector, admin_users=["jsmith"], **given, **more)


def sides(inputs: list[int], outputs: list[int]) -> dict[str, Any]:
    """Return inputs and outputs that are tables of the seed."""
    return {
        side: [{"type_name": "Table", "qualified_name": table_name(number)} for number in numbers]
        for side, numbers in (("inputs", inputs), ("outputs", outputs))
    }


def process(client: AtlanClient, id_: str, inputs: list[int], outputs: list[int], **more: Any) -> str:
    """Deploy a process, and return its qualifiedName."""
    given = {"name": id_, "connection": ETL, "process_id": id_, **sides(inputs, outputs)}
    return str(make(client, "Process", more.pop("called", id_), **given, **more)["qualified_name"])


def columns(client: AtlanClient, name: str, process: str, mapping: dict[str, Any], /, **more: Any) -> None:
    """Deploy a mapping of columns in the form `T0/A`."""
    given = {
        "process": {"type_name": "Process", "qualified_name": process},
        "columns": mapping,
        "input_tables": [table_name(number) for number in range(6)],
        "output_tables": [table_name(number) for number in range(6)],
    }
    make(client, "ColumnLineage", name, **given, **more)


def edge(
    client: AtlanClient, id_: str, process: str, inputs: list[str], outputs: list[str], **more: Any
) -> None:
    """Deploy a single column process. Columns have the form `T0/A`."""
    at_sides = {
        side: [{"type_name": "Column", "qualified_name": f"{WAREHOUSE}/DB/S/{each}"} for each in names]
        for side, names in (("inputs", inputs), ("outputs", outputs))
    }
    given = {
        "name": more.pop("title", id_),
        "process": {"type_name": "Process", "qualified_name": process},
        "connection": ETL,
        "process_id": id_,
        **at_sides,
    }
    make(client, "ColumnProcess", more.pop("called", id_), **given, **more)
