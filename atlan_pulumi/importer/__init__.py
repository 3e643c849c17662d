"""Import existing lineage from Atlan as a Python program and a file for `pulumi import`.

```python
from pathlib import Path

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.importer import Selection, import_file, module, plan_import

with AtlanClient(ClientSettings.resolve()) as client:  # ATLAN_BASE_URL, ATLAN_API_KEY
    plan = plan_import(client, Selection(connections=["default/airflow/1657025300"]))
Path("lineage.py").write_text(module(plan))
Path("import.json").write_text(import_file(plan))
```
"""

from __future__ import annotations

from atlan_pulumi.errors import ImporterError
from atlan_pulumi.importer._importing import plan_import
from atlan_pulumi.importer._output import (
    ensure_writable,
    import_file,
    origin_of_stack,
    selected_stack,
    stack_name,
    write_files,
)
from atlan_pulumi.importer._plan import ImportPlan, Resource
from atlan_pulumi.importer._selection import Progress, Selection
from atlan_pulumi.importer._shape import FORMS, Shape
from atlan_pulumi.importer._summary import amounts, report
from atlan_pulumi.importer.code._module import module

__all__ = [
    "FORMS",
    "ImportPlan",
    "ImporterError",
    "Progress",
    "Resource",
    "Selection",
    "Shape",
    "amounts",
    "ensure_writable",
    "import_file",
    "module",
    "origin_of_stack",
    "plan_import",
    "report",
    "selected_stack",
    "stack_name",
    "write_files",
]
