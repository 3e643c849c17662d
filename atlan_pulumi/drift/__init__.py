"""Drift: what differs in Atlan from what a stack's state says, found without a change to either.

Pulumi's own `refresh --preview-only` reads the resources; this package reads what it tells. Needs the `cli`
extra.

```python
report = find_drift("path/to/project", stack="prod")
for resource in report.resources:
    print(resource.type, resource.name, resource.status, [change.property for change in resource.changes])
```
"""

from __future__ import annotations

from atlan_pulumi.drift._find_drift import find_drift
from atlan_pulumi.drift._orphans import Orphans, find_orphans
from atlan_pulumi.drift._release import Release, find_release, release
from atlan_pulumi.drift._report import (
    Drifted,
    Report,
    Status,
    as_json,
    error_as_json,
    print_report,
    whole_width,
)

__all__ = [
    "Drifted",
    "Orphans",
    "Release",
    "Report",
    "Status",
    "as_json",
    "error_as_json",
    "find_drift",
    "find_orphans",
    "find_release",
    "print_report",
    "release",
    "whole_width",
]
