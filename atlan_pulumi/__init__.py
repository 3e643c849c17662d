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

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from atlan_pulumi.errors import AtlanError

if TYPE_CHECKING:
    from atlan_pulumi.resources import (
        AssetReference,
        AtlanProvider,
        ColumnLineage,
        ColumnProcess,
        Connection,
        DatasetReference,
        LineageMap,
        OpenLineageConnection,
        OpenLineageJob,
        Process,
        ProcessSet,
        asset,
        column,
        dataset,
        sdk_process_id,
        table,
        view,
    )

__all__ = [
    "AssetReference",
    "AtlanError",
    "AtlanProvider",
    "ColumnLineage",
    "ColumnProcess",
    "Connection",
    "DatasetReference",
    "LineageMap",
    "OpenLineageConnection",
    "OpenLineageJob",
    "Process",
    "ProcessSet",
    "asset",
    "column",
    "dataset",
    "sdk_process_id",
    "table",
    "view",
]
#: Reachable as attributes: `atlan_pulumi.local.LocalAtlan`.
_MODULES = frozenset({"client", "engine", "local"})


def __getattr__(name: str) -> Any:
    """Load the resources, and Pulumi with them, when one is first used: the commands need neither."""
    if name in _MODULES:
        return import_module(f"atlan_pulumi.{name}")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module("atlan_pulumi.resources"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
