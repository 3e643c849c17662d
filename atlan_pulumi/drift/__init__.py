"""Drift.

What differs between a stack's state and Atlan; orphans and releases. Nothing is changed by finding it.

Pulumi's `refresh --preview-only` reads the resources, and this package reads its events. Needs the `cli`
extra.

```python
from atlan_pulumi.drift import find_drift

report = find_drift("path/to/project", stack="prod")
for resource in report.resources:
    print(resource.type, resource.name, resource.status, [change.property for change in resource.changes])
```
"""

from __future__ import annotations

from atlan_pulumi.drift._find_drift import find_drift
from atlan_pulumi.drift._orphans import Orphans, find_orphans
from atlan_pulumi.drift._release import Release, apply_release, find_release
from atlan_pulumi.drift._report import (
    Drifted,
    Report,
    Status,
    as_json,
    error_as_json,
    full_width,
    print_report,
)
from atlan_pulumi.errors import DriftError

__all__ = [
    "DriftError",
    "Drifted",
    "Orphans",
    "Release",
    "Report",
    "Status",
    "apply_release",
    "as_json",
    "error_as_json",
    "find_drift",
    "find_orphans",
    "find_release",
    "full_width",
    "print_report",
]
