"""The page on imports: what it shows is what the command writes."""

from __future__ import annotations

import re
from pathlib import Path

from support.atlan import Witness

from atlan_pulumi.cli._import import _next_steps
from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.importer import Selection, amounts, module, plan_import

PAGE = (Path(__file__).parents[2] / "docs" / "import.md").read_text("utf-8")
ETL = "default/airflow/1657025300"
WAREHOUSE = "default/snowflake/1657025257"
RAW, MART = (f"{WAREHOUSE}/{schema}/PUBLIC/ORDERS" for schema in ("RAW", "MART"))


def reference(type_name: str, qualified_name: str) -> dict[str, object]:
    return {"typeName": type_name, "uniqueAttributes": {"qualifiedName": qualified_name}}


def edge(type_name: str, id_: str, name: str, inputs: str, outputs: str, **more: object) -> Entity:
    kind = "Table" if type_name == "Process" else "Column"
    sides = {"inputs": [reference(kind, inputs)], "outputs": [reference(kind, outputs)]}
    named = {"qualifiedName": f"{ETL}/{id_}", "name": name}
    return Entity(type_name=type_name, attributes={**named, **sides, **more})


def test_the_program_of_the_page_is_what_is_written(client: AtlanClient, witness: Witness) -> None:
    role = client.identities.role_id("$admin")
    connection = {"qualifiedName": ETL, "name": "etl", "connectorName": "airflow", "adminRoles": [role]}
    client.entities.upsert([Entity(type_name="Connection", attributes=connection)])
    witness.post("Table", [RAW, MART])
    witness.post("Column", [f"{RAW}/ID", f"{MART}/ORDER_ID"])
    sql = "insert into MART.PUBLIC.ORDERS\nselect * from RAW.PUBLIC.ORDERS\n"
    load = edge("Process", "load-orders", "Load orders", RAW, MART, sql=sql)
    client.entities.upsert([load.model_copy(update={"classifications": [{"typeName": "PII"}]})])
    above = {"process": reference("Process", f"{ETL}/load-orders")}
    client.entities.upsert(
        [edge("ColumnProcess", "load-orders-id", "ID -> ORDER_ID", f"{RAW}/ID", f"{MART}/ORDER_ID", **above)]
    )
    plan = plan_import(client, Selection(connections=[ETL]))

    shown = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]
    written = module(plan)
    assert written[written.index("import atlan_pulumi") :] == shown
    assert amounts(plan) == "1 connection, 1 process, 1 column process"
    assert f"Found {amounts(plan)}.\n" in PAGE


def test_the_steps_of_the_page_are_what_the_command_tells() -> None:
    assert "\n".join(_next_steps(Path("lineage.py"), Path("import.json"), 4)) in PAGE
