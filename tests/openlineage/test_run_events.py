"""The two events of a run: the same as those of OpenLineage and Atlan's SDK."""

from __future__ import annotations

import json
import uuid
from typing import Any

import cattrs
import pytest
from openlineage.client.event_v2 import RunEvent
from openlineage.client.generated.column_lineage_dataset import ColumnLineageDatasetFacet, InputField
from openlineage.client.generated.column_lineage_dataset import Transformation as Step
from pyatlan.model.enums import OpenLineageEventType
from pyatlan.model.open_lineage import OpenLineageEvent, OpenLineageJob, OpenLineageRun

from atlan_pulumi.openlineage.run_events import JobRun
from atlan_pulumi.openlineage.validate import dropped, malformed

SF = "snowflake://abc123.snowflakecomputing.com"
PRODUCER = "https://your.orchestrator/unique/id/123"


def ds(name: str, **facets: Any) -> dict[str, Any]:
    return {"namespace": SF, "name": name, **facets}


def job_run(**more: Any) -> JobRun:
    data: dict[str, Any] = {
        "inputs": [ds("OPS.DEFAULT.RUN_STATS"), ds("SOME.OTHER.TBL")],
        "outputs": [ds("OPS.DEFAULT.FULL_STATS"), ds("AN.OTHER.VIEW")],
        "columns": {
            "OPS.DEFAULT.FULL_STATS.COLUMN": ["OPS.DEFAULT.RUN_STATS.COLUMN", "OPS.DEFAULT.RUN_STATS.ONE"],
            "OPS.DEFAULT.FULL_STATS.ANOTHER": ["OPS.DEFAULT.RUN_STATS.THREE"],
        },
    }
    return JobRun("ol-spark", "dag_123", PRODUCER, **{**data, **more})


def test_start_and_terminal_event_share_a_run_id() -> None:
    start, end = job_run(terminal_state="FAIL").events()
    assert (start["eventType"], end["eventType"]) == ("START", "FAIL")
    assert start["run"]["runId"] == end["run"]["runId"]
    assert uuid.UUID(start["run"]["runId"]).version == 7
    assert start["eventTime"] < end["eventTime"]
    assert start["schemaURL"] == end["schemaURL"] == RunEvent._get_schema()
    assert (end["inputs"], end["outputs"]) == ([], [])
    for event in (start, end):
        assert event["job"] == {"namespace": "ol-spark", "name": "dag_123", "facets": {}}
        assert event["producer"] == PRODUCER
        json.dumps(event)


def test_each_run_has_a_new_run_id() -> None:
    one = job_run()
    assert one.events()[0]["run"] != one.events()[0]["run"]


def bare(value: Any) -> Any:
    """Remove empty values and the versions of schemas."""
    if isinstance(value, dict):
        kept = {key: bare(item) for key, item in value.items() if key != "_schemaURL"}
        return {key: item for key, item in kept.items() if item not in ({}, [], None)}
    return [bare(item) for item in value] if isinstance(value, list) else value


def test_the_start_event_equals_that_of_atlans_sdk() -> None:
    job = OpenLineageJob.creator(connection_name="ol-spark", job_name="dag_123", producer=PRODUCER)
    source = job.create_input(namespace=SF, asset_name="OPS.DEFAULT.RUN_STATS")
    target = job.create_output(namespace=SF, asset_name="OPS.DEFAULT.FULL_STATS")
    target.to_fields = [
        {"COLUMN": [source.from_field(field_name="COLUMN"), source.from_field(field_name="ONE")]},
        {"ANOTHER": [source.from_field(field_name="THREE")]},
    ]
    start = OpenLineageEvent.creator(
        run=OpenLineageRun.creator(job=job), event_type=OpenLineageEventType.START
    )
    start.inputs = [source, job.create_input(namespace=SF, asset_name="SOME.OTHER.TBL")]
    start.outputs = [target, job.create_output(namespace=SF, asset_name="AN.OTHER.VIEW")]
    theirs = bare(json.loads(start.json(by_alias=True, exclude_unset=True)))
    ours = bare(job_run().events()[0])
    for event in (ours, theirs):
        del event["eventTime"], event["run"]
    assert ours == theirs


def test_facets_are_in_their_places() -> None:
    schema = {"schema": {"fields": [{"name": "ID"}]}}
    start, end = job_run(
        inputs=[ds("A.B.C", facets=schema, input_facets={"dataQualityMetrics": {"columnMetrics": {}}})],
        outputs=[ds("A.B.D", facets=schema, output_facets={"outputStatistics": {"rowCount": 3}})],
        columns={"A.B.D.ID": ["A.B.C.ID"]},
        job_facets={"sql": {"query": "q"}},
        run_facets={"nominalTime": {"nominalStartTime": "2024-07-01T00:00:00Z"}},
    ).events()
    assert start["inputs"][0]["facets"]["schema"]["fields"][0]["name"] == "ID"
    assert start["inputs"][0]["inputFacets"].keys() == {"dataQualityMetrics"}
    assert start["outputs"][0]["facets"].keys() == {"schema", "columnLineage"}
    assert start["outputs"][0]["outputFacets"]["outputStatistics"]["rowCount"] == 3
    for event in (start, end):
        assert event["job"]["facets"]["sql"]["query"] == "q"
        assert event["run"]["facets"].keys() == {"nominalTime"}


def test_the_events_pass_validation() -> None:
    events = job_run().events()
    assert (malformed(events), dropped(events)) == ([], [])


def test_an_invalid_facet_is_refused() -> None:
    with pytest.raises(ValueError, match="required field missing at query"):
        job_run(job_facets={"sql": {}}).events()


def test_derived_columns_say_how_they_are_derived() -> None:
    stats, other, full = "OPS.DEFAULT.RUN_STATS", "SOME.OTHER.TBL", "OPS.DEFAULT.FULL_STATS"
    start, _ = job_run(
        columns={f"{full}.TOTAL": [f"{stats}.ONE", f"{other}.KIND"], f"{full}.ID": [f"{stats}.ID"]},
        transformations={f"{full}.TOTAL": {f"{stats}.ONE": "AGGREGATION", f"{other}.KIND": "CONDITIONAL"}},
        indirect={full: {f"{stats}.ID": ["FILTER", "JOIN"]}},
    ).events()
    (with_columns, without) = start["outputs"]
    assert without["facets"] == {}
    made = with_columns["facets"]["columnLineage"]
    assert made["_schemaURL"] == ColumnLineageDatasetFacet._get_schema()
    given = {key: item for key, item in made.items() if key in ("fields", "dataset")}
    facet = cattrs.structure(given, ColumnLineageDatasetFacet)
    assert facet.fields["TOTAL"].inputFields == [
        InputField(SF, stats, "ONE", [Step("DIRECT", "AGGREGATION")]),
        InputField(SF, other, "KIND", [Step("INDIRECT", "CONDITIONAL")]),
    ]
    assert facet.fields["ID"].inputFields == [InputField(SF, stats, "ID")], "as without SQL"
    rows = [
        Step("INDIRECT", "FILTER"),
        Step("INDIRECT", "JOIN"),
    ]
    assert facet.dataset == [InputField(SF, stats, "ID", rows)]
    assert (malformed([start]), job_run().events()[0]["outputs"][1]["facets"]) == ([], {})
