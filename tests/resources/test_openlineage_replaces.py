"""A job replaces a process with column processes, and is replaced by one, under the engine."""

from __future__ import annotations

import os
import subprocess

import pytest
from resources.openlineage import OL, PROCESS, SNOWFLAKE
from support.command import ATLAN_PULUMI
from support.stack import NewStack

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

CONNECTION = f"""
ol = atlan.OpenLineageConnection("ol", name="ol-spark", qualified_name={OL!r}, admin_roles=["$admin"])
"""
DIRECT = """
T = [f"{WAREHOUSE}/DB/S/T{number}" for number in (0, 1)]
load = atlan.Process("load", name="load", connection=ol, process_id="dag/process",
    inputs=[atlan.table(T[0])], outputs=[atlan.table(T[1])])
atlan.ColumnLineage("cols", process=load, columns={"A": ["ID"], "B": ["B"]})
"""
JOB = f"""
atlan.OpenLineageJob("nightly", connection=ol, job_name="dag", wait_seconds=5, columns={{"A": ["ID"]}},
    inputs=[atlan.dataset({SNOWFLAKE!r}, "DB.S.T0")], outputs=[atlan.dataset({SNOWFLAKE!r}, "DB.S.T1")])
"""
A = f"ColumnProcess '{PROCESS}/column/A'"


WRITTEN = "will be taken over by this job's run (of 'cols' of this stack;"


def live(server: LocalAtlan) -> set[str]:
    """Return the live processes, column processes, and jobs of the connection."""
    settings = ClientSettings.resolve(server.base_url, server.api_key, 0)
    with AtlanClient(settings) as client:
        found = client.search.live({"prefix": {"qualifiedName": f"{OL}/"}}, attributes=["qualifiedName"])
        return {f"{each.type_name} {each.qualified_name.removeprefix(f'{OL}/')}" for each in found}


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_a_job_replaces_a_process_with_column_processes_and_is_replaced_by_one(
    new_stack: NewStack, server: LocalAtlan, whole: bool
) -> None:
    stack = new_stack()
    stack.up(CONNECTION + DIRECT)
    stack.write(CONNECTION + JOB)
    for run in (stack.preview(), stack.up()) if whole else (stack.up(),):
        assert [note for note in run.notes if A in note and WRITTEN in note], run.output
    assert live(server) == {"SparkJob dag", "Process dag/process", "ColumnProcess dag/process/column/A"}
    orphans = subprocess.run(
        [ATLAN_PULUMI, "orphans"], cwd=stack.folder, env={**os.environ, **stack.environ}, check=False
    )
    assert orphans.returncode == 0, "the state knows the column processes of a job"
    if whole:
        stack.settled()
    stack.up(CONNECTION + DIRECT)
    both = {f"ColumnProcess dag/process/column/{column}" for column in "AB"}
    assert live(server) == {"Process dag/process", *both}
    if whole:
        stack.settled()
        stack.destroy()
        assert live(server) == set()
