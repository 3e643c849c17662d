"""The Pulumi engine: find or install it (needs the `cli` extra), run it, and parse its output.

```python
import subprocess

from atlan_pulumi.engine import find_engine, provide_engine

engine = find_engine() or provide_engine()
subprocess.run(["pulumi", "version"], env=engine.environment())
```
"""

from __future__ import annotations

from atlan_pulumi.engine._command import Finished, Pulumi
from atlan_pulumi.engine._doctor import Finding, examine
from atlan_pulumi.engine._event_log import (
    ECHOES,
    EngineEvent,
    PolicyEvent,
    PreEvent,
    RemediationEvent,
    ResourceState,
    Step,
    failed,
    is_event,
    lines_of,
    one_line,
)
from atlan_pulumi.engine._find import (
    Engine,
    Source,
    find_engine,
    missing_executables,
    require_engine,
    version_tuple,
    wanted_version,
)
from atlan_pulumi.engine._install import keep_engine, lock_engines, provide_engine
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
from atlan_pulumi.engine._state import StackState, read_state
from atlan_pulumi.engine._step import run_step, short_reason, step_failed

__all__ = [
    "ECHOES",
    "OURS",
    "SECRET_MARK",
    "SIGNATURE",
    "Change",
    "Engine",
    "EngineEvent",
    "Finding",
    "Finished",
    "PolicyEvent",
    "PreEvent",
    "Progress",
    "Props",
    "Pulumi",
    "RemediationEvent",
    "ResourceState",
    "SecretChange",
    "Source",
    "StackState",
    "Step",
    "ValueChange",
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
    "keep_engine",
    "label_of",
    "lines",
    "lines_of",
    "lock_engines",
    "missing_executables",
    "one_line",
    "progress_on",
    "provide_engine",
    "read_state",
    "require_engine",
    "resource_name",
    "run_step",
    "secrets",
    "short_reason",
    "stack_of",
    "step_failed",
    "type_token",
    "version_tuple",
    "wanted_version",
]
