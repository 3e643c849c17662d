"""Index search: queries, order, pages, attributes, and aggregations."""

from __future__ import annotations

import pytest

from atlan_pulumi.local import LocalAtlan

CONNECTION = "default/snowflake/1657025257"
SCHEMA = f"{CONNECTION}/OPS/DEFAULT"
TABLES = {"term": {"__typeName.keyword": "Table"}}


def found(answer):
    return sorted(one["attributes"]["name"] for one in answer.get("entities", ()))


QUERIES = [
    ({"term": {"__typeName.keyword": {"value": "TABLE"}}}, "A B C D E"),
    ({"term": {"__typeName.keyword": "View"}}, "V"),
    ({"terms": {"__typeName.keyword": ["view", "Schema"]}}, "DEFAULT V"),
    ({"term": {"name.keyword": {"value": "v"}}}, "V"),
    ({"term": {"qualifiedName": f"{SCHEMA}/A"}}, "A"),
    ({"term": {"qualifiedName": f"{SCHEMA}/a"}}, ""),
    ({"term": {"qualifiedName": {"value": f"{SCHEMA}/a", "case_insensitive": True}}}, "A"),
    ({"term": {"qualifiedName": {"value": f"{SCHEMA}/A", "case_insensitive": False}}}, "A"),
    (
        {
            "bool": {
                "should": [
                    {"term": {"qualifiedName": {"value": f"{SCHEMA}/{name}", "case_insensitive": True}}}
                    for name in "ab"
                ]
            }
        },
        "A B",
    ),
    ({"terms": {"qualifiedName": [f"{SCHEMA}/A", f"{SCHEMA}/B", "x"]}}, "A B"),
    ({"terms": {"qualifiedName": []}}, ""),
    ({"prefix": {"qualifiedName": {"value": f"{SCHEMA}/A/"}}}, "ID TOTAL"),
    ({"prefix": {"qualifiedName": f"{SCHEMA}/a/"}}, ""),
    ({"prefix": {"name.keyword": {"value": "def"}}}, "DEFAULT"),
    ({"wildcard": {"qualifiedName": {"value": "*/DEFAULT/?"}}}, "A B C D E V"),
    ({"wildcard": {"name.keyword": "tot*"}}, "TOTAL TOTAL TOTAL TOTAL TOTAL"),
    ({"wildcard": {"qualifiedName": "*.DEFAULT"}}, ""),
    ({"regexp": {"qualifiedName": {"value": ".*/DEFAULT/[AB]"}}}, "A B"),
    ({"match": {"name": {"query": "warehouse"}}}, "warehouse"),
    ({"match": {"name": "ware house"}}, ""),
    ({"match": {"name": {"query": "default ops", "operator": "or"}}}, "DEFAULT OPS"),
    ({"match": {"name": {"query": "default ops", "operator": "and"}}}, ""),
    ({"match": {"name": "!!"}}, ""),
    ({"match_phrase": {"name": "DEFAULT"}}, "DEFAULT"),
    ({"exists": {"field": "dataType"}}, "ID ID ID ID ID"),
    ({"term": {"dataType": "NUMBER"}}, "ID ID ID ID ID"),
    ({"term": {"connectorName": {"value": "snowflake"}}}, None),
    ({"term": {"connectionQualifiedName": CONNECTION}}, None),
    ({"match_none": {}}, ""),
    ({"range": {"order": {"gt": 1}}}, "TOTAL TOTAL TOTAL TOTAL TOTAL"),
    ({"range": {"order": {"gte": 2, "lt": 2}}}, ""),
    ({"range": {"order": {"lte": "1"}}}, "ID ID ID ID ID ID"),
    ({"range": {"qualifiedName": {"gt": f"{SCHEMA}/D", "lt": f"{SCHEMA}/E"}}}, "ID TOTAL"),
    ({"range": {"__guid": {"gt": ""}}}, None),
    ({"range": {"__guid": {"lt": ""}}}, ""),
    ({"term": {"__superTypeNames.keyword": {"value": "SQL"}}}, None),
    ({"term": {"__superTypeNames": "Process"}}, ""),
    ({"term": {"__createdBy": "seed"}}, None),
    ({"term": {"qualifiedName.hierarchy": f"{SCHEMA}/A"}}, "A ID TOTAL"),
    ({"term": {"__state": {"value": "DELETED"}}}, ""),
]


