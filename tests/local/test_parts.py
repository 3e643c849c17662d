"""The inner parts alone: sessions, payloads, rules, filters, expansion, texts of refusals."""

from __future__ import annotations

import itertools

import pytest

from atlan_pulumi.local import _errors as errors
from atlan_pulumi.local._errors import AtlasError, MalformedRequestError
from atlan_pulumi.local._schema import ends_of
from atlan_pulumi.local._views import Relations, mutation_response, show_entity, show_header
from atlan_pulumi.local.graph import (
    BulkFlags,
    Session,
    delete_entities,
    parse_bulk,
    parse_entity,
    restore_entities,
    upsert_entities,
)
from atlan_pulumi.local.lineage import walk
from atlan_pulumi.local.seed import create_seed_entities, expand_seed, load_seed, seed_guid
from atlan_pulumi.local.store import Store
from atlan_pulumi.local.web._faults import FaultRule, Faults
from atlan_pulumi.local.web._identities import Directory

TABLES = [{"typeName": "Table", "qualifiedName": f"t/{name}"} for name in "ABCD"]


@pytest.fixture
def store():
    opened = Store()
    with opened.transaction():
        create_seed_entities(opened, load_seed(TABLES))
    yield opened
    opened.close()


def ref(name):
    return {"typeName": "Table", "uniqueAttributes": {"qualifiedName": f"t/{name}"}}


def process(name, inputs, outputs):
    attributes = {"name": name, "qualifiedName": name, "inputs": [ref(one) for one in inputs]}
    attributes["outputs"] = [ref(one) for one in outputs]
    return parse_entity({"typeName": "Process", "guid": "-1", "attributes": attributes})


def save(store, *payloads, user="me", now=5):
    with store.transaction():
        session = Session(store, user, now)
        assignments = upsert_entities(session, payloads, BulkFlags())
    return session, assignments


def test_a_session_tells_what_happened(store):
    session, assignments = save(store, process("p", "AB", "C"))
    assert [one.name for one in session.created.values()] == ["p"]
    assert sorted(one.name for one in session.touched) == ["A", "B", "C"]
    assert (session.changed, session.deleted, session.written) == ({}, {}, 1)
    assert assignments == {"-1": next(iter(session.created))}


def test_a_session_stamps_what_it_changes(store):
    session, _ = save(store, process("p", "A", "B"), user="ann", now=7)
    (created,) = session.created.values()
    assert (created.created_by, created.create_time, created.update_time) == ("ann", 7, 7)
    session, _ = save(store, process("p", "AC", "B"), user="bob", now=9)
    found = store.entities.find("Process", "p")
    assert (found.created_by, found.updated_by, found.create_time, found.update_time) == ("ann", "bob", 7, 9)
    assert store.entities.find("Table", "t/C").updated_by == "bob"
    assert store.entities.find("Table", "t/A").updated_by == "ann"


def test_delete_and_restore_count_as_writes(store):
    _, assignments = save(store, process("p", "A", "B"))
    guid = assignments["-1"]
    for operation, name in (
        (lambda one: delete_entities(one, [guid], "SOFT"), "deleted"),
        (lambda one: restore_entities(one, [guid]), "changed"),
    ):
        with store.transaction():
            session = Session(store, "me")
            operation(session)
        assert list(getattr(session, name)) == [guid]
        assert session.written == 1


def test_answers_leave_out_what_is_empty(store):
    session, assignments = save(store, process("p", "A", "B"))
    assert set(mutation_response(session, assignments)) == {"mutatedEntities", "guidAssignments"}
    assert set(mutation_response(session)["mutatedEntities"]) == {"CREATE", "UPDATE"}
    session, assignments = save(store, process("p", "A", "B"))
    assert mutation_response(session, assignments) == {"guidAssignments": assignments}
    assert mutation_response(Session(store, "me")) == {}


def test_views(store):
    save(store, process("p", "AB", "C"))
    entity = store.entities.find("Process", "p")
    assert show_header(entity, {"x": 1})["attributes"] == {"name": "p", "qualifiedName": "p", "x": 1}
    assert "relationshipAttributes" not in show_entity(store, entity, relationships=False)
    shown = show_entity(store, entity)
    assert len(shown["attributes"]["inputs"]) == len(shown["relationshipAttributes"]["inputs"]) == 2
    (end,) = (one for one in ends_of("Process") if one.attribute == "outputs")
    assert [one.entity.name for one in Relations(store, entity).at(end)] == ["C"]


def test_walks_are_nearest_first(store):
    save(store, process("p", "A", "B"), process("q", "B", "C"), process("r", "C", "D"))
    start = store.entities.find("Table", "t/A")
    hops = list(walk(store, start, "OUTPUT", 2, lambda entity, edge: True))
    assert [(hop.entity.name, hop.depth) for hop in hops] == [("p", 1), ("B", 1), ("q", 2), ("C", 2)]
    assert (hops[0].source, hops[0].target) == (start.guid, hops[0].entity.guid)
    end = store.entities.find("Table", "t/D")
    back = list(walk(store, end, "INPUT", 1, lambda entity, edge: True))
    assert [hop.entity.name for hop in back] == ["r", "C"]
    assert back[0].target == end.guid


def test_walks_do_not_pass_what_is_not_accepted(store):
    save(store, process("p", "A", "B"), process("q", "B", "C"))
    start = store.entities.find("Table", "t/A")
    hops = walk(store, start, "OUTPUT", 9, lambda entity, edge: entity.name != "B")
    assert [hop.entity.name for hop in hops] == ["p"]


