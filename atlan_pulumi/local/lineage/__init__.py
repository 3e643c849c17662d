"""Reading lineage: Atlan's list of it, and the graph that the local page draws."""

from atlan_pulumi.local.lineage._request import lineage_list
from atlan_pulumi.local.lineage._walk import Direction, Hop, walk

__all__ = ["Direction", "Hop", "lineage_list", "walk"]
