"""Declared assets are recovered: which ones are found, and what the program says."""

from __future__ import annotations

from typing import Any

import pytest
from importer.command import run_import
from importer.entities import GUID, NO_ROLES, edge, programmed
from pyatlan.model.assets import Database, Table
from support.atlan import WAREHOUSE, Witness
from support.stack import NewStack

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.importer import ImportPlan, Selection, module, plan_import
from atlan_pulumi.importer._assets import declare_asset
from atlan_pulumi.importer._declare import ImportedResource
from atlan_pulumi.importer._importing import name_resources
from atlan_pulumi.lifecycle import mark

LAKE = "default/s3/1700000009"
SCHEMA = f"{WAREHOUSE}/NEW/PUBLIC"
EVERYTHING = f"""
lake = atlan.Connection("lake", name="lake", connector="s3", qualified_name={LAKE!r}, admin_roles=["$admin"])
bucket = atlan.S3Bucket("exports", name="exports", connection=lake, aws_arn="arn:aws:s3:::exports")
atlan.S3Object("orders.csv", name="orders.csv", bucket=bucket, key="in/orders.csv")
atlan.File("notes", name="notes", connection=lake, file_type="csv", description="by hand")
database = atlan.Database("new", name="NEW", connection=lake)
schema = atlan.Schema("public", name="PUBLIC", database=database)
orders = atlan.Table("orders", name="ORDERS", schema=schema, attributes={{"rowCount": 7}}, source_owners="x")
for number, name in enumerate(["ID", "TOTAL"], 1):
    atlan.Column(f"orders-{{name}}", name=name, table=orders, order=number, data_type="NUMBER")
view = atlan.View("open", name="OPEN", schema=schema, definition="select 1", certificate_status="VERIFIED")
atlan.Asset("plain", type_name="MaterialisedView", name="M", parent=schema)
atlan.Process("load", name="Load", connection=lake, inputs=[orders], outputs=[view])
"""


def asset(type_name: str, qualified_name: str, related: dict[str, Any], **attributes: Any) -> Entity:
    own = {"name": qualified_name.rpartition("/")[2], "qualifiedName": qualified_name, **attributes}
    return Entity.model_validate(
        {
            "typeName": type_name,
            "guid": GUID,
            "attributes": own,
            "relationshipAttributes": related,
        }
    )


def declared(*entities: Entity) -> ImportPlan:
    found = [declare_asset(NO_ROLES, entity) for entity in entities]
    singles = [one for one in found if isinstance(one, ImportedResource)]
    assert len(singles) == len(found), found
    return ImportPlan(name_resources(singles), [], {})


def table(name: str = "ORDERS", **attributes: Any) -> Entity:
    related = {"atlanSchema": edge("Schema", SCHEMA), "columns": [edge("Column", f"{SCHEMA}/{name}/ID")]}
    return asset("Table", f"{SCHEMA}/{name}", related, **attributes)


def column(**attributes: Any) -> Entity:
    related = {"table": edge("Table", f"{SCHEMA}/ORDERS"), "inputToProcesses": [edge("Process", "p")]}
    return asset("Column", f"{SCHEMA}/ORDERS/ID", related, **attributes)


# -- what the program says -----------------------------------------------------------------------------------


def test_attributes_of_the_type_are_declared_and_the_rest_is_listed() -> None:
    names = {"schemaName": "PUBLIC", "schemaQualifiedName": SCHEMA, "databaseName": "NEW"}
    usage = {"queryCount": 9, "popularityScore": 0.5, "viewScore": 3.0}
    (one,) = declared(
        table(rowCount=7, isTemporary=True, partitionStrategy="X", assetIcon="i", **names, **usage)
    ).resources
    assert one.inputs["attributes"] == {"isTemporary": True, "partitionStrategy": "X", "rowCount": 7}
    assert one.inputs["parent"] == {"type_name": "Schema", "qualified_name": SCHEMA}
    assert one.declared.left_out == ["attribute assetIcon"]


