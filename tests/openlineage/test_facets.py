"""OpenLineage's facets must match their models. Custom facets may contain anything."""

from __future__ import annotations

from typing import Any

import pytest
from openlineage.client.serde import Serde

from atlan_pulumi.openlineage.facets import FacetKind, facet, known_facets

PRODUCER = "https://example.com/dags/1"
VALID: list[tuple[FacetKind, str, dict[str, Any]]] = [
    ("job", "sql", {"query": "select 1", "dialect": "snowflake"}),
    ("job", "documentation", {"description": "what it does"}),
    ("job", "ownership", {"owners": [{"name": "team:data", "type": "MAINTAINER"}]}),
    ("job", "sourceCodeLocation", {"type": "git", "url": "https://example.com/repo"}),
    ("job", "jobType", {"processingType": "BATCH", "integration": "SPARK", "jobType": "JOB"}),
    ("run", "nominalTime", {"nominalStartTime": "2024-07-01T00:00:00Z"}),
    ("run", "processing_engine", {"version": "3.5.0", "name": "spark"}),
    ("run", "errorMessage", {"message": "m", "programmingLanguage": "PYTHON"}),
    ("dataset", "schema", {"fields": [{"name": "ID", "type": "NUMBER"}]}),
    ("dataset", "dataSource", {"name": "n", "uri": "snowflake://abc"}),
    ("dataset", "version", {"datasetVersion": "1"}),
    ("dataset", "symlinks", {"identifiers": [{"namespace": "n", "name": "m", "type": "TABLE"}]}),
    (
        "dataset",
        "columnLineage",
        {"fields": {"A": {"inputFields": [{"namespace": "n", "name": "m", "field": "f"}]}}},
    ),
    ("output", "outputStatistics", {"rowCount": 3, "size": 100}),
    ("input", "dataQualityMetrics", {"rowCount": 3, "columnMetrics": {}}),
]


@pytest.mark.parametrize(("kind", "key", "value"), VALID, ids=lambda one: str(one)[:20])
def test_facets_of_the_specification(kind: FacetKind, key: str, value: dict[str, Any]) -> None:
    assert key in known_facets(kind)
    made = Serde.to_dict(facet(kind, key, value, PRODUCER))
    assert made["_producer"] == PRODUCER
    assert made["_schemaURL"].startswith("https://openlineage.io/spec/facets/")
    kept = {name: item for name, item in made.items() if name in value}
    assert kept.keys() == value.keys()


def test_all_kinds_have_facets() -> None:
    assert {kind: len(known_facets(kind)) for kind in ("run", "job", "dataset", "input", "output")} == {
        "run": 11,
        "job": 8,
        "dataset": 15,
        "input": 4,
        "output": 2,
    }


@pytest.mark.parametrize(
    ("kind", "key", "value", "reason"),
    [
        ("job", "sql", {}, "required field missing at query"),
        ("job", "sql", {"query": 3}, "invalid value for type, expected str at query"),
        ("job", "sql", {"query": "q", "quer": "x"}, "extra fields found (quer)"),
        ("job", "SQL", {"query": "q"}, "unknown job facet 'SQL'; did you mean 'sql'?"),
        (
            "run",
            "processingEngine",
            {"version": "1"},
            "unknown run facet 'processingEngine'; did you mean 'processing_engine'?",
        ),
        ("dataset", "schema", {"fields": [{"type": "T"}]}, "required field missing at fields[0].name"),
        ("dataset", "columnLineage", {"fields": {"A": {"inputFields": "x"}}}, "has the wrong type at"),
        (
            "run",
            "parent",
            {"run": {"runId": "x"}, "job": {"namespace": "n", "name": "m"}},
            "invalid value at run",
        ),
    ],
)
def test_an_invalid_facet_is_refused(kind: FacetKind, key: str, value: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the test checks the text
        facet(kind, key, value, PRODUCER)
    assert reason in str(refused.value)


def test_lenient_facets_may_have_unknown_properties() -> None:
    made = Serde.to_dict(facet("job", "sql", {"query": "q", "new": 1}, PRODUCER, strict=False))
    assert made["query"] == "q"


def test_a_custom_facet_may_contain_anything() -> None:
    made = facet("job", "acme_cost", {"euros": [1, {"a": None}]}, PRODUCER)
    assert isinstance(made, dict)
    assert made["euros"] == [1, {"a": None}]
    assert made["_producer"] == PRODUCER
    assert made["_schemaURL"].endswith("JobFacet")
    own = facet("job", "acme_cost", {"_producer": "urn:me", "_schemaURL": "https://example.com/s"}, PRODUCER)
    assert own == {"_producer": "urn:me", "_schemaURL": "https://example.com/s"}
