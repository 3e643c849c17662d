"""Workflows and the action: valid, pinned, with minimal permissions."""

from __future__ import annotations

import re
import subprocess

import pytest
import yaml
from project.workflows import ACTION, ROOT, WORKFLOWS, Step, jobs, load, steps

FILES = [*WORKFLOWS, ACTION]
STEPS = [step for path in FILES for step in steps(path)]
RUNS = [step for step in STEPS if "run" in step.content]
PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+\n")
EVENTS = {"pull_request", "push", "schedule", "workflow_dispatch"}
STEP_KEYS = {
    "name",
    "id",
    "if",
    "uses",
    "run",
    "with",
    "env",
    "shell",
    "working-directory",
    "continue-on-error",
}
JOB_KEYS = {
    "name",
    "needs",
    "if",
    "runs-on",
    "timeout-minutes",
    "permissions",
    "strategy",
    "steps",
    "env",
    "environment",
}


def test_workflows_for_tests_and_releases_exist() -> None:
    assert {path.name for path in WORKFLOWS} >= {"ci.yml", "release.yml"}
    assert len(RUNS) > 8


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_only_valid_keys(path) -> None:
    workflow = load(path)
    assert workflow.keys() <= {"name", "on", "permissions", "concurrency", "env", "jobs"}
    assert set(workflow["on"]) <= EVENTS
    for name, job in jobs(path).items():
        assert job.keys() <= JOB_KEYS, name
        assert job["timeout-minutes"] <= 240, name
        needed = job.get("needs", [])
        assert set([needed] if isinstance(needed, str) else needed) <= jobs(path).keys()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.where)
def test_a_step_runs_or_uses_something(step: Step) -> None:
    assert step.content.keys() <= STEP_KEYS
    assert ("run" in step.content) != ("uses" in step.content)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_action_is_pinned_to_a_commit_with_a_version_comment(path) -> None:
    lines = [line for line in path.read_text().splitlines(keepends=True) if re.search(r"\buses:", line)]
    assert [line for line in lines if not PINNED.search(line)] == []


def test_an_action_has_one_version_everywhere() -> None:
    texts = [path.read_text() for path in [*FILES, ROOT / "docs" / "ci.md"]]
    found = {match for text in texts for match in re.findall(r"uses: (\S+)@([0-9a-f]{40}) # (\S+)", text)}
    names = [name for name, _, _ in found]
    assert len(names) == len(set(names)) >= 5


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_permissions_are_given_to_single_jobs(path) -> None:
    assert load(path)["permissions"] == {}
    given = {name: job["permissions"] for name, job in jobs(path).items()}
    writing = {name: each for name, each in given.items() if each != {"contents": "read"}}
    assert writing == ({"publish": {"id-token": "write"}} if path.name == "release.yml" else {})


def test_no_workflow_uses_secrets_or_pull_request_target() -> None:
    for path in FILES:
        text = path.read_text()
        assert "secrets." not in text
        assert "pull_request_target" not in text
        assert not re.search(r"(?i)password|api[-_]token", text)


def test_no_checkout_keeps_its_credentials() -> None:
    checkouts = [step for step in STEPS if step.content.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) >= 5
    assert [step.where for step in checkouts if step.content["with"].get("persist-credentials")] == []


@pytest.mark.parametrize("step", RUNS, ids=lambda step: step.where)
def test_a_script_is_valid_shell_without_interpolated_inputs(step: Step) -> None:
    assert step.shell == "bash"
    done = subprocess.run(["bash", "-n"], input=step.script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "${{" not in step.script


def test_every_supported_python_is_tested_and_claimed() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    claimed = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', project)
    assert jobs(ROOT / ".github/workflows/ci.yml")["test"]["strategy"]["matrix"]["python"] == claimed
    assert "Operating System :: Microsoft" not in project


def test_every_called_script_exists_and_is_valid() -> None:
    called = {name for step in RUNS for name in re.findall(r"\.github/scripts/[\w.]+", step.script)}
    assert called == {
        f".github/scripts/{file.name}" for file in (ROOT / ".github/scripts").iterdir() if file.is_file()
    }
    for name in sorted(each for each in called if each.endswith(".sh")):
        assert (ROOT / name).stat().st_mode & 0o111, name
        assert subprocess.run(["bash", "-n", ROOT / name], check=False).returncode == 0


def test_every_called_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    called = {name for step in RUNS for name in re.findall(r"^make ([a-z-]+)$", step.script, re.MULTILINE)}
    assert {"lint", "test"} <= called <= targets


def test_a_release_tag_must_match_the_version() -> None:
    script = ROOT / ".github/scripts/check_version.sh"
    done = subprocess.run([script, "v99.0.0"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the tag is v99.0.0, but pyproject.toml says version" in done.stderr


def test_dependabot_updates_actions_and_packages() -> None:
    found = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())
    assert found["version"] == 2
    updates = found["updates"]
    assert {each["package-ecosystem"] for each in updates} == {"github-actions", "pip"}
    assert all(each["directory"] == "/" and each["schedule"]["interval"] == "weekly" for each in updates)
