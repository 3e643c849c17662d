"""Seed catalogs: created entities, and errors."""

from __future__ import annotations

import pytest

from atlan_pulumi.errors import LocalAtlanError
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.local.seed import expand_seed, load_seed, seed_guid

YAML = """
connections:
  - name: warehouse
    connector: snowflake
    qualified_name: default/snowflake/7
    description: The warehouse.
    guid: 495b1516-aaaf-4390-8cfd-b11ade7a7799
    attributes: {host: h.example, port: 443, adminUsers: [jsmith]}
    databases:
      - name: RAW
        schemas:
          - name: PUBLIC
            tables:
              - name: ORDERS
                description: One row per order.
                attributes: {rowCount: 9}
                columns:
                  - {name: ID, data_type: NUMBER, description: The order.}
                  - {name: PLACED, dataType: DATE, guid: d002dead-1655-4d75-abd6-ad889fa04bd4}
            views:
              - {name: RECENT, columns: [{name: ID}]}
            materialisedViews:
              - {name: TOTALS, columns: [{name: SUM}]}
entities:
  - typeName: S3Object
    qualifiedName: arn:aws:s3:::lake/orders.csv
  - type_name: Process
    qualified_name: default/snowflake/7/load
    name: Load orders
    attributes:
      sql: copy into orders
      inputs: [{typeName: S3Object, uniqueAttributes: {qualifiedName: "arn:aws:s3:::lake/orders.csv"}}]
    relationshipAttributes:
      outputs: [{typeName: Table, uniqueAttributes: {qualifiedName: default/snowflake/7/RAW/PUBLIC/ORDERS}}]
"""


@pytest.fixture(scope="module")
def seeded(rest_to, tmp_path_factory):
    path = tmp_path_factory.mktemp("seed") / "catalog.yaml"
    path.write_text(YAML)
    with LocalAtlan(seed=path) as server:
        rest = rest_to(server)
        with rest.raw:
            yield rest


def attributes(rest, qualified_name, type_name):
    return rest.by_name(qualified_name, type_name)["attributes"]


def test_connections_are_created(seeded):
    entity = seeded.by_name("default/snowflake/7", "Connection")
    assert entity["guid"] == "495b1516-aaaf-4390-8cfd-b11ade7a7799"
    assert entity["createdBy"] == "seed"
    expected = {
        "name": "warehouse",
        "connectorName": "snowflake",
        "description": "The warehouse.",
        "host": "h.example",
        "port": 443,
    }
    assert expected.items() <= entity["attributes"].items()
    assert "jsmith" in entity["attributes"]["adminUsers"]


def test_qualified_names_follow_atlans_rule(seeded):
    names = [
        ("Database", "RAW"),
        ("Schema", "RAW/PUBLIC"),
        ("Table", "RAW/PUBLIC/ORDERS"),
        ("Column", "RAW/PUBLIC/ORDERS/ID"),
        ("View", "RAW/PUBLIC/RECENT"),
        ("Column", "RAW/PUBLIC/RECENT/ID"),
        ("MaterialisedView", "RAW/PUBLIC/TOTALS"),
        ("Column", "RAW/PUBLIC/TOTALS/SUM"),
    ]
    for type_name, path in names:
        found = attributes(seeded, f"default/snowflake/7/{path}", type_name)
        assert found["name"] == path.rpartition("/")[2]
        assert found["connectionQualifiedName"] == "default/snowflake/7"
        assert found["connectorName"] == "snowflake"


def test_columns_have_their_attributes(seeded):
    table = "default/snowflake/7/RAW/PUBLIC/ORDERS"
    column = attributes(seeded, f"{table}/ID", "Column")
    expected = {
        "dataType": "NUMBER",
        "order": 1,
        "description": "The order.",
        "tableName": "ORDERS",
        "tableQualifiedName": table,
        "schemaName": "PUBLIC",
        "databaseName": "RAW",
    }
    assert expected.items() <= column.items()
    placed = seeded.by_name(f"{table}/PLACED", "Column")
    assert placed["guid"] == "d002dead-1655-4d75-abd6-ad889fa04bd4"
    assert (placed["attributes"]["dataType"], placed["attributes"]["order"]) == ("DATE", 2)
    assert attributes(seeded, "default/snowflake/7/RAW/PUBLIC/RECENT/ID", "Column")["viewName"] == "RECENT"


def test_tables_accept_attributes(seeded):
    table = attributes(seeded, "default/snowflake/7/RAW/PUBLIC/ORDERS", "Table")
    assert (table["rowCount"], table["columnCount"]) == (9, 2)


