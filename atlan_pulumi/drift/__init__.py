"""Drift: what differs in Atlan from what a stack's state says, found without a change to either.

Pulumi's own `refresh --preview-only` reads the resources; this package reads what it tells. Needs the `cli`
extra.

```python
report = find_drift("path/to/project", stack="prod")
for resource in report.resources:
    print(resource.type, resource.name, resource.status, [change.property for change in resource.changes])
```
"""

from atlan_pulumi.drift._changes import Change, SecretChange, SetChange, ValueChange, changes
from atlan_pulumi.drift._errors import DriftError
from atlan_pulumi.drift._find import find_drift
from atlan_pulumi.drift._json import as_json, error_as_json
from atlan_pulumi.drift._pulumi import Pulumi
from atlan_pulumi.drift._report import Drifted, Report, Status
from atlan_pulumi.drift._state import resource_name, type_token
from atlan_pulumi.drift._table import print_report, whole_width
from atlan_pulumi.drift._trouble import one_line
from atlan_pulumi.drift._values import lines
from atlan_pulumi.engine_json import OURS

__all__ = [
    "OURS",
    "Change",
    "DriftError",
    "Drifted",
    "Pulumi",
    "Report",
    "SecretChange",
    "SetChange",
    "Status",
    "ValueChange",
    "as_json",
    "changes",
    "error_as_json",
    "find_drift",
    "lines",
    "one_line",
    "print_report",
    "resource_name",
    "type_token",
    "whole_width",
]