@pytest.mark.parametrize(("query", "names"), QUERIES)
def test_queries_match(atlan, query, names):
    answer = atlan.search(query)
    if names is None:
        assert answer["approximateCount"] > 15
    else:
        assert " ".join(found(answer)) == names
        assert answer["approximateCount"] == len(names.split())


BOOLS = [
    ({"filter": [TABLES, {"term": {"name.keyword": "A"}}]}, "A"),
    ({"must": TABLES, "must_not": {"terms": {"name.keyword": ["A", "B"]}}}, "C D E"),
    ({"should": [{"term": {"name.keyword": "A"}}, {"term": {"name.keyword": "V"}}]}, "A V"),
    ({"must": [TABLES], "should": [{"term": {"name.keyword": "A"}}]}, "A B C D E"),
    ({"must": [TABLES], "should": [{"term": {"name.keyword": "A"}}], "minimum_should_match": 1}, "A"),
    (
        {
            "should": [TABLES, {"term": {"name.keyword": "A"}}, {"term": {"name.keyword": "V"}}],
            "minimum_should_match": "2",
        },
        "A",
    ),
    ({"filter": {"bool": {"must_not": [{"exists": {"field": "order"}}]}}, "must": [TABLES]}, "A B C D E"),
    ({"must_not": {"exists": {"field": "dataType"}}, "filter": [{"term": {"name.keyword": "ID"}}]}, "ID"),
]


@pytest.mark.parametrize(("clauses", "names"), BOOLS)
def test_bool_queries_match(atlan, clauses, names):
    assert " ".join(found(atlan.search({"bool": clauses}))) == names


def test_an_empty_bool_and_a_missing_query_match_everything(atlan):
    everything = atlan.search({"match_all": {}})["approximateCount"]
    assert (
        everything
        == atlan.search({"bool": {}})["approximateCount"]
        == atlan.search({})["approximateCount"]
        > 0
    )


def test_the_response_has_the_shape_of_atlan(atlan):
    body = {"dsl": {"query": TABLES, "size": 2}, "attributes": ["description"]}
    answer = atlan.ok(atlan.raw.post("/api/meta/search/indexsearch", json=body))
    assert set(answer) == {"queryType", "searchParameters", "entities", "approximateCount"}
    assert answer["queryType"] == "INDEX"
    assert answer["searchParameters"]["attributes"] == ["description"]
    assert answer["approximateCount"] == 5
    assert len(answer["entities"]) == 2
    assert {"typeName", "guid", "status", "displayText", "attributes"} <= set(answer["entities"][0])


def test_the_response_without_results_has_no_entities(atlan):
    answer = atlan.search({"match_none": {}})
    assert "entities" not in answer
    assert answer["approximateCount"] == 0


def test_results_are_paged(atlan):
    sort = [{"name.keyword": {"order": "asc"}}]
    pages = [atlan.search(TABLES, sort=sort, size=2, **{"from": start}) for start in (0, 2, 4, 6)]
    names = [[one["attributes"]["name"] for one in page.get("entities", ())] for page in pages]
    assert names == [["A", "B"], ["C", "D"], ["E"], []]
    assert {page["approximateCount"] for page in pages} == {5}


def test_the_default_size_is_ten(atlan):
    answer = atlan.ok(atlan.raw.post("/api/meta/search/indexsearch", json={"dsl": {"query": {}}}))
    assert len(answer["entities"]) == 10


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ([{"name.keyword": {"order": "desc"}}], "EDCBA"),
        ([{"name.keyword": "desc"}], "EDCBA"),
        (["name.keyword"], "ABCDE"),
        ({"name.keyword": {"order": "asc"}}, "ABCDE"),
        ([{"_score": {"order": "desc"}}, {"__typeName": "asc"}, {"name": "desc"}], "EDCBA"),
    ],
)
def test_results_are_sorted(atlan, sort, names):
    answer = atlan.search(TABLES, sort=sort)
    assert "".join(one["attributes"]["name"] for one in answer["entities"]) == names


def test_the_order_by_guid_is_stable(atlan):
    guids = [one["guid"] for one in atlan.search(TABLES, sort=[{"__guid": {"order": "asc"}}])["entities"]]
    assert guids == sorted(guids)


