"""Choose the kinds of resources: mappings, maps, and single resources."""

from __future__ import annotations

import json

import pytest
from importer import deploy
from importer.deploy import ETL, SPARK, STACK
from importer.entities import assert_no_changes, changes, update
from support.atlan import WAREHOUSE

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.errors import ImporterError
from atlan_pulumi.importer import (
    ImportPlan,
    Selection,
    Shape,
    import_file,
    module,
    plan_import,
    report,
)
from atlan_pulumi.lifecycle import mark, mark_of

ELSEWHERE = None
"""No stack: entities of others have no mark."""


def plan(client: AtlanClient, form: str | None = None, **more: object) -> ImportPlan:
    """Plan the import of everything in the connection."""
    wanted = Selection(connections=[ETL], with_connections=False, **more)  # type: ignore[arg-type]
    return plan_import(client, wanted, shape=Shape(form, stack=STACK))


def kinds(found: ImportPlan) -> list[str]:
    """Return the resources as `<kind> <name>`."""
    return [f"{each.kind} {each.name}" for each in found.resources]


@pytest.fixture(autouse=True)
def _connection(client: AtlanClient) -> None:
    deploy.connection(client)


@pytest.mark.parametrize("stack", [STACK, ELSEWHERE])
def test_the_columns_of_a_process_become_one_mapping(client: AtlanClient, stack: str | None) -> None:
    load = deploy.process(client, "load", [0, 2], [1], stack=stack)
    mapping = {"T1/A": ["T0/A", "T2/B"], "T1/B": "T0/B", "T1/ID": "T2/ID"}
    deploy.columns(client, "load-columns", load, mapping, sql={"T1/A": "T0.A + T2.B"}, stack=stack)
    found = plan(client)
    assert kinds(found) == ["Process load", "ColumnLineage load-columns"]
    assert '"A": ["T0/A", "T2/B"],\n        "B": "T0/B",' in module(found)
    assert 'sql={"A": "T0.A + T2.B"}' in module(found)
    assert_no_changes(client, found, STACK)


def test_each_mapping_of_a_process_keeps_its_name(client: AtlanClient) -> None:
    load = deploy.process(client, "load", [0], [1], called="the-load")
    deploy.columns(client, "keys", load, {"T1/ID": "T0/ID"})
    deploy.columns(client, "values", load, {"T1/A": "T0/A", "T1/B": "T0/B"})
    found = plan(client)
    assert kinds(found) == ["Process the-load", "ColumnLineage keys", "ColumnLineage values"]
    assert_no_changes(client, found, STACK)


def test_equal_column_names_in_two_tables(client: AtlanClient) -> None:
    load = deploy.process(client, "load", [0], [1, 2], stack=ELSEWHERE)
    deploy.columns(client, "x", load, {"T1/A": "T0/A", "T2/A": "T0/A", "T2/B": "T0/B"}, stack=ELSEWHERE)
    found = plan(client)
    assert kinds(found) == ["Process load", "ColumnLineage load-columns"]
    assert '"T1/A": "A",\n        "T2/A": "A",\n        "T2/B": "B",' in module(found)
    assert_no_changes(client, found, STACK)


@pytest.mark.parametrize(
    ("template", "written"),
    [
        (None, ""),
        ("{inputs} => {output}", 'name="{inputs} => {output}"'),
        ("{output} {{of}} {inputs}", 'name="{output} {{of}} {inputs}"'),
        ("column {output}", 'name="column {output}"'),
        ("lineage", 'name="lineage"'),
    ],
)
def test_templates_of_names(client: AtlanClient, template: str | None, written: str) -> None:
    load = deploy.process(client, "load", [0], [1], stack=ELSEWHERE)
    given = {"name": template} if template else {}
    deploy.columns(client, "x", load, {"T1/A": ["T0/A", "T0/B"], "T1/ID": "T0/ID"}, stack=ELSEWHERE, **given)
    found = plan(client)
    assert kinds(found) == ["Process load", "ColumnLineage load-columns"]
    code = module(found).partition("ColumnLineage(")[2]
    assert written in code
    assert ("name=" in code) == bool(written)
    assert_no_changes(client, found, STACK)


