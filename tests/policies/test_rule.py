"""The base classes of rules, with custom rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from policies.harness import ENGINE_UNKNOWN, Resource, process, remediated, resource, violations
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy, StackValidationPolicy
from pydantic import Field

from atlan_pulumi.declared import Declared
from atlan_pulumi.policies import (
    RULES,
    PolicyError,
    Remediating,
    ResourceRule,
    Settings,
    Stack,
    StackRule,
    Violation,
    matches,
)


class TeamSettings(Settings):
    """The settings of the custom rules."""

    team_names: list[str] = Field(default_factory=list)
    loud: bool = False


class TeamName(ResourceRule[TeamSettings], Remediating):
    """A process is named after its team."""

    settings = TeamSettings
    description = "A process is named after its team."
    needs = ("team_names",)

    def check(self, resource: Declared, settings: TeamSettings) -> Iterator[str]:
        for edge in resource.edges:
            if edge.declared.get("name") not in settings.team_names:
                yield f"{edge}: name" + ("!" if settings.loud else "")

    def remedy(self, resource: Declared, settings: TeamSettings) -> dict[str, Any]:
        return {} if resource.props.get("name") in settings.team_names else {"name": settings.team_names[0]}


class OnlyOne(StackRule[TeamSettings]):
    """A stack has only one process."""

    settings = TeamSettings
    description = "A stack must have only one process."

    def check(self, stack: Stack, settings: TeamSettings) -> Iterator[Violation]:
        for second, edge in list(stack.processes())[1:]:
            yield Violation(f"{edge} is one too many", second)


team_name, only_one = TeamName(), OnlyOne()
LOAD = process("load", "RAW/P/A", "MART/P/A")


def test_the_rule_name_is_derived_from_the_class() -> None:
    assert (team_name.name, only_one.name) == ("team-name", "only-one")


def test_a_rule_creates_a_pulumi_policy() -> None:
    policy = team_name("mandatory", team_names=["a"])

    assert isinstance(policy, ResourceValidationPolicy)
    assert isinstance(only_one(), StackValidationPolicy)
    assert (policy.name, policy.enforcement_level) == ("team-name", EnforcementLevel.MANDATORY)
    assert policy.config_schema is not None
    assert policy.config_schema.properties == {
        "teamNames": {"type": "array", "items": {"type": "string"}},
        "loud": {"type": "boolean"},
    }


def test_without_a_level_the_level_of_the_pack_applies() -> None:
    assert only_one().enforcement_level is None


def test_a_rule_without_its_needs_checks_nothing() -> None:
    assert violations(team_name, LOAD) == []
    assert violations(team_name, LOAD, team_names=["b"]) != []


def test_a_file_overrides_single_settings() -> None:
    (line,) = violations(team_name, LOAD, file={"teamNames": ["c"]}, team_names=["load"], loud=True)

    assert line.endswith("name!")


def test_a_file_may_use_snake_case() -> None:
    assert violations(team_name, LOAD, file={"team_names": ["load"]}, team_names=["b"]) == []


def test_resources_of_other_packages_are_skipped() -> None:
    bucket = Resource("aws:s3/bucket:Bucket", "lake", {"name": ENGINE_UNKNOWN})

    assert violations(team_name, bucket, team_names=["b"]) == []
    assert violations(only_one, bucket, LOAD) == []


def test_an_unknown_value_does_not_stop_a_rule() -> None:
    partly_known = process("load", "RAW/P/A", [ENGINE_UNKNOWN, "MART/P/A"], description=ENGINE_UNKNOWN)

    assert len(violations(team_name, partly_known, team_names=["b"])) == 1


def test_a_stack_rule_reports_the_resource() -> None:
    second = process("second", "RAW/P/A", "MART/P/B")

    assert violations(only_one, second, LOAD) == [
        "second: Process 'default/snowflake/1657025257/second' is one too many"
    ]


def test_violations_of_one_resource_are_limited_to_ten() -> None:
    lots = {f"p{number:02}": {"inputs": "RAW/P/A", "outputs": f"MART/P/T{number}"} for number in range(40)}
    process_set = resource("ProcessSet", "lots", connection="default/snowflake/1657025257", processes=lots)

    lines = violations(team_name, process_set, team_names=["b"])

    assert len(lines) == 11
    assert lines[-1] == "lots: … and 30 more like these"


def test_control_characters_in_a_violation_are_escaped() -> None:
    named = process("load", "RAW/P/A\x1b[31m", "MART/P/A")

    class Echo(TeamName):
        def check(self, resource: Declared, settings: TeamSettings) -> Iterator[str]:
            yield resource.edges[0].inputs[0].name

    (line,) = violations(Echo(), named, team_names=["b"])

    assert "\x1b" not in line
    assert r"\x1b[31m" in line


def test_a_remediation_changes_only_the_named_properties() -> None:
    load = process("load", "RAW/P/A", "MART/P/A", sql=ENGINE_UNKNOWN)

    props = remediated(team_name, load, team_names=["b"])

    assert props is not None
    assert props["name"] == "b"
    assert props.keys() == {**LOAD.props, "sql": None}.keys()


def test_a_valid_resource_is_not_remediated() -> None:
    assert remediated(team_name, LOAD, team_names=["load"]) is None
    assert remediated(team_name, Resource("aws:s3/bucket:Bucket", "lake", {}), team_names=["b"]) is None


@pytest.mark.parametrize(
    ("level", "reason"),
    [
        ("remediate", "the rule 'only-one' cannot remediate: its levels are advisory, mandatory, disabled"),
        ("fatal", "the rule 'only-one' has no level 'fatal': its levels are advisory, mandatory, disabled"),
    ],
)
def test_an_unknown_level_is_refused(level, reason) -> None:
    with pytest.raises(PolicyError) as caught:
        only_one(level)

    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"team_name": ["a"]}, "team_name: unknown setting; did you mean 'teamNames'?"),
        ({"team_names": "a"}, "team_names: must be a valid list"),
        ({"team_names": ["a", 1.5]}, "team_names[1]: must be a valid string"),
        ({"loud": "perhaps"}, "loud: must be a valid boolean, unable to interpret input"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason) -> None:
    with pytest.raises(PolicyError) as caught:
        team_name(**settings)

    assert str(caught.value) == f"the rule 'team-name' cannot be set up: {reason}"


def test_an_invalid_setting_of_a_file_is_refused() -> None:
    with pytest.raises(PolicyError, match=r"'team-name' cannot be set up: teamName: unknown setting"):
        violations(team_name, LOAD, file={"teamName": ["a"]})


def test_only_the_asterisk_is_a_wildcard() -> None:
    assert matches(("load[eu]",), ["*[eu]"])
    assert matches(("a/b\nc",), ["a*c"])
    assert not matches(("loadu",), ["load[eu]"])
    assert not matches(("load1",), ["load?"])
    assert not matches(("LOAD",), ["load"])


# -- each rule of the pack -----------------------------------------------------------------------------

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@each_rule
def test_each_setting_has_a_description_and_a_default(rule) -> None:
    for name, field in rule.settings.model_fields.items():
        assert field.description, name
        assert not field.is_required(), name


@each_rule
def test_each_rule_has_a_description_and_a_reason(rule) -> None:
    assert rule.description.endswith(".")
    assert rule.description.count(". ") == 0
    assert "Why:" in (type(rule).__doc__ or "")


@each_rule
def test_each_module_is_named_after_its_rule(rule) -> None:
    module = type(rule).__module__.rpartition(".")[2]

    assert module == rule.name.replace("-", "_")


def test_the_rules_are_sorted_and_exported() -> None:
    from atlan_pulumi import policies

    names = [rule.name for rule in RULES]

    assert names == sorted(names)
    assert len(set(names)) == len(names)
    for rule in RULES:
        assert getattr(policies, rule.name.replace("-", "_")) is rule
        assert rule.name.replace("-", "_") in policies.__all__