def test_results_can_be_sorted_by_time(atlan):
    for name in ("one", "two", "three"):
        atlan.create(atlan.process(name))
    query = {"term": {"__typeName.keyword": "Process"}}
    answer = atlan.search(query, sort=[{"__timestamp": "asc"}])
    times = [one["createTime"] for one in answer["entities"]]
    assert times == sorted(times)
    until = {"bool": {"must": [query, {"range": {"__timestamp": {"lte": times[0]}}}]}}
    assert "one" in found(atlan.search(until))


def test_requested_attributes_are_returned(atlan):
    atlan.create(atlan.process(inputs="A B", sql="select 1"))
    body = {
        "dsl": {"query": {"term": {"name.keyword": "load"}}},
        "attributes": ["sql", "inputs", "__hasLineage", "description"],
        "relationAttributes": ["name", "description"],
    }
    (entity,) = atlan.ok(atlan.raw.post("/api/meta/search/indexsearch", json=body))["entities"]
    attributes = entity["attributes"]
    assert set(attributes) == {"name", "qualifiedName", "sql", "inputs", "__hasLineage"}
    assert attributes["__hasLineage"] is True
    assert {one["attributes"]["name"] for one in attributes["inputs"]} == {"A", "B"}
    assert attributes["inputs"][0]["typeName"] == "Table"


def test_a_single_relationship_is_returned_as_an_object(atlan):
    body = {"dsl": {"query": {"term": {"qualifiedName": f"{SCHEMA}/A/ID"}}}, "attributes": ["table", "view"]}
    (entity,) = atlan.ok(atlan.raw.post("/api/meta/search/indexsearch", json=body))["entities"]
    assert entity["attributes"]["table"]["uniqueAttributes"]["qualifiedName"] == f"{SCHEMA}/A"
    assert entity["attributes"]["view"] is None


def test_entities_are_found_by_guid(atlan):
    guids = [atlan.seeded(name)["guid"] for name in "ABC"]
    assert found(atlan.search({"terms": {"__guid": guids}})) == ["A", "B", "C"]
    many = [*guids, *(f"{number}" for number in range(2000))]
    assert found(atlan.search({"terms": {"guid": many}})) == ["A", "B", "C"]


def test_archived_entities_are_found_by_state(atlan):
    guid = atlan.create(atlan.process())
    atlan.delete(guid, how="SOFT")
    assert found(atlan.search({"term": {"__state": "DELETED"}})) == ["load"]
    active = {"bool": {"filter": [{"term": {"__state": "ACTIVE"}}, {"term": {"name.keyword": "load"}}]}}
    assert found(atlan.search(active)) == []


def test_items_of_lists_are_found(atlan):
    atlan.create(atlan.process("one", ownerUsers=["ann", "bob"]))
    atlan.create(atlan.process("two", ownerUsers=["bob"]))
    assert found(atlan.search({"term": {"ownerUsers": "ann"}})) == ["one"]
    assert found(atlan.search({"terms": {"ownerUsers": ["ann", "bob"]}})) == ["one", "two"]


def test_flags_are_found(atlan):
    atlan.create(atlan.process(inputs="A", outputs="B"))
    for value in (True, "true"):
        query = {"bool": {"must": [TABLES, {"term": {"__hasLineage": {"value": value}}}]}}
        assert found(atlan.search(query)) == ["A", "B"]


def test_tags_are_found(atlan):
    atlan.create({**atlan.process(), "classifications": [{"typeName": "PII"}]})
    assert found(atlan.search({"term": {"__traitNames": "PII"}})) == ["load"]
    assert found(atlan.search({"exists": {"field": "__traitNames"}})) == ["load"]


def test_the_post_filter_applies(atlan):
    assert found(atlan.search(TABLES, post_filter={"term": {"name.keyword": "A"}})) == ["A"]


def test_terms_aggregations_count_entities(atlan):
    aggregations = {"types": {"terms": {"field": "__typeName.keyword", "size": 2}}}
    answer = atlan.search({"match_all": {}}, aggregations=aggregations, size=0)
    assert "entities" not in answer
    types = answer["aggregations"]["types"]
    assert types["buckets"] == [{"key": "Column", "doc_count": 11}, {"key": "Table", "doc_count": 5}]
    assert types["sum_other_doc_count"] == answer["approximateCount"] - 16
    by_kind = atlan.search({}, aggs={"kinds": {"terms": {"field": "dataType"}}})["aggregations"]["kinds"]
    assert by_kind["buckets"] == [{"key": "NUMBER", "doc_count": 5}]