@pytest.mark.parametrize(
    ("id_", "inputs", "outputs", "more"),
    [
        pytest.param("own-id", ["T0/A"], ["T1/A"], {}, id="another id"),
        pytest.param("load/column/X", ["T0/A"], ["T1/A"], {}, id="another id below the process"),
        pytest.param("load/column/T1/A", ["T0/A"], ["T1/A"], {}, id="a longer id than needed"),
        pytest.param("load/column/A", ["T0/A"], ["T1/A", "T1/B"], {}, id="several outputs"),
        pytest.param("load/column/A", ["T0/A"], ["T1/A"], {"description": "why"}, id="an attribute"),
    ],
)
@pytest.mark.parametrize("stack", [STACK, ELSEWHERE])
def test_columns_that_a_mapping_cannot_express_stay_single(
    client: AtlanClient,
    id_: str,
    inputs: list[str],
    outputs: list[str],
    more: dict[str, str],
    stack: str | None,
) -> None:
    load = deploy.process(client, "load", [0], [1])
    deploy.columns(client, "load-columns", load, {"T1/ID": "T0/ID"})
    deploy.edge(client, id_, load, inputs, outputs, title="A -> A", called="odd", stack=stack, **more)
    found = plan(client)
    name = {STACK: "odd"}.get(str(stack), "own-id" if id_ == "own-id" else "load-A")
    assert kinds(found) == ["Process load", "ColumnLineage load-columns", f"ColumnProcess {name}"] or kinds(
        found
    ) == ["Process load", f"ColumnProcess {name}", "ColumnLineage load-columns"]
    assert_no_changes(client, found, STACK)


def test_a_changed_name_does_not_change_the_kind(client: AtlanClient) -> None:
    load = deploy.process(client, "load", [0], [1])
    deploy.columns(client, "load-columns", load, {"T1/A": "T0/A", "T1/B": "T0/B", "T1/ID": "T0/ID"})
    (edge,) = client.entities.get_many_by_qualified_name("ColumnProcess", [f"{load}/column/B"]).values()
    named = {"qualifiedName": edge.qualified_name, "name": "theirs"}
    client.entities.upsert([edge.model_copy(update={"attributes": named, "relationship_attributes": {}})])
    assert kinds(plan(client)) == ["Process load", "ColumnLineage load-columns"]


@pytest.mark.parametrize(("attribute", "value"), [("description", "why"), ("isAIGenerated", True)])
def test_an_attribute_of_another_writer_does_not_remove_a_column_from_its_mapping(
    client: AtlanClient, attribute: str, value: object
) -> None:
    load = deploy.process(client, "load", [0], [1])
    mapping = {"T1/A": "T0/A", "T1/B": "T0/B", "T1/ID": "T0/ID"}
    deploy.columns(client, "load-columns", load, mapping)
    (edge,) = client.entities.get_many_by_qualified_name("ColumnProcess", [f"{load}/column/B"]).values()
    named = {"qualifiedName": edge.qualified_name, "name": edge.name, attribute: value}
    client.entities.upsert([edge.model_copy(update={"attributes": named, "relationship_attributes": {}})])
    found = plan(client)
    assert kinds(found) == ["Process load", "ColumnLineage load-columns"]
    assert list(report(found, STACK))[:2] == [
        "Not managed by the imported resources:",
        f"  attribute {attribute} (1 resource)",
    ]
    assert_no_changes(client, found, STACK)


def columns_in_the_file(found: ImportPlan) -> dict[str, object]:
    (lineage,) = (
        each["inputs"]
        for each in json.loads(import_file(found, STACK))["resources"]
        if each["type"].endswith("ColumnLineage")
    )
    return dict(lineage["columns"])