def test_other_entities_are_created(seeded):
    assert attributes(seeded, "arn:aws:s3:::lake/orders.csv", "S3Object")["name"] == "orders.csv"
    process = seeded.by_name("default/snowflake/7/load", "Process")
    assert process["attributes"]["name"] == "Load orders"
    assert seeded.active_names(process["guid"], "inputs") == ["orders.csv"]
    assert seeded.active_names(process["guid"], "outputs") == ["ORDERS"]
    assert process["attributes"]["__hasLineage"] is True


def test_guids_are_stable(rest_to):
    seed = {"connections": [{"name": "x", "connector": "spark"}]}
    guids = set()
    for _ in range(2):
        with LocalAtlan(seed=seed) as server:
            rest = rest_to(server)
            with rest.raw:
                (asset,) = rest.raw.get("/_local/assets").json()["assets"]
                guids.add((asset["guid"], asset["qualifiedName"]))
    assert len(guids) == 1
    assert guids.pop()[1].startswith("default/spark/")


def test_connections_of_one_connector_have_different_names(rest_to):
    seed = {"connections": [{"name": name, "connector": "spark"} for name in "ab"]}
    with LocalAtlan(seed=seed) as server:
        rest = rest_to(server)
        with rest.raw:
            assert rest.raw.get("/_local/assets").json()["total"] == 2


@pytest.mark.parametrize("seed", [{}, [], {"connections": []}])
def test_an_empty_seed_is_allowed(seed):
    with LocalAtlan(seed=seed) as server:
        assert server.stats()["entities_written"] == 0


def test_a_list_of_entities_is_a_seed(rest_to):
    with LocalAtlan(seed=[{"typeName": "KafkaTopic", "qualifiedName": "default/kafka/1/topic/t"}]) as server:
        rest = rest_to(server)
        with rest.raw:
            assert attributes(rest, "default/kafka/1/topic/t", "KafkaTopic")["name"] == "t"


def table(**changes):
    relation = {"name": "T", "columns": [{"name": "ID"}], **changes}
    schema = {"name": "S", "tables": [relation]}
    return {
        "connections": [{"name": "w", "connector": "s", "databases": [{"name": "D", "schemas": [schema]}]}]
    }


WRONG = [
    ({"connection": []}, "connection: is unknown"),
    ({"connections": [{"connector": "spark"}]}, "connections[0].name: is missing"),
    ({"connections": [{"name": "x"}]}, "connections[0].connector: is missing"),
    (
        table(columns=[{"nam": "ID"}]),
        "connections[0].databases[0].schemas[0].tables[0].columns[0].name: is missing",
    ),
    (table(columns=[{"name": "ID", "type": "N"}]), "tables[0].columns[0].type: is unknown"),
    (table(name=7), "tables[0].name"),
    (table(columns="ID"), "tables[0].columns"),
    (
        table(attributes={"ownerUsers": "ann"}),
        "cannot seed connections[0].databases[0].schemas[0].tables[0]: ",
    ),
    ([{"typeName": "Tabel", "qualifiedName": "a"}], "cannot seed entities[0]: Type ENTITY with name Tabel"),
    (
        [
            {"typeName": "Table", "qualifiedName": "a"},
            {
                "typeName": "Process",
                "qualifiedName": "p",
                "attributes": {"inputs": [{"typeName": "Table", "uniqueAttributes": {"qualifiedName": "b"}}]},
            },
        ],
        "cannot seed entities[1]: Referenced entity",
    ),
    ([{"typeName": "Table", "qualifiedName": "a", "guid": "x"}], "entities[0].guid: 'x' is not a GUID"),
    (
        [{"typeName": "Table", "qualifiedName": "a"}, {"typeName": "Table", "qualifiedName": "a"}],
        "cannot seed entities[1]: duplicate Table a, also at entities[0]",
    ),
    (
        [{"typeName": "Table", "qualifiedName": name, "guid": f"{7:032}"} for name in "ab"],
        "cannot seed entities[1]: duplicate GUID 00000000-0000-0000-0000-000000000007, also at entities[0]",
    ),
    (table(name=True), "tables[0].name: Input should be a valid string"),
    ([{"typeName": "Table"}], "entities[0].qualifiedName: is missing"),
    ("text.yaml", "cannot seed from text.yaml: No such file"),
]


