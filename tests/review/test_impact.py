"""The loss of lineage downstream, in a local Atlan: exact, and with few requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from review import previews
from review.previews import section
from support.atlan import WAREHOUSE, reset, seed_of, table_name
from support.fixtures import client

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.review import Impact, Review, _downstream, as_markdown

__all__ = ["client"]

_TABLES = 420
JOB = "default/spark/1657025300/nightly/process"
_COLUMNS = [{"name": name, "data_type": "NUMBER"} for name in ("A", "B")]


@pytest.fixture(scope="module")
def shared() -> Iterator[LocalAtlan]:
    tables = [{"name": f"T{n}", "columns": _COLUMNS if n < 5 else []} for n in range(_TABLES)]
    with LocalAtlan(seed=seed_of(tables)) as server:
        yield server


@pytest.fixture
def server(shared: LocalAtlan) -> LocalAtlan:
    reset(shared)
    return shared


def reference(name: str, kind: str = "Table") -> dict[str, Any]:
    return {"typeName": kind, "uniqueAttributes": {"qualifiedName": name}}


def make(client: AtlanClient, *flows: tuple[str, Sequence[int | str], Sequence[int | str]]) -> None:
    """Create processes in Atlan, each from its id, inputs, and outputs; columns are such as `T0/A`."""
    entities = []
    for place, (id_, inputs, outputs) in enumerate(flows):
        of_columns = isinstance(inputs[0], str)
        sides: dict[str, Any] = {"inputs": [*map(_reference, inputs)], "outputs": [*map(_reference, outputs)]}
        if id_.startswith(f"{JOB}/"):
            sides["process"] = reference(JOB, "Process")
        name = id_ if id_.startswith("default/") else f"{WAREHOUSE}/{id_}"
        attributes = {"qualifiedName": name, "name": id_, **sides}
        kind = "ColumnProcess" if of_columns else "Process"
        entities.append(Entity(type_name=kind, guid=f"-{place + 1}", attributes=attributes))
    for outcome in client.bulk.upsert(entities):
        assert outcome.error is None


def _reference(asset: int | str) -> dict[str, Any]:
    if isinstance(asset, str):
        return reference(f"{WAREHOUSE}/DB/S/{asset}", "Column")
    return reference(table_name(asset))


def made(client: AtlanClient, *events: previews.Event, depth: int = 3) -> Review:
    return previews.review_of(*events, tenant=lambda: client, depth=depth)


def losses(review: Review) -> dict[str, str]:
    """Return the loss of each edge, such as `T1 T2`."""
    return {
        loss.edge: " ".join(name.removeprefix(f"{WAREHOUSE}/DB/S/") for name in loss.assets)
        for loss in review.impact.losses
    }


def partly(review: Review) -> dict[str, list[str]]:
    """Return the assets that lose a source by each edge, such as `T1: loses T0, has T5`."""

    def short(*names: str) -> str:
        return " ".join(name.removeprefix(f"{WAREHOUSE}/DB/S/") for name in names)

    return {
        loss.edge: [
            f"{short(each.asset)}: loses {short(*each.lost)}, has {short(*each.remaining)}"
            for each in loss.partly
        ]
        for loss in review.impact.losses
        if loss.partly
    }


def gone(id_: str, inputs: list[int], outputs: list[int]) -> previews.Event:
    return previews.delete("Process", id_, previews.process(id_, inputs, outputs))


X = {"inputs": "T0", "outputs": "T1"}
NO_LOSS = "The checked edges cause no loss of lineage, based on Atlan's current lineage to a depth of 3."
OPEN = "Not checked completely: {} edge (unknown or secret)."


def intro(review: Review) -> str:
    return next(each.intro for each in review.sections if each.title == "Impact downstream")


def requests(server: LocalAtlan) -> int:
    return sum(server.stats()["requests"].values())


# -- losses -----------------------------------------------------------------------------------------------


def test_all_assets_downstream_of_a_removed_process_lose_lineage(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("c", [2], [3]), ("d", [5], [6]))
    review = made(client, gone("a", [0], [1]))
    assert losses(review) == {"Process a": "T1 T2 T3"}
    assert review.impact.edges == 1
    assert review.summary[-2] == "3 tables downstream lose lineage."
    assert section(review, "Impact downstream") == [
        ("Process a", "3 tables lose their lineage", "DB/S/T1\nDB/S/T2\nDB/S/T3")
    ]
    assert "3 tables lose lineage, based on Atlan's current lineage to a depth of 3." in as_markdown(review)


@pytest.mark.parametrize(("depth", "lost"), [(1, "T1"), (2, "T1 T2"), (3, "T1 T2 T3"), (9, "T1 T2 T3 T4")])
def test_the_walk_has_the_given_depth(client: AtlanClient, depth: int, lost: str) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("c", [2], [3]), ("d", [3], [4]))
    assert losses(made(client, gone("a", [0], [1]), depth=depth)) == {"Process a": lost}


def test_each_removed_process_is_walked_to_the_given_depth(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("c", [2], [3]), ("d", [3], [4]))
    review = made(client, gone("a", [0], [1]), gone("c", [2], [3]), depth=2)
    assert losses(review) == {"Process a": "T1 T2", "Process c": "T3 T4"}


def test_assets_with_another_path_lose_nothing(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [3]), ("c", [0], [2]), ("d", [2], [3]))
    assert losses(made(client, gone("a", [0], [1]))) == {"Process a": "T1"}


def test_another_process_between_the_same_tables_keeps_the_lineage(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [0], [1]), ("c", [1], [2]))
    review = made(client, gone("a", [0], [1]))
    assert losses(review) == {}
    assert "No asset loses lineage, based on Atlan's current lineage" in as_markdown(review)
    assert losses(made(client, gone("a", [0], [1]), gone("b", [0], [1]))) == {
        "Process a": "T1 T2",
        "Process b": "T1 T2",
    }


def test_added_edges_compensate_for_removed_ones(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("c", [4], [2]))
    way_round = previews.create("Process", "new", previews.process("new", [0], [4]))
    assert losses(made(client, gone("a", [0], [1]), way_round)) == {"Process a": "T1"}
    straight = previews.create("Process", "new", previews.process("new", [0], [1]))
    assert losses(made(client, gone("a", [0], [1]), straight)) == {}


def test_a_removed_input_is_a_loss(client: AtlanClient) -> None:
    make(client, ("a", [0, 5], [1]), ("b", [1], [2]), ("c", [5], [6]))
    old = previews.process("a", [0, 5], [1])
    less = previews.update("Process", "a", old, {**old, "inputs": previews.tables(5)})
    review = made(client, less)
    assert (losses(review), review.impact.assets) == ({"Process a": ""}, set())
    assert partly(review) == {"Process a": ["T1: loses T0, has T5", "T2: loses T0, has T5"]}
    assert review.summary[-2] == "2 tables downstream lose a source but have others."
    assert section(review, "Impact downstream") == [
        (
            "Process a",
            "2 tables lose a source but have others",
            "DB/S/T1: loses DB/S/T0; has DB/S/T5\nDB/S/T2: loses DB/S/T0; has DB/S/T5",
        )
    ]
    assert intro(review).startswith("2 tables lose a source but have others, based on")
    more = previews.update("Process", "a", old, {**old, "inputs": previews.tables(0, 5, 6)})
    assert made(client, more).impact == Impact()


def test_a_removed_output_is_a_loss_with_all_assets_downstream(client: AtlanClient) -> None:
    make(client, ("a", [0], [1, 2]), ("b", [2], [3]))
    old = previews.process("a", [0], [1, 2])
    event = previews.update("Process", "a", old, {**old, "outputs": previews.tables(1)})
    assert losses(made(client, event)) == {"Process a": "T2 T3"}


def test_another_id_or_other_sql_loses_nothing_and_sends_no_request(server: LocalAtlan) -> None:
    old = previews.process("a", [0], [1])
    moved = previews.replace(
        "Process", "a", old, previews.process("a", [0], [1], process_id="b"), "process_id"
    )
    other = previews.update("Process", "b", old, {**old, "sql": "select 2"})
    review = previews.review_of(
        *moved, other, previews.create("Process", "c", old), tenant=lambda: pytest.fail("asked")
    )
    assert review.impact == Impact()
    assert section(review, "Impact downstream") == []


def test_a_retained_process_loses_nothing(client: AtlanClient) -> None:
    kept = previews.delete("Process", "a", previews.process("a", [0], [1]), retainOnDelete=True)
    assert made(client, kept).impact == Impact(
        note="Entities that stay in Atlan (retain_on_delete) are not counted."
    )


def test_the_walk_ends_in_cycles(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("c", [2], [1]), ("d", [2], [0]), ("e", [3], [3]))
    assert losses(made(client, gone("a", [0], [1]), depth=9)) == {"Process a": "T1 T2"}
    assert losses(made(client, gone("e", [3], [3]))) == {}


def test_archived_processes_and_assets_do_not_count(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("c", [2], [3]), ("way", [0], [5]), ("round", [5], [1]))
    for kind, name in (("Process", f"{WAREHOUSE}/round"), ("Table", table_name(2))):
        entity = client.entities.get_by_qualified_name(kind, name)
        assert entity
        client.entities.delete([str(entity.guid)], "SOFT")
    assert losses(made(client, gone("a", [0], [1]))) == {"Process a": "T1"}


def test_a_process_that_atlan_no_longer_has_costs_nothing(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]))
    entity = client.entities.get_by_qualified_name("Process", f"{WAREHOUSE}/a")
    assert entity
    client.entities.delete([str(entity.guid)], "SOFT")
    assert losses(made(client, gone("a", [0], [1]), gone("never", [1], [2]))) == {}


def test_the_lineage_in_atlan_counts_instead_of_the_state(client: AtlanClient) -> None:
    make(client, ("a", [4], [5]), ("b", [5], [6]))
    assert losses(made(client, gone("a", [0], [1]))) == {"Process a": "T5 T6"}


def test_columns_lose_lineage_like_tables(client: AtlanClient) -> None:
    make(client, ("load/column/A", ["T0/A"], ["T1/A"]), ("next", ["T1/A"], ["T2/B"]))
    before, after = (
        previews.column_lineage("load", mapping) for mapping in ({"A": "A", "B": "B"}, {"B": "B"})
    )
    review = made(client, previews.update("ColumnLineage", "cols", before, after))
    assert losses(review) == {"ColumnLineage cols: A": "T1/A T2/B"}


def test_assets_by_guid_are_matched_by_name(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]))
    source = client.entities.get_by_qualified_name("Table", table_name(0))
    assert source
    instead = {**previews.process("new", [], [1]), "inputs": [{"guid": source.guid, "type_name": "Table"}]}
    assert losses(made(client, gone("a", [0], [1]), previews.create("Process", "new", instead))) == {}


def test_datasets_are_matched_by_path(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]))
    instead = previews.create("OpenLineageJob", "j", previews.job(["db.s.t0"], ["DB.S.T1"]))
    assert losses(made(client, gone("a", [0], [1]), instead)) == {}
    elsewhere = previews.create("OpenLineageJob", "j", previews.job(["db.s.other"], ["DB.S.T1"]))
    other = "snowflake://abc/db.s.other"
    assert partly(made(client, gone("a", [0], [1]), elsewhere)) == {
        "Process a": [f"T1: loses T0, has {other}", f"T2: loses T0, has {other}"]
    }


def test_unknown_sides_count_as_unchanged(client: AtlanClient) -> None:
    old = previews.process("a", [0], [1])
    review = made(client, previews.update("Process", "a", old, {**old, "inputs": previews.UNKNOWN}))
    assert losses(review) == {}
    assert review.impact.open == 1
    assert OPEN.format(1) in intro(review)


def test_an_unknown_side_does_not_hide_a_loss_at_the_other_side(client: AtlanClient) -> None:
    make(client, ("a", [0], [1, 2]), ("b", [2], [3]))
    old = previews.process("a", [0], [1, 2])
    event = previews.update(
        "Process", "a", old, {**old, "inputs": previews.UNKNOWN, "outputs": previews.tables(1)}
    )
    review = made(client, event)
    assert losses(review) == {"Process a": "T2 T3"}, "T1 may still depend on T0"
    assert intro(review) == (
        f"2 tables lose lineage, based on Atlan's current lineage to a depth of 3. {OPEN.format(1)}"
    )


def test_an_unchecked_edge_does_not_exclude_other_losses(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [0], [1]))
    old = previews.job(
        ["DB.S.T0"], ["DB.S.T1"], columns={"A": ["A"], "B": ["B"]}, qualified_name=previews.UNKNOWN
    )
    less = previews.update("OpenLineageJob", "j", old, {**old, "columns": {"A": ["A"]}})
    review = made(client, gone("a", [0], [1]), less)
    assert (losses(review), review.impact.open) == ({}, 1)
    assert intro(review) == f"{NO_LOSS} {OPEN.format(1)}"
    assert intro(made(client, less)) == OPEN.format(1)
    assert intro(made(client, gone("a", [0], [1]))).startswith("No asset loses lineage")


def test_an_added_edge_with_an_unknown_side_compensates_for_nothing(client: AtlanClient) -> None:
    """It also does not prevent the lookup of the others."""
    make(client, ("a", [0], [1]), ("b", [1], [2]))
    for side in ("inputs", "outputs"):
        new = previews.create("Process", "new", {**previews.process("new", [0], [1]), side: previews.UNKNOWN})
        assert losses(made(client, gone("a", [0], [1]), new)) == {"Process a": "T1 T2"}
    partly = {**previews.process("new", [0], [1]), "inputs": [*previews.tables(0), previews.UNKNOWN]}
    assert losses(made(client, gone("a", [0], [1]), previews.create("Process", "new", partly))) == {}


@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_a_changed_edge_with_an_unknown_side_keeps_its_assets_there(client: AtlanClient, side: str) -> None:
    """The other process is removed. This one may still produce the table from its previous input."""
    make(client, ("a", [0], [1]), ("b", [0], [1]))
    old = previews.process("a", [0], [1])
    stays = previews.update("Process", "a", old, {**old, side: previews.UNKNOWN})
    assert losses(made(client, stays, gone("b", [0], [1]))) == {}


def test_an_unknown_output_side_keeps_its_outputs(client: AtlanClient) -> None:
    """Another process compensates for the removed input. The other input still reaches the table."""
    make(client, ("a", [0, 3], [1]), ("b", [0], [1]))
    old = previews.process("a", [0, 3], [1])
    event = previews.update(
        "Process", "a", old, {**old, "inputs": previews.tables(3), "outputs": previews.UNKNOWN}
    )
    review = made(client, event)
    assert (losses(review), review.impact.edges) == ({}, 1)


@pytest.mark.parametrize("depth", [1, 7])
def test_the_impact_always_has_its_depth(depth: int) -> None:
    assert previews.review_of(depth=depth).impact == Impact(depth=depth)
    alone = previews.review_of(gone("a", [0], [1]), depth=depth).impact
    assert (alone.depth, alone.edges, alone.asked) == (depth, 1, False)


# -- the columns of jobs ----------------------------------------------------------------------------------


@pytest.fixture
def nightly(client: AtlanClient) -> previews.Props:
    """Create a job with its columns, which others read, and return its declaration."""
    make(client, (JOB, [0], [1]), ("next", ["T1/A"], ["T2/B"]), ("after", ["T2/B"], ["T3/A"]))
    make(client, *((f"{JOB}/column/{name}", [f"T0/{name}"], [f"T1/{name}"]) for name in "AB"))
    return previews.job(["DB.S.T0"], ["DB.S.T1"], columns={"A": ["A"], "B": ["B"]})


def less(old: previews.Props, **columns: list[str]) -> previews.Event:
    return previews.update("OpenLineageJob", "j", old, {**old, "columns": columns})


def test_a_removed_column_of_a_job_is_a_loss_with_all_assets_downstream(
    client: AtlanClient, nightly: previews.Props
) -> None:
    review = made(client, less(nightly, B=["B"]))
    assert losses(review) == {"OpenLineageJob j: snowflake://abc/DB.S.T1/A": "T1/A T2/B T3/A"}
    assert intro(review) == "3 columns lose lineage, based on Atlan's current lineage to a depth of 3."
    assert losses(made(client, less(nightly, A=["A"]))) == {
        "OpenLineageJob j: snowflake://abc/DB.S.T1/B": "T1/B"
    }


def test_a_column_with_another_source_loses_the_previous_one(
    client: AtlanClient, nightly: previews.Props
) -> None:
    review = made(client, less(nightly, A=["B"], B=["B"]))
    assert partly(review) == {
        "OpenLineageJob j: snowflake://abc/DB.S.T1/A": [
            f"{each}: loses T0/A, has T0/B" for each in ("T1/A", "T2/B", "T3/A")
        ]
    }
    assert losses(made(client, less(nightly, A=["A", "B"], B=["B"]))) == {}


def test_a_removed_job_loses_its_columns_too(client: AtlanClient, nightly: previews.Props) -> None:
    review = made(client, previews.delete("OpenLineageJob", "j", nightly))
    assert losses(review) == {
        "OpenLineageJob j": "T1",
        "OpenLineageJob j: snowflake://abc/DB.S.T1/A": "T1/A T2/B T3/A",
        "OpenLineageJob j: snowflake://abc/DB.S.T1/B": "T1/B",
    }
    assert review.impact.sure


def test_columns_of_a_missing_job_cost_nothing(client: AtlanClient) -> None:
    old = previews.job(["DB.S.T0"], ["DB.S.T1"], columns={"A": ["A"], "B": ["B"]})
    review = made(client, less(old, A=["A"]))
    assert (losses(review), review.impact.open, review.impact.asked) == ({}, 0, True)


def test_columns_of_other_writers_on_the_same_job_stay(client: AtlanClient, nightly: previews.Props) -> None:
    make(client, (f"{JOB}/theirs", ["T0/A"], ["T4/A"]), ("more", ["T4/A"], ["T4/B"]))
    assert losses(made(client, less(nightly, A=["A"]))) == {
        "OpenLineageJob j: snowflake://abc/DB.S.T1/B": "T1/B"
    }


def test_columns_of_a_job_take_few_requests(
    server: LocalAtlan, client: AtlanClient, nightly: previews.Props
) -> None:
    before = requests(server)
    made(client, less(nightly, B=["B"]))
    # The process, its column processes, and for each level the columns and their readers; those of the last
    # level have no readers. Then the column after the last level, which may have other writers.
    assert requests(server) - before == 2 + 2 + 2 + 1 + 1


def test_kept_and_added_columns_of_a_job_are_not_looked_up(client: AtlanClient) -> None:
    old = previews.job(["RAW.P.O"], ["MART.P.O"], columns={"ID": ["ID"]})
    more = previews.update(
        "OpenLineageJob", "j", old, {**old, "columns": {"ID": ["ID", "NO"], "NET": ["ID"]}}
    )
    assert made(client, more).impact == Impact()


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ({"x": X, "y": X}, {"x": X, "y": previews.UNKNOWN}, 1),
        ({"x": X, "y": X, "z": X}, {"x": X, "y": previews.UNKNOWN}, 2),
        ({"x": X, "y": X}, {"x": X, "new": X, "y": previews.UNKNOWN}, 1),
        ({"x": X}, previews.UNKNOWN, 1),
        ({"x": X, "y": previews.secret()}, {"x": X}, 1),
        ({"x": X}, {"x": {**X, "inputs": previews.UNKNOWN}}, 1),
        ({"x": X}, {"x": X}, 0),
        ({"x": X}, {"x": X, "y": X}, 0),
    ],
)
def test_unknown_edges_of_a_set_are_counted(client: AtlanClient, before: Any, after: Any, left: int) -> None:
    old, new = (previews.process_set(each, name="s") for each in (before, after))
    assert made(client, previews.update("ProcessSet", "set", old, new)).impact.open == left


def test_unreadable_and_secret_resources_are_not_checked(client: AtlanClient) -> None:
    odd = previews.process_set({"x": 5})
    assert intro(made(client, previews.delete("ProcessSet", "odd", odd))) == OPEN.format(1)
    secret = previews.process_set(previews.secret())
    assert intro(made(client, previews.delete("ProcessSet", "set", secret))) == OPEN.format(1)
    assert made(client, previews.same("ProcessSet", "set", secret)).impact == Impact()
    assert made(client, previews.create("ProcessSet", "set", secret)).impact == Impact()


def test_dependents_of_force_destroy_are_not_counted_and_a_note_says_so(client: AtlanClient) -> None:
    connection = {"connector": "airflow", "name": "etl", "qualified_name": "default/airflow/1"}
    forced = previews.delete("Connection", "etl", {**connection, "force_destroy": True})
    review = made(client, forced)
    assert intro(review) == "Dependents that force_destroy deletes are not counted."
    assert made(client, previews.delete("Connection", "etl", connection)).impact == Impact()
    make(client, ("a", [0], [1]), ("b", [0], [1]))
    assert intro(made(client, forced, gone("a", [0], [1]))).startswith(NO_LOSS)
    assert section(made(client, forced, depth=0), "Impact downstream") == []


def test_the_largest_loss_comes_first_and_long_lists_are_cut(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [2], list(range(10, 160))))
    review = made(client, gone("a", [0], [1]), gone("b", [2], list(range(10, 160))))
    (first, second) = section(review, "Impact downstream")
    assert (first[0], second[0]) == ("Process b", "Process a")
    assert first[1] == "150 tables lose their lineage"
    lines = first[2].splitlines()
    assert (len(lines), lines[0], lines[-1]) == (11, "DB/S/T10", "and 140 more")


# -- requests ---------------------------------------------------------------------------------------------


def test_two_hundred_removed_processes_take_few_requests(server: LocalAtlan, client: AtlanClient) -> None:
    make(client, *((f"p{n}", [n], [n + 200]) for n in range(200)))
    before = requests(server)
    review = made(client, *(gone(f"p{n}", [n], [n + 200]) for n in range(200)))
    assert len(review.impact.losses) == 200
    # Two for the processes by name, and two for the two hundred tables of each of the two levels. The outputs
    # have no readers, and the processes are known already.
    assert requests(server) - before == 6


def test_a_walk_stops_at_the_maximum_number_of_assets(
    client: AtlanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_downstream, "MAX_ASSETS", 4)
    make(client, ("a", [0], [1, 2]), ("b", [1], [3, 4, 5]), ("c", [3], [6]))
    review = made(client, gone("a", [0], [1, 2]))
    assert losses(review) == {"Process a": "T1 T2 T3 T4 T5"}
    assert "There may be more: the walk of Atlan's lineage stopped after 3 assets." in as_markdown(review)


def test_a_stopped_walk_does_not_exclude_other_losses(
    client: AtlanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_downstream, "MAX_ASSETS", 1)
    make(client, ("a", [0], [1, 2]), ("b", [0], [1, 2]), ("c", [0], [3]))
    text = intro(made(client, gone("a", [0], [1, 2])))
    assert "No asset loses" not in text
    assert "There may be more" in text


# -- without Atlan ----------------------------------------------------------------------------------------


def test_without_a_tenant_the_review_says_how_to_configure_it() -> None:
    review = previews.review_of(gone("a", [0], [1]))
    assert review.impact.note == "Not looked up: set ATLAN_BASE_URL and ATLAN_API_KEY for the review."
    assert r"set ATLAN\_BASE\_URL and ATLAN\_API\_KEY" in as_markdown(review)


def test_a_depth_of_zero_looks_up_nothing() -> None:
    review = previews.review_of(gone("a", [0], [1]), tenant=lambda: pytest.fail("asked"), depth=0)
    assert section(review, "Impact downstream") == []
    assert "Impact" not in as_markdown(review)


def test_an_error_of_atlan_is_in_the_review(server: LocalAtlan) -> None:
    with AtlanClient(ClientSettings.resolve(server.base_url, "canary-key", 0)) as stranger:
        review = made(stranger, gone("a", [0], [1]))
    assert review.impact.note.startswith("Unknown, because the request to Atlan failed: ")
    assert "401" in as_markdown(review)
    assert "canary" not in as_markdown(review)
    assert "No asset loses" not in as_markdown(review)


def test_invalid_client_settings_raise() -> None:
    def tenant() -> AtlanClient:
        return AtlanClient(ClientSettings.resolve("ftp://x", "key", 0))

    with pytest.raises(ConfigurationError, match="is not a URL"):
        previews.review_of(gone("a", [0], [1]), tenant=tenant)
