"""What a stack declares, read from the engine's output, for policies and reviews.

Every kind of resource is represented by connections and edges: a `ProcessSet` or an `OpenLineageJob` has the
same edges as separate `Process` and `ColumnProcess` resources.
"""

from __future__ import annotations

from atlan_pulumi.declared._declared import HIDDEN, KEYED, SECRET, Declared, from_engine, resource_kind
from atlan_pulumi.declared._edges import DATASET, Asset, Edge
from atlan_pulumi.errors import UnreadableError
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
    "UnreadableError",
    "from_engine",
    "has_unknown",
    "resource_kind",
]
