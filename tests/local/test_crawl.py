"""Simulated crawls: what they publish, promote, restore, and archive."""

from __future__ import annotations

import copy

import httpx
import pytest

from atlan_pulumi.errors import LocalAtlanError

CONNECTION = "default/snowflake/1657025257"
SCHEMA = f"{CONNECTION}/OPS/DEFAULT"


def catalog(*tables, views=()):
    relations = {
        "tables": [{"name": name, "columns": [{"name": "ID", "data_type": "NUMBER"}]} for name in tables],
        "views": [{"name": name} for name in views],
    }
    database = {"name": "OPS", "schemas": [{"name": "DEFAULT", **relations}]}
    warehouse = {"name": "warehouse", "connector": "snowflake", "qualified_name": CONNECTION}
    return {"connections": [{**warehouse, "databases": [database]}]}


def partial(name, type_name="Table", **more):
    attributes = {
        "name": name,
        "qualifiedName": f"{SCHEMA}/{name}",
        "connectorName": "snowflake",
        "connectionQualifiedName": CONNECTION,
        "isPartial": True,
        **more,
    }
    return {"typeName": type_name, "attributes": attributes}


def test_a_crawl_creates_full_assets_with_its_id_and_their_parents(atlan):
    result = atlan.server.crawl(catalog(*"ABCDEF"))
    assert result == {"created": 2, "promoted": 0, "restored": 0, "archived": 7, "published": 15}
    made = atlan.seeded("F")
    assert made["attributes"]["lastSyncWorkflowName"].startswith("local-crawl-")
    assert made["attributes"]["isPartial"] is False
    assert made["attributes"]["databaseName"] == "OPS"
    assert made["relationshipAttributes"]["atlanSchema"]["displayText"] == "DEFAULT"
    assert made["updatedBy"] == "crawler"


def test_a_partial_asset_becomes_full_and_keeps_its_guid_and_lineage(atlan):
    guid = atlan.create(partial("NEW", lastSyncWorkflowName="pulumi:p/s#atlan:Process::load@0"))
    atlan.create(atlan.process(inputs="NEW", outputs="B"))
    result = atlan.server.crawl(catalog(*"ABCDE", "NEW", views=["V"]))
    assert (result["promoted"], result["archived"]) == (1, 6)
    found = atlan.get(guid)
    assert found["attributes"]["isPartial"] is False
    assert found["attributes"]["lastSyncWorkflowName"].startswith("local-crawl-")
    assert atlan.active_names(guid, "inputToProcesses") == ["load"]


def test_a_table_that_is_gone_is_archived_with_its_columns_and_restored_when_it_is_back(atlan):
    guid = atlan.seeded("E")["guid"]
    assert atlan.server.crawl(catalog(*"ABCD", views=["V"]))["archived"] == 8  # E, its columns, other columns
    assert atlan.get(guid)["status"] == "DELETED"
    assert atlan.server.crawl(catalog(*"ABCDE", views=["V"]))["restored"] == 2
    assert atlan.get(guid)["status"] == "ACTIVE"


@pytest.mark.parametrize("ours", [partial("NEW"), partial("NEW", isPartial=False)], ids=["partial", "full"])
def test_what_no_crawl_published_stays_unless_it_is_asked_for(atlan, ours):
    ours = copy.deepcopy(ours)
    ours["attributes"]["lastSyncWorkflowName"] = "pulumi:p/s#atlan:Process::load@0"
    guid = atlan.create(ours)
    atlan.server.crawl(catalog("A"))
    assert atlan.get(guid)["status"] == "ACTIVE"
    atlan.server.crawl(catalog("A"), archive_unpublished=True)
    assert atlan.get(guid)["status"] == "DELETED"


def test_a_crawl_changes_neither_processes_nor_other_connections_nor_its_own(atlan):
    atlan.create(atlan.process())
    other = atlan.create(atlan.connection_payload())
    before = atlan.by_name(CONNECTION, "Connection")
    atlan.server.crawl(catalog("A"))
    assert atlan.by_name(f"{CONNECTION}/load", "Process")["status"] == "ACTIVE"
    assert atlan.get(other)["status"] == "ACTIVE"
    assert atlan.by_name(CONNECTION, "Connection") == before


def test_what_users_wrote_about_an_asset_stays(atlan):
    guid = atlan.seeded("A")["guid"]
    atlan.save({"typeName": "Table", "guid": guid, "attributes": {
        "name": "A", "qualifiedName": f"{SCHEMA}/A", "userDescription": "Orders.", "ownerUsers": ["ann"],
    }})  # fmt: skip
    atlan.server.crawl(catalog("A"))
    kept = atlan.get(guid)["attributes"]
    assert (kept["userDescription"], kept["ownerUsers"]) == ("Orders.", ["ann"])


def test_an_invalid_catalog_is_refused_with_its_place(atlan):
    with pytest.raises(
        LocalAtlanError, match=r"cannot crawl from the catalog: connections\[0\].name: is missing"
    ):
        atlan.server.crawl({"connections": [{"connector": "snowflake"}]})


def test_a_crawl_by_http_says_what_it_changed_or_what_is_wrong(atlan):
    url = f"{atlan.server.base_url}/_local/crawl"
    assert httpx.post(url, json=catalog("A")).json()["archived"] == 15  # all of the schema but A and A.ID
    refused = httpx.post(url, json={"connections": 1})
    assert refused.status_code == 400
    assert refused.json()["error"].startswith("cannot crawl from the catalog: connections: ")
    assert httpx.post(url, content=b"{").status_code == 400
