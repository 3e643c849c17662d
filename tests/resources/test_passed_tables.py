"""Inputs and outputs that a process with SQL gets by GUID, or that are not known before the deployment."""

from __future__ import annotations

import pytest
from pyatlan.model.assets import ColumnProcess, Process, Table
from support.atlan import WAREHOUSE, Witness, table_name
from support.stack import NewStack

pytestmark = pytest.mark.engine

QN = f"{WAREHOUSE}/load"
CONTEXT = "shop = atlan.SqlContext(default_database='DB', default_schema='S')\n"
COLUMNS = "atlan.ColumnLineage('load-columns', process=load)\n"
#: A resource of another package whose output is unknown until it is created.
MAKER = """
class Maker(pulumi.dynamic.ResourceProvider):
    def create(self, props):
        return pulumi.dynamic.CreateResult(props["name"], {**props, "made": props["name"]})
class Made(pulumi.dynamic.Resource):
    made: pulumi.Output[str]
    def __init__(self, name, opts=None):
        super().__init__(Maker(), name, {"name": name, "made": None}, opts)
"""


def load(sql: str, **sides: str) -> str:
    """Return a program with a process and its columns; `sides` are expressions."""
    given = "".join(f", {side}=[{value}]" for side, value in sides.items())
    process = (
        f"load = atlan.Process('load', name='Load', connection=WAREHOUSE, derive=shop, sql={sql!r}{given})"
    )
    return f"{CONTEXT}{process}\n{COLUMNS}"


def by_guid(guid: str) -> str:
    return f"atlan.asset('Table', guid={guid!r})"


@pytest.mark.soak
@pytest.mark.parametrize("sql", ["select ID, A from T0", "insert into T1 select * from T0"])
def test_tables_that_are_passed_by_guid_are_those_of_the_sql(
    new_stack: NewStack, witness: Witness, sql: str
) -> None:
    source, target = (by_guid(witness.find(Table, table_name(number)).guid) for number in (0, 1))
    stack = new_stack(load(sql, inputs=source, outputs=target))
    previewed = stack.preview()
    assert previewed.warnings == []
    assert previewed.step("load-columns").new["columns"]["A"] == "A"
    stack.up()
    assert witness.names(Process, QN, "outputs") == {table_name(1)}
    assert witness.names(ColumnProcess, f"{QN}/column/A", "inputs") == {f"{table_name(0)}/A"}
    stack.settled()


def test_a_guid_that_atlan_does_not_have_is_the_reason(new_stack: NewStack) -> None:
    guid = "00000000-0000-4000-8000-000000000001"
    refused = new_stack(load("select ID from T0", outputs=by_guid(guid))).operate("preview")
    refused.assert_refused("sql", f"its lineage cannot be derived: Atlan has no Table '{guid}'")


@pytest.mark.parametrize("how", ["name", pytest.param("GUID", marks=pytest.mark.soak)])
def test_outputs_that_are_not_known_yet_are_left_to_the_deployment(
    new_stack: NewStack, witness: Witness, how: str
) -> None:
    guid = witness.find(Table, table_name(1)).guid
    by_name = "atlan.table(pulumi.Output.concat(WAREHOUSE, '/DB/S/', Made('T1').made))"
    target = by_name if how == "name" else f"atlan.asset('Table', guid=Made({guid!r}).made)"
    stack = new_stack(MAKER + load("select ID, A from T0", outputs=target))
    later = "a table of 'load' is not known yet; the deployment derives its lineage"
    assert later in stack.preview().notes
    assert later not in stack.up().notes
    assert witness.names(Process, QN, "outputs") == {table_name(1)}
    assert witness.names(ColumnProcess, f"{QN}/column/A", "inputs") == {f"{table_name(0)}/A"}
    stack.settled()
