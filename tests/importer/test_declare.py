"""Convert entities into resources: declared values, unmanaged values, and unsupported entities."""

from __future__ import annotations

from typing import Any

import pytest
from importer.entities import declare_entity, declared, edge, process
from pyatlan.model.assets import Connection
from pyatlan.model.enums import AtlanConnectorType
from support.atlan import WAREHOUSE, Witness, table_name

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.importer._declare import Unsupported

TABLES = {
    "inputs": [{"type_name": "Table", "qualified_name": table_name(0)}],
    "outputs": [{"type_name": "Table", "qualified_name": table_name(1)}],
}


def test_only_attributes_with_values_are_declared() -> None:
    unset = {"sql": None, "code": "", "ownerGroups": [], "isEditable": False, "sourceUpdatedAt": 0}
    found = declared(process(description="why", ownerUsers=["b", "a"], isPassThrough=True, **unset))
    assert found.inputs == {
        **TABLES,
        "name": "Load",
        "connection": WAREHOUSE,
        "process_id": "dag",
        "qualified_name": f"{WAREHOUSE}/dag",
        "description": "why",
        "owner_users": ["a", "b"],
        "is_pass_through": True,
    }
    assert found.outputs == {**found.inputs, "guid": "00000000-0000-4000-8000-000000000001"}
    assert found.left_out == []


def test_the_mark_is_imported_unchanged() -> None:
    assert declared(process(lastSyncWorkflowName="pulumi:a/b#c")).inputs["managed_by"] == "pulumi:a/b#c"
    assert "managed_by" not in declared(process(lastSyncWorkflowName=None)).inputs


def test_an_id_may_have_segments() -> None:
    found = declared(process(f"{WAREHOUSE}/job/process"))
    assert (found.inputs["connection"], found.inputs["process_id"]) == (WAREHOUSE, "job/process")


def test_deleted_edges_are_not_declared() -> None:
    dropped = edge("Table", table_name(5), relationshipStatus="DELETED")
    found = declared(process(inputs=[edge("Table", table_name(0)), dropped]))
    assert found.inputs["inputs"] == TABLES["inputs"]
    assert found.left_out == []


def test_edges_to_archived_assets_are_listed() -> None:
    archived = edge("Table", table_name(5), relationshipStatus="DELETED", entityStatus="DELETED")
    found = declared(process(inputs=[edge("Table", table_name(0)), archived]))
    assert found.inputs["inputs"] == TABLES["inputs"]
    assert found.left_out == [f"inputs: Table {table_name(5)!r} is archived"]


def test_an_edge_without_a_name_is_declared_by_its_guid() -> None:
    bare = edge("Table", "") | {"uniqueAttributes": {}}
    guid = "00000000-0000-4000-8000-000000000001"
    assert declared(process(inputs=[bare])).inputs["inputs"] == [{"type_name": "Table", "guid": guid}]


def test_unmanaged_values_are_listed() -> None:
    entity = process(
        assetTags=["x"],
        starredCount=3,
        __hasLineage=True,
        connectorName="snowflake",
        certificateUpdatedAt=5,
        somethingNew={"a": 1},
        related={
            "meanings": [edge("AtlasGlossaryTerm", "t")],
            "columnProcesses": [edge("ColumnProcess", f"{WAREHOUSE}/c")],
            "readme": edge("Readme", "r", relationshipStatus="DELETED"),
        },
        others={
            "classifications": [{"typeName": "PII"}, {"typeName": "GDPR"}],
            "labels": ["l"],
            "businessAttributes": {"Set": {"a": 1}},
        },
    )
    assert declared(entity).left_out == [
        "tags PII, GDPR",
        "labels l",
        "custom metadata Set",
        "attribute assetTags",
        "attribute somethingNew",
        "relationship meanings",
    ]


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"processDerivation": "X"}, "process_derivation must be one of STATIC, RUNTIME"),
        ({"announcementTitle": "x"}, "announcement_title needs announcement_type"),
        ({"sql": "x" * 100_001}, "sql is 100,001 characters long; Atlan takes 100,000 at most"),
        ({"sourceCreatedAt": -1}, "source_created_at must be greater than or equal to 0"),
    ],
)
def test_an_optional_attribute_that_cannot_be_declared_is_left_out(
    attributes: dict[str, Any], reason: str
) -> None:
    found = declared(process(**attributes))
    assert found.left_out == [reason]
    assert set(found.inputs) == {*TABLES, "name", "connection", "process_id", "qualified_name"}


