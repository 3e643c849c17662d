"""Rules for lineage, as policies of Pulumi's: checked in each preview, before anything is written.

```console
$ pulumi preview --policy-pack "$(atlan-pulumi policy path)"
```

runs all of them as advice. A pack of one's own is a folder with a `PulumiPolicy.yaml` and a `__main__.py`:

```python
from atlan_pulumi.policies import LineagePolicies

LineagePolicies(
    all="advisory",
    stable_process_id="mandatory",
    layer_order={"layers": {"raw": ["*/RAW/*"], "silver": ["*/SILVER/*"], "gold": ["*/GOLD/*"]}},
)
```

Needs the `policy` extra.
"""

from __future__ import annotations

from atlan_pulumi.policies._errors import PolicyError

try:
    import pulumi_policy as _pulumi_policy  # noqa: F401
except ImportError as error:
    what = f"policies need {error.name}, which is not installed"
    raise PolicyError(f"{what}: pip install 'atlan-pulumi[policy]'") from None

from atlan_pulumi.policies._pack import PACK, LineagePolicies, lineage_policies
from atlan_pulumi.policies._rule import Remediating, ResourceRule, Rule, StackRule
from atlan_pulumi.policies._rules import RULES
from atlan_pulumi.policies._settings import Settings
from atlan_pulumi.policies._stack import Stack, Violation
from atlan_pulumi.policies.layer_order import layer_order

__all__ = [
    "PACK",
    "RULES",
    "LineagePolicies",
    "PolicyError",
    "Remediating",
    "ResourceRule",
    "Rule",
    "Settings",
    "Stack",
    "StackRule",
    "Violation",
    "layer_order",
    "lineage_policies",
]
