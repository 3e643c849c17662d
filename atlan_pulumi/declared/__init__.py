"""What a stack declares, read from what the engine tells of it: for policies, and for reviews.

All kinds of resources come down to connections and edges: a `ProcessSet` has the edges that as many `Process`
and `ColumnProcess` resources would have, and so has an `OpenLineageJob`.
"""

from atlan_pulumi.declared._asset import DATASET, Asset
from atlan_pulumi.declared._edge import Edge
from atlan_pulumi.declared._errors import UnreadableError
from atlan_pulumi.declared._resource import Declared, from_engine, kind_of
from atlan_pulumi.declared._secrets import HIDDEN, KEYED, SECRET
from atlan_pulumi.engine_json import OURS

__all__ = [
    "DATASET",
    "HIDDEN",
    "KEYED",
    "OURS",
    "SECRET",
    "Asset",
    "Declared",
    "Edge",
    "UnreadableError",
    "from_engine",
    "kind_of",
]