def test_the_import_file_uses_the_short_form_if_unambiguous(client: AtlanClient) -> None:
    """So a preview shows only the columns that differ from the program."""
    one = deploy.process(client, "one", [0], [1])
    deploy.columns(client, "one-columns", one, {"T1/A": ["T0/A", "T0/B"], "T1/ID": "T0/ID"})
    found = plan(client)
    assert columns_in_the_file(found) == {"A": ["A", "B"], "ID": "ID"}
    assert_no_changes(client, found, STACK)


def test_the_import_file_uses_full_names_if_the_short_form_is_ambiguous(
    client: AtlanClient,
) -> None:
    two = deploy.process(client, "two", [0, 2], [1])
    deploy.columns(client, "two-columns", two, {"T1/A": "T0/A", "T1/B": "T2/B"})
    found = plan(client)
    tables = f"{WAREHOUSE}/DB/S"
    assert columns_in_the_file(found) == {
        f"{tables}/T1/A": [f"{tables}/T0/A"],
        f"{tables}/T1/B": [f"{tables}/T2/B"],
    }
    assert_no_changes(client, found, STACK)


def test_edges_of_other_writers_become_a_separate_mapping(client: AtlanClient) -> None:
    load = deploy.process(client, "load", [0], [1])
    deploy.columns(client, "ours", load, {"T1/A": "T0/A"})
    deploy.columns(client, "theirs", load, {"T1/B": "T0/B"}, stack=ELSEWHERE)
    found = plan(client)
    assert kinds(found) == ["Process load", "ColumnLineage load-columns", "ColumnLineage ours"]
    assert_no_changes(client, found, STACK)


def test_archived_columns_are_not_imported(client: AtlanClient) -> None:
    load = deploy.process(client, "load", [0], [1])
    deploy.columns(client, "load-columns", load, {"T1/A": "T0/A", "T1/B": "T0/B"})
    gone = client.entities.get_by_qualified_name("ColumnProcess", f"{load}/column/B")
    assert gone is not None
    client.entities.delete([str(gone.guid)], "SOFT")
    found = plan(client)
    assert found.resources[1].inputs["columns"] == {"A": "A"}
    assert_no_changes(client, found, STACK)


def test_a_partly_selected_mapping_becomes_single_resources(client: AtlanClient) -> None:
    load = deploy.process(client, "load", [0], [1])
    deploy.columns(client, "load-columns", load, {"T1/A": "T0/A", "T1/B": "T0/B"})
    found = plan_import(client, Selection(processes=[f"{load}/column/A"]), shape=Shape(stack=STACK))
    assert [each.kind for each in found.resources] == ["ColumnProcess"], "B is unknown"
    assert_no_changes(client, found, STACK)


AS_FORM = {
    None: ["LineageMap shop", "Process single"],
    "lineage-map": ["LineageMap airflow-lineage", "LineageMap shop"],
    "column-lineage": [
        "Process both",
        "ColumnLineage both-columns",
        "Process mart",
        "ColumnLineage mart-columns",
        "Process single",
    ],
    "column-process": [
        "Process both",
        "ColumnProcess both-B",
        "ColumnProcess both-A",
        "ColumnProcess both-T5-A",
        "Process mart",
        "ColumnProcess mart-A",
        "ColumnProcess mart-B",
        "Process single",
    ],
}


@pytest.mark.parametrize("form", AS_FORM)
def test_a_map_can_be_imported_in_every_form(client: AtlanClient, form: str | None) -> None:
    deploy.make(client, "ProcessSet", "shop", parent="atlan:index:LineageMap", **SHOP)
    deploy.process(client, "single", [0], [1])
    found = plan(client, form)
    assert kinds(found) == AS_FORM[form]
    if form != "lineage-map":
        assert_no_changes(client, found, STACK)


