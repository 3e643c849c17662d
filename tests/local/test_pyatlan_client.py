"""Atlan's SDK: updates, restores, searches, lineage, batches, caches, and credentials."""

from __future__ import annotations

import pytest
from pyatlan.client.asset import Batch
from pyatlan.client.atlan import AtlanClient
from pyatlan.errors import AuthenticationError, InvalidRequestError, NotFoundError
from pyatlan.model.assets import Asset, Column, Connection, Database, Process, Schema, Table
from pyatlan.model.core import Announcement
from pyatlan.model.credential import Credential
from pyatlan.model.enums import (
    AnnouncementType,
    AtlanConnectorType,
    CertificateStatus,
    EntityStatus,
    LineageDirection,
    SaveSemantic,
)
from pyatlan.model.fluent_search import CompoundQuery, FluentSearch
from pyatlan.model.lineage import FluentLineage

# Atlan's SDK calls one of its deprecated methods.
pytestmark = pytest.mark.filterwarnings("ignore:This method is deprecated:DeprecationWarning")

CONNECTION = "default/snowflake/1657025257"
SCHEMA = f"{CONNECTION}/OPS/DEFAULT"
QUALIFIED_NAME = f"{CONNECTION}/load"


def table(name):
    return Table.ref_by_qualified_name(f"{SCHEMA}/{name}")


def new_process(inputs="A", outputs="B", process_id="load"):
    return Process.creator(
        name=process_id,
        connection_qualified_name=CONNECTION,
        process_id=process_id,
        inputs=[table(name) for name in inputs],
        outputs=[table(name) for name in outputs],
    )


@pytest.fixture
def process(sdk):
    (created,) = sdk.asset.save(new_process()).assets_created(Process)
    return created


def inputs(sdk, guid, attribute="inputs"):
    read = sdk.asset.get_by_guid(guid, asset_type=Process, ignore_relationships=False)
    live = [one for one in getattr(read, attribute) if one.relationship_status != "DELETED"]
    return sorted(one.display_text for one in live)


def updater():
    return Process.updater(qualified_name=QUALIFIED_NAME, name="load")


def test_assets_are_read_by_name(sdk, process):
    read = sdk.asset.get_by_qualified_name(QUALIFIED_NAME, asset_type=Process)
    assert (read.guid, read.status) == (process.guid, EntityStatus.ACTIVE)
    assert read.has_lineage is True
    assert read.created_by == "service-account-apikey-local"
    with pytest.raises(NotFoundError):
        sdk.asset.get_by_qualified_name(f"{CONNECTION}/nope", asset_type=Process)
    with pytest.raises(NotFoundError):
        sdk.asset.get_by_guid(process.guid, asset_type=Table)


def test_selected_attributes_are_read(sdk, process):
    read = sdk.asset.get_by_guid(
        process.guid, asset_type=Process, attributes=["inputs"], related_attributes=[Asset.NAME]
    )
    assert [one.name for one in read.inputs] == ["A"]


def test_one_attribute_is_updated(sdk, process):
    change = updater()
    change.description = "nightly"
    (updated,) = sdk.asset.save(change).assets_updated(Process)
    assert updated.guid == process.guid
    read = sdk.asset.get_by_guid(process.guid, asset_type=Process)
    assert read.description == "nightly"
    assert inputs(sdk, process.guid) == ["A"]


def test_an_unchanged_update_returns_no_mutation(sdk, process):
    response = sdk.asset.save(updater())
    assert response.assets_updated(Process) == []
    assert list(response.guid_assignments.values()) == [process.guid]


def test_attributes_are_cleared(sdk, process):
    change = updater()
    change.owner_users = {"jsmith"}
    change.certificate_status = CertificateStatus.VERIFIED
    change.certificate_status_message = "checked"
    change.announcement_type = AnnouncementType.WARNING
    sdk.asset.save(change)
    change = updater()
    change.remove_certificate()
    change.remove_announcement()
    change.remove_owners()
    sdk.asset.save(change)
    read = sdk.asset.get_by_guid(process.guid, asset_type=Process)
    assert (read.certificate_status, read.certificate_status_message) == (None, None)
    assert read.announcement_type is None
    assert not read.owner_users


def test_certificates_and_announcements_are_set_by_name(sdk, process):
    names = {"asset_type": Process, "qualified_name": QUALIFIED_NAME, "name": "load"}
    assert (
        sdk.asset.update_certificate(
            **names, certificate_status=CertificateStatus.VERIFIED, message="yes"
        ).guid
        == process.guid
    )
    read = sdk.asset.get_by_guid(process.guid, asset_type=Process)
    assert (read.certificate_status, read.certificate_status_message) == (CertificateStatus.VERIFIED, "yes")
    assert sdk.asset.remove_certificate(**names).guid == process.guid
    news = Announcement(
        announcement_type=AnnouncementType.ISSUE, announcement_title="t", announcement_message="m"
    )
    sdk.asset.update_announcement(**names, announcement=news)
    read = sdk.asset.get_by_guid(process.guid, asset_type=Process)
    assert (read.certificate_status, read.announcement_title) == (None, "t")
    sdk.asset.remove_announcement(**names)
    assert sdk.asset.get_by_guid(process.guid, asset_type=Process).announcement_title is None


