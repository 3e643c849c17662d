"""The pack of all rules."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_policy import EnforcementLevel, Policy, PolicyPack

from atlan_pulumi.errors import PolicyError
from atlan_pulumi.policies._rule import Rule
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
from atlan_pulumi.text import did_you_mean

RULES: tuple[Rule[Any], ...] = (
    allowed_connections,
    certificate_status,
    column_coverage,
    column_parents,
    connection_admins,
    environment_boundary,
    false_cartesian,
    inputs_and_outputs,
    layer_order,
    lineage_cycle,
    naming_pattern,
    no_secrets,
    owner_and_description,
    protected_lineage,
    sql_agrees,
    sql_or_source_url,
    stable_process_id,
    stale_placeholders,
)
Level = str | EnforcementLevel
#: The default name of a pack of all rules.
PACK = "atlan-lineage"
#: The key of a rule's level among its settings: in a file, and in Python.
_LEVELS = ("enforcementLevel", "enforcement_level")


def lineage_policies(*, all: Level = "advisory", **rules: Level | Mapping[str, Any]) -> list[Policy]:  # noqa: A002 - as Pulumi's packs call it
    """Return the policies of all rules, to combine with your own policies in one pack.

    Args:
        all: The default level of every rule: `advisory`, `mandatory`, `disabled`, or `remediate`. Rules that
            cannot remediate are then `mandatory`.
        **rules: By rule, its level, or its settings: `layer_order={"enforcement_level": "mandatory",
            "layers": {"raw": ["*/RAW/*"], "gold": ["*/GOLD/*"]}}`.

    Raises:
        PolicyError: A rule, level, or setting does not exist.
    """
    by_rule: dict[str, Level | Mapping[str, Any]] = {}
    for name, value in rules.items():
        if (rule := _rule(name)).name in by_rule:
            raise PolicyError(f"duplicate rule {rule.name!r}")
        by_rule[rule.name] = value
    return [_policy(rule, by_rule.get(rule.name, {}), all) for rule in RULES]


class LineagePolicies(PolicyPack):
    """A pack of all rules, similar to Pulumi's AWSGuard.

    Create it in the `__main__.py` of a pack's folder. The constructor serves the engine until the engine
    stops.

    Args:
        name: Name of the pack.
        all: The default level of every rule: `advisory`, `mandatory`, `disabled`, or `remediate`. Rules that
            cannot remediate are then `mandatory`.
        **rules: See `lineage_policies`.

    Raises:
        SystemExit: A rule, level, or setting does not exist. The error is logged to the engine in one line.
    """

    def __init__(
        self,
        name: str = PACK,
        *,
        all: Level = "advisory",  # noqa: A002 - see above
        **rules: Level | Mapping[str, Any],
    ) -> None:
        try:
            policies = lineage_policies(all=all, **rules)
        except PolicyError as error:  # otherwise Pulumi shows the traceback of the pack's program
            pulumi.log.error(f"the policy pack {name!r} cannot be set up: {error}")
            sys.exit(1)
        super().__init__(name, policies=policies)


def _rule(name: str) -> Rule[Any]:
    known = {rule.name.replace("-", "_"): rule for rule in RULES}
    rule = known.get(name.replace("-", "_"))
    if rule is None:
        raise PolicyError(f"unknown rule {name!r}{did_you_mean(name, list(known))}")
    return rule


def _policy(rule: Rule[Any], config: Level | Mapping[str, Any], default_level: Level) -> Policy:
    if isinstance(config, (str, EnforcementLevel)):
        return rule(config)
    if not isinstance(config, Mapping):
        raise PolicyError(
            f"the rule {rule.name!r} has the configuration {config!r}: use a level, or a mapping of settings"
        )
    settings = {key: value for key, value in config.items() if key not in _LEVELS}
    level = next((config[key] for key in _LEVELS if key in config), rule.level_among(default_level))
    return rule(level, **settings)