def test_a_map_of_single_processes_previews_the_takeover(client: AtlanClient) -> None:
    for number in (1, 2):
        load = deploy.process(client, f"load-{number}", [0], [number])
        deploy.columns(client, f"columns-{number}", load, {f"T{number}/A": "T0/A"})
    found = plan(client, "lineage-map")
    assert kinds(found) == ["LineageMap airflow-lineage"]
    assert "adopt=True" in module(found)
    assert changes(found, STACK) == {ETL: ["managed_by"]}
    update(client, found, STACK)
    marks = {
        mark_of(each)
        for each in client.entities.get_many_by_qualified_name(
            "Process", [f"{ETL}/load-1", f"{ETL}/load-2"]
        ).values()
    }
    assert marks == {mark(STACK, "airflow-lineage", "atlan:index:LineageMap$atlan:ProcessSet", "0000abcd")}
    assert_no_changes(client, plan(client), STACK)


SHOP = {
    "connection": ETL,
    "base": WAREHOUSE,
    "column_name": "{inputs} to {output}",
    "processes": {
        "mart": {"inputs": "DB/S/T1", "outputs": "DB/S/T3", "columns": {"A": "A", "B": ["A", "B"]}},
        "both": {
            "name": "Both ways",
            "inputs": ["DB/S/T1", "DB/S/T2"],
            "outputs": ["DB/S/T4", {"type_name": "Table", "qualified_name": "DB/S/T5"}],
            "sql": "select\n1",
            "description": "why",
            "columns": {"T4/A": "T1/A", "T5/A": "T2/A", "T5/B": ["T1/B", "T2/B"]},
            "column_sql": {"T4/A": "T1.A"},
        },
    },
}


def test_a_map_can_be_requested_for_entities_of_others(client: AtlanClient) -> None:
    load = deploy.process(client, "load", [0, 2], [1], stack=ELSEWHERE)
    deploy.columns(client, "x", load, {"T1/A": ["T0/A", "T2/B"]}, stack=ELSEWHERE)
    deploy.edge(client, "own-id", load, ["T0/B"], ["T1/B"], stack=ELSEWHERE)
    deploy.process(client, "more", [1], [3], stack=ELSEWHERE)
    found = plan(client, "lineage-map")
    assert kinds(found) == ["LineageMap airflow-lineage", "ColumnProcess own-id"]
    assert "opts=pulumi.ResourceOptions(depends_on=[airflow_lineage])" in module(found)
    assert_no_changes(client, found, STACK)


def test_a_partly_selected_map_becomes_processes(client: AtlanClient) -> None:
    deploy.make(client, "ProcessSet", "shop", parent="atlan:index:LineageMap", **SHOP)
    found = plan_import(client, Selection(processes=[f"{ETL}/mart"]), shape=Shape(stack=STACK))
    assert kinds(found) == ["Process mart", "ColumnLineage mart-columns"], "the other process is no leftover"
    assert_no_changes(client, found, STACK)


def test_the_map_of_another_stack_becomes_processes(client: AtlanClient) -> None:
    deploy.make(client, "ProcessSet", "shop", parent="atlan:index:LineageMap", **SHOP)
    found = plan_import(client, Selection(connections=[ETL]), shape=Shape(stack="acceptance/other"))
    assert "LineageMap" not in {each.kind for each in found.resources}


def test_components_are_recovered_by_their_types(client: AtlanClient) -> None:
    nightly = "shop:pipelines:Team$shop:pipelines:Nightly"
    load = deploy.process(client, "load", [0], [1], parent=nightly)
    deploy.columns(client, "load-columns", load, {"T1/A": "T0/A"}, parent=nightly)
    deploy.make(client, "ProcessSet", "shop", parent=f"{nightly}$atlan:index:LineageMap", **SHOP)
    deploy.process(client, "single", [0], [2])
    found = plan(client)
    assert kinds(found) == [
        "LineageMap shop",
        "Process load",
        "ColumnLineage load-columns",
        "Process single",
    ]
    code = module(found)
    assert 'team = pulumi.ComponentResource("shop:pipelines:Team", "Team")' in code
    assert "opts=pulumi.ResourceOptions(parent=nightly)," in code
    assert_no_changes(client, found, STACK)

    theirs = plan_import(
        client, Selection(connections=[ETL], with_connections=False), shape=Shape(stack="acceptance/other")
    )
    assert "ComponentResource" not in module(theirs), "these components are of another program"


