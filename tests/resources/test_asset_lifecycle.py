"""The lifecycle of an `Asset`, against a local Atlan, with the SDK's own models as the oracle."""

from __future__ import annotations

from typing import Any

import pytest
from pyatlan.model import assets as sdk
from pyatlan.model.enums import FileType
from support.atlan import WAREHOUSE, table_name
from support.many import OTHER_STACK, Life, World, column, ref, refusal, server, world

from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, ResourceLifecycle, lifecycle_of

__all__ = ["server", "world"]

Props = dict[str, Any]
SCHEMA = {"type_name": "Schema", "qualified_name": f"{WAREHOUSE}/DB/S"}
FILE = f"{WAREHOUSE}/orders.csv"


def of_type(type_name: str) -> type[ResourceLifecycle]:
    return type(lifecycle_of(type_name))


def life_of(world: World, type_name: str, name: str = "asset") -> Life:
    return Life(world.client, of_type(type_name), name)


def program(**more: Any) -> Props:
    return {"name": "orders.csv", "connection": WAREHOUSE, **more}


# -- making ------------------------------------------------------------------------------------------------

PARENTS = {
    "Schema": (SCHEMA, {}),
    "Table": ({"type_name": "Table", "qualified_name": table_name(0)}, {}),
}
CREATED = [
    (sdk.Database, {"connection_qualified_name": WAREHOUSE}, {"connection": WAREHOUSE}),
    (
        sdk.Schema,
        {"database_qualified_name": f"{WAREHOUSE}/DB"},
        {"parent": {"type_name": "Database", "qualified_name": f"{WAREHOUSE}/DB"}},
    ),
    (sdk.Table, {"schema_qualified_name": f"{WAREHOUSE}/DB/S"}, {"parent": SCHEMA}),
    (sdk.View, {"schema_qualified_name": f"{WAREHOUSE}/DB/S"}, {"parent": SCHEMA}),
    (sdk.MaterialisedView, {"schema_qualified_name": f"{WAREHOUSE}/DB/S"}, {"parent": SCHEMA}),
    (
        sdk.Column,
        {"parent_qualified_name": table_name(0), "parent_type": sdk.Table, "order": 3},
        {"parent": {"type_name": "Table", "qualified_name": table_name(0)}, "attributes": {"order": 3}},
    ),
    (sdk.GCSBucket, {"connection_qualified_name": WAREHOUSE}, {"connection": WAREHOUSE}),
    (
        sdk.File,
        {"connection_qualified_name": WAREHOUSE, "file_type": FileType.CSV},
        {"connection": WAREHOUSE, "attributes": {"fileType": "csv"}},
    ),
    (sdk.APISpec, {"connection_qualified_name": WAREHOUSE}, {"connection": WAREHOUSE}),
    (sdk.Application, {"connection_qualified_name": WAREHOUSE}, {"connection": WAREHOUSE}),
    (
        sdk.ApplicationField,
        {"application_qualified_name": f"{WAREHOUSE}/shop"},
        {"parent": {"type_name": "Application", "qualified_name": f"{WAREHOUSE}/shop"}},
    ),
    (sdk.CustomEntity, {"connection_qualified_name": WAREHOUSE}, {"connection": WAREHOUSE}),
]


@pytest.mark.parametrize(
    ("model", "creator", "declared"), CREATED, ids=lambda each: getattr(each, "__name__", "")
)
def test_an_asset_is_what_the_sdk_creates(model: Any, creator: Props, declared: Props) -> None:
    core = lifecycle_of(model.__name__)
    expected = model.creator(name="ONE", **creator).attributes.dict(by_alias=True, exclude_none=True)
    checked = core.check({}, {"name": "ONE", **declared})
    assert checked.problems == []
    sent = core.to_write(None, checked.inputs, None).attributes  # type: ignore[attr-defined]
    for name, value in expected.items():
        if isinstance(value, dict):
            assert sent[name]["uniqueAttributes"] == value["uniqueAttributes"], name
        elif not isinstance(value, set):
            assert sent[name] == value, name


def test_an_asset_is_created_found_by_others_and_settled(world: World) -> None:
    life = life_of(world, "File")
    declared = program(description="All orders", attributes={"fileType": "csv", "filePath": "/landing"})
    assert life.up(**declared) == "create"
    made = world.others.get("File", FILE)
    assert (made.name, made.attributes["fileType"], made.attributes["description"]) == (
        "orders.csv",
        "csv",
        "All orders",
    )
    assert world.others.mark_on("File", FILE) == life.mark
    life.settled(**declared)


