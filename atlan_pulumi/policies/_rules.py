"""All rules, in the order of their names."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.policies._rule import Rule
from atlan_pulumi.policies.layer_order import layer_order

RULES: tuple[Rule[Any], ...] = (layer_order,)
