"""What remains for an asset that loses a source: its other sources, on the walk downstream or not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from review import previews
from review.test_impact import gone, losses, made, make, partly, server, shared
from support.atlan import WAREHOUSE
from support.fixtures import client

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.review._downstream import Flow
from atlan_pulumi.review._impact import _RemainingSources

__all__ = ["client", "server", "shared"]


def test_a_source_that_is_not_downstream_of_the_edge_remains(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("other", [5], [1]))
    review = made(client, gone("a", [0], [1]))
    assert losses(review) == {"Process a": ""}
    assert partly(review) == {"Process a": ["T1: loses T0, has T5", "T2: loses T0, has T5"]}


def test_a_source_of_an_asset_after_the_last_level_remains(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("other", [5], [2]))
    review = made(client, gone("a", [0], [1]), depth=2)
    assert losses(review) == {"Process a": "T1"}
    assert partly(review) == {"Process a": ["T2: loses T0, has T5"]}


def test_a_source_that_loses_its_lineage_itself_does_not_remain(client: AtlanClient) -> None:
    """T2 still reads T1, which has no data anymore; so do T1 and T2 from each other."""
    make(client, ("a", [0], [1]), ("b", [1], [2]), ("c", [2], [1]))
    assert losses(made(client, gone("a", [0], [1]))) == {"Process a": "T1 T2"}


def test_two_edges_that_take_both_sources_take_the_lineage(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("other", [5], [1]))
    review = made(client, gone("a", [0], [1]), gone("other", [5], [1]))
    assert (losses(review), partly(review)) == ({"Process a": "T1", "Process other": "T1"}, {})


def test_an_archived_process_leaves_no_source(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]), ("other", [5], [1]))
    entity = client.entities.get_by_qualified_name("Process", f"{WAREHOUSE}/other")
    assert entity
    client.entities.delete([str(entity.guid)], "SOFT")
    assert losses(made(client, gone("a", [0], [1]))) == {"Process a": "T1"}


def test_a_source_that_the_plan_adds_remains(client: AtlanClient) -> None:
    make(client, ("a", [0], [1]))
    old = previews.process("a", [0], [1])
    other = previews.update("Process", "a", old, {**old, "inputs": previews.tables(7)})
    assert partly(made(client, other)) == {"Process a": ["T1: loses T0, has T7"]}


def test_a_column_keeps_its_other_columns(client: AtlanClient) -> None:
    make(client, ("load", [0], [1]), ("load/column/A", ["T0/A", "T0/B"], ["T1/A"]))
    before, after = (previews.column_lineage("load", {"A": each}) for each in (["A", "B"], ["B"]))
    review = made(client, previews.update("ColumnLineage", "cols", before, after))
    assert partly(review) == {"ColumnLineage cols: A": ["T1/A: loses T0/A, has T0/B"]}
    assert review.summary[-2] == "1 column downstream loses a source but has others."


ASSETS = st.sampled_from("abcdefg")
SIDE = st.frozensets(ASSETS, min_size=1, max_size=3)


@given(st.lists(st.builds(Flow, SIDE, SIDE), max_size=8), st.sets(ASSETS))
def test_sources_remain_exactly_if_a_path_from_an_asset_without_losses_does(
    flows: list[Flow], affected: set[str]
) -> None:
    reached = {name for flow in flows for name in flow.inputs} - affected
    for _ in flows:
        reached |= {name for flow in flows if flow.inputs & reached for name in flow.outputs}
    remaining = _RemainingSources(flows, affected)
    for asset in affected:
        assert bool(remaining.of(asset)) == (asset in reached)
        assert not remaining.of(asset) & affected