def test_an_attribute_changes_and_is_cleared_when_it_is_no_longer_declared(world: World) -> None:
    life = life_of(world, "File")
    life.up(**program(attributes={"fileType": "csv", "filePath": "/landing"}))
    guid = life.outputs["guid"]
    assert life.up(**program(attributes={"fileType": "json"})) == "update"
    assert world.sent()[-1]["attributes"].items() >= {"fileType": "json", "filePath": None}.items()
    made = world.others.get("File", FILE)
    assert (made.guid, made.attributes["fileType"], made.attributes.get("filePath")) == (guid, "json", None)
    life.settled(**program(attributes={"fileType": "json"}))
    assert life.up(**program()) == "update"
    assert world.others.get("File", FILE).attributes.get("fileType") is None
    life.settled(**program())


def test_a_change_by_others_is_reported_and_corrected(world: World) -> None:
    life = life_of(world, "File")
    declared = program(attributes={"fileType": "csv"})
    life.up(**declared)
    world.others.write("File", FILE, name="orders.csv", fileType="json")
    (note,) = life.refresh()
    assert "File 'default/snowflake/1657025257/orders.csv' was changed in Atlan: attributes" in note
    assert life.changes(**declared) == ["attributes"]
    assert life.up(**declared) == "update"
    assert world.others.get("File", FILE).attributes["fileType"] == "csv"


@pytest.mark.parametrize(
    "changed",
    [{"name": "orders-2.csv"}, {"qualified_name": f"{WAREHOUSE}/landing/orders.csv"}],
    ids=["name", "qualified_name"],
)
def test_a_changed_qualified_name_replaces_the_asset(world: World, changed: Props) -> None:
    life = life_of(world, "File")
    life.up(**program())
    assert life.up(**program(**changed)) == "replace"
    assert world.others.find("File", FILE) is None
    assert world.others.find("File", life.outputs["qualified_name"]) is not None


def test_a_name_changes_in_place_below_a_given_qualified_name(world: World) -> None:
    life = life_of(world, "File")
    life.up(**program(qualified_name=FILE))
    assert life.up(**program(name="Orders", qualified_name=FILE)) == "update"
    assert world.others.get("File", FILE).name == "Orders"


def test_a_column_is_in_its_table_and_an_asset_moves_by_replacement(world: World) -> None:
    life = life_of(world, "Column")
    declared = {"name": "TOTAL", "attributes": {"order": 9, "dataType": "NUMBER"}}
    first, second = ({"type_name": "Table", "qualified_name": table_name(number)} for number in (0, 1))
    life.up(**declared, parent=first)
    made = world.others.get("Column", column("T0/TOTAL"))
    assert [each.qualified_name for each in made.related("table")] == [table_name(0)]
    assert made.attributes["tableName"] == "T0"
    life.settled(**declared, parent=first)
    assert life.up(**declared, parent=second) == "replace"
    assert world.others.find("Column", column("T0/TOTAL")) is None


# -- ownership ---------------------------------------------------------------------------------------------


def test_an_existing_asset_is_not_overwritten_unless_adopted(world: World) -> None:
    world.others.write("File", FILE, name="Theirs", fileType="json", connectionQualifiedName=WAREHOUSE)
    life = life_of(world, "File")
    assert "exists in Atlan already" in refusal(life.up, **program())
    assert world.others.get("File", FILE).name == "Theirs"
    assert life.up(**program(adopt=True)) == "create"
    assert world.others.get("File", FILE).attributes["fileType"] == "json"
    assert any("will be taken over" in note for note in life.logged)


def test_an_asset_of_another_stack_is_not_overwritten(world: World) -> None:
    life_of(world, "File").up(**program())
    world.others.mark("File", FILE, OTHER_STACK)
    assert "belongs to the stack 'other/dev'" in refusal(life_of(world, "File", "again").up, **program())


def test_a_placeholder_of_this_stack_becomes_the_asset_and_keeps_its_guid(world: World) -> None:
    life = life_of(world, "File")
    guid = world.others.write(
        "File", FILE, name="orders.csv", isPartial=True, **{OWNERSHIP_ATTRIBUTE: life.mark}
    )
    assert life.up(**program()) == "create"
    made = world.others.get("File", FILE)
    assert (made.guid, made.attributes["isPartial"]) == (guid, False)


