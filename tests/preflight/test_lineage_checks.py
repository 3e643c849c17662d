"""Lineage declared twice, self-references, and columns outside the parent's tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyatlan.model.assets import Column, Process, Table
from support.atlan import WAREHOUSE, Witness, table_name
from support.declarations import column_lineage, column_process, columns, process, ref, tables

from atlan_pulumi.lifecycle._declared import EntityKey as Key
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.preflight import Findings

Look = Callable[..., Findings]
AFTER_LOAD = {"created_before": frozenset({Key("Process", f"{WAREHOUSE}/load")})}


def by_guid(witness: Witness, number: int) -> dict[str, str]:
    return {"type_name": "Table", "guid": witness.find(Table, table_name(number)).guid}


def test_the_same_lineage_twice(preflight: Look) -> None:
    (problem,) = preflight(process("a"), process("b", name="Another name")).problems
    assert problem.property == "inputs"
    assert (
        problem.reason
        == "'a' declares the same inputs and outputs, with the same code: remove one of the two"
    )


def test_repeated_lineage_may_be_a_warning(preflight: Look) -> None:
    found = preflight(process("a"), process("b"), repeated_lineage="warning")
    assert (len(found.problems), len(found.warnings)) == (0, 1)
    assert preflight(process("a"), process("b"), repeated_lineage="off") == Findings()


@pytest.mark.parametrize(
    "other",
    [{"inputs": tables(2)}, {"outputs": tables(2)}, {"inputs": tables(0, 2)}, {"sql": "2"}, {"code": "2"}],
    ids=str,
)
def test_other_lineage_is_other_lineage(preflight: Look, other: dict[str, object]) -> None:
    assert preflight(process("a"), process("b", **other)) == Findings()


def test_order_repeats_and_the_form_of_a_reference_do_not_matter(preflight: Look, witness: Witness) -> None:
    first = process("a", inputs=tables(0, 2))
    for inputs in (tables(2, 0), tables(0, 2, 0), [by_guid(witness, 0), *tables(2)]):
        assert len(preflight(first, process("b", inputs=inputs)).problems) == 1


def test_unknown_lineage_may_differ(preflight: Look) -> None:
    assert preflight(process("a", inputs=UNKNOWN), process("b", inputs=UNKNOWN)) == Findings()
    assert preflight(process("a", sql=UNKNOWN), process("b", sql=UNKNOWN)) == Findings()


def test_column_lineage_twice(preflight: Look) -> None:
    columns_ = [column_process(name, about=AFTER_LOAD) for name in ("a", "b")]
    assert len(preflight(process(), *columns_).problems) == 1
    elsewhere = column_process("b", process=ref("Process", "other"), about=AFTER_LOAD)
    assert [each.property for each in preflight(process(), columns_[0], elsewhere).problems] == ["process"]


def test_an_input_that_is_an_output_by_another_form(preflight: Look, witness: Witness) -> None:
    outputs = [by_guid(witness, 0), *tables(1)]
    (problem,) = preflight(process(outputs=outputs)).problems
    reported = f"Table '{table_name(0)}' is also an output: an asset cannot be its own source; "
    assert problem.reason.startswith(reported)
    assert problem.reason.endswith("set reads_own_output=True")
    assert preflight(process(outputs=outputs, reads_own_output=True)).problems == []


@pytest.mark.parametrize(("side", "path"), [("inputs", "T2/A"), ("outputs", "T0/B")])
def test_a_column_of_another_table(preflight: Look, side: str, path: str) -> None:
    stray = column_process(**{side: columns(path)}, about=AFTER_LOAD)
    found = preflight(process(), stray)
    parent = f"Process '{WAREHOUSE}/load'"
    reported = f"{side}: Column '{WAREHOUSE}/DB/S/{path}' is not a column of any of the {side} of {parent}"
    assert (found.problems, found.warnings) == ([], [reported])
    strictly = preflight(process(), stray, stray_columns="error")
    assert ([f"{each.property}: {each.reason}" for each in strictly.problems], strictly.warnings) == (
        [reported],
        [],
    )
    assert preflight(process(), stray, stray_columns="off") == Findings()


def test_the_parents_tables_are_looked_up_where_it_is_not_declared(preflight: Look, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 0, 1)
    assert preflight(column_process()) == Findings()
    assert len(preflight(column_process(inputs=columns("T3/A"))).warnings) == 1
    parent = {"type_name": "Process", "guid": witness.find(Process, f"{WAREHOUSE}/load").guid}
    strayed = column_process(process=parent, connection=WAREHOUSE, inputs=columns("T3/A"))
    assert len(preflight(strayed).problems) == 0


def test_columns_and_tables_by_guid(preflight: Look, witness: Witness) -> None:
    guid = witness.find(Column, f"{table_name(0)}/A").guid
    column = {"type_name": "Column", "guid": guid}
    tables_ = process(inputs=[by_guid(witness, 0)])
    assert preflight(tables_, column_process(inputs=[column], about=AFTER_LOAD)) == Findings()
    found = preflight(process(inputs=tables(2)), column_process(inputs=[column], about=AFTER_LOAD))
    assert len(found.warnings) == 1


def test_a_parent_whose_tables_are_not_known(preflight: Look) -> None:
    assert preflight(process(inputs=UNKNOWN), column_process(about=AFTER_LOAD)) == Findings()


def test_columns_of_another_table_among_many(preflight: Look) -> None:
    assert preflight(process(), column_lineage(about=AFTER_LOAD)) == Findings()
    stray = {f"{table_name(1)}/B": [f"{table_name(0)}/A", f"{table_name(2)}/A"]}
    found = preflight(process(), column_lineage(columns=stray, about=AFTER_LOAD))
    reported = (
        f"a column of '{table_name(2)}' is not a column of any of the inputs of Process '{WAREHOUSE}/load'"
    )
    assert found.warnings == [f"columns: {reported}"]