def test_the_container_comes_first_and_is_a_variable() -> None:
    schema = asset("Schema", SCHEMA, {"database": edge("Database", f"{WAREHOUSE}/NEW")})
    plan = declared(column(order=1, dataType="NUMBER"), table(), schema)
    assert [each.name for each in plan.resources] == ["PUBLIC", "ORDERS", "ID"]
    code = module(plan)
    assert "public = atlan.Schema(" in code
    assert "schema=public" in code
    assert "table=orders" in code
    assert code.index("atlan.Schema(") < code.index("atlan.Table(") < code.index("atlan.Column(")
    found = programmed(plan)
    assert found["Column", "ID"]["attributes"] == {"order": 1, "dataType": "NUMBER"}


def test_a_name_that_does_not_follow_from_its_place_is_declared() -> None:
    odd = asset("Table", f"{SCHEMA}/other", {"atlanSchema": edge("Schema", SCHEMA)}, name="ORDERS")
    loose = asset("KafkaTopic", f"{LAKE}/topic/orders", {}, name="orders")
    code = module(declared(odd, loose))
    assert code.count("atlan.Asset(") == 2
    assert 'type_name="KafkaTopic"' in code
    assert programmed(declared(odd))["Table", "other"]["qualified_name"] == f"{SCHEMA}/other"


def test_columns_without_an_order_and_in_views_are_declared() -> None:
    view = asset("Column", f"{SCHEMA}/V/ID", {"view": edge("View", f"{SCHEMA}/V")}, order=1)
    code = module(declared(column(), view))
    assert code.count("atlan.Asset(") == 1
    assert code.count("atlan.Column(") == 1
    assert "table=atlan.view(" in code


def test_of_several_containers_the_one_in_the_name_is_taken() -> None:
    both = {"view": edge("View", f"{WAREHOUSE}/A/B/V"), "table": edge("Table", f"{SCHEMA}/ORDERS")}
    (one,) = declared(asset("Column", f"{SCHEMA}/ORDERS/ID", both, order=1)).resources
    assert one.inputs["parent"]["type_name"] == "Table"


def test_assets_of_one_name_get_the_names_of_their_containers() -> None:
    first = asset("Column", f"{SCHEMA}/A/ID", {"table": edge("Table", f"{SCHEMA}/A")}, order=1)
    second = asset("Column", f"{SCHEMA}/B/ID", {"table": edge("Table", f"{SCHEMA}/B")}, order=1)
    assert [each.name for each in declared(first, second).resources] == ["ID", "B-ID"]


def test_two_assets_that_refer_to_each_other_are_no_containers_of_each_other() -> None:
    model = asset("LookerModel", f"{LAKE}/model", {"look": edge("LookerLook", f"{LAKE}/model/look")})
    look = asset("LookerLook", f"{LAKE}/model/look", {"model": edge("LookerModel", f"{LAKE}/model")})
    plan = declared(look, model)
    assert [each.name for each in plan.resources] == ["model", "look"]
    assert "parent" not in plan.resources[0].inputs
    assert set(programmed(plan)) == {("LookerModel", "model"), ("LookerLook", "look")}


def test_attributes_that_every_asset_has_are_declared_if_a_stack_created_it() -> None:
    ours = {"lastSyncWorkflowName": mark("shop/dev", "x", "atlan:LookerTile")}
    given = {"assetIcon": "icon", "queryID": 7, "viewScore": 2.0, **ours}
    (one,) = declared(asset("LookerTile", f"{LAKE}/tile", {}, **given)).resources
    assert one.inputs["attributes"] == {"assetIcon": "icon", "queryID": 7}
    (other,) = declared(asset("LookerTile", f"{LAKE}/tile", {}, assetIcon="icon", queryID=7)).resources
    assert other.inputs["attributes"] == {"queryID": 7}
    assert other.declared.left_out == ["attribute assetIcon"]