@pytest.mark.parametrize(
    ("query", "flags"),
    [
        ({}, BulkFlags()),
        ({"replaceTags": "true"}, BulkFlags(replace_tags=True)),
        ({"replaceClassifications": "TRUE"}, BulkFlags(replace_tags=True)),
        ({"appendTags": "true", "replaceTags": "false"}, BulkFlags(append_tags=True)),
        ({"replaceBusinessAttributes": "true"}, BulkFlags(replace_business_attributes=True)),
        ({"overwriteBusinessAttributes": "true"}, BulkFlags(overwrite_business_attributes=True)),
    ],
)
def test_flags(query, flags):
    assert BulkFlags.read(query) == flags


TAG_FLAGS = list(itertools.combinations(["replaceTags", "replaceClassifications", "appendTags"], 2))


@pytest.mark.parametrize("pair", TAG_FLAGS)
def test_flags_that_contradict(pair):
    with pytest.raises(AtlasError, match="Only one of"):
        BulkFlags.read(dict.fromkeys(pair, "true"))


def test_placeholders_are_made_up_where_there_are_none():
    first, second = parse_bulk({"entities": [{}, {}]})
    assert first.guid.startswith("-")
    assert first.guid != second.guid
    assert parse_entity({"guid": 7}).guid == "7"


@pytest.mark.parametrize("body", [None, [], {}, {"entities": None}, {"entities": [3]}])
def test_bodies_that_are_none(body):
    with pytest.raises(MalformedRequestError):
        parse_bulk(body)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.invalid_parameters("x"), 400, "ATLAS-400-00-01A"),
        (errors.bad_request("x"), 400, "ATLAS-400-00-029"),
        (errors.unknown_type(None), 400, "ATLAS-400-00-014"),
        (errors.invalid_reference({}), 400, "ATLAS-400-00-021"),
        (errors.wrong_end("r", "a", "b"), 400, "ATLAS-400-00-036"),
        (errors.conflicting_relationship_maps("x"), 400, "ATLAS-400-00-108"),
        (errors.no_admins("Connection"), 400, "ATLAS-400-00-114"),
        (errors.too_many_entities(1), 400, "ATLAS-400-00-212"),
        (errors.forbidden("me", "x"), 403, "ATLAS-403-00-001"),
        (errors.unknown_guid("x"), 404, "ATLAS-404-00-005"),
        (errors.invalid_instance("x"), 404, "ATLAS-404-00-007"),
        (errors.unknown_name("T", "q"), 404, "ATLAS-404-00-009"),
        (errors.unresolved_reference("x"), 404, "ATLAS-404-00-00A"),
        (errors.no_lineage_type("g", "T"), 404, "ATLAS-404-00-011"),
        (errors.unknown_path("/x"), 404, "ATLAS-404-00-019"),
        (errors.name_taken("T", "q"), 409, "ATLAS-409-00-003"),
        (errors.texts_too_long(["sql"], 1), 500, "ATLAS-500-00-001"),
    ],
)
def test_refusals(error, status, code):
    assert (error.status, error.code) == (status, code)
    assert error.body() == {"errorCode": code, "errorMessage": str(error)}
    error.entity_guid = "-1"
    assert error.body()["entityGuid"] == "-1"


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("x", "x"),
        (None, "null"),
        ({"guid": "g", "typeName": "T"}, "g"),
        ({"guid": "g"}, "AtlasObjectId{guid='g', typeName='null', uniqueAttributes={}}"),
        (
            {"typeName": "T", "uniqueAttributes": {"qualifiedName": "q"}},
            "AtlasObjectId{guid='null', typeName='T', uniqueAttributes={qualifiedName:q}}",
        ),
        (
            {"typeName": "T", "uniqueAttributes": "q"},
            "AtlasObjectId{guid='null', typeName='T', uniqueAttributes={}}",
        ),
    ],
)
def test_references_in_refusals(reference, text):
    assert errors.format_object_id(reference) == text


def test_rules_count_and_show():
    rule = FaultRule.parse({"method": "post", "path": "/a/*", "nth": [2], "status": 500})
    fired = [
        rule.should_fire(method, path, "")
        for method, path in (("POST", "/a/b"), ("GET", "/a/b"), ("POST", "/a/c/"))
    ]
    assert fired == [False, False, True]
    assert (rule.show()["matched"], rule.show()["hits"], rule.show()["nth"]) == (2, 1, [2])


def test_a_list_with_a_wrong_rule_adds_none():
    faults = Faults()
    with pytest.raises(ValueError, match="unknown key"):
        faults.add([{"status": 500}, {"x": 1}])
    assert faults.show() == []
    assert faults.match("GET", "/") is None


def test_keys_lead_to_users():
    directory = Directory({"k": "service-account-apikey-k", "j": "jane"})
    asked = [directory.user_of(text) for text in ("Bearer k", "bearer j", "Bearer  j ", "Bearer x", "k", "")]
    assert asked == ["service-account-apikey-k", "jane", "jane", None, None, None]
    assert [one["username"] for one in directory.users()] == ["jane", "jdoe", "jsmith"]
    assert [one["clientId"] for one in directory.api_keys()] == ["apikey-k"]


def test_expansion_keeps_places_and_parents():
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


def test_expansion_of_an_event_connection():
    entities, credentials = expand_seed(
        load_seed({"connections": [{"name": "x", "connector": "spark", "openLineage": True}]})
    )
    ((guid, credential),) = credentials.items()
    assert entities[0].payload.attributes["defaultCredentialGuid"] == guid
    assert credential["extra"]["events.urlPath"] == "/events/openlineage/spark/api/v1/lineage"


def test_seeded_guids_depend_on_type_and_name():
    guids = {seed_guid(*pair) for pair in (("Table", "a"), ("View", "a"), ("Table", "b"))}
    assert len(guids) == 3
    assert seed_guid("Table", "a") in guids
