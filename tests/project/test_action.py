"""The action, run as shell with stand-ins for `pulumi` and `atlan-pulumi` that record their calls."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from project.workflows import ACTION, ROOT, load, steps

ATLAN_PULUMI = """#!/usr/bin/env bash
echo "atlan-pulumi $*" >> "$CALLS"
case "$1 $2" in
"engine path") echo "$ENGINE_FOLDER" ;;
"policy path") echo /the/pack ;;
"policy check") [ "$3" != wrong.json ] || { echo "wrong.json: no such rule" >&2; exit 1; } ;;
review*)
    [ -s "$2" ] || exit 1
    while [ $# -gt 0 ]; do
        case "$1" in --markdown | --html | --svg) echo "review as $1" > "$2" ;; esac
        shift
    done ;;
esac
"""
PULUMI = """#!/usr/bin/env bash
echo "pulumi $*" >> "$CALLS"
while [ $# -gt 0 ]; do
    [ "$1" != --event-log ] || echo '{}' > "$2"
    shift
done
exit "${PREVIEW:-0}"
"""
Run = Callable[..., tuple[int, dict[str, str]]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a function that runs the action with inputs, and returns the exit code and the outputs."""
    engine = tmp_path / "engine"
    for path, script in ((tmp_path / ".venv/bin/atlan-pulumi", ATLAN_PULUMI), (engine / "pulumi", PULUMI)):
        path.parent.mkdir(parents=True)
        path.write_text(script)
        path.chmod(0o755)

    def start(preview: int = 0, **given: str) -> tuple[int, dict[str, str]]:
        inputs = {name: str(each.get("default", "")) for name, each in load(ACTION)["inputs"].items()} | given
        output = tmp_path / "output"
        output.write_text("")
        for step in steps(ACTION):
            variables = {
                name: inputs[name.removeprefix("INPUT_").lower().replace("_", "-")]
                for name in step.content["env"]
                if name.startswith("INPUT_")
            }
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", step.script],
                cwd=tmp_path,
                env={
                    "PATH": "/usr/bin:/bin",
                    "CALLS": str(tmp_path / "calls"),
                    "ENGINE": str(engine),
                    "ENGINE_FOLDER": str(engine),
                    "PREVIEW": str(preview),
                    "GITHUB_OUTPUT": str(output),
                    "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
                    **variables,
                },
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                break
        return done.returncode, dict(line.split("=", 1) for line in output.read_text().splitlines())

    return start


def calls(tmp_path: Path) -> str:
    return (tmp_path / "calls").read_text()


def test_the_action_previews_with_policies_and_writes_the_review(run: Run, tmp_path: Path) -> None:
    code, outputs = run(stack="prod", **{"policy-config": "rules.json"}, title="Lineage & more")

    assert code == 0
    assert outputs["preview"] == "0"
    assert Path(outputs["markdown"]) == tmp_path / "review/review.md"
    assert Path(outputs["html"]).read_text() == "review as --html\n"
    assert Path(outputs["svg"]).exists()
    assert (tmp_path / "summary").read_text() == "review as --markdown\n"
    called = calls(tmp_path)
    assert "atlan-pulumi policy check rules.json\n" in called
    assert "pulumi preview --stack prod --non-interactive --event-log" in called
    assert "--policy-pack /the/pack --policy-pack-config rules.json\n" in called
    assert "--title Lineage & more --markdown" in called


def test_a_failed_preview_fails_the_action_after_the_review(run: Run, tmp_path: Path) -> None:
    code, outputs = run(stack="prod", preview=255)

    assert (code, outputs["preview"]) == (255, "255")
    assert Path(outputs["markdown"]).exists()
    assert run(stack="prod", preview=255, fail="false")[0] == 0


def test_policies_and_summary_can_be_disabled(run: Run, tmp_path: Path) -> None:
    assert run(stack="dev", policies="false", summary="false")[0] == 0
    assert "policy" not in calls(tmp_path)
    assert not (tmp_path / "summary").exists()


def test_an_invalid_policy_configuration_fails_before_the_preview(run: Run, tmp_path: Path) -> None:
    code, outputs = run(stack="dev", **{"policy-config": "wrong.json"})

    assert code == 1
    assert "preview" not in outputs
    assert "pulumi preview" not in calls(tmp_path).replace("atlan-pulumi", "")


def test_every_input_is_used_described_and_documented() -> None:
    action, page = load(ACTION), (ROOT / "docs" / "ci.md").read_text()
    text = ACTION.read_text()
    for name, each in action["inputs"].items():
        assert each["description"].strip(), name
        assert f"${{{{ inputs.{name} }}}}" in text
        default = each.get("default")
        shown = "required" if each.get("required") else f"`{default}`" if default else ""
        assert f"| `{name}` | {shown} |".replace("|  |", "| |") in page
    assert "".join(f"`{name}`, " for name in list(action["outputs"])[:3]).rstrip(", ") in page
