"""Problems of a job are reported at preview, in one line on their property, and nothing is sent."""

from __future__ import annotations

import httpx
import pytest
from resources.openlineage import OL, SNOWFLAKE
from support.stack import NewStack

from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

JOB = """
ol = atlan.OpenLineageConnection("ol", name="ol-spark", qualified_name={ol!r}, admin_roles=["$admin"])
atlan.OpenLineageJob("job", connection=ol, {given})
"""
SIDES = f"inputs=[atlan.dataset({SNOWFLAKE!r}, 'DB.S.T0')], outputs=[atlan.dataset({SNOWFLAKE!r}, 'DB.S.T1')]"
MISTAKES = {
    f"inputs=[], outputs=[atlan.dataset({SNOWFLAKE!r}, 'DB.S.T1')], terminal_state='DONE'": {
        "inputs": "must not be empty",
        "terminal_state": "must be one of COMPLETE, FAIL, ABORT",
    },
    f"inputs=[atlan.dataset({SNOWFLAKE!r}, 'T0')], outputs=[atlan.dataset('s3://lake', 'out')], "
    "producer='me', job_facets={'sql': {'quer': 'q'}}, run_facets={'nominalTime': {}}": {
        "inputs": "'T0' is not a snowflake dataset name of the form DATABASE.SCHEMA.TABLE",
        "producer": "'me' is not a URI",
        "job_facets": "required field missing at query",
        "run_facets": "required field missing at nominalStartTime",
    },
    f"{SIDES}, columns={{'A': ['DB.S.T7.ID']}}": {
        "columns": "'DB.S.T7.ID' is not a column of the inputs (DB.S.T0)",
    },
    f"{SIDES}, columns={{'A': ['IDD']}}": {
        "columns": "Atlan has no column 'DB.S.T0.IDD': Table 'default/snowflake/1657025257/DB/S/T0' has no "
        "such column; did you mean 'DB.S.T0.ID'?",
    },
}


@pytest.mark.soak
def test_every_problem_is_one_line_on_its_property(new_stack: NewStack, server: LocalAtlan) -> None:
    stack = new_stack()
    before = httpx.get(f"{server.base_url}/_local/assets").json()["total"]
    for given, reasons in MISTAKES.items():
        stack.write(JOB.format(ol=OL, given=given))
        refused = stack.operate("preview")
        for property_, reason in reasons.items():
            refused.assert_refused(property_, reason)
    assert httpx.get(f"{server.base_url}/_local/assets").json()["total"] == before
    assert httpx.get(f"{server.base_url}/_local/events").json()["events"] == []
