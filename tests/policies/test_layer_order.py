"""`layer-order`: none is skipped, and nothing flows back."""

from __future__ import annotations

import pytest
from policies.judging import UNKNOWN_YET, process, resource, violations

from atlan_pulumi.policies import PolicyError, layer_order

LAYERS = {"raw": ["*/RAW/*"], "silver": ["*/SILVER/*"], "gold": ["*/GOLD/*"]}


def told(*resources, **settings):
    return violations(layer_order, *resources, **{"layers": LAYERS, **settings})


@pytest.mark.parametrize(
    ("source", "target"),
    [("RAW", "SILVER"), ("SILVER", "GOLD"), ("RAW", "RAW"), ("OTHER", "GOLD"), ("RAW", "OTHER")],
)
def test_the_next_layer_its_own_and_none_pass(source, target):
    assert told(process("load", f"{source}/P/A", f"{target}/P/B")) == []


def test_a_skipped_layer_fails():
    (line,) = told(process("load", "RAW/P/A", "GOLD/P/B"))

    assert line.startswith("load: Process 'default/snowflake/1657025257/load': inputs: Table ")
    assert "of the layer 'gold' reads" in line
    assert line.endswith("go by way of 'silver'")