def test_relationships_are_replaced_appended_and_removed(sdk, process):
    change = updater()
    change.inputs = [table("A"), table("C")]
    sdk.asset.save(change)
    assert inputs(sdk, process.guid) == ["A", "C"]
    change = updater()
    change.inputs = [Table.ref_by_qualified_name(f"{SCHEMA}/D", semantic=SaveSemantic.APPEND)]
    sdk.asset.save(change)
    assert inputs(sdk, process.guid) == ["A", "C", "D"]
    change = updater()
    change.inputs = [Table.ref_by_qualified_name(f"{SCHEMA}/A", semantic=SaveSemantic.REMOVE)]
    sdk.asset.save(change)
    assert inputs(sdk, process.guid) == ["C", "D"]
    change = updater()
    change.inputs = []
    sdk.asset.save(change)
    assert inputs(sdk, process.guid) == []


def test_assets_are_archived_and_restored(sdk, process):
    response = sdk.asset.delete_by_guid(process.guid)
    (gone,) = response.assets_deleted(Process)
    assert (gone.guid, gone.delete_handler, gone.status) == (process.guid, "SOFT", EntityStatus.DELETED)
    assert sdk.asset.get_by_guid(process.guid, asset_type=Process).status == EntityStatus.DELETED
    assert sdk.asset.restore(asset_type=Process, qualified_name=QUALIFIED_NAME)
    assert sdk.asset.get_by_guid(process.guid, asset_type=Process).status == EntityStatus.ACTIVE
    assert inputs(sdk, process.guid) == ["A"]


def test_saving_with_a_status_restores_an_asset(sdk, process):
    sdk.asset.delete_by_guid(process.guid)
    change = updater()
    change.status = EntityStatus.ACTIVE
    sdk.asset.save(change)
    assert sdk.asset.get_by_guid(process.guid, asset_type=Process).status == EntityStatus.ACTIVE


def test_purging_ignores_unknown_assets(sdk, process):
    (other,) = sdk.asset.save(new_process(process_id="other")).assets_created(Process)
    response = sdk.asset.purge_by_guid([process.guid, other.guid])
    assert len(response.assets_deleted(Process)) == 2
    again = sdk.asset.purge_by_guid(process.guid)
    assert again.assets_deleted(Process) == []


def test_a_dangling_reference_is_refused(sdk):
    with pytest.raises(NotFoundError, match="ATLAS-404-00-00A"):
        sdk.asset.save(new_process(inputs=["NOPE"]))


def test_errors_have_the_sdks_types(sdk, atlan):
    (existing,) = sdk.asset.save(new_process()).assets_created(Process)
    wrong = new_process(process_id="wrong")
    wrong.inputs = [Process.ref_by_guid(existing.guid)]
    with pytest.raises(InvalidRequestError, match="ATLAS-400-00-036"):
        sdk.asset.save(wrong)
    stranger = AtlanClient(base_url=atlan.server.base_url, api_key="wrong")
    with pytest.raises(AuthenticationError):
        stranger.asset.get_by_guid("00000000-0000-4000-8000-000000000001", asset_type=Process)
    stranger._session.close()


def test_a_whole_catalog_is_created(sdk):
    role = sdk.role_cache.get_id_for_name("$admin")
    connection = Connection.creator(
        client=sdk, name="pg", connector_type=AtlanConnectorType.POSTGRES, admin_roles=[role]
    )
    (connection,) = sdk.asset.save(connection).assets_created(Connection)
    database = Database.creator(name="DB", connection_qualified_name=connection.qualified_name)
    (database,) = sdk.asset.save(database).assets_created(Database)
    schema = Schema.creator(name="S", database_qualified_name=database.qualified_name)
    (schema,) = sdk.asset.save(schema).assets_created(Schema)
    made = Table.creator(name="T", schema_qualified_name=schema.qualified_name)
    response = sdk.asset.save(made)
    (made,) = response.assets_created(Table)
    assert [one.guid for one in response.assets_updated(Schema)] == [schema.guid]
    column = Column.creator(name="C", parent_type=Table, parent_qualified_name=made.qualified_name, order=1)
    (column,) = sdk.asset.save(column).assets_created(Column)
    read = sdk.asset.get_by_guid(made.guid, asset_type=Table, ignore_relationships=False)
    assert [one.guid for one in read.columns] == [column.guid]
    assert read.qualified_name == f"{connection.qualified_name}/DB/S/T"


def test_connections_are_found_by_name(sdk):
    (found,) = sdk.asset.find_connections_by_name(
        name="warehouse", connector_type=AtlanConnectorType.SNOWFLAKE
    )
    assert found.qualified_name == CONNECTION
    with pytest.raises(NotFoundError):
        sdk.asset.find_connections_by_name(name="warehouse", connector_type=AtlanConnectorType.SPARK)


