"""What a stack declares, read from what the engine tells of it: for policies, and for reviews.

All kinds of resources come down to connections and edges: a `ProcessSet` has the edges that as many `Process`
and `ColumnProcess` resources would have, and so has an `OpenLineageJob`.
"""

from __future__ import annotations

from atlan_pulumi.declared._declared import HIDDEN, KEYED, SECRET, Declared, from_engine, resource_kind
from atlan_pulumi.declared._edges import DATASET, Asset, Edge
from atlan_pulumi.lifecycle import UNKNOWN, Props, has_unknown

__all__ = [
    "DATASET",
    "HIDDEN",
    "KEYED",
    "SECRET",
    "UNKNOWN",
    "Asset",
    "Declared",
    "Edge",
    "Props",
    "from_engine",
    "has_unknown",
    "resource_kind",
]
