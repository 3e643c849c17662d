"""What each operation of the engine means for a resource and its edges."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from review import told
from support.atlan import WAREHOUSE

from atlan_pulumi.errors import ReviewError
from atlan_pulumi.review import EdgeChange, ResourceChange
from atlan_pulumi.review._compare import change_lines

A = told.process("load", [0], [1], sql="select 1")


def changes(*events: told.Event) -> tuple[ResourceChange, ...]:
    return told.reviewed(*events).changes


def only(*events: told.Event) -> ResourceChange:
    (change,) = changes(*events)
    return change


def edges(change: ResourceChange) -> dict[str, str]:
    return {f"{edge.edge.type_name} {edge.label}".strip(): edge.change for edge in change.edges}


def fields(change: ResourceChange | EdgeChange) -> dict[str, list[str]]:
    return {each.property: change_lines(each) for each in change.fields}


# -- operations -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "operation", "edge"),
    [
        (told.create("Process", "load", A), "create", "added"),
        (told.delete("Process", "load", A), "delete", "removed"),
        (told.same("Process", "load", A), "same", "same"),
        (told.step("import", "Process", "load", None, A), "import", "same"),
        (told.update("Process", "load", A, {**A, "sql": "select 2"}), "update", "changed"),
    ],
)
def test_an_operation(event: told.Event, operation: str, edge: str) -> None:
    change = only(event)
    assert (change.operation, edges(change)) == (operation, {"Process": edge})
    assert change.name == "Process load"


@pytest.mark.parametrize("op", ["read", "refresh", "discard", "read-replacement", "remove-pending-replace"])
def test_what_changes_nothing_in_atlan_is_left_out(op: str) -> None:
    events = [told.step(op, "Process", "load", A, A), told.same("Process", "other", A)]
    assert [change.operation for change in changes(*events)] == ["same"]


def test_the_three_steps_of_a_replacement_are_one_in_whatever_order_they_come() -> None:
    new = {**A, "process_id": "b", "qualified_name": f"{WAREHOUSE}/b"}
    steps = told.replace("Process", "load", A, new, "qualified_name", "process_id")
    found = [only(*each) for each in permutations(steps)]
    assert all(each == found[0] for each in found)
    assert found[0].operation == "replace"
    assert found[0].keys == ("process_id", "qualified_name")
    assert edges(found[0]) == {"Process": "changed"}
    assert fields(found[0]) == {"process_id": ['"load" → "b"']}


def test_what_an_interrupted_replacement_left_is_removed_besides() -> None:
    left = {**A, "qualified_name": f"{WAREHOUSE}/left"}
    found = changes(told.step("delete-replaced", "Process", "load", left), told.same("Process", "load", A))
    assert [change.operation for change in found] == ["delete", "same"]
    assert found[0].resource.qualified_name == f"{WAREHOUSE}/left"


def test_an_operation_that_is_not_known_is_refused() -> None:
    with pytest.raises(ReviewError, match=r"does not know the operation 'fly' on Process load: upgrade it"):
        changes(told.step("fly", "Process", "load", A, A))


def test_a_kind_that_is_not_known_is_refused_where_it_changes() -> None:
    assert changes(told.same("Glossary", "g", {})) == ()
    with pytest.raises(ReviewError, match=r"does not know Glossary 'g': upgrade it"):
        changes(told.create("Glossary", "g", {}))


def test_a_step_without_sides_is_refused() -> None:
    with pytest.raises(ReviewError, match="tells nothing of it"):
        changes(told.step("update", "Process", "load"))


def test_what_an_earlier_replacement_left_is_removed_beside_a_new_one() -> None:
    left = told.process("load", [5], [6], process_id="x0")
    new = {**A, "process_id": "b", "qualified_name": f"{WAREHOUSE}/b"}
    now = told.replace("Process", "load", A, new, "process_id")
    leftover = told.step("delete-replaced", "Process", "load", left)
    for events in ([leftover, *now], [*now, leftover]):
        gone, moved = changes(*events)
        assert (gone.operation, moved.operation) == ("delete", "replace")
        assert gone.resource.qualified_name == f"{WAREHOUSE}/x0"
        assert edges(gone) == {"Process": "removed"}
        assert moved.old is not None
        assert moved.old.qualified_name == f"{WAREHOUSE}/load"


def test_of_several_that_interrupted_replacements_left_the_names_decide_the_order() -> None:
    left = [
        told.step("delete-replaced", "Process", "load", {**A, "qualified_name": f"{WAREHOUSE}/{name}"})
        for name in "cab"
    ]
    for events in permutations(left):
        found = [change.resource.qualified_name for change in changes(*events)]
        assert found == [f"{WAREHOUSE}/{name}" for name in "abc"]


# -- protection and what hangs on something ---------------------------------------------------------------

OPEN = {"protect": False}


@pytest.mark.parametrize("operation", ["same", "update"])
def test_protection_that_is_taken_away_is_told(operation: str) -> None:
    change = only(told.step(operation, "Process", "load", A, A, protect=True, after=OPEN))
    assert change.loses_protection
    assert [(each.property, change_lines(each)) for each in change.options] == [("protect", ["true → false"])]
    again = only(told.step(operation, "Process", "load", A, A, protect=False, after={"protect": True}))
    assert not again.loses_protection
    assert [change_lines(each) for each in again.options] == [["false → true"]]


def test_what_is_created_or_deleted_has_no_option_that_differs() -> None:
    events = [told.create("Process", "new", A, protect=True), told.delete("Process", "old", A, protect=True)]
    assert [change.options for change in changes(*events)] == [(), ()]


FORCED = {**A, "force_destroy": True}


def forced_set(*columns: str) -> told.Props:
    member = {"inputs": "T0", "outputs": "T1", "columns": {name: name for name in columns}}
    return told.process_set({"x": member}, force_destroy=True)


MOVED = {**A, "process_id": "b", "qualified_name": f"{WAREHOUSE}/b"}


@pytest.mark.parametrize(
    ("events", "purges"),
    [
        ([told.delete("Process", "load", FORCED)], True),
        ([told.delete("Process", "load", A)], False),
        ([told.delete("Process", "load", {**A, "force_destroy": False})], False),
        ([told.delete("Process", "load", FORCED, retainOnDelete=True)], False),
        ([told.delete("Process", "load", FORCED, protect=True)], False),
        (told.replace("Process", "load", FORCED, MOVED, "process_id"), True),
        (told.replace("Process", "load", A, {**MOVED, "force_destroy": True}, "process_id"), False),
        ([told.create("Process", "load", FORCED)], False),
        ([told.update("Process", "load", A, FORCED)], False),
        ([told.same("Process", "load", FORCED)], False),
        ([told.update("ProcessSet", "s", forced_set("A", "B"), forced_set("A"))], False),
        ([told.update("ProcessSet", "s", forced_set(), told.process_set({}, force_destroy=True))], True),
        ([told.update("ProcessSet", "s", forced_set(), told.process_set({}))], False),
    ],
)
def test_what_goes_by_force_takes_along_what_hangs_on_it(events: list[told.Event], purges: bool) -> None:
    assert only(*events).purges == purges


ODD = {**told.process_set({}), "processes": {"x": 5}, "delete_type": "SOFT"}


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("odd", [ODD, {**told.process_set({}), "processes": nested(400)}])
@pytest.mark.parametrize("operation", ["create", "update", "delete", "same", "replace"])
def test_one_resource_that_cannot_be_read_costs_no_other(odd: told.Props, operation: str) -> None:
    sides = {
        "create": [told.create("ProcessSet", "odd", odd)],
        "update": [told.update("ProcessSet", "odd", odd, {**odd, "base": "x"}, protect=True, after=OPEN)],
        "delete": [told.delete("ProcessSet", "odd", odd)],
        "same": [told.same("ProcessSet", "odd", odd)],
        "replace": told.replace("ProcessSet", "odd", odd, odd, "base"),
    }
    found = changes(*sides[operation], told.create("Process", "load", A))
    assert [(each.name, each.operation, each.readable) for each in found] == [
        ("Process load", "create", True),
        ("ProcessSet odd", operation, False),
    ]
    assert (found[1].edges, found[1].whole) == ((), False)
    assert found[1].loses_protection == (operation == "update")


def test_changes_are_sorted_by_name() -> None:
    events = [told.create("Process", name, A) for name in "cab"]
    assert [change.name for change in changes(*events)] == ["Process a", "Process b", "Process c"]


def test_what_stays_in_atlan_is_neither_removed_nor_changed() -> None:
    change = only(told.delete("Process", "load", A, retainOnDelete=True))
    assert (change.kept, edges(change)) == (True, {"Process": "same"})


def test_an_update_of_what_would_stay_is_an_update() -> None:
    change = only(told.update("Process", "load", A, {**A, "sql": "select 2"}, retainOnDelete=True))
    assert (change.kept, edges(change)) == (False, {"Process": "changed"})


def test_where_the_old_one_stays_a_replacement_adds() -> None:
    new = {**A, "process_id": "b", "qualified_name": f"{WAREHOUSE}/b"}
    change = only(*told.replace("Process", "load", A, new, "process_id", retainOnDelete=True))
    assert change.kept
    assert [(edge.change, edge.edge.qualified_name) for edge in change.edges] == [
        ("same", f"{WAREHOUSE}/load"),
        ("added", f"{WAREHOUSE}/b"),
    ]


# -- fields -----------------------------------------------------------------------------------------------


def test_management_is_no_field() -> None:
    new = {**A, "__provider": "other", "managed_by": "pulumi:shop/dev#other", "sql": "select 2"}
    assert fields(only(told.update("Process", "load", A, new))) == {"sql": ['"select 1" → "select 2"']}


def test_sides_differ_by_asset() -> None:
    new = {**A, "inputs": told.tables(5), "outputs": told.tables(1, 2)}
    assert fields(only(told.update("Process", "load", A, new))) == {
        "inputs": [f"- Table {WAREHOUSE}/DB/S/T0", f"+ Table {WAREHOUSE}/DB/S/T5"],
        "outputs": [f"+ Table {WAREHOUSE}/DB/S/T2"],
    }


def test_a_value_that_is_not_known_yet_is_told_as_such() -> None:
    new = {**A, "sql": told.UNKNOWN, "inputs": [*told.tables(0), told.UNKNOWN]}
    change = only(told.update("Process", "load", A, new))
    assert fields(change) == {
        "inputs": ["+ (known after apply)"],
        "sql": ['"select 1" → (known after apply)'],
    }
    assert change.edges[0].edge.unknown == {"inputs"}


def test_of_secrets_is_told_that_one_differs_where_nothing_else_does() -> None:
    old = {**A, "sql": told.secret(), "code": told.secret()}
    secret = ["[secret] → [secret]"]
    assert fields(only(told.update("Process", "load", old, old))) == {"code": secret, "sql": secret}
    assert only(told.update("Process", "load", old, old)).may_differ == ()
    change = only(told.update("Process", "load", old, {**old, "name": "x"}))
    assert fields(change) == {"name": ['"Load" → "x"']}
    assert change.may_differ == ("code", "sql"), "the engine does not show whether they differ"


def test_the_secrets_of_which_one_differs_are_told_in_the_order_of_their_names() -> None:
    names = ["ast", "code", "description", "name", "sql"]
    old = {**A, **dict.fromkeys(names, told.secret())}
    change = only(told.update("Process", "load", old, old))
    assert [each.property for each in change.fields] == names
    other = only(told.update("Process", "load", old, {**old, "adopt": True}))
    assert other.may_differ == tuple(names)


def test_a_mapping_in_which_something_is_secret_may_differ_as_a_whole() -> None:
    old: told.Props = {"connector": "airflow", "name": "etl"}
    old |= {"query_preview_config": {"limit": told.secret(), "a": "b"}}
    assert fields(only(told.update("Connection", "etl", old, old))) == {
        "query_preview_config": ["[secret] → [secret]"]
    }
    renamed = only(told.update("Connection", "etl", old, {**old, "name": "elt"}))
    assert renamed.may_differ == ("query_preview_config",)


def test_of_a_secret_that_stands_on_one_side_alone_the_change_itself_is_told() -> None:
    change = only(told.update("Process", "load", A, {**A, "sql": told.secret(), "name": "x"}))
    assert change.may_differ == ()
    assert fields(change)["sql"] == ['"select 1" → [secret]']


def test_what_stays_as_it_is_has_no_secret_that_may_differ() -> None:
    change = only(told.same("Process", "load", {**A, "sql": told.secret()}))
    assert (change.fields, change.may_differ, edges(change)) == ((), (), {"Process": "same"})


def test_a_property_that_becomes_secret_hides_what_it_was_not() -> None:
    change = only(told.update("Process", "load", A, {**A, "sql": told.secret()}))
    assert fields(change) == {"sql": ['"select 1" → [secret]']}


@pytest.mark.parametrize("later", [told.UNKNOWN, told.secret()])
def test_a_mapping_of_which_nothing_is_known_any_more_is_one_value(later: Any) -> None:
    old = {"connector": "airflow", "name": "etl", "query_preview_config": {"limit": "5"}}
    become = "[secret]" if isinstance(later, dict) else "(known after apply)"
    change = only(told.update("Connection", "etl", old, {**old, "query_preview_config": later}))
    assert fields(change) == {"query_preview_config": [f"(a mapping) → {become}"]}
    change = only(told.update("Connection", "etl", {**old, "query_preview_config": later}, old))
    assert fields(change) == {"query_preview_config": [f"{become} → (a mapping)"]}


def test_a_mapping_is_told_by_key() -> None:
    old = {"connector": "airflow", "name": "etl", "query_preview_config": {"limit": "5", "a": "b"}}
    change = only(
        told.update("Connection", "etl", old, {**old, "query_preview_config": {"limit": "6", "a": "b"}})
    )
    assert fields(change) == {'query_preview_config["limit"]': ['"5" → "6"']}


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [("delete_type", "SOFT", '"SOFT"'), ("adopt", True, "true"), ("force_destroy", True, "true")],
)
def test_a_setting_of_this_package_is_a_field_and_no_change_of_lineage(
    name: str, value: str | bool, shown: str
) -> None:
    change = only(told.update("Process", "load", A, {**A, name: value}))
    assert fields(change) == {name: [f"(not set) → {shown}"]}
    assert edges(change) == {"Process": "same"}


def test_an_update_of_the_mark_alone_changes_no_lineage_and_no_secret() -> None:
    old = {**A, "sql": told.secret()}
    change = only(told.update("Process", "load", old, {**old, "managed_by": "pulumi:shop/dev#x"}))
    assert (change.fields, edges(change)) == ((), {"Process": "same"})
    assert change.may_differ == ("sql",)


# -- resources of many edges ------------------------------------------------------------------------------

X = {"inputs": "T0", "outputs": "T1", "columns": {"A": "A"}, "sql": "x"}
Y = {"inputs": "T0", "outputs": "T2"}


def set_change(old: told.Props, new: told.Props, **more: Any) -> ResourceChange:
    return only(told.update("ProcessSet", "set", told.process_set(old), told.process_set(new, **more)))


def test_a_process_that_leaves_a_set_is_one_removed_edge() -> None:
    change = set_change({"x": X, "y": Y}, {"x": X})
    assert edges(change) == {"ColumnProcess x/column/A": "same", "Process x": "same", "Process y": "removed"}
    assert change.fields == ()


def test_a_process_that_comes_to_a_set_is_one_added_edge_with_its_columns() -> None:
    change = set_change({"y": Y}, {"x": X, "y": Y})
    assert edges(change) == {"ColumnProcess x/column/A": "added", "Process x": "added", "Process y": "same"}


def test_what_changes_in_a_set_is_told_edge_by_edge() -> None:
    change = set_change({"x": X, "y": Y}, {"x": {**X, "columns": {"A": ["A", "B"]}, "sql": "z"}, "y": Y})
    assert edges(change) == {
        "ColumnProcess x/column/A": "changed",
        "Process x": "changed",
        "Process y": "same",
    }
    by_label = {edge.label: fields(edge) for edge in change.edges}
    assert by_label == {
        "x/column/A": {"inputs": [f"+ Column {WAREHOUSE}/DB/S/T0/B"]},
        "x": {"sql": ['"x" → "z"']},
        "y": {},
    }
    assert change.fields == ()


def test_another_way_to_write_the_same_set_changes_nothing() -> None:
    long = {**X, "inputs": f"{WAREHOUSE}/DB/S/T0", "columns": {f"{WAREHOUSE}/DB/S/T1/A": ["A"]}}
    assert set(edges(set_change({"x": X}, {"x": long})).values()) == {"same"}


def test_what_a_template_renames_is_told_by_name() -> None:
    change = set_change({"x": X}, {"x": X}, column_name="{output}")
    (column,) = (edge for edge in change.edges if edge.is_column_process)
    assert fields(column) == {"name": ['"A -> A" → "A"']}


def test_a_sets_own_property_is_told_on_the_set() -> None:
    assert fields(set_change({"x": X}, {"x": X}, adopt=True)) == {"adopt": ["(not set) → true"]}


def test_a_set_that_is_not_known_yet_loses_nothing() -> None:
    change = set_change({"x": X, "y": Y}, {"x": X, "y": told.UNKNOWN})
    assert edges(change) == {"ColumnProcess x/column/A": "same", "Process x": "same"}
    assert not change.whole


@pytest.mark.parametrize(
    "secretly",
    [
        told.process_set(told.secret()),
        told.process_set({"x": told.secret()}),
        told.process_set({"x": {**X, "columns": told.secret()}}),
        told.process_set({"x": {**X, "inputs": told.secret()}}),
        told.process_set({"x": X}, base=told.secret()),
        told.process_set({"x": {**X, "columns": {"A": told.secret()}}}),
    ],
)
def test_a_set_whose_edges_are_secret_is_as_good_as_unknown(secretly: told.Props) -> None:
    change = only(told.create("ProcessSet", "set", secretly))
    assert not change.whole
    assert "[secret]" not in repr([edge.edge.inputs for edge in change.edges])


@pytest.mark.parametrize("name", ["columns", "process", "input_tables"])
def test_column_lineage_that_is_secret_is_as_good_as_unknown(name: str) -> None:
    given = {**told.column_lineage("load", {"A": "A"}), name: told.secret()}
    assert only(told.create("ColumnLineage", "cols", given)).edges == ()


def test_column_lineage_whose_sql_is_secret_is_known_all_the_same() -> None:
    given = {**told.column_lineage("load", {"A": "A"}), "sql": told.secret()}
    assert edges(only(told.create("ColumnLineage", "cols", given))) == {"ColumnProcess A": "added"}


def test_a_secret_text_of_an_edge_hides_nothing_else() -> None:
    change = only(told.create("ProcessSet", "set", told.process_set({"x": {**X, "sql": told.secret()}})))
    assert change.whole
    assert {edge.edge.declared.get("sql") for edge in change.edges} == {"(secret)", None}


def test_a_text_of_an_edge_that_becomes_secret_is_told_so() -> None:
    change = set_change({"x": X}, {"x": {**X, "sql": told.secret()}})
    (edge,) = (each for each in change.edges if not each.is_column_process)
    assert fields(edge) == {"sql": ['"x" → [secret]']}


def test_a_set_of_which_some_was_secret_neither_adds_nor_removes_that() -> None:
    change = set_change({"x": X, "y": told.secret()}, {"x": X, "y": Y})
    assert edges(change) == {"ColumnProcess x/column/A": "same", "Process x": "same"}
    assert not change.whole


def test_column_lineage_that_moves_to_another_process_is_changed_edge_by_edge() -> None:
    old = told.column_lineage("load", {"A": ["A", "B"], "ID": "ID"})
    new = told.column_lineage("other", {"A": "A", "ID": "ID", "B": "B"})
    change = only(*told.replace("ColumnLineage", "cols", old, new, "process", "qualified_name"))
    assert edges(change) == {
        "ColumnProcess A": "changed",
        "ColumnProcess B": "added",
        "ColumnProcess ID": "changed",
    }
    by_label = {edge.label: fields(edge) for edge in change.edges}
    assert by_label["A"] == {"inputs": [f"- Column {WAREHOUSE}/DB/S/T0/B"]}
    assert by_label["ID"] == {}


def test_a_job_is_a_process_and_a_column_process_of_each_field() -> None:
    old = told.job(["RAW.P.O"], ["MART.P.O"], columns={"ID": ["ID"], "NET": ["AMOUNT"]})
    new = told.job(["RAW.P.O"], ["MART.P.O"], columns={"ID": ["ID", "AMOUNT"]})
    change = only(told.update("OpenLineageJob", "nightly", old, new))
    field = "snowflake://abc/MART.P.O"
    assert edges(change) == {
        "Process": "same",
        f"ColumnProcess {field}/ID": "changed",
        f"ColumnProcess {field}/NET": "removed",
    }
    assert change.fields == ()


def test_a_connection_has_fields_and_no_edges() -> None:
    old = {"connector": "airflow", "name": "etl", "qualified_name": "default/airflow/1"}
    change = only(told.update("Connection", "etl", old, {**old, "name": "elt"}))
    assert (fields(change), change.edges) == ({"name": ['"etl" → "elt"']}, ())