@pytest.mark.parametrize(("seed", "message"), WRONG)
def test_invalid_catalogs_are_refused(seed, message):
    with pytest.raises(LocalAtlanError) as caught:
        LocalAtlan(seed=seed).start()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"connections: [", "it is not YAML"),
        (b"a: b: c", "it is not YAML"),
        (b"just text", "it must be a list of entities, or a mapping with"),
        (b"\xff\xfe\xff", "it is not UTF-8 text"),
        (b"connections: {a: 1}", "connections"),
    ],
)
def test_invalid_files_are_refused(tmp_path, content, message):
    path = tmp_path / "catalog.yaml"
    path.write_bytes(content)
    with pytest.raises(LocalAtlanError) as caught:
        LocalAtlan(seed=path).start()
    assert str(path) in str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_empty_file_is_allowed(tmp_path):
    path = tmp_path / "catalog.yaml"
    path.write_text("# empty\n")
    with LocalAtlan(seed=path) as server:
        assert server.base_url


def test_several_problems_are_counted():
    with pytest.raises(LocalAtlanError, match=r"and 1 more"):
        LocalAtlan(seed={"connections": [{}]}).start()


def test_nothing_is_created_if_one_entity_is_refused(tmp_path):
    path = tmp_path / "atlan.db"
    seed = [{"typeName": "Table", "qualifiedName": "a"}, {"typeName": "Nope", "qualifiedName": "b"}]
    with pytest.raises(LocalAtlanError):
        LocalAtlan(db=path, seed=seed).start()
    with LocalAtlan(db=path) as server:
        import httpx

        assert httpx.get(f"{server.base_url}/_local/assets").json()["total"] == 0


def test_tags_and_custom_metadata_are_defined(rest_to):
    seed = {"tags": ["PII"], "custom_metadata": {"Cost": {"center": "string", "monthly": "float"}}}
    with LocalAtlan(seed=seed) as server:
        rest = rest_to(server)
        with rest.raw:
            payload = {**rest.connection_payload(), "classifications": [{"typeName": "PII"}]}
            guid = rest.create({**payload, "businessAttributes": {"Cost": {"monthly": 1.5}}})
            entity = rest.get(guid)
            assert entity["classifications"] == [{"typeName": "PII"}]
            assert entity["businessAttributes"] == {"Cost": {"monthly": 1.5}}
            lists = rest.ok(rest.raw.get("/api/meta/types/typedefs"))
            assert [one["displayName"] for one in lists["classificationDefs"]] == ["PII"]
            (cost,) = lists["businessMetadataDefs"]
            assert [one["name"] for one in cost["attributeDefs"]] == ["center", "monthly"]


def test_entities_of_a_catalog_can_refer_to_each_other(rest_to):
    process = {
        "typeName": "Process",
        "qualifiedName": "default/s/1/p",
        "relationshipAttributes": {
            "inputs": [{"typeName": "Table", "uniqueAttributes": {"qualifiedName": "default/s/1/A"}}]
        },
    }
    with LocalAtlan(seed=[process, {"typeName": "Table", "qualifiedName": "default/s/1/A"}]) as server:
        rest = rest_to(server)
        with rest.raw:
            assert rest.active_names(rest.by_name("default/s/1/p", "Process")["guid"], "inputs") == ["A"]


def test_expanded_entities_have_locations_and_parents():
    schema = {"name": "S", "tables": [{"name": "T", "columns": [{"name": "C"}]}]}
    connection = {"name": "w", "connector": "pg", "databases": [{"name": "D", "schemas": [schema]}]}
    entities, credentials = expand_seed(load_seed({"connections": [connection]}))
    assert [(one.type_name, one.place) for one in entities] == [
        ("Connection", "connections[0]"),
        ("Database", "connections[0].databases[0]"),
        ("Schema", "connections[0].databases[0].schemas[0]"),
        ("Table", "connections[0].databases[0].schemas[0].tables[0]"),
        ("Column", "connections[0].databases[0].schemas[0].tables[0].columns[0]"),
    ]
    parents = [next(iter(one.payload.relationships), None) for one in entities]
    assert parents == [None, None, "database", "atlanSchema", "table"]
    assert credentials == {}


def test_an_open_lineage_connection_has_a_credential():
    entities, credentials = expand_seed(
        load_seed({"connections": [{"name": "x", "connector": "spark", "openLineage": True}]})
    )
    ((guid, credential),) = credentials.items()
    assert entities[0].payload.attributes["defaultCredentialGuid"] == guid
    assert credential["extra"]["events.urlPath"] == "/events/openlineage/spark/api/v1/lineage"


def test_seed_guids_depend_on_type_and_name():
    guids = {seed_guid(*pair) for pair in (("Table", "a"), ("View", "a"), ("Table", "b"))}
    assert len(guids) == 3
    assert seed_guid("Table", "a") in guids