def test_a_process_set_without_a_map_is_recovered(client: AtlanClient) -> None:
    deploy.make(client, "ProcessSet", "nightly", **SHOP)
    found = plan(client)
    assert kinds(found) == ["ProcessSet nightly"]
    assert_no_changes(client, found, STACK)


def test_single_column_processes_of_the_stack_stay_single(client: AtlanClient) -> None:
    load = deploy.process(client, "load", [0], [1])
    deploy.edge(client, "load/column/A", load, ["T0/A"], ["T1/A"], title="A -> A", called="a")
    deploy.edge(client, "load/column/B", load, ["T0/B"], ["T1/B"], title="B -> B", called="b")
    found = plan(client)
    assert kinds(found) == ["Process load", "ColumnProcess a", "ColumnProcess b"]
    assert_no_changes(client, found, STACK)
    mapping = plan(client, "column-lineage")
    assert kinds(mapping) == ["Process load", "ColumnLineage load-columns"]
    assert changes(mapping, STACK) == {f"{load}/column": ["managed_by"]}


def test_names_are_recovered_from_marks_of_earlier_versions(client: AtlanClient) -> None:
    load = deploy.process(client, "load", [0], [1], called="the-load", old=True)
    deploy.columns(client, "the-columns", load, {"T1/A": "T0/A", "T1/B": "T0/B"}, old=True)
    deploy.make(client, "ProcessSet", "shop", parent="atlan:index:LineageMap", old=True, **SHOP)
    found = plan(client)
    assert kinds(found) == ["LineageMap shop", "Process the-load", "ColumnLineage the-columns"]
    assert_no_changes(client, found, STACK)


def test_an_unknown_form_is_refused(client: AtlanClient) -> None:
    with pytest.raises(ImporterError, match="'map' is not a form of lineage: use one of column-lineage"):
        Shape("map")


def test_openlineage_kinds_are_recovered(client: AtlanClient) -> None:
    given = {"name": "ol-spark", "connector": "spark", "qualified_name": SPARK, "partial_assets": False}
    outputs = deploy.make(client, "OpenLineageConnection", "spark", admin_users=["jsmith"], **given)
    snowflake = "snowflake://abc123"
    job = deploy.make(
        client,
        "OpenLineageJob",
        "nightly",
        connection=SPARK,
        job_name="dag_123",
        inputs=[{"namespace": snowflake, "name": "DB.S.T0"}],
        outputs=[{"namespace": snowflake, "name": "DB.S.T2"}],
        columns={"A": ["A", "B"], "B": ["B"]},
        job_facets={"sql": {"query": "insert"}},
    )
    found = plan_import(client, Selection(connections=[SPARK]), shape=Shape(stack=STACK))
    assert kinds(found) == ["OpenLineageConnection spark", "OpenLineageJob nightly"]
    assert found.resources[0].declared.outputs["credential_guid"] == outputs["credential_guid"]
    assert "partial_assets=False" in module(found)
    assert 'atlan.dataset("snowflake://warehouse", "DB.S.T0")' in module(found), "by the connection's name"
    again = found.resources[1].declared.outputs
    assert {name: again[name] for name in ("guid", "job_guid", "column_guids")} == {
        name: job[name] for name in ("guid", "job_guid", "column_guids")
    }
    assert_no_changes(client, found, STACK)


def test_openlineage_kinds_can_be_disabled(client: AtlanClient) -> None:
    given = {"name": "ol-spark", "connector": "spark", "qualified_name": SPARK}
    deploy.make(client, "OpenLineageConnection", "spark", admin_users=["jsmith"], **given)
    found = plan_import(client, Selection(connections=[SPARK]), shape=Shape(openlineage=False, stack=STACK))
    assert kinds(found) == ["Connection spark"]
    assert_no_changes(client, found, STACK)
