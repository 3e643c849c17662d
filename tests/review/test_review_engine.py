"""A preview of the real engine, reviewed with the Atlan that the stack was deployed to."""

from __future__ import annotations

from pathlib import Path

import pytest
from review import reader
from review.previews import MAY_MERGE, section
from support.atlan import WAREHOUSE
from support.fixtures import client, engine, new_stack, server
from support.stack import NewStack

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.review import as_markdown, parse, read_preview, review

__all__ = ["client", "engine", "new_stack", "server"]

pytestmark = pytest.mark.engine

TABLE = 'T = lambda n: atlan.table(f"{WAREHOUSE}/DB/S/T{n}")\n'
BEFORE = f"""{TABLE}
load = atlan.Process("load", name="Load", connection=WAREHOUSE, inputs=[T(0)], outputs=[T(1)], sql="select 1")
atlan.ColumnLineage("cols", process=load, columns={{"A": "A", "B": "B"}})
atlan.Process("gone", name="Gone", connection=WAREHOUSE, inputs=[T(1)], outputs=[T(2)])
atlan.Process("next", name="Next", connection=WAREHOUSE, inputs=[T(2)], outputs=[T(3)])
atlan.Process("moved", name="Moved", connection=WAREHOUSE, process_id="a", inputs=[T(3)], outputs=[T(4)])
"""
AFTER = f"""{TABLE}
load = atlan.Process(
    "load", name="Load", connection=WAREHOUSE, inputs=[T(0), T(5)], outputs=[T(1)],
    sql=pulumi.Output.secret("select hunter2"),
)
atlan.ColumnLineage("cols", process=load, columns={{"A": ["A", "B"]}}, input_tables=[T(0)["qualified_name"]])
atlan.Process("next", name="Next", connection=WAREHOUSE, inputs=[T(2)], outputs=[T(3)])
atlan.Process("moved", name="Moved", connection=WAREHOUSE, process_id="b", inputs=[T(3)], outputs=[T(4)])
atlan.ProcessSet("set", connection=WAREHOUSE, base=f"{{WAREHOUSE}}/DB/S",
                 processes={{"x": {{"inputs": "T0", "outputs": "T5", "columns": {{"A": "A"}}}}}})
"""


def test_a_pull_request_is_reviewed(new_stack: NewStack, client: AtlanClient, tmp_path: Path) -> None:
    stack = new_stack()
    stack.up(BEFORE)
    stack.write(AFTER)
    log = tmp_path / "log.jsonl"
    stack.run("preview", "--event-log", str(log)).check()
    made = review(read_preview(log), tenant=lambda: client)
    counted, lost, verdict = made.summary
    assert verdict == MAY_MERGE
    assert counted == (
        "1 process added, 2 processes changed, 1 process removed, 1 column mapping added, "
        "1 column mapping changed, 1 column mapping removed, 1 resource replaced."
    )
    assert lost == "3 tables, 1 column downstream lose lineage."
    assert section(made, "Impact downstream") == [
        ("Process gone", "3 tables lose their lineage", "DB/S/T2\nDB/S/T3\nDB/S/T4"),
        ("ColumnLineage cols: B", "1 column loses its lineage", "DB/S/T1/B"),
    ]
    assert section(made, "Added") == [
        ("ProcessSet set: x", "DB/S/T0 → DB/S/T5\nDB/S/T0/A → DB/S/T5/A"),
    ]
    assert section(made, "Changed") == [
        ("ColumnLineage cols: A", "inputs", f"+ Column {WAREHOUSE}/DB/S/T0/B"),
        ("Process load", "inputs", f"+ Table {WAREHOUSE}/DB/S/T5"),
        ("Process load", "sql", '"select 1" → [secret]'),
    ]
    ((name, why, note),) = section(made, "Replaced")
    assert (name, why) == ("Process moved", 'process_id: "a" → "b"')
    assert note.startswith("process_id changed, and with it the identity")
    assert section(made, "Removed") == [
        ("ColumnLineage cols", "DB/S/T0/B → DB/S/T1/B", "removed"),
        ("Process gone", "DB/S/T1 → DB/S/T2", "removed"),
    ]
    text = as_markdown(made)
    assert "hunter2" not in text
    assert [info for info, _ in reader.fences(text)] == ["mermaid"]
    digest = review(parse(stack.run("preview", "--json").check().output, "json"), tenant=lambda: client)
    assert list(digest.changes) == [each for each in made.changes if each.operation != "same"]
    assert (digest.graph, digest.impact) == (made.graph, made.impact)