def test_what_a_crawler_has_taken_over_stays(world: World) -> None:
    life = life_of(world, "File")
    life.up(**program())
    world.others.mark("File", FILE, "atlan-snowflake-1657025257")
    (note,) = life.destroy()
    assert "its crawler, 'atlan-snowflake-1657025257', owns it now" in note
    assert world.others.find("File", FILE) is not None


# -- removal -----------------------------------------------------------------------------------------------


def test_an_asset_that_a_process_reads_is_not_removed(world: World) -> None:
    life = life_of(world, "File")
    life.up(**program())
    world.others.make_process(f"{WAREHOUSE}/load", inputs=[ref("File", FILE)])
    assert "Process 'default/snowflake/1657025257/load' still depend on it" in refusal(life.destroy)
    life.up(**program(force_destroy=True))
    assert life.destroy() == []
    assert world.others.find("Process", f"{WAREHOUSE}/load") is None
    assert world.others.find("File", FILE) is None


def test_a_table_with_columns_is_not_removed(world: World) -> None:
    life = life_of(world, "Table")
    life.up(name="NEW", parent=SCHEMA)
    below = life_of(world, "Column", "column")
    below.up(name="ID", parent={"type_name": "Table", "qualified_name": column("NEW")})
    assert "Column 'default/snowflake/1657025257/DB/S/NEW/ID'" in refusal(life.destroy)
    below.destroy()
    assert life.destroy() == []
    assert world.others.find("Table", column("NEW")) is None


# -- containment -------------------------------------------------------------------------------------------


def test_an_asset_of_another_type_with_the_same_name_contains_nothing_of_this_one(world: World) -> None:
    spec, path, app = (life_of(world, kind, kind) for kind in ("APISpec", "APIPath", "Application"))
    spec.up(name="orders", connection=WAREHOUSE)
    above = {"type_name": "APISpec", "qualified_name": f"{WAREHOUSE}/orders"}
    path.up(name="/list", parent=above)
    app.up(name="orders", connection=WAREHOUSE, force_destroy=True)
    assert app.destroy() == []
    assert world.others.find("APIPath", path_name := path.outputs["qualified_name"]) is not None
    assert f"APIPath {path_name!r} still depend on it" in refusal(spec.destroy)


def test_what_an_asset_contains_is_found_whatever_its_name(world: World) -> None:
    table, other = life_of(world, "Table"), life_of(world, "Column", "column")
    table.up(name="NEW", parent=SCHEMA)
    inside = {"type_name": "Table", "qualified_name": column("NEW")}
    other.up(name="X", parent=inside, qualified_name=f"{WAREHOUSE}/elsewhere", attributes={"order": 1})
    assert f"Column '{WAREHOUSE}/elsewhere' still depend on it" in refusal(table.destroy)


def test_a_forced_removal_includes_the_processes_of_all_that_is_inside(world: World) -> None:
    schema, table = life_of(world, "Schema", "schema"), life_of(world, "Table")
    schema.up(
        name="NEW",
        parent={"type_name": "Database", "qualified_name": f"{WAREHOUSE}/DB"},
        force_destroy=True,
    )
    table.up(name="T", parent={"type_name": "Schema", "qualified_name": f"{WAREHOUSE}/DB/NEW"})
    world.others.make_process(f"{WAREHOUSE}/load", inputs=[ref("Table", f"{WAREHOUSE}/DB/NEW/T")])
    assert schema.destroy() == []
    assert any(f"Process '{WAREHOUSE}/load' will be removed with" in note for note in schema.logged)
    assert world.others.find("Table", f"{WAREHOUSE}/DB/NEW/T") is None
    assert world.others.find("Process", f"{WAREHOUSE}/load") is None


def test_an_asset_with_a_given_name_moves_to_another_parent_completely(world: World) -> None:
    life = life_of(world, "Column")
    first, second = ({"type_name": "Table", "qualified_name": table_name(number)} for number in (0, 1))
    declared = {"name": "X", "qualified_name": f"{WAREHOUSE}/x", "attributes": {"order": 1}}
    life.up(**declared, parent=first)
    assert life.up(**declared, parent=second) == "update"
    made = world.others.get("Column", f"{WAREHOUSE}/x")
    assert [each.qualified_name for each in made.related("table")] == [table_name(1)]
    assert made.attributes["tableName"] == "T1"
    assert life.up(**declared) == "update"
    made = world.others.get("Column", f"{WAREHOUSE}/x")
    assert (made.related("table"), made.attributes.get("tableName")) == ([], None)
    life.settled(**declared)


