"""An unknown value hides only its own edge: each kind of resource with each property unknown."""

from __future__ import annotations

from typing import Any

import pytest
from declared.test_edges import NET, ORDERS, WAREHOUSE, declare, job, process_set, sides

from atlan_pulumi.declared import HIDDEN, SECRET, Declared
from atlan_pulumi.errors import UnreadableError
from atlan_pulumi.lifecycle._values import UNKNOWN

PARENT = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
LOAD = {"inputs": ORDERS, "outputs": NET, "name": "Load"}


def set_with(**more: Any) -> Declared:
    return process_set(processes={"load": {**LOAD, **more}})


def lineage(**changed: Any) -> Declared:
    tables = {"input_tables": [ORDERS], "output_tables": [NET]}
    given = {"process": PARENT, "columns": {"ID": ["ID"], "SUM": ["A", "B"]}, **tables, **changed}
    return declare("ColumnLineage", **given)


@pytest.mark.parametrize(
    "name", ["name", "description", "sql", "owner_users", "source_url", "certificate_status"]
)
def test_an_unknown_attribute_hides_only_itself(name) -> None:
    found = set_with(columns={"ID": ["ID"]}, **{name: UNKNOWN})

    load, column = found.edges
    assert found.whole
    assert sides(load) == ([ORDERS], [NET])
    assert load.declared[name] is UNKNOWN
    assert sides(column) == ([f"{ORDERS}/ID"], [f"{NET}/ID"])


def test_an_unknown_owner_hides_no_other() -> None:
    (load,) = set_with(owner_users=["ann", UNKNOWN]).edges

    assert load.declared["owner_users"] == ["ann", UNKNOWN]


def test_an_unknown_input_hides_no_other() -> None:
    (load,) = set_with(inputs=[ORDERS, UNKNOWN]).edges

    assert sides(load) == ([ORDERS], [NET])
    assert load.unknown == {"inputs"}


def test_unknown_inputs_hide_columns_with_short_names_but_no_outputs() -> None:
    found = set_with(inputs=UNKNOWN, columns={"ID": ["ID"]})

    (load,) = found.edges
    assert not found.whole
    assert sides(load) == ([], [NET])
    assert load.unknown == {"inputs"}


@pytest.mark.parametrize("unknown", [UNKNOWN, {"ID": UNKNOWN}])
def test_unknown_columns_do_not_hide_their_process(unknown) -> None:
    found = set_with(columns=unknown)

    assert str(found.edges[0]) == f"Process '{WAREHOUSE}/load'"
    assert not found.whole


def test_the_sql_of_a_column_may_be_unknown() -> None:
    for sql in (UNKNOWN, {"ID": UNKNOWN}):
        found = set_with(columns={"ID": ["ID"]}, column_sql=sql)
        assert [edge.type_name for edge in found.edges] == ["Process", "ColumnProcess"]
        assert found.whole


def test_an_unknown_template_leads_to_unknown_names() -> None:
    for found in (process_set(column_name=UNKNOWN), lineage(name=UNKNOWN)):
        column = found.edges[-1]
        assert column.declared["name"] is UNKNOWN
        assert column.qualified_name is not None
        assert found.whole


def test_an_unknown_source_hides_no_other() -> None:
    found = lineage(columns={"ID": ["ID"], "SUM": ["A", UNKNOWN]})

    id_, total = found.edges
    assert not found.whole
    assert (sides(id_), id_.unknown) == (([f"{ORDERS}/ID"], [f"{NET}/ID"]), frozenset())
    assert (sides(total), total.unknown) == (([f"{ORDERS}/A"], [f"{NET}/SUM"]), {"inputs"})


@pytest.mark.parametrize("name", ["process", "columns", "input_tables", "output_tables"])
def test_a_column_lineage_without_its_required_properties_has_no_edges(name) -> None:
    found = lineage(**{name: UNKNOWN})

    assert found.edges == ()
    assert not found.whole


def test_placeholders_are_not_visible() -> None:
    found = set_with(
        columns={"ID": ["ID"]}, description=UNKNOWN, owner_users=[UNKNOWN], inputs=[ORDERS, UNKNOWN]
    )

    assert "later" not in repr([(edge, edge.declared) for edge in found.edges])


def test_properties_of_another_version_are_an_error() -> None:
    odd = Declared("urn:pulumi:dev::shop::t::cols", "ColumnLineage", {"process": 3, "columns": []})

    with pytest.raises(UnreadableError, match=r"^ColumnLineage 'cols' has properties that this version"):
        _ = odd.edges


@pytest.mark.parametrize(
    "facets",
    [
        UNKNOWN,
        {"columnLineage": UNKNOWN},
        {"columnLineage": {"fields": UNKNOWN}},
        {"columnLineage": {"fields": {"ID": UNKNOWN}}},
        {"columnLineage": {"fields": {"ID": {"inputFields": UNKNOWN}}}},
        {"columnLineage": {"fields": {"ID": {"inputFields": [UNKNOWN]}}}},
        {
            "columnLineage": {
                "fields": {"ID": {"inputFields": [{"namespace": UNKNOWN, "name": "x", "field": "y"}]}}
            }
        },
    ],
)
def test_an_unknown_facet_makes_the_job_incomplete(facets) -> None:
    found = job_with(facets)

    assert not found.whole
    assert found.edges[0].type_name == "Process"
    assert all("inputs" in edge.unknown for edge in found.edges[1:])


def test_a_constant_field_has_no_edge() -> None:
    found = job_with({"columnLineage": {"fields": {"ID": {"inputFields": []}}}})

    assert [edge.type_name for edge in found.edges] == ["Process"]
    assert found.whole


def job_with(facets: Any) -> Declared:
    output = {"namespace": "snowflake://abc", "name": "MART.PUBLIC.NET", "facets": facets}
    found = job(columns=None)
    return Declared(found.urn, found.kind, {**found.props, "outputs": [output]})


@pytest.mark.parametrize(
    ("hidden", "seen"), [(UNKNOWN, UNKNOWN), (SECRET, HIDDEN)], ids=["unknown", "secret"]
)
def test_a_hidden_sql_mapping_applies_to_each_column(hidden, seen) -> None:
    alone, whole = lineage(sql={"ID": "ID"}), set_with(columns={"ID": ["ID"]}, column_sql={"ID": "ID"})
    data = {**whole.props["processes"]["load"], "column_sql": hidden}
    found = [
        Declared(alone.urn, alone.kind, {**alone.props, "sql": hidden}),
        Declared(whole.urn, whole.kind, {**whole.props, "processes": {"load": data}}),
    ]

    for each in found:
        texts = [edge.declared["sql"] for edge in each.edges if edge.is_column_process]
        assert texts
        assert all(text == seen for text in texts)
        assert each.whole
