"""Lineage as infrastructure code: declare what flows where in Atlan, beside the pipelines that make it flow.

```python
import atlan_pulumi as atlan

warehouse = "default/snowflake/1657025257"
atlan.Process(
    "load-orders",
    name="Load orders",
    connection=warehouse,
    inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
    outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
)
```
"""

from atlan_pulumi.errors import AtlanError
from atlan_pulumi.resources import (
    AssetReference,
    AtlanProvider,
    ColumnProcess,
    Connection,
    Process,
    asset,
    column,
    sdk_process_id,
    table,
    view,
)

__all__ = [
    "AssetReference",
    "AtlanError",
    "AtlanProvider",
    "ColumnProcess",
    "Connection",
    "Process",
    "asset",
    "column",
    "sdk_process_id",
    "table",
    "view",
]
