"""The pack of all rules, as a pack's program makes it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from policies.judging import process, violations
from pulumi_policy import EnforcementLevel

import atlan_pulumi
from atlan_pulumi.policies import PACK, RULES, PolicyError, lineage_policies

FOLDER = Path(atlan_pulumi.__file__).parent / "policies" / "pack"
LAYERS = {"raw": ["*/RAW/*"], "silver": ["*/SILVER/*"], "gold": ["*/GOLD/*"]}


def levels(**rules):
    return {policy.name: policy.enforcement_level for policy in lineage_policies(**rules)}


def test_all_rules_are_in_it_as_advice() -> None:
    assert levels() == {rule.name: EnforcementLevel.ADVISORY for rule in RULES}


def test_all_and_one() -> None:
    found = levels(all="mandatory", layer_order="disabled")

    assert found.pop("layer-order") == EnforcementLevel.DISABLED
    assert set(found.values()) == {EnforcementLevel.MANDATORY}


def test_pulumis_own_levels_will_do() -> None:
    found = levels(all=EnforcementLevel.MANDATORY, layer_order=EnforcementLevel.DISABLED)

    assert found.pop("layer-order") == EnforcementLevel.DISABLED
    assert set(found.values()) == {EnforcementLevel.MANDATORY}
    assert levels(all=EnforcementLevel.REMEDIATE) == levels(all="remediate")


@pytest.mark.parametrize("key", ["enforcement_level", "enforcementLevel"])
def test_a_level_may_stand_among_the_settings(key) -> None:
    assert (
        levels(layer_order={key: "mandatory", "layers": LAYERS})["layer-order"] == EnforcementLevel.MANDATORY
    )


def test_settings_without_a_level_leave_that_of_all() -> None:
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


def test_what_can_mend_may_remediate_where_all_do() -> None:
    found = levels(all="remediate")

    mending = {rule.name for rule in RULES if rule.remediates}
    assert {name for name, level in found.items() if level == EnforcementLevel.REMEDIATE} == mending
    assert {level for name, level in found.items() if name not in mending} == {EnforcementLevel.MANDATORY}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"layer_ordr": "mandatory"}, "there is no rule 'layer_ordr'; did you mean 'layer_order'?"),
        ({"layer_order": "strict"}, "the rule 'layer-order' has no level 'strict'"),
        ({"layer_order": {"layer": LAYERS}}, "layer: there is no such setting; did you mean 'layers'?"),
        ({"all": "strict"}, "has no level 'strict'"),
        ({"layer_order": None}, "the rule 'layer-order' is given None: give a level, or a mapping"),
        ({"layer_order": ["mandatory"]}, "the rule 'layer-order' is given .'mandatory'.: give a level"),
        ({"layer-order": "mandatory", "layer_order": "disabled"}, "the rule 'layer-order' is given twice"),
        ({"layer_order": {"layers": {"raw": ["*"]}}}, "layers: must be two at least"),
    ],
)
def test_what_there_is_not_is_told_when_the_pack_is_made(given, reason) -> None:
    with pytest.raises(PolicyError, match=f".*{reason.replace('?', '[?]')}"):
        lineage_policies(**given)


def test_the_folder_says_what_pulumi_asks_for() -> None:
    project = yaml.safe_load((FOLDER / "PulumiPolicy.yaml").read_text())

    assert project["runtime"] == {"name": "python", "options": {"toolchain": "pip"}}
    assert project["version"] == "0.1.0"
    assert project["description"]


def test_the_packs_version_is_the_packages() -> None:
    from importlib.metadata import version

    assert yaml.safe_load((FOLDER / "PulumiPolicy.yaml").read_text())["version"] == version("atlan-pulumi")


def test_a_pack_has_the_name_that_is_told() -> None:
    assert PACK == "atlan-lineage"


def test_without_the_extra_the_import_says_how_to_get_it() -> None:
    code = "import sys; sys.modules['pulumi_policy'] = None; import atlan_pulumi.policies"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr.strip().splitlines()[-1] == (
        "atlan_pulumi.errors.PolicyError: "
        "policies need pulumi_policy, which is not installed: pip install 'atlan-pulumi[policy]'"
    )
