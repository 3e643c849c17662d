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
from atlan_pulumi.policies.sql_or_source_url import sql_or_source_url
from atlan_pulumi.policies.stable_process_id import stable_process_id
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
    sql_or_source_url,
    stable_process_id,
)
Level = str | EnforcementLevel
#: What a pack of all rules is called where nothing else is said.
PACK = "atlan-lineage"
#: The key under which a rule's level stands among its settings: in a file, and in Python.
_LEVELS = ("enforcementLevel", "enforcement_level")


def lineage_policies(*, all: Level = "advisory", **rules: Level | Mapping[str, Any]) -> list[Policy]:  # noqa: A002 - as Pulumi's packs call it
    """The policies of all rules, to put into a pack beside one's own.

    Args:
        all: The level of every rule that is not given one: `advisory`, `mandatory`, `disabled`; or
            `remediate`, which is `mandatory` for the rules that cannot.
        **rules: By rule, its level, or its settings: `layer_order={"enforcement_level": "mandatory",
            "layers": {"raw": ["*/RAW/*"], "gold": ["*/GOLD/*"]}}`.

    Raises:
        PolicyError: There is no such rule, level or setting.
    """
    given: dict[str, Level | Mapping[str, Any]] = {}
    for name, value in rules.items():
        if (rule := _rule(name)).name in given:
            raise PolicyError(f"the rule {rule.name!r} is given twice")
        given[rule.name] = value
    return [_policy(rule, given.get(rule.name, {}), all) for rule in RULES]


class LineagePolicies(PolicyPack):
    """A pack of all rules, as Pulumi's own AWSGuard is one.

    It is what the `__main__.py` of a pack's folder makes; it serves the engine until that is done.

    Args:
        name: What the pack is called.
        all: The level of every rule that is not given one: `advisory`, `mandatory`, `disabled`; or
            `remediate`, which is `mandatory` for the rules that cannot.
        **rules: See `lineage_policies`.

    Raises:
        SystemExit: There is no such rule, level or setting: the engine is told so in a line.
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
        except PolicyError as error:  # Pulumi would show the traceback of the pack's program
            pulumi.log.error(f"the policy pack {name!r} cannot be set up: {error}")
            sys.exit(1)
        super().__init__(name, policies=policies)


def _rule(name: str) -> Rule[Any]:
    known = {rule.name.replace("-", "_"): rule for rule in RULES}
    found = known.get(name.replace("-", "_"))
    if found is None:
        raise PolicyError(f"there is no rule {name!r}{did_you_mean(name, list(known))}")
    return found


def _policy(rule: Rule[Any], given: Level | Mapping[str, Any], all_: Level) -> Policy:
    if isinstance(given, (str, EnforcementLevel)):
        return rule(given)
    if not isinstance(given, Mapping):
        raise PolicyError(
            f"the rule {rule.name!r} is given {given!r}: give a level, or a mapping of settings"
        )
    settings = {key: value for key, value in given.items() if key not in _LEVELS}
    level = next((given[key] for key in _LEVELS if key in given), rule.level_among(all_))
    return rule(level, **settings)
