"""The meaning of each operation of the engine for a resource and its edges."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from review import previews
from support.atlan import WAREHOUSE

from atlan_pulumi.errors import ReviewError
from atlan_pulumi.review import EdgeChange, ResourceChange
from atlan_pulumi.review._compare import change_lines

A = previews.process("load", [0], [1], sql="select 1")


def changes(*events: previews.Event) -> tuple[ResourceChange, ...]:
    return previews.review_of(*events).changes


def only(*events: previews.Event) -> ResourceChange:
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
        (previews.create("Process", "load", A), "create", "added"),
        (previews.delete("Process", "load", A), "delete", "removed"),
        (previews.same("Process", "load", A), "same", "same"),
        (previews.step("import", "Process", "load", None, A), "import", "same"),
        (previews.update("Process", "load", A, {**A, "sql": "select 2"}), "update", "changed"),
    ],
)
def test_an_operation_changes_its_edge(event: previews.Event, operation: str, edge: str) -> None:
    change = only(event)
    assert (change.operation, edges(change)) == (operation, {"Process": edge})
    assert change.name == "Process load"


@pytest.mark.parametrize("op", ["read", "refresh", "discard", "read-replacement", "remove-pending-replace"])
def test_operations_that_change_nothing_in_atlan_are_left_out(op: str) -> None:
    events = [previews.step(op, "Process", "load", A, A), previews.same("Process", "other", A)]
    assert [change.operation for change in changes(*events)] == ["same"]


def test_the_steps_of_a_replacement_are_joined_in_any_order() -> None:
    new = {**A, "process_id": "b", "qualified_name": f"{WAREHOUSE}/b"}
    steps = previews.replace("Process", "load", A, new, "qualified_name", "process_id")
    found = [only(*each) for each in permutations(steps)]
    assert all(each == found[0] for each in found)
    assert found[0].operation == "replace"
    assert found[0].keys == ("process_id", "qualified_name")
    assert edges(found[0]) == {"Process": "changed"}
    assert fields(found[0]) == {"process_id": ['"load" → "b"']}


def test_the_rest_of_an_interrupted_replacement_is_a_deletion() -> None:
    left = {**A, "qualified_name": f"{WAREHOUSE}/left"}
    found = changes(
        previews.step("delete-replaced", "Process", "load", left), previews.same("Process", "load", A)
    )
    assert [change.operation for change in found] == ["delete", "same"]
    assert found[0].resource.qualified_name == f"{WAREHOUSE}/left"


def test_an_unknown_operation_is_refused() -> None:
    with pytest.raises(ReviewError, match=r"unknown operation 'fly' on Process load: upgrade atlan-pulumi"):
        changes(previews.step("fly", "Process", "load", A, A))


def test_an_unknown_kind_is_refused_if_it_changes() -> None:
    assert changes(previews.same("Glossary", "g", {})) == ()
    with pytest.raises(ReviewError, match=r"unknown resource Glossary 'g': upgrade atlan-pulumi"):
        changes(previews.create("Glossary", "g", {}))


def test_a_step_without_sides_is_refused() -> None:
    with pytest.raises(ReviewError, match="has no resource state"):
        changes(previews.step("update", "Process", "load"))


def test_the_rest_of_an_earlier_replacement_is_deleted_next_to_a_new_one() -> None:
    left = previews.process("load", [5], [6], process_id="x0")
    new = {**A, "process_id": "b", "qualified_name": f"{WAREHOUSE}/b"}
    now = previews.replace("Process", "load", A, new, "process_id")
    leftover = previews.step("delete-replaced", "Process", "load", left)
    for events in ([leftover, *now], [*now, leftover]):
        gone, moved = changes(*events)
        assert (gone.operation, moved.operation) == ("delete", "replace")
        assert gone.resource.qualified_name == f"{WAREHOUSE}/x0"
        assert edges(gone) == {"Process": "removed"}
        assert moved.old is not None
        assert moved.old.qualified_name == f"{WAREHOUSE}/load"


def test_rests_of_interrupted_replacements_are_sorted_by_name() -> None:
    left = [
        previews.step("delete-replaced", "Process", "load", {**A, "qualified_name": f"{WAREHOUSE}/{name}"})
        for name in "cab"
    ]
    for events in permutations(left):
        found = [change.resource.qualified_name for change in changes(*events)]
        assert found == [f"{WAREHOUSE}/{name}" for name in "abc"]


# -- protection and dependents ----------------------------------------------------------------------------

OPEN = {"protect": False}


@pytest.mark.parametrize("operation", ["same", "update"])
def test_removed_protection_is_reported(operation: str) -> None:
    change = only(previews.step(operation, "Process", "load", A, A, protect=True, after=OPEN))
    assert change.loses_protection
    assert [(each.property, change_lines(each)) for each in change.options] == [("protect", ["true → false"])]
    again = only(previews.step(operation, "Process", "load", A, A, protect=False, after={"protect": True}))
    assert not again.loses_protection
    assert [change_lines(each) for each in again.options] == [["false → true"]]


def test_creations_and_deletions_have_no_changed_options() -> None:
    events = [
        previews.create("Process", "new", A, protect=True),
        previews.delete("Process", "old", A, protect=True),
    ]
    assert [change.options for change in changes(*events)] == [(), ()]


FORCED = {**A, "force_destroy": True}


def forced_set(*columns: str) -> previews.Props:
    member = {"inputs": "T0", "outputs": "T1", "columns": {name: name for name in columns}}
    return previews.process_set({"x": member}, force_destroy=True)


MOVED = {**A, "process_id": "b", "qualified_name": f"{WAREHOUSE}/b"}


@pytest.mark.parametrize(
    ("events", "purges"),
    [
        ([previews.delete("Process", "load", FORCED)], True),
        ([previews.delete("Process", "load", A)], False),
        ([previews.delete("Process", "load", {**A, "force_destroy": False})], False),
        ([previews.delete("Process", "load", FORCED, retainOnDelete=True)], False),
        ([previews.delete("Process", "load", FORCED, protect=True)], False),
        (previews.replace("Process", "load", FORCED, MOVED, "process_id"), True),
        (previews.replace("Process", "load", A, {**MOVED, "force_destroy": True}, "process_id"), False),
        ([previews.create("Process", "load", FORCED)], False),
        ([previews.update("Process", "load", A, FORCED)], False),
        ([previews.same("Process", "load", FORCED)], False),
        ([previews.update("ProcessSet", "s", forced_set("A", "B"), forced_set("A"))], False),
        (
            [previews.update("ProcessSet", "s", forced_set(), previews.process_set({}, force_destroy=True))],
            True,
        ),
        ([previews.update("ProcessSet", "s", forced_set(), previews.process_set({}))], False),
    ],
)
def test_force_destroy_deletes_dependents_too(events: list[previews.Event], purges: bool) -> None:
    assert only(*events).purges == purges


ODD = {**previews.process_set({}), "processes": {"x": 5}, "delete_type": "SOFT"}


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("odd", [ODD, {**previews.process_set({}), "processes": nested(400)}])
@pytest.mark.parametrize("operation", ["create", "update", "delete", "same", "replace"])
def test_an_unreadable_resource_does_not_affect_others(odd: previews.Props, operation: str) -> None:
    sides = {
        "create": [previews.create("ProcessSet", "odd", odd)],
        "update": [previews.update("ProcessSet", "odd", odd, {**odd, "base": "x"}, protect=True, after=OPEN)],
        "delete": [previews.delete("ProcessSet", "odd", odd)],
        "same": [previews.same("ProcessSet", "odd", odd)],
        "replace": previews.replace("ProcessSet", "odd", odd, odd, "base"),
    }
    found = changes(*sides[operation], previews.create("Process", "load", A))
    assert [(each.name, each.operation, each.readable) for each in found] == [
        ("Process load", "create", True),
        ("ProcessSet odd", operation, False),
    ]
    assert (found[1].edges, found[1].whole) == ((), False)
    assert found[1].loses_protection == (operation == "update")


def test_changes_are_sorted_by_name() -> None:
    events = [previews.create("Process", name, A) for name in "cab"]
    assert [change.name for change in changes(*events)] == ["Process a", "Process b", "Process c"]


def test_a_retained_resource_is_neither_removed_nor_changed() -> None:
    change = only(previews.delete("Process", "load", A, retainOnDelete=True))
    assert (change.kept, edges(change)) == (True, {"Process": "same"})


def test_an_update_with_retain_on_delete_is_an_update() -> None:
    change = only(previews.update("Process", "load", A, {**A, "sql": "select 2"}, retainOnDelete=True))
    assert (change.kept, edges(change)) == (False, {"Process": "changed"})


def test_a_replacement_with_retain_on_delete_adds() -> None:
    new = {**A, "process_id": "b", "qualified_name": f"{WAREHOUSE}/b"}
    change = only(*previews.replace("Process", "load", A, new, "process_id", retainOnDelete=True))
    assert change.kept
    assert [(edge.change, edge.edge.qualified_name) for edge in change.edges] == [
        ("same", f"{WAREHOUSE}/load"),
        ("added", f"{WAREHOUSE}/b"),
    ]


# -- fields -----------------------------------------------------------------------------------------------


def test_management_properties_are_not_fields() -> None:
    new = {**A, "__provider": "other", "managed_by": "pulumi:shop/dev#other", "sql": "select 2"}
    assert fields(only(previews.update("Process", "load", A, new))) == {"sql": ['"select 1" → "select 2"']}


def test_sides_differ_by_asset() -> None:
    new = {**A, "inputs": previews.tables(5), "outputs": previews.tables(1, 2)}
    assert fields(only(previews.update("Process", "load", A, new))) == {
        "inputs": [f"- Table {WAREHOUSE}/DB/S/T0", f"+ Table {WAREHOUSE}/DB/S/T5"],
        "outputs": [f"+ Table {WAREHOUSE}/DB/S/T2"],
    }


def test_an_unknown_value_is_shown_as_known_after_apply() -> None:
    new = {**A, "sql": previews.UNKNOWN, "inputs": [*previews.tables(0), previews.UNKNOWN]}
    change = only(previews.update("Process", "load", A, new))
    assert fields(change) == {
        "inputs": ["+ (known after apply)"],
        "sql": ['"select 1" → (known after apply)'],
    }
    assert change.edges[0].edge.unknown == {"inputs"}


def test_a_secret_differs_if_nothing_else_does() -> None:
    old = {**A, "sql": previews.secret(), "code": previews.secret()}
    secret = ["[secret] → [secret]"]
    assert fields(only(previews.update("Process", "load", old, old))) == {"code": secret, "sql": secret}
    assert only(previews.update("Process", "load", old, old)).may_differ == ()
    change = only(previews.update("Process", "load", old, {**old, "name": "x"}))
    assert fields(change) == {"name": ['"Load" → "x"']}
    assert change.may_differ == ("code", "sql"), "the engine does not show whether they differ"


def test_secrets_that_may_differ_are_sorted_by_name() -> None:
    names = ["ast", "code", "description", "name", "sql"]
    old = {**A, **dict.fromkeys(names, previews.secret())}
    change = only(previews.update("Process", "load", old, old))
    assert [each.property for each in change.fields] == names
    other = only(previews.update("Process", "load", old, {**old, "adopt": True}))
    assert other.may_differ == tuple(names)


def test_a_mapping_with_a_secret_may_differ_as_one_value() -> None:
    old: previews.Props = {"connector": "airflow", "name": "etl"}
    old |= {"query_preview_config": {"limit": previews.secret(), "a": "b"}}
    assert fields(only(previews.update("Connection", "etl", old, old))) == {
        "query_preview_config": ["[secret] → [secret]"]
    }
    renamed = only(previews.update("Connection", "etl", old, {**old, "name": "elt"}))
    assert renamed.may_differ == ("query_preview_config",)


def test_a_secret_on_one_side_is_a_change() -> None:
    change = only(previews.update("Process", "load", A, {**A, "sql": previews.secret(), "name": "x"}))
    assert change.may_differ == ()
    assert fields(change)["sql"] == ['"select 1" → [secret]']


def test_an_unchanged_resource_has_no_secret_that_may_differ() -> None:
    change = only(previews.same("Process", "load", {**A, "sql": previews.secret()}))
    assert (change.fields, change.may_differ, edges(change)) == ((), (), {"Process": "same"})


def test_a_property_that_becomes_secret_shows_its_old_value() -> None:
    change = only(previews.update("Process", "load", A, {**A, "sql": previews.secret()}))
    assert fields(change) == {"sql": ['"select 1" → [secret]']}


@pytest.mark.parametrize("later", [previews.UNKNOWN, previews.secret()])
def test_a_mapping_that_becomes_unknown_is_one_value(later: Any) -> None:
    old = {"connector": "airflow", "name": "etl", "query_preview_config": {"limit": "5"}}
    become = "[secret]" if isinstance(later, dict) else "(known after apply)"
    change = only(previews.update("Connection", "etl", old, {**old, "query_preview_config": later}))
    assert fields(change) == {"query_preview_config": [f"(a mapping) → {become}"]}
    change = only(previews.update("Connection", "etl", {**old, "query_preview_config": later}, old))
    assert fields(change) == {"query_preview_config": [f"{become} → (a mapping)"]}


def test_a_mapping_is_compared_by_key() -> None:
    old = {"connector": "airflow", "name": "etl", "query_preview_config": {"limit": "5", "a": "b"}}
    change = only(
        previews.update("Connection", "etl", old, {**old, "query_preview_config": {"limit": "6", "a": "b"}})
    )
    assert fields(change) == {'query_preview_config["limit"]': ['"5" → "6"']}


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [("delete_type", "SOFT", '"SOFT"'), ("adopt", True, "true"), ("force_destroy", True, "true")],
)
def test_a_setting_of_this_package_does_not_change_lineage(name: str, value: str | bool, shown: str) -> None:
    change = only(previews.update("Process", "load", A, {**A, name: value}))
    assert fields(change) == {name: [f"(not set) → {shown}"]}
    assert edges(change) == {"Process": "same"}


def test_a_new_ownership_mark_changes_neither_lineage_nor_secrets() -> None:
    old = {**A, "sql": previews.secret()}
    change = only(previews.update("Process", "load", old, {**old, "managed_by": "pulumi:shop/dev#x"}))
    assert (change.fields, edges(change)) == ((), {"Process": "same"})
    assert change.may_differ == ("sql",)


# -- bulk resources ---------------------------------------------------------------------------------------

X = {"inputs": "T0", "outputs": "T1", "columns": {"A": "A"}, "sql": "x"}
Y = {"inputs": "T0", "outputs": "T2"}


def set_change(old: previews.Props, new: previews.Props, **more: Any) -> ResourceChange:
    return only(
        previews.update("ProcessSet", "set", previews.process_set(old), previews.process_set(new, **more))
    )


def test_a_process_removed_from_a_set_is_one_removed_edge() -> None:
    change = set_change({"x": X, "y": Y}, {"x": X})
    assert edges(change) == {"ColumnProcess x/column/A": "same", "Process x": "same", "Process y": "removed"}
    assert change.fields == ()


def test_a_process_added_to_a_set_is_one_added_edge_with_its_columns() -> None:
    change = set_change({"y": Y}, {"x": X, "y": Y})
    assert edges(change) == {"ColumnProcess x/column/A": "added", "Process x": "added", "Process y": "same"}


def test_changes_in_a_set_are_reported_edge_by_edge() -> None:
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


def test_another_notation_of_the_same_set_changes_nothing() -> None:
    long = {**X, "inputs": f"{WAREHOUSE}/DB/S/T0", "columns": {f"{WAREHOUSE}/DB/S/T1/A": ["A"]}}
    assert set(edges(set_change({"x": X}, {"x": long})).values()) == {"same"}


def test_names_from_a_new_template_are_changes() -> None:
    change = set_change({"x": X}, {"x": X}, column_name="{output}")
    (column,) = (edge for edge in change.edges if edge.is_column_process)
    assert fields(column) == {"name": ['"A -> A" → "A"']}


def test_a_property_of_a_set_is_a_change_of_the_set() -> None:
    assert fields(set_change({"x": X}, {"x": X}, adopt=True)) == {"adopt": ["(not set) → true"]}


def test_a_partly_unknown_set_removes_nothing() -> None:
    change = set_change({"x": X, "y": Y}, {"x": X, "y": previews.UNKNOWN})
    assert edges(change) == {"ColumnProcess x/column/A": "same", "Process x": "same"}
    assert not change.whole


@pytest.mark.parametrize(
    "secretly",
    [
        previews.process_set(previews.secret()),
        previews.process_set({"x": previews.secret()}),
        previews.process_set({"x": {**X, "columns": previews.secret()}}),
        previews.process_set({"x": {**X, "inputs": previews.secret()}}),
        previews.process_set({"x": X}, base=previews.secret()),
        previews.process_set({"x": {**X, "columns": {"A": previews.secret()}}}),
    ],
)
def test_a_set_with_secret_edges_is_partly_unknown(secretly: previews.Props) -> None:
    change = only(previews.create("ProcessSet", "set", secretly))
    assert not change.whole
    assert "[secret]" not in repr([edge.edge.inputs for edge in change.edges])


@pytest.mark.parametrize("name", ["columns", "process", "input_tables"])
def test_secret_column_lineage_is_unknown(name: str) -> None:
    given = {**previews.column_lineage("load", {"A": "A"}), name: previews.secret()}
    assert only(previews.create("ColumnLineage", "cols", given)).edges == ()


def test_column_lineage_with_secret_sql_is_known() -> None:
    given = {**previews.column_lineage("load", {"A": "A"}), "sql": previews.secret()}
    assert edges(only(previews.create("ColumnLineage", "cols", given))) == {"ColumnProcess A": "added"}


def test_a_secret_text_of_an_edge_hides_only_the_text() -> None:
    change = only(
        previews.create("ProcessSet", "set", previews.process_set({"x": {**X, "sql": previews.secret()}}))
    )
    assert change.whole
    assert {edge.edge.declared.get("sql") for edge in change.edges} == {"(secret)", None}


def test_a_text_of_an_edge_that_becomes_secret_is_a_change() -> None:
    change = set_change({"x": X}, {"x": {**X, "sql": previews.secret()}})
    (edge,) = (each for each in change.edges if not each.is_column_process)
    assert fields(edge) == {"sql": ['"x" → [secret]']}


def test_secret_edges_of_a_set_are_neither_added_nor_removed() -> None:
    change = set_change({"x": X, "y": previews.secret()}, {"x": X, "y": Y})
    assert edges(change) == {"ColumnProcess x/column/A": "same", "Process x": "same"}
    assert not change.whole


def test_column_lineage_with_another_process_is_changed_edge_by_edge() -> None:
    old = previews.column_lineage("load", {"A": ["A", "B"], "ID": "ID"})
    new = previews.column_lineage("other", {"A": "A", "ID": "ID", "B": "B"})
    change = only(*previews.replace("ColumnLineage", "cols", old, new, "process", "qualified_name"))
    assert edges(change) == {
        "ColumnProcess A": "changed",
        "ColumnProcess B": "added",
        "ColumnProcess ID": "changed",
    }
    by_label = {edge.label: fields(edge) for edge in change.edges}
    assert by_label["A"] == {"inputs": [f"- Column {WAREHOUSE}/DB/S/T0/B"]}
    assert by_label["ID"] == {}


def test_a_job_is_a_process_and_a_column_process_per_field() -> None:
    old = previews.job(["RAW.P.O"], ["MART.P.O"], columns={"ID": ["ID"], "NET": ["AMOUNT"]})
    new = previews.job(["RAW.P.O"], ["MART.P.O"], columns={"ID": ["ID", "AMOUNT"]})
    change = only(previews.update("OpenLineageJob", "nightly", old, new))
    field = "snowflake://abc/MART.P.O"
    assert edges(change) == {
        "Process": "same",
        f"ColumnProcess {field}/ID": "changed",
        f"ColumnProcess {field}/NET": "removed",
    }
    assert change.fields == ()


def test_a_connection_has_fields_and_no_edges() -> None:
    old = {"connector": "airflow", "name": "etl", "qualified_name": "default/airflow/1"}
    change = only(previews.update("Connection", "etl", old, {**old, "name": "elt"}))
    assert (fields(change), change.edges) == ({"name": ['"etl" → "elt"']}, ())
