"""The sample review, whose page is the picture of the documentation."""

from __future__ import annotations

from review import sample
from review.pages import Page


def test_the_sample_has_an_asset_that_loses_its_lineage_and_one_that_loses_a_source() -> None:
    made = sample.sample()
    assert made.summary[2:4] == [
        "1 table, 5 columns downstream lose lineage.",
        "1 table downstream loses a source but has others.",
    ]
    losing = [each.label for each in made.graph.nodes if made.graph.loses_edge(each)]
    assert losing == ["LOCATIONS", "ORDER_ITEMS", "STG_LOCATIONS", "STG_SUPPLIES"]
    assert {each.change for each in made.graph.links} == {"added", "removed", "changed", "same"}
    assert Page(sample.page(made)).wrong == []
