"""Lineage from SQL, without a database. Needs the extra `sql`.

```python
from atlan_pulumi.sql import TableColumn, derive_lineage

lineage = derive_lineage("create view v as select a.id from a", schema={"a": ["id"]})
assert lineage.columns[TableColumn("v", "id")] == {("a", "id")}
```
"""

from __future__ import annotations

try:
    from atlan_pulumi.sql._derive import derive_lineage
except ModuleNotFoundError as error:
    missing = str(error.name).partition(".")[0]
    what = f"lineage from SQL needs {missing}, which is not installed"
    raise ModuleNotFoundError(f"{what}: pip install 'atlan-pulumi[sql]'", name=error.name) from None
from atlan_pulumi.sql._dialects import ignores_case, is_dialect, stored_name
from atlan_pulumi.sql._lineage import DerivedLineage, Problem, TableColumn, Transformation
from atlan_pulumi.sql._schema import name_parts

__all__ = [
    "DerivedLineage",
    "Problem",
    "TableColumn",
    "Transformation",
    "derive_lineage",
    "ignores_case",
    "is_dialect",
    "name_parts",
    "stored_name",
]