# -- crawlers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("refreshed", [False, True])
def test_a_crawled_asset_is_not_taken_back_unless_adopted(world: World, refreshed: bool) -> None:
    life = life_of(world, "File")
    life.up(**program())
    world.others.mark("File", FILE, "crawler-1")
    if refreshed:
        (note,) = life.refresh()
        assert "its crawler, 'crawler-1', owns it now" in note
        (problem,) = life.check(program(description="Ours")).problems
        assert "belongs to the crawler 'crawler-1' now" in problem.reason
    else:
        assert "belongs to the crawler 'crawler-1' now" in refusal(life.up, **program(description="Ours"))
    assert world.others.mark_on("File", FILE) == "crawler-1"
    (left,) = life.destroy()
    assert "was left in Atlan" in left


def test_adopting_a_crawled_asset_is_named(world: World) -> None:
    life = life_of(world, "File")
    life.up(**program())
    world.others.mark("File", FILE, "crawler-1")
    life.refresh()
    assert life.up(**program(adopt=True)) == "update"
    assert any("will be taken over" in note for note in life.logged)
    assert world.others.mark_on("File", FILE) == life.mark


# -- values ------------------------------------------------------------------------------------------------


def test_lists_are_sets_and_numbers_are_integers(world: World) -> None:
    life = life_of(world, "APIPath")
    spec = {"type_name": "APISpec", "qualified_name": f"{WAREHOUSE}/spec"}
    life_of(world, "APISpec", "spec").up(name="spec", connection=WAREHOUSE)
    declared = {"name": "/o", "parent": spec, "qualified_name": f"{WAREHOUSE}/spec/o"}
    life.up(**declared, attributes={"apiPathAvailableOperations": ["POST", "GET", "GET"]})
    life.settled(**declared, attributes={"apiPathAvailableOperations": ["GET", "POST"]})
    size = life_of(world, "File", "size")
    size.up(**program(attributes={"sourceReadCount": 3.0}))
    sent = world.sent()[-1]["attributes"]["sourceReadCount"]
    assert (sent, type(sent)) == (3, int)


# -- mistakes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_name", "declared", "property_", "reason"),
    [
        ("File", {"name": "x"}, "connection", "is required, or parent, which is in one"),
        ("File", program(attributes={"file_type": "csv"}), "attributes", "did you mean 'fileType'?"),
        ("Table", program(attributes={"isTemporary": "no"}), "attributes", "must be true or false, not 'no'"),
        ("Column", program(attributes={"order": True}), "attributes", "must be an integer, not True"),
        ("File", program(attributes={"description": "x"}), "attributes", "set description instead"),
        ("File", program(attributes={"qualifiedName": "x"}), "attributes", "set qualified_name instead"),
        (
            "File",
            program(attributes={"readme": "x"}),
            "attributes",
            "is a relationship: only parent can be set",
        ),
        ("File", program(attributes={"isPartial": True}), "attributes", "follows from the other inputs"),
        ("Table", program(attributes={"schemaName": "x"}), "attributes", "follows from the other inputs"),
        ("File", program(attributes={"filePath": "x" * 100_001}), "attributes", "is 100,001 characters long"),
        ("File", program(attributes={"sourceReadCount": 2**53 + 1}), "attributes", "must be at most"),
        ("File", program(attributes={"assetTags": ["a", 1]}), "attributes", "must be a list of texts"),
        ("File", program(name="a/"), "name", "must not end with a slash"),
        (
            "Table",
            {"name": "x", "parent": {"type_name": "Table", "qualified_name": table_name(0)}},
            "parent",
            "a Table is not below a Table in Atlan; expected Schema",
        ),
        (
            "Column",
            {"name": "x", "parent": {"type_name": "Table", "guid": "495b1516-aaaf-4390-8cfd-b11ade7a7799"}},
            "parent",
            "give its qualified_name: the name of the asset contains it",
        ),
        (
            "Table",
            program(parent=SCHEMA, connection="default/snowflake/1"),
            "parent",
            "is not in the connection 'default/snowflake/1'",
        ),
        (
            "File",
            program(qualified_name="default/snowflake/1/x"),
            "qualified_name",
            "is not in the connection 'default/snowflake/1657025257'",
        ),
    ],
)
def test_a_mistake_is_one_line_on_its_property(
    type_name: str, declared: Props, property_: str, reason: str
) -> None:
    (problem,) = lifecycle_of(type_name).check({}, declared).problems
    assert problem.property == property_
    assert reason in problem.reason
    assert "\n" not in problem.reason
