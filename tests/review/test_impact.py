"""What loses lineage downstream, against a local Atlan: exactly, and in few requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest
from review import told
from review.told import section
from support.atlan import WAREHOUSE, seed_of, table_name
from support.fixtures import client

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.review import Impact, Review, as_markdown
from atlan_pulumi.review import _downstream as present

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
    httpx.post(f"{shared.base_url}/_local/reset").raise_for_status()
    return shared


def reference(name: str, kind: str = "Table") -> dict[str, Any]:
    return {"typeName": kind, "uniqueAttributes": {"qualifiedName": name}}


def make(client: AtlanClient, *flows: tuple[str, Sequence[int | str], Sequence[int | str]]) -> None:
    """Processes in Atlan: of each its id, what it reads and what it writes; columns are such as `T0/A`."""
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


def made(client: AtlanClient, *events: told.Event, depth: int = 3) -> Review:
    return told.reviewed(*events, tenant=lambda: client, depth=depth)


def losses(review: Review) -> dict[str, str]:
    """What each edge costs, such as `T1 T2`."""
    return {
        loss.edge: " ".join(name.removeprefix(f"{WAREHOUSE}/DB/S/") for name in loss.assets)
        for loss in review.impact.losses
    }


def gone(id_: str, inputs: list[int], outputs: list[int]) -> told.Event:
    return told.delete("Process", id_, told.process(id_, inputs, outputs))


X = {"inputs": "T0", "outputs": "T1"}
HARMLESS = "What was looked at costs no lineage, as Atlan has it now, to a depth of 3."
OPEN = "Not looked at as a whole: {} (not known yet, or secret)."


def intro(review: Review) -> str:
    return next(each.intro for each in review.sections if each.title == "Impact downstream")


def requests(server: LocalAtlan) -> int:
    return sum(server.stats()["requests"].values())


# -- what is lost -----------------------------------------------------------------------------------------


def test_all_that_hangs_on_a_removed_process_loses_lineage(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("c", [2], [3]), ("d", [5], [6]))
    review = made(client, gone("a", [0], [1]))
    assert losses(review) == {"Process a": "T1 T2 T3"}
    assert review.impact.edges == 1
    assert review.summary[-2] == "3 assets downstream lose lineage."
    assert section(review, "Impact downstream") == [("Process a", "3", "DB/S/T1\nDB/S/T2\nDB/S/T3")]
    assert "3 assets lose lineage, as Atlan has it now, to a depth of 3." in as_markdown(review)


@pytest.mark.parametrize(("depth", "lost"), [(1, "T1"), (2, "T1 T2"), (3, "T1 T2 T3"), (9, "T1 T2 T3 T4")])
def test_it_goes_as_deep_as_asked(client: AtlanClient, depth: int, lost: str) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("c", [2], [3]), ("d", [3], [4]))
    assert losses(made(client, gone("a", [0], [1]), depth=depth)) == {"Process a": lost}


def test_of_two_removed_processes_each_is_walked_as_deep_as_asked(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("c", [2], [3]), ("d", [3], [4]))
    review = made(client, gone("a", [0], [1]), gone("c", [2], [3]), depth=2)
    assert losses(review) == {"Process a": "T1 T2", "Process c": "T3 T4"}


def test_what_is_reached_in_another_way_loses_nothing(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [3]), ("c", [0], [2]), ("d", [2], [3]))
    assert losses(made(client, gone("a", [0], [1]))) == {"Process a": "T1"}


def test_another_process_between_the_same_tables_keeps_the_lineage(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [0], [1]), ("c", [1], [2]))
    review = made(client, gone("a", [0], [1]))
    assert losses(review) == {}
    assert "No asset loses lineage, as Atlan has it now" in as_markdown(review)
    assert losses(made(client, gone("a", [0], [1]), gone("b", [0], [1]))) == {
        "Process a": "T1 T2",
        "Process b": "T1 T2",
    }


def test_what_the_plan_adds_makes_up_for_what_it_removes(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("c", [4], [2]))
    way_round = told.create("Process", "new", told.process("new", [0], [4]))
    assert losses(made(client, gone("a", [0], [1]), way_round)) == {"Process a": "T1"}
    straight = told.create("Process", "new", told.process("new", [0], [1]))
    assert losses(made(client, gone("a", [0], [1]), straight)) == {}


def test_where_one_of_two_sources_goes_that_part_is_lost(client: AtlanClient) -> None:
    make(client, ("a", [0, 5], [1]), ("b", [1], [2]), ("c", [5], [6]))
    old = told.process("a", [0, 5], [1])
    less = told.update("Process", "a", old, {**old, "inputs": told.tables(5)})
    assert losses(made(client, less)) == {"Process a": "T1 T2"}
    more = told.update("Process", "a", old, {**old, "inputs": told.tables(0, 5, 6)})
    assert made(client, more).impact == Impact()


def test_an_output_that_goes_is_lost_with_what_hangs_on_it(client: AtlanClient) -> None:
    make(client, ("a", [0], [1, 2]), ("b", [2], [3]))
    old = told.process("a", [0], [1, 2])
    event = told.update("Process", "a", old, {**old, "outputs": told.tables(1)})
    assert losses(made(client, event)) == {"Process a": "T2 T3"}


def test_another_identity_or_other_sql_loses_nothing_and_asks_nothing(server: LocalAtlan) -> None:
    old = told.process("a", [0], [1])
    moved = told.replace("Process", "a", old, told.process("a", [0], [1], process_id="b"), "process_id")
    other = told.update("Process", "b", old, {**old, "sql": "select 2"})
    review = told.reviewed(
        *moved, other, told.create("Process", "c", old), tenant=lambda: pytest.fail("asked")
    )
    assert review.impact == Impact()
    assert section(review, "Impact downstream") == []


def test_what_stays_in_atlan_loses_nothing(client: AtlanClient) -> None:
    kept = told.delete("Process", "a", told.process("a", [0], [1]), retainOnDelete=True)
    assert made(client, kept).impact == Impact(note="What stays in Atlan (retain_on_delete) costs nothing.")


def test_circles_end_and_cost_what_they_no_longer_get(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("c", [2], [1]), ("d", [2], [0]), ("e", [3], [3]))
    assert losses(made(client, gone("a", [0], [1]), depth=9)) == {"Process a": "T1 T2"}
    assert losses(made(client, gone("e", [3], [3]))) == {}


def test_archived_processes_and_assets_are_as_good_as_gone(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("c", [2], [3]), ("way", [0], [5]), ("round", [5], [1]))
    for kind, name in (("Process", f"{WAREHOUSE}/round"), ("Table", table_name(2))):
        entity = client.entities.get_by_qualified_name(kind, name)
        assert entity
        client.entities.delete([str(entity.guid)], "SOFT")
    assert losses(made(client, gone("a", [0], [1]))) == {"Process a": "T1"}


def test_what_is_not_in_atlan_any_more_costs_nothing(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]))
    entity = client.entities.get_by_qualified_name("Process", f"{WAREHOUSE}/a")
    assert entity
    client.entities.delete([str(entity.guid)], "SOFT")
    assert losses(made(client, gone("a", [0], [1]), gone("never", [1], [2]))) == {}


def test_what_atlan_has_counts_rather_than_what_the_state_says(client: AtlanClient) -> None:
    make(client, ("a", [4], [5]), ("b", [5], [6]))
    assert losses(made(client, gone("a", [0], [1]))) == {"Process a": "T5 T6"}


def test_columns_lose_lineage_as_tables_do(client: AtlanClient) -> None:
    make(client, ("load/column/A", ["T0/A"], ["T1/A"]), ("next", ["T1/A"], ["T2/B"]))
    before, after = (told.column_lineage("load", mapping) for mapping in ({"A": "A", "B": "B"}, {"B": "B"}))
    review = made(client, told.update("ColumnLineage", "cols", before, after))
    assert losses(review) == {"ColumnLineage cols: A": "T1/A T2/B"}


def test_assets_by_guid_are_known_by_name(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]))
    source = client.entities.get_by_qualified_name("Table", table_name(0))
    assert source
    instead = {**told.process("new", [], [1]), "inputs": [{"guid": source.guid, "type_name": "Table"}]}
    assert losses(made(client, gone("a", [0], [1]), told.create("Process", "new", instead))) == {}


def test_datasets_are_known_by_their_paths(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]))
    instead = told.create("OpenLineageJob", "j", told.job(["db.s.t0"], ["DB.S.T1"]))
    assert losses(made(client, gone("a", [0], [1]), instead)) == {}
    elsewhere = told.create("OpenLineageJob", "j", told.job(["db.s.other"], ["DB.S.T1"]))
    assert losses(made(client, gone("a", [0], [1]), elsewhere)) == {"Process a": "T1 T2"}


def test_sides_that_are_not_known_yet_are_taken_to_stay(client: AtlanClient) -> None:
    old = told.process("a", [0], [1])
    review = made(client, told.update("Process", "a", old, {**old, "inputs": told.UNKNOWN}))
    assert losses(review) == {}
    assert review.impact.open == 1
    assert OPEN.format(1) in intro(review)


def test_a_side_that_is_not_known_yet_hides_no_loss_at_the_other(client: AtlanClient) -> None:
    make(client, ("a", [0], [1, 2]), ("b", [2], [3]))
    old = told.process("a", [0], [1, 2])
    event = told.update("Process", "a", old, {**old, "inputs": told.UNKNOWN, "outputs": told.tables(1)})
    review = made(client, event)
    assert losses(review) == {"Process a": "T2 T3"}, "T1 may still be made of T0"
    assert intro(review) == (f"2 assets lose lineage, as Atlan has it now, to a depth of 3. {OPEN.format(1)}")


def test_where_an_edge_could_not_be_looked_at_nothing_is_called_harmless(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [0], [1]))
    old = told.job(["DB.S.T0"], ["DB.S.T1"], columns={"A": ["A"], "B": ["B"]}, qualified_name=told.UNKNOWN)
    less = told.update("OpenLineageJob", "j", old, {**old, "columns": {"A": ["A"]}})
    review = made(client, gone("a", [0], [1]), less)
    assert (losses(review), review.impact.open) == ({}, 1)
    assert intro(review) == f"{HARMLESS} {OPEN.format(1)}"
    assert intro(made(client, less)) == OPEN.format(1)
    assert intro(made(client, gone("a", [0], [1]))).startswith("No asset loses lineage")


def test_an_edge_that_is_added_with_an_unknown_side_makes_up_for_nothing(client: AtlanClient) -> None:
    """Nor does it keep the rest from being looked up."""
    make(client, ("a", [0], [1]), ("b", [1], [2]))
    for side in ("inputs", "outputs"):
        new = told.create("Process", "new", {**told.process("new", [0], [1]), side: told.UNKNOWN})
        assert losses(made(client, gone("a", [0], [1]), new)) == {"Process a": "T1 T2"}
    partly = {**told.process("new", [0], [1]), "inputs": [*told.tables(0), told.UNKNOWN]}
    assert losses(made(client, gone("a", [0], [1]), told.create("Process", "new", partly))) == {}


@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_an_edge_that_changes_with_an_unknown_side_keeps_what_it_has_there(
    client: AtlanClient, side: str
) -> None:
    """The other process goes; this one still makes the table of what it read, as far as anybody knows."""
    make(client, ("a", [0], [1]), ("b", [0], [1]))
    old = told.process("a", [0], [1])
    stays = told.update("Process", "a", old, {**old, side: told.UNKNOWN})
    assert losses(made(client, stays, gone("b", [0], [1]))) == {}


def test_a_side_that_is_not_known_yet_still_writes_what_it_wrote(client: AtlanClient) -> None:
    """Another process makes up for the input that goes; the other input still reaches the table."""
    make(client, ("a", [0, 3], [1]), ("b", [0], [1]))
    old = told.process("a", [0, 3], [1])
    event = told.update("Process", "a", old, {**old, "inputs": told.tables(3), "outputs": told.UNKNOWN})
    review = made(client, event)
    assert (losses(review), review.impact.edges) == ({}, 1)


@pytest.mark.parametrize("depth", [1, 7])
def test_the_depth_is_told_also_where_nothing_is_lost_or_nobody_can_be_asked(depth: int) -> None:
    assert told.reviewed(depth=depth).impact == Impact(depth=depth)
    alone = told.reviewed(gone("a", [0], [1]), depth=depth).impact
    assert (alone.depth, alone.edges, alone.asked) == (depth, 1, False)


# -- the columns of jobs ----------------------------------------------------------------------------------


@pytest.fixture
def nightly(client: AtlanClient) -> told.Props:
    """A job as its events leave it, with columns that others read; answers how it is declared."""
    make(client, (JOB, [0], [1]), ("next", ["T1/A"], ["T2/B"]), ("after", ["T2/B"], ["T3/A"]))
    make(client, *((f"{JOB}/column/{name}", [f"T0/{name}"], [f"T1/{name}"]) for name in "AB"))
    return told.job(["DB.S.T0"], ["DB.S.T1"], columns={"A": ["A"], "B": ["B"]})


def less(old: told.Props, **columns: list[str]) -> told.Event:
    return told.update("OpenLineageJob", "j", old, {**old, "columns": columns})


def test_a_column_of_a_job_that_goes_takes_what_hangs_on_it(client: AtlanClient, nightly: told.Props) -> None:
    review = made(client, less(nightly, B=["B"]))
    assert losses(review) == {"OpenLineageJob j: snowflake://abc/DB.S.T1/A": "T1/A T2/B T3/A"}
    assert intro(review) == "3 assets lose lineage, as Atlan has it now, to a depth of 3."
    assert losses(made(client, less(nightly, A=["A"]))) == {
        "OpenLineageJob j: snowflake://abc/DB.S.T1/B": "T1/B"
    }


def test_a_column_that_is_made_of_another_one_loses_the_former_source(
    client: AtlanClient, nightly: told.Props
) -> None:
    review = made(client, less(nightly, A=["B"], B=["B"]))
    assert losses(review) == {"OpenLineageJob j: snowflake://abc/DB.S.T1/A": "T1/A T2/B T3/A"}
    assert losses(made(client, less(nightly, A=["A", "B"], B=["B"]))) == {}


def test_a_job_that_goes_takes_its_columns_with_it(client: AtlanClient, nightly: told.Props) -> None:
    review = made(client, told.delete("OpenLineageJob", "j", nightly))
    assert losses(review) == {
        "OpenLineageJob j": "T1",
        "OpenLineageJob j: snowflake://abc/DB.S.T1/A": "T1/A T2/B T3/A",
        "OpenLineageJob j: snowflake://abc/DB.S.T1/B": "T1/B",
    }
    assert review.impact.sure


def test_columns_of_a_job_that_go_while_the_job_is_not_there_cost_nothing(client: AtlanClient) -> None:
    old = told.job(["DB.S.T0"], ["DB.S.T1"], columns={"A": ["A"], "B": ["B"]})
    review = made(client, less(old, A=["A"]))
    assert (losses(review), review.impact.open, review.impact.asked) == ({}, 0, True)


def test_columns_of_others_on_the_same_job_stay(client: AtlanClient, nightly: told.Props) -> None:
    make(client, (f"{JOB}/theirs", ["T0/A"], ["T4/A"]), ("more", ["T4/A"], ["T4/B"]))
    assert losses(made(client, less(nightly, A=["A"]))) == {
        "OpenLineageJob j: snowflake://abc/DB.S.T1/B": "T1/B"
    }


def test_columns_of_a_job_take_few_requests(
    server: LocalAtlan, client: AtlanClient, nightly: told.Props
) -> None:
    before = requests(server)
    made(client, less(nightly, B=["B"]))
    # The process, its column processes, and of each level the columns and what reads them; the last level's
    # are read by nothing.
    assert requests(server) - before == 2 + 2 + 2 + 1


def test_columns_of_a_job_that_stay_or_come_are_nothing_to_look_at(client: AtlanClient) -> None:
    old = told.job(["RAW.P.O"], ["MART.P.O"], columns={"ID": ["ID"]})
    more = told.update("OpenLineageJob", "j", old, {**old, "columns": {"ID": ["ID", "NO"], "NET": ["ID"]}})
    assert made(client, more).impact == Impact()


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ({"x": X, "y": X}, {"x": X, "y": told.UNKNOWN}, 1),
        ({"x": X, "y": X, "z": X}, {"x": X, "y": told.UNKNOWN}, 2),
        ({"x": X, "y": X}, {"x": X, "new": X, "y": told.UNKNOWN}, 1),
        ({"x": X}, told.UNKNOWN, 1),
        ({"x": X, "y": told.secret()}, {"x": X}, 1),
        ({"x": X}, {"x": {**X, "inputs": told.UNKNOWN}}, 1),
        ({"x": X}, {"x": X}, 0),
        ({"x": X}, {"x": X, "y": X}, 0),
    ],
)
def test_edges_of_a_set_that_are_not_known_are_counted(
    client: AtlanClient, before: Any, after: Any, left: int
) -> None:
    old, new = (told.process_set(each, name="s") for each in (before, after))
    assert made(client, told.update("ProcessSet", "set", old, new)).impact.open == left


def test_what_cannot_be_read_or_is_secret_is_not_looked_at(client: AtlanClient) -> None:
    odd = told.process_set({"x": 5})
    assert intro(made(client, told.delete("ProcessSet", "odd", odd))) == OPEN.format(1)
    secret = told.process_set(told.secret())
    assert intro(made(client, told.delete("ProcessSet", "set", secret))) == OPEN.format(1)
    assert made(client, told.same("ProcessSet", "set", secret)).impact == Impact()
    assert made(client, told.create("ProcessSet", "set", secret)).impact == Impact()


def test_what_goes_along_by_force_is_not_counted_and_that_is_said(client: AtlanClient) -> None:
    connection = {"connector": "airflow", "name": "etl", "qualified_name": "default/airflow/1"}
    forced = told.delete("Connection", "etl", {**connection, "force_destroy": True})
    review = made(client, forced)
    assert intro(review) == "What goes along because of force_destroy is not counted."
    assert made(client, told.delete("Connection", "etl", connection)).impact == Impact()
    make(client, ("a", [0], [1]), ("b", [0], [1]))
    assert intro(made(client, forced, gone("a", [0], [1]))).startswith(HARMLESS)
    assert section(made(client, forced, depth=0), "Impact downstream") == []


def test_the_most_expensive_comes_first_and_long_lists_are_cut(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [2], list(range(10, 160))))
    review = made(client, gone("a", [0], [1]), gone("b", [2], list(range(10, 160))))
    (first, second) = section(review, "Impact downstream")
    assert (first[0], first[1], second[0]) == ("Process b", "150", "Process a")
    lines = first[2].splitlines()
    assert (len(lines), lines[0], lines[-1]) == (11, "DB/S/T10", "and 140 more")


# -- requests ---------------------------------------------------------------------------------------------


def test_two_hundred_removed_processes_take_few_requests(server: LocalAtlan, client: AtlanClient) -> None:
    make(client, *((f"p{n}", [n], [n + 200]) for n in range(200)))
    before = requests(server)
    review = made(client, *(gone(f"p{n}", [n], [n + 200]) for n in range(200)))
    assert len(review.impact.losses) == 200
    # Two for the processes by name; then, of the two hundred tables of each of two levels, two a level: those
    # that are written are read by nothing. The processes are known already.
    assert requests(server) - before == 6


def test_a_walk_stops_at_very_many_assets_and_says_so(
    client: AtlanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(present, "MOST", 4)
    make(client, ("a", [0], [1, 2]), ("b", [1], [3, 4, 5]), ("c", [3], [6]))
    review = made(client, gone("a", [0], [1, 2]))
    assert losses(review) == {"Process a": "T1 T2 T3 T4 T5"}
    assert "There may be more: Atlan's lineage was walked to 3 assets and no further." in as_markdown(review)


def test_a_walk_that_stopped_calls_nothing_harmless(
    client: AtlanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(present, "MOST", 1)
    make(client, ("a", [0], [1, 2]), ("b", [0], [1, 2]), ("c", [0], [3]))
    text = intro(made(client, gone("a", [0], [1, 2])))
    assert "No asset loses" not in text
    assert "There may be more" in text


# -- where Atlan is not asked -----------------------------------------------------------------------------


def test_without_a_tenant_the_review_says_how_to_get_it() -> None:
    review = told.reviewed(gone("a", [0], [1]))
    assert (
        review.impact.note == "Not looked up: set ATLAN_BASE_URL and ATLAN_API_KEY where the review is made."
    )
    assert r"set ATLAN\_BASE\_URL and ATLAN\_API\_KEY" in as_markdown(review)


def test_a_depth_of_zero_asks_nothing_and_says_nothing() -> None:
    review = told.reviewed(gone("a", [0], [1]), tenant=lambda: pytest.fail("asked"), depth=0)
    assert section(review, "Impact downstream") == []
    assert "Impact" not in as_markdown(review)


def test_a_refusal_of_atlans_is_told_in_the_review(server: LocalAtlan) -> None:
    with AtlanClient(ClientSettings.resolve(server.base_url, "canary-key", 0)) as stranger:
        review = made(stranger, gone("a", [0], [1]))
    assert review.impact.note.startswith("Not known, since Atlan could not be asked: ")
    assert "401" in as_markdown(review)
    assert "canary" not in as_markdown(review)
    assert "No asset loses" not in as_markdown(review)


def test_wrong_settings_are_the_callers_mistake() -> None:
    def tenant() -> AtlanClient:
        return AtlanClient(ClientSettings.resolve("ftp://x", "key", 0))

    with pytest.raises(ConfigurationError, match="is not a URL"):
        told.reviewed(gone("a", [0], [1]), tenant=tenant)
