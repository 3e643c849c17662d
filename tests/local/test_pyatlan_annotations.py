"""Atlan's SDK: tags, custom metadata, activity log, and lineage graphs."""

from __future__ import annotations

import pytest
from pyatlan.client.atlan import AtlanClient
from pyatlan.client.constants import GET_LINEAGE
from pyatlan.errors import ConflictError, NotFoundError
from pyatlan.model.assets import Asset, Process, Table
from pyatlan.model.audit import AuditActionType, AuditSearchRequest
from pyatlan.model.custom_metadata import CustomMetadataDict
from pyatlan.model.enums import AtlanCustomAttributePrimitiveType, EntityStatus
from pyatlan.model.fluent_search import CompoundQuery, FluentSearch
from pyatlan.model.lineage import FluentLineage, LineageRequest, LineageResponse
from pyatlan.model.typedef import AtlanTagDef, AttributeDef, CustomMetadataDef

# Atlan's SDK calls one of its deprecated methods.
pytestmark = pytest.mark.filterwarnings("ignore:This method is deprecated:DeprecationWarning")

CONNECTION = "default/snowflake/1657025257"
SCHEMA = f"{CONNECTION}/OPS/DEFAULT"


@pytest.fixture
def sdk(_server, atlan):
    client = AtlanClient(base_url=_server.base_url, api_key=_server.api_key)
    yield client
    client._session.close()


def table(name):
    return Table.ref_by_qualified_name(f"{SCHEMA}/{name}")


def save(sdk, process_id, inputs, outputs):
    process = Process.creator(
        name=process_id,
        connection_qualified_name=CONNECTION,
        process_id=process_id,
        inputs=[table(name) for name in inputs],
        outputs=[table(name) for name in outputs],
    )
    (created,) = sdk.asset.save(process).assets_created(Process)
    return created


@pytest.fixture
def process(sdk):
    return save(sdk, "load", "A", "B")


@pytest.fixture
def tag(sdk):
    (made,) = sdk.typedef.create(AtlanTagDef.create(name="Critical")).atlan_tag_defs
    return made


@pytest.fixture
def metadata(sdk):
    definition = CustomMetadataDef.create(display_name="Cost")
    definition.attribute_defs = [
        AttributeDef.create(
            client=sdk, display_name="center", attribute_type=AtlanCustomAttributePrimitiveType.STRING
        ),
        AttributeDef.create(
            client=sdk, display_name="monthly", attribute_type=AtlanCustomAttributePrimitiveType.INTEGER
        ),
    ]
    (made,) = sdk.typedef.create(definition).custom_metadata_defs
    return made


def test_a_tag_has_an_internal_name(sdk, tag):
    assert tag.display_name == "Critical"
    assert tag.name != "Critical"
    assert sdk.atlan_tag_cache.get_id_for_name("Critical") == tag.name
    with pytest.raises(ConflictError, match="ATLAS-409-00-012"):
        sdk.typedef.create(AtlanTagDef.create(name="Critical"))


def test_a_tag_is_added_to_a_process(sdk, tag, process):
    name = process.qualified_name
    sdk.asset.add_atlan_tags(asset_type=Process, qualified_name=name, atlan_tag_names=["Critical"])
    read = sdk.asset.get_by_guid(process.guid, asset_type=Process)
    assert [str(one.type_name) for one in read.atlan_tags] == ["Critical"]
    tagged = FluentSearch().where(CompoundQuery.tagged(client=sdk, with_one_of=["Critical"])).to_request()
    assert [one.guid for one in sdk.asset.search(tagged)] == [process.guid]
    sdk.asset.remove_atlan_tag(asset_type=Process, qualified_name=name, atlan_tag_name="Critical")
    assert not sdk.asset.get_by_guid(process.guid, asset_type=Process).atlan_tags


def test_a_tag_in_use_cannot_be_deleted(sdk, tag, process):
    name = process.qualified_name
    sdk.asset.add_atlan_tags(asset_type=Process, qualified_name=name, atlan_tag_names=["Critical"])
    with pytest.raises(ConflictError):
        sdk.typedef.purge("Critical", AtlanTagDef)
    sdk.asset.remove_atlan_tag(asset_type=Process, qualified_name=name, atlan_tag_name="Critical")
    sdk.typedef.purge("Critical", AtlanTagDef)
    with pytest.raises(NotFoundError):
        sdk.typedef.get_by_name(tag.name)


def cost(sdk, guid):
    asset = sdk.asset.get_by_guid(guid, asset_type=Process)
    return {
        name: value for name, value in asset.get_custom_metadata(sdk, "Cost").items() if value is not None
    }


def test_custom_metadata_is_set_on_a_process(sdk, metadata, process):
    values = CustomMetadataDict(client=sdk, name="Cost")
    values["center"] = "DWH"
    sdk.asset.update_custom_metadata_attributes(guid=process.guid, custom_metadata=values)
    assert cost(sdk, process.guid) == {"center": "DWH"}
    more = CustomMetadataDict(client=sdk, name="Cost")
    more["monthly"] = 12
    sdk.asset.update_custom_metadata_attributes(guid=process.guid, custom_metadata=more)
    assert cost(sdk, process.guid) == {"center": "DWH", "monthly": 12}
    sdk.asset.replace_custom_metadata(guid=process.guid, custom_metadata=more)
    assert cost(sdk, process.guid) == {"monthly": 12}
    sdk.asset.remove_custom_metadata(guid=process.guid, cm_name="Cost")
    assert cost(sdk, process.guid) == {}


