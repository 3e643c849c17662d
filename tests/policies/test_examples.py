"""The examples in the docstrings of the rules pass and fail as described."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from policies.harness import violations
from policies.programs import resources_of

from atlan_pulumi.policies import RULES, read_config

sys.path.append(str(Path(__file__).parents[2] / "docs"))
from rules import sections

#: What Atlan has decides about these examples; see `test_stale_placeholders.py`.
OF_ATLAN = {"stale-placeholders"}
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@pytest.fixture(autouse=True)
def _offline(monkeypatch):
    monkeypatch.setenv("ATLAN_PREVIEW_CHECKS", "false")


def code(rule, section):
    (text,) = re.findall(r"```\w+\n(.*?)```", sections(rule)[section], flags=re.DOTALL)
    return text


def configured(rule):
    """Return the settings of the rule's example configuration."""
    settings = json.loads(code(rule, "Configuration"))[rule.name]
    return (
        {key: value for key, value in settings.items() if key != "enforcementLevel"}
        if isinstance(settings, dict)
        else {}
    )


@each_rule
def test_the_passing_example_passes(rule):
    resources = resources_of(code(rule, "Passes"))

    assert resources
    assert violations(rule, *resources, file=configured(rule)) == []


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.name not in OF_ATLAN], ids=lambda rule: rule.name
)
def test_the_failing_example_fails(rule):
    assert violations(rule, *resources_of(code(rule, "Fails")), file=configured(rule))


@each_rule
def test_the_example_configuration_is_valid(rule, tmp_path):
    file = tmp_path / "config.json"
    file.write_text(code(rule, "Configuration"))

    (setup,) = [setup for setup in read_config(file) if setup.rule is rule]

    assert setup.level in rule.levels
    assert setup.idle is None