def test_all_attributes_that_cannot_be_declared_are_listed() -> None:
    found = declared(process(certificateStatus="GREAT", certificateStatusMessage="x", aiDatasetType="NEW"))
    assert {line.split()[0] for line in found.left_out} == {
        "certificate_status",
        "certificate_status_message",
        "ai_dataset_type",
    }


def test_an_orchestrator_of_an_unknown_type_is_left_out() -> None:
    found = declared(process(related={"airflowTasks": [edge("NewTask", f"{WAREHOUSE}/task")]}))
    assert "airflow_tasks" not in found.inputs
    assert found.left_out[0].startswith("airflow_tasks[0].type_name: 'NewTask' is not an Atlan type")


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        (process(inputs=[edge("NewTable", table_name(0))]), "'NewTable' is not an Atlan type"),
        (process(inputs=[]), "inputs is required"),
        (process(outputs=[edge("Table", table_name(0))]), "is also an output"),
        (process(inputs=[edge("Column", table_name(0) + "/A")]), "declare its lineage with a ColumnProcess"),
        (process(inputs=[edge("Process", f"{WAREHOUSE}/x")]), "a Process is not allowed here"),
        (process(inputs=[edge("Table", "ORDERS")]), "is not an asset's qualifiedName"),
        (process(f"{WAREHOUSE}/ x"), "process_id must not start or end with white space"),
        (process("odd/name"), "connection"),
        (process(name=" "), "name must not be blank"),
        (process(type_name="ColumnProcess"), "process is required"),
    ],
)
def test_an_unsupported_entity_has_a_reason(entity: Any, reason: str) -> None:
    found = declare_entity(entity)
    assert isinstance(found, Unsupported)
    assert (found.type_name, found.qualified_name) == (entity.type_name, entity.qualified_name)
    assert reason in found.reason
    assert "\n" not in found.reason


def test_a_column_process_refers_to_its_process() -> None:
    columns = [edge("Column", f"{table_name(n)}/A") for n in (0, 1)]
    dead = edge("Process", f"{WAREHOUSE}/dead", relationshipStatus="DELETED")
    entity = process(
        f"{WAREHOUSE}/col",
        type_name="ColumnProcess",
        inputs=columns[:1],
        outputs=columns[1:],
        related={"process": edge("Process", f"{WAREHOUSE}/dag")},
    )
    inputs = declared(entity).inputs
    assert inputs["process"] == {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/dag"}
    assert inputs["connection"] == WAREHOUSE
    orphan = entity.model_copy(
        update={"relationship_attributes": entity.relationship_attributes | {"process": dead}}
    )
    assert isinstance(declare_entity(orphan), Unsupported)


def connection(witness: Witness, client: AtlanClient, **more: Any) -> Any:
    made = Connection.creator(
        client=witness.client, name="theirs", connector_type=AtlanConnectorType.AIRFLOW, **more
    )
    witness.client.asset.save(made)
    entity = client.entities.get_by_qualified_name("Connection", str(made.qualified_name))
    assert entity is not None
    return declared(entity, client)


def test_a_connection_is_declared_with_role_names_and_without_its_creator(
    witness: Witness, client: AtlanClient
) -> None:
    role = witness.client.role_cache.get_id_for_name("$admin")
    found = connection(witness, client, admin_roles=[role], admin_users=["jsmith"])
    assert found.inputs == {
        "name": "theirs",
        "connector": "airflow",
        "qualified_name": found.qualified_name,
        "admin_roles": ["$admin"],
        "admin_users": ["jsmith"],
    }, "the connector implies the category"


def test_a_creator_who_is_the_only_admin_is_declared(witness: Witness, client: AtlanClient) -> None:
    assert connection(witness, client, admin_users=["alice"]).inputs["admin_users"] == ["alice"]


def test_a_category_other_than_the_implied_one_is_declared(witness: Witness, client: AtlanClient) -> None:
    made = connection(witness, client, admin_users=["jsmith"])
    edited = Connection.updater(made.qualified_name, "theirs")
    edited.category = "lake"
    witness.client.asset.save(edited)
    entity = client.entities.get_by_qualified_name("Connection", made.qualified_name)
    assert entity is not None
    assert declared(entity, client).inputs["category"] == "lake"