def test_custom_metadata_is_saved_with_a_process(sdk, metadata, process):
    change = Process.updater(qualified_name=process.qualified_name, name="load")
    values = change.get_custom_metadata(client=sdk, name="Cost")
    values["monthly"] = 3
    change.set_custom_metadata(client=sdk, custom_metadata=values)
    sdk.asset.save_merging_cm(change)
    assert cost(sdk, process.guid) == {"monthly": 3}


def actions(results):
    return [one.action for one in results]


def test_the_activity_log_of_a_process_is_read(sdk, tag, process):
    change = Process.updater(qualified_name=process.qualified_name, name="load")
    change.description = "new"
    sdk.asset.save(change)
    sdk.asset.add_atlan_tags(
        asset_type=Process, qualified_name=process.qualified_name, atlan_tag_names=["Critical"]
    )
    sdk.asset.delete_by_guid(process.guid)
    results = sdk.audit.search(AuditSearchRequest.by_guid(process.guid, size=50))
    found = list(results)
    assert actions(found)[0] == AuditActionType.ENTITY_DELETE
    assert actions(found)[-1] == AuditActionType.ENTITY_CREATE
    assert AuditActionType.ATLAN_TAG_ADD in actions(found)
    first, update = found[-1], found[-2]
    assert (first.user, first.type_name) == ("service-account-apikey-local", "Process")
    assert first.entity_qualified_name == process.qualified_name
    assert isinstance(first.detail, Process)
    assert first.detail.name == "load"
    assert first.detail.guid == process.guid
    assert (update.action, update.detail.description) == (AuditActionType.ENTITY_UPDATE, "new")
    assert first.entity_detail.status == EntityStatus.DELETED
    assert results.total_count == len(found)


def test_the_activity_log_is_searched_by_user_and_by_name(sdk, process):
    by_name = sdk.audit.search(AuditSearchRequest.by_qualified_name("Process", process.qualified_name))
    assert actions(by_name) == [AuditActionType.ENTITY_CREATE]
    by_user = sdk.audit.search(AuditSearchRequest.by_user("service-account-apikey-local"))
    assert [one.entity_id for one in by_user] == [process.guid]
    assert list(sdk.audit.search(AuditSearchRequest.by_user("nobody"))) == []


def test_a_lineage_graph_is_read(sdk, process):
    save(sdk, "next", "B", "CD")
    guids = {name: sdk.asset.get_by_qualified_name(f"{SCHEMA}/{name}", Table).guid for name in "ABCD"}
    request = LineageRequest(guid=guids["A"], hide_process=True)
    graph = LineageResponse(**sdk._call_api(GET_LINEAGE, None, request))
    assert graph.base_entity_guid == guids["A"]
    assert sorted(graph.get_downstream_asset_guids(guids["B"])) == sorted([guids["C"], guids["D"]])
    assert graph.get_upstream_asset_guids(guids["B"]) == [guids["A"]]
    assert graph.get_downstream_process_guids(guids["A"]) == [process.guid]
    everything = [one.name for one in graph.get_all_downstream_assets_dfs()]
    assert sorted(everything) == ["A", "B", "C", "D"]


def test_the_lineage_list_has_immediate_neighbors(sdk, process):
    save(sdk, "next", "B", "C")
    start = sdk.asset.get_by_qualified_name(f"{SCHEMA}/A", Table)
    request = FluentLineage(starting_guid=start.guid).immediate_neighbors(True).request
    found = {one.name: one for one in sdk.asset.get_lineage_list(request)}
    assert [one.name for one in found["A"].immediate_downstream] == ["B"]
    assert not found["A"].immediate_upstream
    assert [one.name for one in found["C"].immediate_upstream] == ["B"]
    assert not found["C"].immediate_downstream
    assert [one.name for one in found["next"].immediate_upstream] == ["load"]


def test_aggregations_are_computed(sdk, process):
    nested = {"connectors": Asset.CONNECTOR_NAME.bucket_by(size=1)}
    request = (
        FluentSearch()
        .where(CompoundQuery.active_assets())
        .aggregate("types", Asset.TYPE_NAME.bucket_by(nested=nested))
        .aggregate("sources", Asset.CONNECTOR_NAME.bucket_by(include_source_value=True))
        .aggregate("first", Asset.CREATE_TIME.min())
        .aggregate("columns", Table.COLUMN_COUNT.sum())
        .page_size(0)
        .to_request()
    )
    results = sdk.asset.search(request).aggregations
    buckets = {one.key: one for one in results["types"].buckets}
    assert buckets["Table"].doc_count == 5
    (connector,) = buckets["Table"].nested_results["connectors"].buckets
    assert (connector.key, connector.doc_count) == ("snowflake", 5)
    sources = {one.key: one for one in results["sources"].buckets}
    assert sources["snowflake"].get_source_value(Asset.CONNECTOR_NAME) == "snowflake"
    assert results["first"].value > 0
    assert results["columns"].value == 11


def test_purging_again_is_not_an_error(sdk, process):
    response = sdk.asset.purge_by_guid(process.guid)
    assert len(response.assets_deleted(Process)) == 1
    assert sdk.asset.purge_by_guid(process.guid).assets_deleted(Process) == []
