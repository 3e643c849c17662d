"""Read lineage: `lineage/list`, lineage graphs, and the walk behind the page of the local Atlan."""

from __future__ import annotations

from atlan_pulumi.local.lineage._graph import lineage_graph
from atlan_pulumi.local.lineage._list import lineage_list
from atlan_pulumi.local.lineage._on_demand import lineage_on_demand
from atlan_pulumi.local.lineage._walk import Direction, Hop, walk

__all__ = ["Direction", "Hop", "lineage_graph", "lineage_list", "lineage_on_demand", "walk"]
