"""The Pulumi engine: find the one to use, or provide one. Needs the `cli` extra.

```python
engine = find_engine() or provide_engine()
subprocess.run(["pulumi", "preview"], env=engine.environment())
```
"""

from atlan_pulumi.engine._cache import cache_folder
from atlan_pulumi.engine._doctor import Finding, examine
from atlan_pulumi.engine._engine import Engine, Source
from atlan_pulumi.engine._find import find_engine, require_engine
from atlan_pulumi.engine._progress import Progress, progress_on
from atlan_pulumi.engine._provide import provide_engine

__all__ = [
    "Engine",
    "Finding",
    "Progress",
    "Source",
    "cache_folder",
    "examine",
    "find_engine",
    "progress_on",
    "provide_engine",
    "require_engine",
]