def test_a_failed_preview_is_reviewed_with_its_errors_first(new_stack: NewStack, tmp_path: Path) -> None:
    missing = """
after = pulumi.ResourceOptions(depends_on=[load])  # so that the engine reaches it before the failure
atlan.Process("bad", name="Bad", connection=WAREHOUSE, inputs=[T(99)], outputs=[T(1)], opts=after)
"""
    stack = new_stack(BEFORE + missing)
    log = tmp_path / "log.jsonl"
    assert stack.run("preview", "--event-log", str(log)).code != 0
    made = review(read_preview(log))
    assert made.summary[0].startswith(
        "The preview failed (1 error): some changes and all removals may be missing"
    )
    ((resource, message),) = section(made, "Errors")
    assert resource == "Process bad"
    assert message.startswith(f"inputs: Atlan has no Table '{WAREHOUSE}/DB/S/T99'")
    assert as_markdown(made).index("## Errors") < as_markdown(made).index("## Added")


COLUMN = """
for each in "AB":
    at = lambda number: [atlan.column(f"{WAREHOUSE}/DB/S/T{number}/{each}")]
    atlan.ColumnProcess(f"load-{each}", name=f"{each} -> {each}", connection=WAREHOUSE, process=load,
                        process_id=f"load/column/{each}", inputs=at(0), outputs=at(1))
"""
RENAMED = f"""{TABLE}
load = atlan.Process("load", name="Load", connection=WAREHOUSE, inputs=[T(0)], outputs=[T(1)])
atlan.Process("%s", name="Same", connection=WAREHOUSE, process_id="same",
              inputs=[T(1)], outputs=[T(2)], sql="%s")
"""
LINEAGE = 'atlan.ColumnLineage("cols", process=load, columns={"A": "A", "B": "B"})\n'


def guids(client: AtlanClient) -> list[str | None]:
    names = [("Process", "same"), ("ColumnProcess", "load/column/A"), ("ColumnProcess", "load/column/B")]
    found = [client.entities.get_by_qualified_name(kind, f"{WAREHOUSE}/{name}") for kind, name in names]
    return [each.guid if each and each.status == "ACTIVE" else None for each in found]


@pytest.mark.soak
def test_moved_entities_stay_in_the_review_and_in_atlan(
    new_stack: NewStack, client: AtlanClient, tmp_path: Path
) -> None:
    """A resource is renamed, and column processes become one lineage, with the same ids."""
    stack = new_stack()
    stack.up(RENAMED % ("old", "select 1") + COLUMN)
    before = guids(client)
    assert None not in before
    stack.write(RENAMED % ("new", "select 2") + LINEAGE)
    log = tmp_path / "log.jsonl"
    stack.run("preview", "--event-log", str(log)).check()
    made = review(read_preview(log), tenant=lambda: client)
    assert made.summary == [
        (
            "1 process changed, 1 process moved to another resource, "
            "2 column mappings moved to another resource."
        ),
        MAY_MERGE,
    ]
    assert {row[2] for row in section(made, "Moved")} == {
        "stays: now declared by Process new",
        "stays: now declared by ColumnLineage cols",
    }
    assert not section(made, "Added") + section(made, "Removed") + section(made, "Impact downstream")
    stack.run("up", "--yes", "--skip-preview").check()
    assert guids(client) == before


JOB = """
ol = atlan.OpenLineageConnection("ol", name="ol", connector="spark", admin_roles=["$admin"])
at = lambda *names: [atlan.dataset("snowflake://abc", f"DB.S.{name}") for name in names]
atlan.OpenLineageJob("nightly", connection=ol, job_name="dag", inputs=at("T0"), outputs=at("T1"), columns=%s)
"""


@pytest.mark.soak
def test_removed_columns_of_a_job_cost_lineage(
    new_stack: NewStack, client: AtlanClient, tmp_path: Path
) -> None:
    """The column processes are those that the events created, with the names that Atlan chose."""
    stack = new_stack()
    stack.up(JOB % {"A": ["A"], "B": ["B"]})
    stack.write(JOB % {"A": ["A"]})
    log = tmp_path / "log.jsonl"
    stack.run("preview", "--event-log", str(log)).check()
    made = review(read_preview(log), tenant=lambda: client)
    assert section(made, "Impact downstream") == [
        ("OpenLineageJob nightly: snowflake://abc/DB.S.T1/B", "1 column loses its lineage", "DB/S/T1/B")
    ]
    assert (made.impact.open, made.impact.sure) == (0, True)
