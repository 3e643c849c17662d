"""The Pulumi engine: find the one to use, or provide one. Needs the `cli` extra.

```python
engine = find_engine() or provide_engine()
subprocess.run(["pulumi", "preview"], env=engine.environment())
```
"""

from __future__ import annotations

from atlan_pulumi.engine._command import Finished, Pulumi
from atlan_pulumi.engine._doctor import Finding, examine
from atlan_pulumi.engine._engine import Engine, Source
from atlan_pulumi.engine._event_log import (
    _ECHOES,
    ResourceState,
    Step,
    _Event,
    _hint,
    _PreEvent,
    _Remediation,
    failed,
    is_event,
    lines_of,
    one_line,
)
from atlan_pulumi.engine._find import find_engine, require_engine
from atlan_pulumi.engine._notation import (
    OURS,
    SECRET_MARK,
    SIGNATURE,
    described,
    is_our_urn,
    is_ours,
    is_stack,
    is_urn,
    label_of,
    resource_name,
    stack_of,
    type_token,
)
from atlan_pulumi.engine._progress import Progress, progress_on
from atlan_pulumi.engine._property_changes import (
    Change,
    Props,
    SecretChange,
    ValueChange,
    changes,
    lines,
    secrets,
)
from atlan_pulumi.engine._provide import provide_engine
from atlan_pulumi.engine._state import StackState, read_state

__all__ = [
    "OURS",
    "SECRET_MARK",
    "SIGNATURE",
    "_ECHOES",
    "Change",
    "Engine",
    "Finding",
    "Finished",
    "Progress",
    "Props",
    "Pulumi",
    "ResourceState",
    "SecretChange",
    "Source",
    "StackState",
    "Step",
    "ValueChange",
    "_Event",
    "_PreEvent",
    "_Remediation",
    "_hint",
    "changes",
    "described",
    "examine",
    "failed",
    "find_engine",
    "is_event",
    "is_our_urn",
    "is_ours",
    "is_stack",
    "is_urn",
    "label_of",
    "lines",
    "lines_of",
    "one_line",
    "progress_on",
    "provide_engine",
    "read_state",
    "require_engine",
    "resource_name",
    "secrets",
    "stack_of",
    "type_token",
]