# -- which ones ----------------------------------------------------------------------------------------------


def names(plan: ImportPlan) -> set[tuple[str, str]]:
    return {(each.kind, each.qualified_name) for each in plan.resources if each.declared.kind.is_asset}


@pytest.fixture
def mixed(witness: Witness) -> None:
    """Assets of a stack, of a crawler, without a mark, and a placeholder."""
    ours, crawler = mark("other/dev", "x", "atlan:Database"), "atlan-snowflake-1"
    for name, workflow, partial in (
        ("OURS", ours, False),
        ("CRAWLED", crawler, False),
        ("PLAIN", None, False),
        ("PARTIAL", ours, True),
    ):
        database = Database.creator(name=name, connection_qualified_name=WAREHOUSE)
        database.last_sync_workflow_name, database.is_partial = workflow, partial
        witness.client.asset.save(database)


def test_assets_with_a_mark_are_imported_and_others_on_request(mixed: None, client: AtlanClient) -> None:
    ours, plain = ("Database", f"{WAREHOUSE}/OURS"), ("Database", f"{WAREHOUSE}/PLAIN")
    assert names(plan_import(client, Selection([WAREHOUSE]))) == {ours}
    wanted = names(plan_import(client, Selection([WAREHOUSE], with_assets=True)))
    assert {ours, plain} <= wanted
    assert not {name for _, name in wanted} & {f"{WAREHOUSE}/CRAWLED", f"{WAREHOUSE}/PARTIAL"}
    narrowed = plan_import(client, Selection([WAREHOUSE], name_prefix="pla", with_assets=True))
    assert names(narrowed) == {plain}


# -- with the real engine ------------------------------------------------------------------------------------


@pytest.mark.engine
@pytest.mark.soak
def test_a_map_of_declared_tables_is_destroyed_before_them(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(
        f"""
lake = atlan.Connection("lake", name="lake", connector="s3", qualified_name={LAKE!r}, admin_roles=["$admin"])
database = atlan.Database("new", name="NEW", connection=lake)
schema = atlan.Schema("public", name="PUBLIC", database=database)
one, other = (atlan.Table(name, name=name, schema=schema) for name in ("ONE", "OTHER"))
atlan.Process("load", name="Load", connection=lake, inputs=[one], outputs=[other])
"""
    )
    stack.up()
    stack.run("state", "delete", "--all", "--yes").check()
    done = run_import(stack, "--connection", LAKE, "--as", "lineage-map")
    (line,) = [line for line in done.stdout.splitlines() if "pulumi import" in line]
    stack.run(*line.partition("pulumi ")[2].split()).check()
    stack.write("import lineage\n")
    stack.up()
    assert "depends_on=[one, other]" in (stack.folder / "lineage.py").read_text()
    stack.destroy()
    assert witness.find(Table, f"{LAKE}/NEW/PUBLIC/ONE") is None


@pytest.mark.engine
def test_a_lost_state_with_assets_is_recovered(
    new_stack: NewStack, witness: Witness, client: AtlanClient
) -> None:
    stack = new_stack(EVERYTHING)
    stack.up()
    before = stack.resources()
    stack.run("state", "delete", "--all", "--yes").check()
    done = run_import(stack, "--connection", LAKE)
    assert "10 assets" in done.stdout, done.stdout + done.stderr
    (line,) = [line for line in done.stdout.splitlines() if "pulumi import" in line]
    stack.run(*line.partition("pulumi ")[2].split()).check()
    assert set(stack.resources()) == set(before)
    for program in (EVERYTHING, "import lineage\n"):
        stack.write(program)
        assert set(stack.preview().changes) == {"same"}, program
    stack.up()
    stack.destroy()
    assert witness.find(Table, f"{LAKE}/NEW/PUBLIC/ORDERS") is None