def compute(atlan, query=None, **aggregations):
    return atlan.search(query or {"match_all": {}}, aggs=aggregations, size=0)["aggregations"]


def test_aggregations_can_be_nested(atlan):
    atlan.create(atlan.process("one", ownerUsers=["ann", "bob"]))
    atlan.create(atlan.process("two", ownerUsers=["ann"]))
    owners = {"terms": {"field": "ownerUsers"}, "aggs": {"oldest": {"min": {"field": "__timestamp"}}}}
    types = compute(atlan, types={"terms": {"field": "__typeName.keyword"}, "aggs": {"owners": owners}})[
        "types"
    ]
    (process,) = (one for one in types["buckets"] if one["key"] == "Process")
    assert [(one["key"], one["doc_count"]) for one in process["owners"]["buckets"]] == [
        ("ann", 2),
        ("bob", 1),
    ]
    oldest = [one["oldest"]["value"] for one in process["owners"]["buckets"]]
    assert all(isinstance(value, int) and value > 0 for value in oldest)


METRICS = [
    ("min", "order", 1),
    ("max", "order", 2),
    ("sum", "order", 16),
    ("avg", "order", 16 / 11),
    ("value_count", "order", 11),
    ("cardinality", "order", 2),
    ("max", "nowhere", None),
    ("sum", "nowhere", 0),
]


@pytest.mark.parametrize(("kind", "name", "value"), METRICS)
def test_metrics_are_computed(atlan, kind, name, value):
    assert compute(atlan, it={kind: {"field": name}})["it"] == {"value": value}


def test_stats_compute_several_metrics(atlan):
    stats = compute(atlan, it={"stats": {"field": "order"}})["it"]
    assert stats == {"count": 11, "min": 1, "max": 2, "avg": 16 / 11, "sum": 16}


def test_filters_create_buckets(atlan):
    tables = {"term": {"__typeName.keyword": "Table"}}
    found = compute(
        atlan,
        one={"filter": tables, "aggs": {"columns": {"sum": {"field": "columnCount"}}}},
        named={"filters": {"filters": {"tables": tables, "none": {"match_none": {}}}}},
        bare={"missing": {"field": "columnCount"}},
    )
    assert found["one"] == {"doc_count": 5, "columns": {"value": 10}}
    assert {name: one["doc_count"] for name, one in found["named"]["buckets"].items()} == {
        "tables": 5,
        "none": 0,
    }
    assert found["bare"]["doc_count"] == atlan.search({"match_all": {}})["approximateCount"] - 6


def test_buckets_can_be_sorted(atlan):
    terms = {"field": "__typeName.keyword", "order": {"_key": "desc"}, "size": 2}
    assert [one["key"] for one in compute(atlan, it={"terms": terms})["it"]["buckets"]] == ["View", "Table"]


DATES = [
    ({"gte": "now-1d"}, True),
    ({"gt": "now-1h/h", "lte": "now"}, True),
    ({"lt": "now-5m"}, False),
    ({"gte": "now/y"}, True),
    ({"lt": "now/y"}, False),
    ({"gte": "2024-01-01"}, True),
    ({"lt": "2024-01-01T10:00:00Z"}, False),
    ({"gte": "2024-01-31||+1M/d"}, True),
    ({"gte": "2999-01"}, False),
    ({"gte": "now+1d"}, False),
    ({"lte": "2999-12"}, True),
    ({"gte": 0, "lt": 4e12}, True),
]


@pytest.mark.parametrize(("bounds", "found_it"), DATES)
@pytest.mark.parametrize("name", ["__timestamp", "__modificationTimestamp"])
def test_date_ranges_accept_date_math(atlan, name, bounds, found_it):
    guid = atlan.create(atlan.process())
    query = {"bool": {"filter": [{"term": {"__guid": guid}}, {"range": {name: bounds}}]}}
    assert atlan.search(query)["approximateCount"] == int(found_it)


