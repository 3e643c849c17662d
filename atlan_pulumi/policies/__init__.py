"""Lineage rules as Pulumi policies: checked in each preview, before anything is written.

```console
$ pulumi preview --policy-pack "$(atlan-pulumi policy path)"
```

runs all of them at the level `advisory`. To write your own pack, create a folder with a `PulumiPolicy.yaml`
and a `__main__.py`:

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

from atlan_pulumi.errors import PolicyError

try:
    import pulumi_policy as _pulumi_policy  # noqa: F401
except ImportError as error:
    what = f"policies need {error.name}, which is not installed"
    raise PolicyError(f"{what}: pip install 'atlan-pulumi[policy]'") from None

from atlan_pulumi.declared import UNKNOWN, Declared, Edge
from atlan_pulumi.errors import PolicyError
from atlan_pulumi.policies._config import Setup, config_schema, read_config
from atlan_pulumi.policies._pack import PACK, RULES, LineagePolicies, lineage_policies
from atlan_pulumi.policies._rule import Remediating, ResourceRule, Rule, StackRule
from atlan_pulumi.policies._rule_settings import Glob, Regex, Settings, matches
from atlan_pulumi.policies._stack import Stack, Violation
from atlan_pulumi.policies.allowed_connections import allowed_connections
from atlan_pulumi.policies.certificate_status import certificate_status
from atlan_pulumi.policies.column_coverage import column_coverage
from atlan_pulumi.policies.column_parents import column_parents
from atlan_pulumi.policies.connection_admins import connection_admins
from atlan_pulumi.policies.environment_boundary import environment_boundary
from atlan_pulumi.policies.false_cartesian import false_cartesian
from atlan_pulumi.policies.inputs_and_outputs import inputs_and_outputs
from atlan_pulumi.policies.layer_order import layer_order
from atlan_pulumi.policies.lineage_cycle import lineage_cycle
from atlan_pulumi.policies.naming_pattern import naming_pattern
from atlan_pulumi.policies.no_secrets import no_secrets
from atlan_pulumi.policies.owner_and_description import owner_and_description
from atlan_pulumi.policies.protected_lineage import protected_lineage
from atlan_pulumi.policies.sql_agrees import sql_agrees
from atlan_pulumi.policies.sql_or_source_url import sql_or_source_url
from atlan_pulumi.policies.stable_process_id import stable_process_id
from atlan_pulumi.policies.stale_placeholders import stale_placeholders

__all__ = [
    "PACK",
    "RULES",
    "UNKNOWN",
    "Declared",
    "Edge",
    "Glob",
    "LineagePolicies",
    "PolicyError",
    "Regex",
    "Remediating",
    "ResourceRule",
    "Rule",
    "Settings",
    "Setup",
    "Stack",
    "StackRule",
    "Violation",
    "allowed_connections",
    "certificate_status",
    "column_coverage",
    "column_parents",
    "config_schema",
    "connection_admins",
    "environment_boundary",
    "false_cartesian",
    "inputs_and_outputs",
    "layer_order",
    "lineage_cycle",
    "lineage_policies",
    "matches",
    "naming_pattern",
    "no_secrets",
    "owner_and_description",
    "protected_lineage",
    "read_config",
    "sql_agrees",
    "sql_or_source_url",
    "stable_process_id",
    "stale_placeholders",
]
