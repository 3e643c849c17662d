"""Set, read, repeat, change, and clear every known attribute."""

from __future__ import annotations

import pytest

from atlan_pulumi.local._schema import attribute_types, unset_value

EXAMPLES = {
    "string": ("one", "two"),
    "boolean": (True, False),
    "int": (1, 2),
    "long": (2**40, 2**41),
    "float": (1.5, 2.5),
    "date": (1_700_000_000_000, 1_700_000_000_001),
    "array<string>": (["a", "b"], ["b", "c"]),
    "map<string,string>": ({"a": "1"}, {"a": "2"}),
    "certificate_status": ("DRAFT", "VERIFIED"),
    "query_username_strategy": ("connectionUsername", "atlanUsername"),
    "AIDatasetType": ("TRAINING", "TESTING"),
}
FIXED = {"name", "qualifiedName"}
SPECIAL = {
    "adminUsers": "the creator of a connection is added",
    "connectorName": "the helper always sends it",
}


def cases(*type_names):
    return [
        pytest.param(type_name, name, value_type, id=f"{type_name}.{name}")
        for type_name in type_names
        for name, value_type in sorted(attribute_types(type_name).items())
        if name not in FIXED | SPECIAL.keys()
    ]


def payload(atlan, type_name, **attributes):
    if type_name == "Connection":
        found = atlan.connection_payload(**attributes)
    elif type_name == "ColumnProcess":
        found = atlan.column_process("cp", parent=None, **attributes)
    else:
        found = atlan.process(**attributes)
    return {**found, "guid": "-1"}


@pytest.mark.parametrize(("type_name", "name", "value_type"), cases("Process", "ColumnProcess", "Connection"))
def test_an_attribute_is_set_repeated_changed_and_cleared(atlan, type_name, name, value_type):
    first, second = EXAMPLES[value_type]
    guid = atlan.create(payload(atlan, type_name, **{name: first}))
    assert atlan.get(guid)["attributes"][name] == first

    repeated = atlan.save(payload(atlan, type_name, **{name: first}))
    assert repeated == {"guidAssignments": {"-1": guid}}, "repeating a value is no change"

    changed = atlan.save(payload(atlan, type_name, **{name: second}))
    assert [one["guid"] for one in changed["mutatedEntities"]["UPDATE"]] == [guid]
    assert atlan.get(guid)["attributes"][name] == second

    atlan.save(payload(atlan, type_name))
    assert atlan.get(guid)["attributes"][name] == second, "omitted attributes are kept"

    atlan.save(payload(atlan, type_name, **{name: None}))
    assert atlan.get(guid)["attributes"][name] == unset_value(value_type)


@pytest.mark.parametrize(("type_name", "name", "value_type"), cases("Connection"))
def test_every_attribute_can_be_searched(atlan, type_name, name, value_type):
    first, _ = EXAMPLES[value_type]
    guid = atlan.create(payload(atlan, type_name, **{name: first}))
    value = first[0] if isinstance(first, list) else first
    query = {"exists": {"field": name}} if value_type.startswith("map") else {"term": {name: value}}
    answer = atlan.search({"bool": {"filter": [query, {"term": {"__guid": guid}}]}})
    assert [one["guid"] for one in answer.get("entities", ())] == [guid]
    body = {"dsl": {"query": {"term": {"__guid": guid}}}, "attributes": [name]}
    (entity,) = atlan.ok(atlan.raw.post("/api/meta/search/indexsearch", json=body))["entities"]
    assert entity["attributes"][name] == first
