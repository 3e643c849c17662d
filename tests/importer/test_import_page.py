"""The page on imports matches the output of the command."""

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


def test_the_program_on_the_page_is_up_to_date(client: AtlanClient, witness: Witness) -> None:
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


def test_the_steps_on_the_page_are_up_to_date() -> None:
    for marked in (0, 4):
        assert "\n".join(_next_steps(Path("lineage.py"), Path("import.json"), 4, marked)) in PAGE


def steps(marked: int, form: str | None = None, code: str = "lineage.py") -> list[str]:
    return list(_next_steps(Path(code), Path("import.json"), 4, marked, form))[1:]


def test_the_steps_keep_a_program_that_declares_the_resources() -> None:
    """Importing the module too would declare each resource twice."""
    first, only, *_, last = steps(4)
    assert (
        first
        == "  1. do not change the program: this stack created all of these, so its program declares them"
    )
    assert only.startswith("     Only if the program is lost, too: review lineage.py, and add it")
    assert last == "  5. remove import.json, and lineage.py unless the program contains it"


def test_the_steps_remove_declared_resources_from_the_module() -> None:
    first, then, *rest = steps(3)
    assert first.endswith("remove what the program declares already: this stack created")
    assert then == ("     3 of 4 resources. Then add it to the program: `import lineage` in __main__.py")
    assert rest == steps(0)[1:]


def test_the_steps_for_another_form() -> None:
    first, then, *rest = steps(4, "lineage-map")
    assert first == "  1. review lineage.py, add it to the program: `import lineage` in __main__.py"
    assert then == "     Remove from the program what declares the same lineage in another form."
    assert rest == steps(0)[1:]


def test_the_steps_do_not_import_main() -> None:
    assert not any(
        "import __main__" in line for marked in (0, 2, 4) for line in steps(marked, code="__main__.py")
    )
