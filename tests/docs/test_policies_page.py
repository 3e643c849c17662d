"""The examples and commands of the policies page work as shown."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from policies.harness import process, violations
from pulumi_policy import EnforcementLevel, Policy, PolicyPack
from support.command import ATLAN_PULUMI

from atlan_pulumi.policies import read_config

PAGE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture
def packs(monkeypatch: pytest.MonkeyPatch) -> list[list[Policy]]:
    """Record created packs instead of serving them to the engine."""
    made: list[list[Policy]] = []

    def record(_self: PolicyPack, name: str, policies: list[Policy], **_more: Any) -> None:
        made.append(policies)

    monkeypatch.setattr(PolicyPack, "__init__", record)
    return made


def test_the_configuration_file_of_the_page_is_valid(tmp_path) -> None:
    (shown,) = blocks("json")
    file = tmp_path / "lineage-policies.json"
    file.write_text(shown)

    levels = {setup.rule.name: setup.level for setup in read_config(file)}

    given = json.loads(shown)
    shown_levels = {
        rule: part if isinstance(part, str) else part["enforcementLevel"] for rule, part in given.items()
    }
    assert shown_levels.pop("all") == "advisory"
    assert shown_levels.items() <= levels.items()


def test_the_custom_pack_of_the_page_has_the_levels_of_the_page(packs) -> None:
    exec(blocks("python")[0], {})

    (policies,) = packs
    levels = {policy.name: policy.enforcement_level for policy in policies}
    assert levels.pop("stable-process-id") == EnforcementLevel.MANDATORY
    assert levels.pop("layer-order") == EnforcementLevel.MANDATORY
    assert set(levels.values()) == {EnforcementLevel.ADVISORY}


def test_the_pack_of_selected_policies_has_only_these(packs) -> None:
    exec(blocks("python")[1], {})

    assert [policy.name for policy in packs[0]] == ["layer-order", "lineage-cycle"]


def test_the_custom_rule_of_the_page_reports_long_names(packs) -> None:
    scope: dict[str, Any] = {}
    exec(blocks("python")[2], scope)
    rule = scope["ShortNames"]()

    assert packs[0][-1].name == rule.name

    assert violations(rule, process("short", "RAW/P/A", "MART/P/A")) == []
    (line,) = violations(rule, process("long" * 16, "RAW/P/A", "MART/P/A"))
    assert "name: 64 characters: shorten it to 60" in line


def test_the_policy_project_of_the_page_is_valid_yaml() -> None:
    (shown,) = blocks("yaml")

    assert yaml.safe_load(shown) == {"runtime": "python", "version": "1.0.0"}


def test_every_command_of_the_page_exists() -> None:
    names = set(re.findall(r"atlan-pulumi policy (\w+)", PAGE))
    listed = subprocess.run(
        [ATLAN_PULUMI, "policy", "--help"], capture_output=True, text=True, check=True
    ).stdout

    assert names == {"path", "check", "schema"}
    assert all(name in listed for name in names)
