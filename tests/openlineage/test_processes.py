"""Event files become the processes that their jobs describe."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openlineage.client.event_v2 import DatasetEvent, StaticDataset
from openlineage.client.facet_v2 import dataset_type_dataset, symlinks_dataset
from openlineage.client.serde import Serde
from support.openlineage_events import OUT, field, run_event

from atlan_pulumi.errors import OpenLineageError
from atlan_pulumi.openlineage.processes import JobProcess, ReadJobs, read_jobs

RECORDED = Path(__file__).parent / "recorded"
WAREHOUSE, LAKE = "default/snowflake/1657025257", "default/s3/1657025300"
CONNECTIONS = {OUT: WAREHOUSE, "s3://*": LAKE}
FILES = "files, objects, or topics, which have no columns in Atlan"
PATIENT = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.ndjson"


def write(path: Path, events: Iterable[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(each) + "\n" for each in events), "utf-8")


def read(path: Path, *events: dict[str, Any], connections: Any = CONNECTIONS) -> ReadJobs:
    write(path, events)
    return read_jobs([path], connections)


def only(jobs: ReadJobs) -> JobProcess:
    (process,) = jobs.processes
    return process


def edges_of(path: Path, *events: dict[str, Any]) -> list[dict[str, Any]]:
    return [each.edges(CONNECTIONS) for each in read(path, *events).processes]


def error_of(path: Path, *events: dict[str, Any]) -> str:
    with pytest.raises(OpenLineageError) as refused:
        edges_of(path, *events)
    assert str(refused.value).isprintable()
    return str(refused.value).replace(str(path), "log")


def test_a_job_with_its_attributes(log: Path) -> None:
    facets = {
        "sql": {"query": "insert into B select Y from A"},
        "documentation": {"description": "Loads B."},
        "sourceCodeLocation": {"type": "git", "url": "https://git.example.com/b.sql"},
    }
    columns = {"R.P.B": {"X": [field("R.P.A", "Y")]}}
    process = only(read(log, run_event("nightly.load", ["R.P.A"], columns, job_facets=facets)))
    assert process.process_id == "airflow/nightly.load"
    assert process.keys == {OUT}
    assert process.attributes == {
        "name": "nightly.load",
        "sql": "insert into B select Y from A",
        "description": "Loads B.",
        "source_url": "https://git.example.com/b.sql",
    }
    assert process.edges(CONNECTIONS) == {
        "inputs": [f"{WAREHOUSE}/R/P/A"],
        "outputs": [f"{WAREHOUSE}/R/P/B"],
        "columns": {f"{WAREHOUSE}/R/P/B/X": [f"{WAREHOUSE}/R/P/A/Y"]},
    }


def test_what_is_left_out_has_a_reason(log: Path) -> None:
    jobs = read(
        log,
        run_event("dag", [], {}),
        run_event("source", [], {"R.P.A": {}}),
        run_event("sink", ["R.P.A"], {}),
        run_event("failed", ["R.P.A"], {"R.P.B": {}}, state="FAIL"),
        run_event("scratch", ["R.P.A"], {("file", "/tmp/a"): {}}),
        run_event("export", ["R.P.A"], {("s3://lake", "a.csv"): {"x": [field("R.P.A", "X")]}}),
        connections={**CONNECTIONS, "file": None},
    )
    assert [each.process_id for each in jobs.processes] == ["airflow/export"]
    assert jobs.left_out == [
        "job 'airflow/dag': no inputs and no outputs",
        "job 'airflow/source': no inputs",
        "job 'airflow/sink': no outputs",
        "job 'airflow/scratch': only datasets that are left out",
        f"job 'airflow/export': 1 output field of or from {FILES}",
        "job 'airflow/failed': no run that succeeded",
    ]
    assert only(jobs).edges(CONNECTIONS) == {
        "inputs": [f"{WAREHOUSE}/R/P/A"],
        "outputs": [{"type_name": "S3Object", "qualified_name": f"{LAKE}/arn:aws:s3:::lake/a.csv"}],
        "columns": {},
    }


def test_dataset_events_are_ignored(log: Path) -> None:
    event = DatasetEvent(
        eventTime="2026-05-04T02:00:00Z",
        producer="https://x.example.com",
        dataset=StaticDataset(OUT, "R.P.A"),
    )
    assert read(log, Serde.to_dict(event)) == ReadJobs([], [])


def test_an_input_that_is_an_output_is_declared_as_such(log: Path) -> None:
    columns = {"R.P.B": {"X": [field("R.P.B", "X"), field("R.P.A", "X")]}}
    edges = only(read(log, run_event("merge", ["R.P.A"], columns))).edges(CONNECTIONS)
    assert edges["reads_own_output"] is True
    assert edges["inputs"] == [f"{WAREHOUSE}/R/P/A", f"{WAREHOUSE}/R/P/B"]


def test_namespaces_of_one_system_are_one_asset(log: Path) -> None:
    columns = {"R.P.B": {"X": [field("R.P.A", "Y"), field(("snowflake://old", "R.P.A"), "Y")]}}
    event = run_event("load", ["R.P.A"], columns)
    connections = {OUT: WAREHOUSE, "snowflake://old": WAREHOUSE}
    edges = only(read(log, event, connections=connections)).edges(connections)
    assert edges["inputs"] == [f"{WAREHOUSE}/R/P/A"]
    assert edges["columns"] == {f"{WAREHOUSE}/R/P/B/X": [f"{WAREHOUSE}/R/P/A/Y"]}


def test_the_type_of_a_view_may_be_in_another_event(log: Path) -> None:
    load, other = run_event("load", ["R.P.V"], {"R.P.B": {}}), run_event("make", ["R.P.A"], {"R.P.V": {}})
    view = dataset_type_dataset.DatasetTypeDatasetFacet(datasetType="VIEW")
    other["outputs"][0]["facets"] = {"datasetType": Serde.to_dict(view)}
    first = read(log, load, other).processes[0]
    assert first.edges(CONNECTIONS)["inputs"] == [
        {"type_name": "View", "qualified_name": f"{WAREHOUSE}/R/P/V"}
    ]


def test_the_storage_of_a_table_is_the_table_in_every_job(log: Path) -> None:
    """Spark names a table by its location, and says only sometimes which table that is."""
    place, glue = ("s3://lake", "warehouse/orders"), "arn:aws:glue:eu-west-1:123"
    name = symlinks_dataset.Identifier(glue, "table/shop/orders", "TABLE")
    facet = Serde.to_dict(symlinks_dataset.SymlinksDatasetFacet(identifiers=[name]))
    first, second = run_event("a", ["R.P.A"], {place: {}}), run_event("b", [place], {"R.P.B": {}})
    first["outputs"][0]["facets"] = {"symlinks": facet}
    connections = {**CONNECTIONS, glue: "default/glue/1657025400"}
    table = "default/glue/1657025400/AwsDataCatalog/shop/orders"
    found = [each.edges(connections) for each in read(log, first, second, connections=connections).processes]
    assert (found[0]["outputs"], found[1]["inputs"]) == ([table], [table])
    files = [each.edges(CONNECTIONS) for each in read(log, first, second).processes]
    assert files[0]["outputs"][0]["type_name"] == "S3Object", "the catalog has no connection"


def test_a_name_without_a_database_says_which_job_and_line(log: Path) -> None:
    good, bad = run_event("good", ["R.P.A"], {"R.P.B": {}}), run_event("bad", ["PUBLIC.A"], {"R.P.B": {}})
    assert error_of(log, good, bad) == (
        "cannot read events from log: line 2: job 'airflow/bad': 'PUBLIC.A' has no database (snowflake names "
        "have the form DATABASE.SCHEMA.TABLE); in connections, map its namespace to <connection>/<database>"
    )
    database = {OUT: f"{WAREHOUSE}/R"}
    process = only(read(log, run_event("bad", ["P.A"], {"P.B": {}}), connections=database))
    assert process.edges(database)["inputs"] == [f"{WAREHOUSE}/R/P/A"]


def test_two_jobs_of_one_id_are_refused(log: Path) -> None:
    first, second = run_event("b/c", ["R.P.A"], {"R.P.B": {}}), run_event("c", ["R.P.A"], {"R.P.B": {}})
    second["job"]["namespace"] = "airflow/b"
    assert "the jobs 'b/c' in 'airflow' and 'c' in 'airflow/b' would be one process" in error_of(
        log, first, second
    )


def test_a_field_that_can_belong_to_two_datasets_is_refused(log: Path) -> None:
    columns = {"R.P.C": {"X": [field("R.P.A", "B/X")]}}
    event = run_event("load", ["R.P.A", ("custom", "R/P/A/B")], columns)
    connections = {OUT: WAREHOUSE, "custom": WAREHOUSE}
    with pytest.raises(OpenLineageError, match=r"the field 'B/X' of 'R\.P\.A' can also be one of"):
        only(read(log, event, connections=connections)).edges(connections)


def test_openlineages_client_is_not_needed(log: Path) -> None:
    write(log, [run_event("load", ["R.P.A"], {"R.P.B": {}})])
    program = (
        "import sys; sys.modules['openlineage'] = None\n"
        "import atlan_pulumi as atlan\n"
        f"print(*atlan.lineage_from_openlineage({str(log)!r}, connections={CONNECTIONS!r}))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "airflow/load\n"


# -- events that Spark wrote --------------------------------------------------------------------------------


def test_recorded_events_of_spark() -> None:
    connections = {"postgres://pg.example:5432": "default/postgres/1657025257", "file": None, "file:*": None}
    jobs = read_jobs([RECORDED], connections)
    edges = only(jobs).edges({"postgres://pg.example:5432": "default/postgres/1657025257"})
    public = "default/postgres/1657025257/shop/public"
    assert sorted(edges["inputs"]) == [f"{public}/raw_customers", f"{public}/raw_orders"]
    assert edges["outputs"] == [f"{public}/mart_customer_orders"]
    counts = {target.rpartition("/")[2]: len(sources) for target, sources in edges["columns"].items()}
    assert counts == {
        "customer_id": 1,
        "customer_name": 2,
        "country": 1,
        "order_count": 1,
        "net_revenue": 2,
        "tier": 2,
        "last_order_date": 1,
    }
    assert len(jobs.left_out) > 5


# -- events of OpenLineage's client, with any names ---------------------------------------------------------

SEGMENT = st.text(st.characters(exclude_characters='./"`', categories=["L", "N"]), min_size=1, max_size=5)
TABLE = st.tuples(SEGMENT, SEGMENT, SEGMENT).map(".".join)
COLUMN = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=5).filter(str.strip)
KINDS = st.sampled_from([(), ("DIRECT",), ("INDIRECT",), ("INDIRECT", "DIRECT")])
EDGE = st.tuples(TABLE, COLUMN, TABLE, COLUMN, KINDS)


@PATIENT
@given(edges=st.lists(EDGE, min_size=1, max_size=6), more=st.lists(TABLE, max_size=2), cut=st.integers(0, 6))
def test_what_the_client_writes_is_read_back(log: Path, edges: list[Any], more: list[str], cut: int) -> None:
    """The edges of a run are in two events, as far as they concern different outputs."""
    columns: dict[str, dict[str, list[Any]]] = {}
    for source, of, target, to, kinds in edges:
        columns.setdefault(target, {}).setdefault(to, []).append(field(source, of, *kinds))
    inputs = [*more, *(source for source, *_ in edges)]
    first = dict(list(columns.items())[:cut])
    rest = {name: fields for name, fields in columns.items() if name not in first}
    start = run_event("load", inputs, first, state="START", time="2026-05-01", run="r")
    end = run_event("load", [], rest, time="2026-05-02", run="r")
    found = only(read(log, start, end)).edges(CONNECTIONS)

    def asset(name: str) -> str:
        return f"{WAREHOUSE}/{name.replace('.', '/')}"

    assert set(found["inputs"]) == {asset(each) for each in inputs}
    assert set(found["outputs"]) == {asset(each) for each in columns}
    assert {(target, source) for target, of in found["columns"].items() for source in of} == {
        (f"{asset(target)}/{to}", f"{asset(source)}/{of}")
        for source, of, target, to, kinds in edges
        if not kinds or "DIRECT" in kinds
    }