def test_date_ranges_apply_to_date_attributes(atlan):
    atlan.create(atlan.process(sourceUpdatedAt=1_700_000_000_000))  # 2023-11-14T22:13:20Z
    for bounds, names in (
        ({"gte": "2023-11-14", "lt": "2023-11-15"}, ["load"]),
        ({"lte": "2023-11-14||/d"}, ["load"]),
        ({"gt": "2023-11-14||/d"}, []),
        ({"gte": "2023-11-14T22:13:20.001Z"}, []),
        ({"gte": "2023-11-14T23:13:20+01:00"}, ["load"]),
    ):
        assert found(atlan.search({"range": {"sourceUpdatedAt": bounds}})) == names, bounds


@pytest.mark.parametrize(
    ("start", "size", "status"), [(0, 10_000, 200), (0, 10_001, 400), (9_999, 1, 200), (9_999, 2, 400)]
)
def test_results_end_at_10_000(atlan, start, size, status):
    body = {"dsl": {"query": {"match_all": {}}, "from": start, "size": size}}
    response = atlan.raw.post("/api/meta/search/indexsearch", json=body)
    assert response.status_code == status
    if status == 400:
        assert response.json()["errorCode"] == "ATLAS-400-00-503"
        assert f"[10000] but was [{start + size}]" in response.json()["errorMessage"]


def test_custom_metadata_is_returned_on_request(atlan):
    atlan.create({**atlan.process(), "businessAttributes": {"CM": {"a": 1}}})
    body = {"dsl": {"query": {"term": {"__typeName.keyword": "process"}}}, "attributes": ["CM.a", "CM.b"]}
    (one,) = atlan.ok(atlan.raw.post("/api/meta/search/indexsearch", json=body))["entities"]
    assert one["attributes"]["CM.a"] == 1
    assert "CM.b" not in one["attributes"]


def test_field_names_cannot_inject_sql(atlan):
    for name in ("x') OR 1=1 --", 'x"', "a'b"):
        assert atlan.search({"term": {name: "y"}})["approximateCount"] == 0
        assert atlan.search(TABLES, sort=[{name: "asc"}])["approximateCount"] == 5


REFUSED = [
    {"dsl": {"query": {"fuzzy": {"name": "x"}}}},
    {"dsl": {"query": {"term": {"a": 1, "b": 2}}}},
    {"dsl": {"query": {"term": "x"}}},
    {"dsl": {"query": {"terms": {"a": "x"}}}},
    {"dsl": {"query": {"term": {"a": 1}, "match": {"b": 1}}}},
    {"dsl": {"query": ["x"]}},
    {"dsl": {"query": {"range": {"a": {"gt": "yesterday"}}}}},
    {"dsl": {"query": {"regexp": {"a": "("}}}},
    {"dsl": {"query": {"bool": {"should": [], "minimum_should_match": "half"}}}},
    {"dsl": {"query": {}, "size": -1}},
    {"dsl": {"query": {}, "from": "x"}},
    {"dsl": {"query": {}, "aggs": {"a": {"percentiles": {"field": "x"}}}}},
    {"dsl": {"query": {}, "aggs": {"a": {"terms": {"field": "x", "order": {"oldest": "asc"}}}}}},
    {"dsl": {"query": {}, "aggs": {"a": {"terms": {"field": "x", "size": 0}}}}},
    {"dsl": {"query": {}, "aggs": {"a": {"min": {}}}}},
    {"dsl": {"query": {}, "aggs": {"a": {"terms": {"field": "x"}, "max": {"field": "x"}}}}},
    {"dsl": {"query": {}, "aggs": {"a": {"filters": {"filters": []}}}}},
    {"dsl": {"query": {}, "aggs": ["a"]}},
    {"dsl": {"query": {"term": {"name": ["a"]}}}},
    {"dsl": {"query": {"terms": {"qualifiedName": [{"a": 1}]}}}},
    {"dsl": {"query": {}, "size": 2**31}},
    {"query": {}},
    {"dsl": "x"},
    [],
]


@pytest.mark.parametrize("body", REFUSED)
def test_unsupported_searches_are_refused(atlan, body):
    response = atlan.raw.post("/api/meta/search/indexsearch", json=body)
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-029")


def test_new_entities_are_found_after_the_search_lag(rest_to):
    with LocalAtlan(search_lag_ms=60_000) as server:
        atlan = rest_to(server)
        with atlan.raw:
            guid = atlan.create(atlan.connection_payload())
            assert atlan.search({"match_all": {}})["approximateCount"] == 0
            assert atlan.get(guid)["status"] == "ACTIVE"
