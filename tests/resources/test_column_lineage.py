"""`ColumnLineage` under the real engine. The lifecycle's own tests cover the rest."""

from __future__ import annotations

import pytest
from pyatlan.model.assets import ColumnProcess, Process
from support.atlan import WAREHOUSE, Witness, table_name
from support.stack import NewStack

from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

LOAD = (
    "load = atlan.Process('load', name='Load', connection=WAREHOUSE, "
    f"inputs=[atlan.table({table_name(0)!r}), atlan.table({table_name(2)!r})], "
    f"outputs=[atlan.table({table_name(1)!r})])\n"
)
QN = f"{WAREHOUSE}/load/column"


def program(columns: dict[str, object], **more: object) -> str:
    arguments = "".join(f", {name}={value!r}" for name, value in more.items())
    return f"{LOAD}atlan.ColumnLineage('cols', process=load, columns={columns!r}{arguments})\n"


@pytest.mark.soak
def test_one_mapping_of_many_changes_and_drifts(
    new_stack: NewStack, server: LocalAtlan, witness: Witness
) -> None:
    columns = {"ID": "T0/ID", "A": ["T0/A", f"{table_name(2)}/A"], f"{table_name(1)}/B": "T0/B"}
    stack = new_stack(program(columns))
    assert stack.preview().changes == {"create": 2}
    assert stack.up().changes == {"create": 2}
    made = witness.find(ColumnProcess, f"{QN}/A")
    assert (made.name, made.process.guid) == ("A, A -> A", witness.find(Process, f"{WAREHOUSE}/load").guid)
    assert witness.names(ColumnProcess, f"{QN}/A", "inputs") == {f"{table_name(n)}/A" for n in (0, 2)}
    state = stack.resources()["cols"]
    assert state["id"] == QN
    assert state["outputs"]["columns"] == {"ID": "ID", "A": ["A", "T2/A"], "B": "B"}
    stack.settled()

    written = server.stats()["entities_written"]
    columns["ID"] = "T2/ID"
    stack.write(program(columns))
    preview = stack.preview()
    assert preview.changes == {"update": 1, "same": 1}
    step = preview.step("cols")
    assert step.diffs == ("columns",)
    changed = {name for name, value in step.new["columns"].items() if step.old["columns"].get(name) != value}
    assert changed == {"ID"}
    assert any("ColumnProcess 'load/column/ID': inputs: -" in note for note in preview.notes), preview.output
    stack.up()
    assert server.stats()["entities_written"] == written + 1

    witness.purge(ColumnProcess, f"{QN}/B")
    refreshed = stack.refresh()
    assert refreshed.step("cols").diffs == ("columns",)
    assert any(f"{QN}/B' is no longer in Atlan" in note for note in refreshed.notes), refreshed.output
    stack.up()
    assert witness.names(ColumnProcess, f"{QN}/B", "outputs") == {f"{table_name(1)}/B"}
    stack.settled()
    order = [step.name for step in stack.destroy().steps]
    assert order == ["cols", "load"]
    assert witness.find(ColumnProcess, f"{QN}/A") is None


def test_mistakes_are_one_line_each(new_stack: NewStack, server: LocalAtlan) -> None:
    stack = new_stack(program({"ID": "T0/ID", "A": "T2/AA", "B": "T0/B"}))
    refused = stack.operate("up", "--yes", "--skip-preview")
    assert refused.code != 0
    (error,) = [each for each in refused.errors if "resource 'cols' has a problem" in each]
    assert f"columns: Atlan has no Column '{table_name(2)}/AA'; did you mean '{table_name(2)}/A'" in error
    assert "Traceback" not in refused.output
    assert server.stats()["entities_written"] <= 1, "of the columns none, of the process perhaps"

    stack.write(program({"ID": "ID", "X": "T5/ID", "A": "T0/A"}, sql={"B": "1"}))
    wrong = stack.operate("preview")
    reported = [each.split("has a problem: ")[1] for each in wrong.errors if "has a problem" in each]
    assert "columns: 'ID': 'ID' may be a column of several input tables: write 'T0/ID' or 'T2/ID'" in reported
    assert any(
        each.startswith("columns: 'X': 'T5/ID' is a column of none of the input tables") for each in reported
    )
    assert "sql: 'B' is not an output column" in reported


@pytest.mark.soak
def test_a_stack_moves_to_more_provider_processes_and_back(new_stack: NewStack, server: LocalAtlan) -> None:
    def spread(shards: int) -> str:
        provider = (
            f"prod = atlan.AtlanProvider('prod', base_url={server.base_url!r}, api_key={server.api_key!r}, "
            f"requests_per_minute=0, shards={shards})\n"
        )
        sides = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})]"
        return provider + (
            "for n in range(8):\n"
            f"    atlan.Process(f'p{{n}}', name='P', connection=WAREHOUSE, sql=f'select {{n}}', {sides},\n"
            "        opts=pulumi.ResourceOptions(provider=prod))\n"
        )

    stack = new_stack(spread(2))
    assert stack.up().changes == {"create": 8}
    providers = {each["provider"].split("::")[-2] for each in stack.resources().values()}
    assert providers == {"prod", "prod-2"}
    assert stack.up(spread(3)).changes == {"same": 8}
    assert stack.up(spread(1)).changes == {"same": 8}
    assert {each["provider"].split("::")[-2] for each in stack.resources().values()} == {"prod"}
    stack.destroy()
