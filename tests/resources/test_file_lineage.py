"""Lineage from files that people already have, under the real engine."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pyatlan.model.assets import ColumnProcess, Process
from support.atlan import WAREHOUSE, Witness, table_name
from support.openlineage_events import OUT, field, run_event
from support.stack import NewStack

pytestmark = pytest.mark.engine

LOAD = f"{WAREHOUSE}/airflow/nightly.load"
EVENTS = f"""
jobs = atlan.lineage_from_openlineage("events", connections={{{OUT!r}: WAREHOUSE, "s3://*": None}})
atlan.LineageMap("nightly", connection=WAREHOUSE, processes=jobs)
"""
#: The connection is created by the same program, and so is an output.
LATER = f"""
own = atlan.Connection("own", name="own", connector="kafka", admin_users=["ann"])
topic = atlan.KafkaTopic("orders", name="orders", connection=own)
jobs = atlan.lineage_from_openlineage("events", connections={{{OUT!r}: WAREHOUSE, "kafka://b:9092": own}})
atlan.LineageMap("nightly", connection=own, processes=jobs, opts=pulumi.ResourceOptions(depends_on=[topic]))
pulumi.export("own", own.qualified_name)
"""


def write_events(folder: Path, *events: Mapping[str, Any]) -> None:
    (folder / "events").mkdir(exist_ok=True)
    text = "".join(json.dumps(each) + "\n" for each in events)
    (folder / "events" / "log.ndjson").write_text(text)


def test_events_become_processes_with_columns(new_stack: NewStack, witness: Witness) -> None:
    columns = {"ID": [field("DB.S.T0", "ID")], "A": [field("DB.S.T0", "A"), field("DB.S.T1", "B")]}
    facets = {"sql": {"query": "insert into T2 select 1"}, "documentation": {"description": "Loads."}}
    first = run_event("nightly.load", ["DB.S.T0", "DB.S.T1"], {"DB.S.T2": columns}, job_facets=facets)
    stack = new_stack(EVENTS)
    write_events(stack.folder, first, run_event("nightly", [], {}))

    preview = stack.preview()
    assert preview.step("nightly").operation == "create"
    assert preview.notes == [
        "lineage_from_openlineage: left out: job 'airflow/nightly': no inputs and no outputs"
    ]
    assert witness.find(Process, LOAD) is None

    assert stack.up().changes == {"create": 1}
    assert witness.names(Process, LOAD, "inputs") == {table_name(0), table_name(1)}
    assert witness.names(Process, LOAD, "outputs") == {table_name(2)}
    made = witness.find(Process, LOAD)
    assert (made.name, made.description, made.sql) == ("nightly.load", "Loads.", "insert into T2 select 1")
    assert witness.names(ColumnProcess, f"{LOAD}/column/A", "inputs") == {
        f"{table_name(0)}/A",
        f"{table_name(1)}/B",
    }
    stack.settled()

    later = run_event("nightly.load", ["DB.S.T0"], {"DB.S.T2": {"ID": columns["ID"]}}, time="2026-05-05")
    write_events(stack.folder, first, later)
    assert stack.up().changes == {"update": 1}
    assert witness.names(Process, LOAD, "inputs") == {table_name(0)}
    assert witness.find(ColumnProcess, f"{LOAD}/column/A") is None
    stack.settled()
    stack.destroy()
    assert witness.find(Process, LOAD) is None


@pytest.mark.soak
def test_a_connection_of_the_same_program(new_stack: NewStack, witness: Witness) -> None:
    facet = {"ID": [field("DB.S.T0", "ID")]}
    event = run_event("publish", ["DB.S.T0"], {("kafka://b:9092", "orders"): facet, "DB.S.T1": facet})
    stack = new_stack(LATER)
    write_events(stack.folder, event)
    assert stack.preview().step("nightly").operation == "create"
    stack.up()
    own = json.loads(stack.run("stack", "output", "own", "--json").check().output)
    process = f"{own}/airflow/publish"
    assert witness.names(Process, process, "outputs") == {f"{own}/topic/orders", table_name(1)}
    assert witness.names(ColumnProcess, f"{process}/column/ID", "outputs") == {f"{table_name(1)}/ID"}
    stack.settled()


def test_a_namespace_without_a_connection_is_refused_in_one_line(new_stack: NewStack) -> None:
    stack = new_stack(EVENTS)
    write_events(stack.folder, run_event("load", ["DB.S.T0"], {("kafka://b:9092", "orders"): {}}))
    done = stack.operate("preview")
    assert done.code != 0
    assert "connections has no connection for 1 namespace: 'kafka://b:9092' (1 dataset)" in done.output
    assert "Traceback" not in done.output


# -- the Lineage Builder ------------------------------------------------------------------------------------

ENDS = ("Type", "Connector", "Connection", "Identity", "Name")
COPY = f"{WAREHOUSE}/copy-7"


def write_builder(path: Path, rows: Iterable[tuple[str, str, str]]) -> None:
    """Write rows of type, source, and target, as Atlan's template has them."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        heads = [f"{side} {end}" for side in ("Source", "Target") for end in ENDS]
        writer.writerow([*heads, *(f"Transformation {end}" for end in ENDS[1:]), "certificateStatus"])
        for kind, source, target in rows:
            ends = [(kind, "snowflake", "warehouse", name, name.split("/")[-1]) for name in (source, target)]
            writer.writerow([*ends[0], *ends[1], "snowflake", "warehouse", "copy-7", "Copy", "DRAFT"])


@pytest.mark.soak
def test_a_file_of_the_lineage_builder(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack("atlan.LineageMap('copy', connection=WAREHOUSE, processes='builder.csv')\n")
    rows = [("Table", "DB/S/T0", "DB/S/T1"), ("Column", "DB/S/T0/ID", "DB/S/T1/ID")]
    write_builder(stack.folder / "builder.csv", rows)
    assert stack.preview().step("copy").operation == "create"
    assert stack.up().changes == {"create": 1}
    made = witness.find(Process, COPY)
    assert (made.name, made.certificate_status.value) == ("Copy", "DRAFT")
    assert witness.names(Process, COPY, "inputs") == {table_name(0)}
    assert witness.names(ColumnProcess, f"{COPY}/column/ID", "inputs") == {f"{table_name(0)}/ID"}
    assert witness.names(ColumnProcess, f"{COPY}/column/ID", "outputs") == {f"{table_name(1)}/ID"}
    stack.settled()
    write_builder(stack.folder / "builder.csv", rows[:1])
    assert stack.up().changes == {"update": 1}
    assert witness.find(ColumnProcess, f"{COPY}/column/ID") is None
    stack.settled()
