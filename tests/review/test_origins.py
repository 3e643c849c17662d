"""Where derived edges come from, in the tables of a review."""

from __future__ import annotations

from review import previews
from review.previews import section

from atlan_pulumi.lifecycle import origin_note
from atlan_pulumi.review import as_markdown

X = {"inputs": "T0", "outputs": "T1", "columns": {"A": "A", "B": ["A", "B"]}}
URN = previews.urn("ProcessSet", "set")


def note(**lines: int) -> previews.Event:
    paths = {f"DB/S/T1/{column}": line for column, line in lines.items()}
    return previews.message(origin_note("sql/x.sql", paths), URN)


def test_added_mappings_have_their_places() -> None:
    created = previews.create("ProcessSet", "set", previews.process_set({"x": X}))
    made = previews.review_of(created, note(B=12), previews.message("another note", URN))
    assert section(made, "Added") == [
        (
            "ProcessSet set: x",
            "DB/S/T0 → DB/S/T1\nDB/S/T0/A → DB/S/T1/A\nDB/S/T0/A, DB/S/T0/B → DB/S/T1/B (sql/x.sql:12)",
        )
    ]
    assert section(made, "Notes") == [("ProcessSet set", "another note")]
    assert "`DB/S/T0/A, DB/S/T0/B → DB/S/T1/B (sql/x.sql:12)`" in as_markdown(made)


def test_a_changed_mapping_has_its_place() -> None:
    new = previews.process_set({"x": {**X, "columns": {"A": "B", "B": ["A", "B"]}}})
    changed = previews.update("ProcessSet", "set", previews.process_set({"x": X}), new)
    rows = section(previews.review_of(changed, note(A=3)), "Changed")
    (row,) = [each for each in rows if each[1] == "inputs"]
    assert row[2].splitlines()[-1] == "derived from sql/x.sql:3"


def test_the_place_of_another_resource_is_not_taken() -> None:
    created = previews.create("ProcessSet", "set", previews.process_set({"x": X}))
    text = origin_note("sql/x.sql", {"DB/S/T1/B": 12})
    made = previews.review_of(created, previews.message(text, previews.urn("ProcessSet", "other")))
    assert "sql/x.sql" not in str(section(made, "Added"))


def test_a_field_of_a_job_has_its_place() -> None:
    columns = {"DB.S.T1.A": ["DB.S.T0.A"]}
    job = previews.create("OpenLineageJob", "dag", previews.job(["DB.S.T0"], ["DB.S.T1"], columns=columns))
    text = origin_note("OpenLineageJob 'dag' sql", {"DB.S.T1.A": 2})
    made = previews.review_of(job, previews.message(text, previews.urn("OpenLineageJob", "dag")))
    assert section(made, "Added")[0][1].endswith(" (OpenLineageJob 'dag' sql, line 2)")
