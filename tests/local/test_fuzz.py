"""Random requests: responses have a known shape, and refused requests change nothing."""

from __future__ import annotations

import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

NAMES = st.sampled_from(
    [
        "name",
        "qualifiedName",
        "inputs",
        "outputs",
        "process",
        "ownerUsers",
        "sql",
        "sourceCreatedAt",
        "nope",
        "__state",
    ]
)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
REFERENCES = st.fixed_dictionaries(
    {},
    optional={
        "typeName": st.sampled_from(["Table", "Process", "Nope", "Column"]) | PLAIN,
        "guid": st.sampled_from(["-1", "-2", "00000000-0000-4000-8000-000000000001", "x"]) | PLAIN,
        "uniqueAttributes": st.fixed_dictionaries({"qualifiedName": PLAIN}) | PLAIN,
    },
)
VALUES = st.recursive(PLAIN | REFERENCES, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
MAPS = st.dictionaries(NAMES, VALUES, max_size=5) | PLAIN
ENTITIES = st.fixed_dictionaries(
    {},
    optional={
        "typeName": st.sampled_from(["Process", "ColumnProcess", "Connection", "Table", "Nope"]) | PLAIN,
        "guid": st.sampled_from(["-1", "-2", "x"]) | PLAIN,
        "attributes": st.fixed_dictionaries(
            {"name": st.just("n"), "qualifiedName": st.text("ab", max_size=2)}
        )
        | MAPS,
        "relationshipAttributes": MAPS,
        "appendRelationshipAttributes": MAPS,
        "status": PLAIN,
    },
)
BODIES = st.fixed_dictionaries({"entities": st.lists(ENTITIES, max_size=3)}) | VALUES


def dump(atlan):
    return atlan.raw.get("/_local/assets?limit=1000").json()


@quick
@given(body=BODIES)
def test_any_body_is_applied_or_refused_completely(atlan, body):
    before = dump(atlan)
    response = atlan.raw.post("/api/meta/entity/bulk", json=body)
    assert response.status_code in {200, 400, 404, 409, 500}
    assert "Traceback" not in response.text
    if response.status_code == 200:
        assert set(response.json()) <= {"mutatedEntities", "guidAssignments"}
        return
    assert dump(atlan) == before, "a refused request changed something"
    if response.status_code == 500:
        assert response.headers["content-type"].startswith("text/plain"), response.text
    else:
        assert response.json()["errorCode"].startswith("ATLAS-")
        assert response.json()["errorMessage"]


FIELDS = st.sampled_from(
    [
        "name",
        "name.keyword",
        "qualifiedName",
        "__typeName.keyword",
        "__state",
        "dataType",
        "order",
        "ownerUsers",
    ]
)
WORDS = st.sampled_from(["A", "a", "ID", "Table", "ACTIVE", "NUMBER", "", "*", "A*"]) | PLAIN
LEAVES = (
    st.builds(lambda name, value: {"term": {name: value}}, FIELDS, WORDS)
    | st.builds(lambda name, value: {"term": {name: {"value": value}}}, FIELDS, WORDS)
    | st.builds(lambda name, values: {"terms": {name: values}}, FIELDS, st.lists(WORDS, max_size=3))
    | st.builds(
        lambda name, value: {"prefix": {name: value}}, FIELDS, st.text(string.ascii_letters, max_size=3)
    )
    | st.builds(lambda name, value: {"wildcard": {name: value}}, FIELDS, st.text("AID*?[](.\\", max_size=4))
    | st.builds(lambda name, value: {"match": {name: value}}, FIELDS, st.text(max_size=5))
    | st.builds(lambda name: {"exists": {"field": name}}, FIELDS)
    | st.builds(lambda name, low: {"range": {name: {"gte": low}}}, FIELDS, st.integers(-5, 5))
)
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.fixed_dictionaries(
        {
            "bool": st.fixed_dictionaries(
                {},
                optional={
                    "must": st.lists(inner, max_size=2),
                    "filter": inner,
                    "must_not": st.lists(inner, max_size=2),
                    "should": st.lists(inner, max_size=3),
                },
            )
        }
    ),
    max_leaves=6,
)


def found(atlan, query):
    answer = atlan.search(query, size=1000)
    guids = {one["guid"] for one in answer.get("entities", ())}
    assert len(guids) == answer["approximateCount"]
    return guids


@quick
@given(query=QUERIES)
def test_a_query_and_its_negation_partition_the_entities(atlan, query):
    everything = found(atlan, {"match_all": {}})
    matching = found(atlan, query)
    others = found(atlan, {"bool": {"must_not": [query]}})
    assert matching | others == everything
    assert matching & others == set()


@quick
@given(left=QUERIES, right=QUERIES)
def test_bool_queries_combine_like_sets(atlan, left, right):
    one, two = found(atlan, left), found(atlan, right)
    assert found(atlan, {"bool": {"must": [left, right]}}) == one & two
    assert found(atlan, {"bool": {"filter": [left], "must_not": [right]}}) == one - two
    assert found(atlan, {"bool": {"should": [left, right]}}) == one | two
    assert found(atlan, {"bool": {"should": [left, right], "minimum_should_match": 2}}) == one & two