def test_fluent_searches_find_assets(sdk, process):
    search = (
        FluentSearch()
        .where(CompoundQuery.active_assets())
        .where(CompoundQuery.asset_types([Table, Process]))
        .where(Asset.HAS_LINEAGE.eq(True))
        .where(Asset.QUALIFIED_NAME.startswith(CONNECTION))
        .where_not(Asset.NAME.eq("B"))
        .page_size(1)
        .include_on_results("inputs")
        .include_on_relations(Asset.NAME)
    )
    results = search.execute(sdk)
    assert results.count == 2
    found = {one.name: one for one in results}
    assert set(found) == {"A", "load"}
    assert [one.name for one in found["load"].inputs] == ["A"]


def test_fluent_searches_support_other_conditions(sdk, process):
    queries = [
        (Asset.NAME.wildcard("lo*"), {"load"}),
        (Asset.NAME.match("load"), {"load"}),
        (Asset.GUID.eq(process.guid), {"load"}),
        (Asset.NAME.within(["load", "V"]), {"load", "V"}),
        (Asset.CREATE_TIME.gte(process.create_time), {"load"}),
        (Column.DATA_TYPE.has_any_value(), {"ID"}),
        (CompoundQuery.super_types([Process]), set()),
        (CompoundQuery.asset_type(Process), {"load"}),
    ]
    for query, names in queries:
        search = FluentSearch().where(query)
        assert {one.name for one in search.execute(sdk)} == names, query
        assert search.count(sdk) >= len(names)
    either = FluentSearch().where_some(Asset.NAME.eq("A")).where_some(Asset.NAME.eq("V")).min_somes(1)
    assert {one.name for one in either.execute(sdk)} == {"A", "V"}


def test_aggregations_are_computed(sdk):
    search = FluentSearch().aggregate("types", Asset.TYPE_NAME.bucket_by())
    buckets = search.execute(sdk).aggregations["types"].buckets
    assert {one.key: one.doc_count for one in buckets}["Table"] == 5


def test_lineage_lists_are_read(sdk, process):
    sdk.asset.save(new_process(["B"], ["C"], "second"))
    start = sdk.asset.get_by_qualified_name(f"{SCHEMA}/A", asset_type=Table)
    request = FluentLineage(starting_guid=start.guid, includes_on_results=Asset.NAME, size=1).request
    names = [one.name for one in sdk.asset.get_lineage_list(request)]
    assert names == ["load", "B", "second", "C"]
    upstream = FluentLineage(
        starting_guid=sdk.asset.get_by_qualified_name(f"{SCHEMA}/C", asset_type=Table).guid,
        direction=LineageDirection.UPSTREAM,
        where_assets=[FluentLineage.ACTIVE],
        where_relationships=[FluentLineage.ACTIVE],
        includes_in_results=[FluentLineage.ACTIVE],
    ).request
    assert [one.name for one in sdk.asset.get_lineage_list(upstream)] == ["second", "B", "load", "A"]
    nothing = FluentLineage(starting_guid=start.guid, direction=LineageDirection.UPSTREAM).request
    assert not sdk.asset.get_lineage_list(nothing).has_more


def test_batches_save_assets(sdk):
    batch = Batch(client=sdk, max_size=20, track=True)
    for number in range(45):
        batch.add(new_process(process_id=f"p{number}"))
    batch.flush()
    assert len(batch.created) == 45
    assert batch.failures == []


def test_the_sdks_caches_are_filled(sdk):
    role = sdk.role_cache.get_id_for_name("$admin")
    assert sdk.role_cache.get_name_for_id(role) == "$admin"
    user = sdk.user_cache.get_id_for_name("jsmith")
    assert sdk.user_cache.get_name_for_id(user) == "jsmith"
    group = sdk.group_cache.get_id_for_name("group2")
    assert sdk.group_cache.get_name_for_id(group) == "group2"
    assert sdk.user_cache.get_id_for_name("service-account-apikey-local")


def test_the_sdk_refuses_unknown_users(sdk):
    with pytest.raises(ValueError, match="nobody"):
        Connection.creator(
            client=sdk, name="x", connector_type=AtlanConnectorType.SPARK, admin_users=["nobody"]
        )


def test_the_current_user_is_read(sdk):
    assert sdk.user.get_current().username == "service-account-apikey-local"


def test_credentials_are_managed(sdk):
    wanted = Credential(name="c", connector="spark", connector_type="event", auth_type="atlan_api_key")
    created = sdk.credentials.creator(wanted)
    assert sdk.credentials.get(created.id).name == "c"
    assert [one.id for one in sdk.credentials.get_all().records] == [created.id]
    changed = created.to_credential()
    changed.host = "h"
    assert sdk.credentials.test_and_update(changed).host == "h"
    assert sdk.credentials.purge_by_guid(created.id) is None
    with pytest.raises(NotFoundError):
        sdk.credentials.get(created.id)
