"""The pack of all rules, in the program of a pack."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from policies.harness import process, violations
from pulumi_policy import EnforcementLevel

import atlan_pulumi
from atlan_pulumi.policies import PACK, RULES, PolicyError, lineage_policies

FOLDER = Path(atlan_pulumi.__file__).parent / "policies" / "pack"
LAYERS = {"raw": ["*/RAW/*"], "silver": ["*/SILVER/*"], "gold": ["*/GOLD/*"]}


def levels(**rules):
    return {policy.name: policy.enforcement_level for policy in lineage_policies(**rules)}


def test_all_rules_are_advisory_by_default() -> None:
    assert levels() == {rule.name: EnforcementLevel.ADVISORY for rule in RULES}


def test_the_level_of_a_rule_overrides_the_default() -> None:
    found = levels(all="mandatory", layer_order="disabled")

    assert found.pop("layer-order") == EnforcementLevel.DISABLED
    assert set(found.values()) == {EnforcementLevel.MANDATORY}


def test_levels_may_be_pulumis_enum() -> None:
    found = levels(all=EnforcementLevel.MANDATORY, layer_order=EnforcementLevel.DISABLED)

    assert found.pop("layer-order") == EnforcementLevel.DISABLED
    assert set(found.values()) == {EnforcementLevel.MANDATORY}
    assert levels(all=EnforcementLevel.REMEDIATE) == levels(all="remediate")


@pytest.mark.parametrize("key", ["enforcement_level", "enforcementLevel"])
def test_a_level_may_be_among_the_settings(key) -> None:
    assert (
        levels(layer_order={key: "mandatory", "layers": LAYERS})["layer-order"] == EnforcementLevel.MANDATORY
    )


def test_settings_without_a_level_keep_the_default_level() -> None:
    found = levels(all="mandatory", layer_order={"layers": LAYERS})

    assert found["layer-order"] == EnforcementLevel.MANDATORY


def test_settings_reach_the_rule() -> None:
    (policy,) = [
        each for each in lineage_policies(layer_order={"layers": LAYERS}) if each.name == "layer-order"
    ]

    def rule(*_):
        return policy

    skipping = process("load", "RAW/P/A", "GOLD/P/A")
    assert len(violations(rule, skipping)) == 1  # type: ignore[arg-type]


def test_rules_that_cannot_remediate_are_mandatory_instead() -> None:
    found = levels(all="remediate")

    remediating = {rule.name for rule in RULES if rule.remediates}
    assert {name for name, level in found.items() if level == EnforcementLevel.REMEDIATE} == remediating
    assert {level for name, level in found.items() if name not in remediating} == {EnforcementLevel.MANDATORY}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"layer_ordr": "mandatory"}, "unknown rule 'layer_ordr'; did you mean 'layer_order'?"),
        ({"layer_order": "strict"}, "the rule 'layer-order' has no level 'strict'"),
        ({"layer_order": {"layer": LAYERS}}, "layer: unknown setting; did you mean 'layers'?"),
        ({"all": "strict"}, "has no level 'strict'"),
        (
            {"layer_order": None},
            "the rule 'layer-order' has the configuration None: use a level, or a mapping",
        ),
        (
            {"layer_order": ["mandatory"]},
            "the rule 'layer-order' has the configuration .'mandatory'.: use a level",
        ),
        ({"layer-order": "mandatory", "layer_order": "disabled"}, "duplicate rule 'layer-order'"),
        ({"layer_order": {"layers": {"raw": ["*"]}}}, "layers: must have at least two layers"),
    ],
)
def test_an_invalid_rule_level_or_setting_is_refused(given, reason) -> None:
    with pytest.raises(PolicyError, match=f".*{reason.replace('?', '[?]')}"):
        lineage_policies(**given)


def test_the_folder_has_the_project_file_that_pulumi_requires() -> None:
    project = yaml.safe_load((FOLDER / "PulumiPolicy.yaml").read_text())

    assert project["runtime"] == {"name": "python", "options": {"toolchain": "pip"}}
    assert project["version"] == "0.1.0"
    assert project["description"]


def test_the_pack_has_the_version_of_the_package() -> None:
    from importlib.metadata import version

    assert yaml.safe_load((FOLDER / "PulumiPolicy.yaml").read_text())["version"] == version("atlan-pulumi")


def test_the_default_name_of_a_pack() -> None:
    assert PACK == "atlan-lineage"


def test_without_the_extra_the_import_error_says_how_to_install_it() -> None:
    code = "import sys; sys.modules['pulumi_policy'] = None; import atlan_pulumi.policies"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr.strip().splitlines()[-1] == (
        "atlan_pulumi.errors.PolicyError: "
        "policies need pulumi_policy, which is not installed: pip install 'atlan-pulumi[policy]'"
    )
