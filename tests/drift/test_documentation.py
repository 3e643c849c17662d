"""`docs/drift.md` matches the command."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from atlan_pulumi.cli import _app
from atlan_pulumi.drift import Drifted, Report, as_json, error_as_json
from atlan_pulumi.engine._property_changes import SecretChange, SetChange, ValueChange

PAGE = (Path(__file__).parents[2] / "docs" / "drift.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_json_matches_the_page() -> None:
    (shown,) = map(json.loads, blocks("json"))
    (resource,) = shown["resources"]
    value, items, secret = resource["changes"]
    drifted = Drifted(
        urn=resource["urn"],
        name="load-orders",
        type="Process",
        qualified_name=resource["qualified_name"],
        status="changed",
        changes=(
            ValueChange("description", value["declared"], None),
            SetChange("inputs", tuple(items["removed"]), ()),
            SecretChange(secret["property"]),
        ),
        last_writer="alice",
        last_written_at=datetime(2026, 11, 22, 22, 50, tzinfo=timezone.utc),
        note=resource["note"],
    )
    assert json.loads(as_json(Report("prod", 400, (drifted,)))) == shown
    assert list(json.loads(error_as_json(None, "no"))) == list(shown)
    keys = {*shown, *resource, *value, *items} - {"version", "urn", "name", "type", "qualified_name"}
    assert not {key for key in keys if f"`{key}`" not in PAGE}


def test_both_ci_recipes_are_valid_yaml() -> None:
    actions, gitlab = map(yaml.safe_load, blocks("yaml"))
    assert actions["jobs"]["drift"]["steps"][-1]["run"] == "atlan-pulumi drift --stack prod"
    assert any(line.startswith("atlan-pulumi drift --stack prod") for line in gitlab["drift"]["script"])
    assert gitlab["drift"]["allow_failure"] == {"exit_codes": 2}


@pytest.mark.parametrize("option", ["--cwd", "--stack", "--target", "--json"])
def test_every_option_is_on_the_page_and_in_the_help(option: str) -> None:
    output = (
        CliRunner().invoke(_app._tree, ["drift", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).output
    )
    assert option in output
    assert f"{option}" in PAGE
