"""The example repo's recipes for GitHub Actions and GitLab CI, checked without running them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "stacks" / "infra_repo_example"
GITHUB_FILE = FOLDER / ".github" / "workflows" / "lineage.yml"
GITLAB_FILE = FOLDER / ".gitlab-ci.yml"
SCRIPTS = sorted((FOLDER / "ci").glob("*.sh"))
JOBS = {"review": "preview.sh", "deploy": "deploy.sh", "drift": "drift.sh"}
"""The script of each job after its setup."""
COMMENT = "python3 ci/comment.py review/review.md"
"""The only command of the job `comment`."""
CLI = "from atlan_pulumi.cli import main; main()"
OURS = ("ci/", "deploy.py", "requirements.txt", "lineage-policies.json")
"""Files that determine the checks, in addition to the recipes."""
OTHERS = {"default", "variables"}
"""Other keys at the top of a GitLab file."""


class Recipe(NamedTuple):
    text: str
    jobs: dict[str, Any]
    commands: dict[str, list[str]]
    """The commands of each job, in order."""


def github() -> Recipe:
    text = GITHUB_FILE.read_text()
    jobs = yaml.safe_load(text)["jobs"]
    runs = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    return Recipe(text, jobs, runs)


def gitlab() -> Recipe:
    text = GITLAB_FILE.read_text()
    whole = yaml.safe_load(text)
    jobs = {name: job for name, job in whole.items() if name not in OTHERS}
    commands = {name: [*before(job, whole["default"]), *job["script"]] for name, job in jobs.items()}
    return Recipe(text, jobs, commands)


def before(job: dict[str, Any], default: dict[str, Any]) -> list[str]:
    """Return the first commands of a job: the default's, unless the job sets `inherit`."""
    inherited = "before_script" in job.get("inherit", {}).get("default", default)
    return list(default["before_script"]) if inherited else []


RECIPES = {"github": github, "gitlab": gitlab}


@pytest.fixture(params=RECIPES)
def recipe(request: pytest.FixtureRequest) -> Recipe:
    return RECIPES[request.param]()


@pytest.fixture
def workflow() -> dict[str, Any]:
    """Return the workflow. YAML 1.1 parses its key `on` as a boolean."""
    whole: dict[Any, Any] = yaml.safe_load(GITHUB_FILE.read_text())
    return {("on" if key is True else key): value for key, value in whole.items()}


def steps(workflow: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in workflow["jobs"].items():
        for step in job["steps"]:
            yield name, step


def test_each_job_runs_the_setup_and_its_script(recipe: Recipe) -> None:
    assert set(recipe.jobs) == {*JOBS, "comment"}
    for name, script in JOBS.items():
        first, second = re.findall(r"\./ci/(\S+)", "\n".join(recipe.commands[name]))[:2]
        assert (first, second) == ("setup.sh", script)


def test_every_called_script_exists_and_is_executable(recipe: Recipe) -> None:
    called = re.findall(r"\bci/[\w.]+", "\n".join(chain.from_iterable(recipe.commands.values())))
    assert len(set(called)) == len(JOBS) + 2
    for name in called:
        file = FOLDER / name
        assert file.is_file(), name
        assert file.suffix == ".py" or os.access(file, os.X_OK), name


def test_the_comment_job_runs_only_the_comment_script(recipe: Recipe) -> None:
    """The program's job has no token for pull requests. The other job does not run the program."""
    comments = {name for name, lines in recipe.commands.items() if "comment.py" in "\n".join(lines)}
    assert comments == {"comment"}
    assert recipe.commands["comment"] == [COMMENT]


def test_the_workflow_comments_after_a_failed_review(workflow: dict[str, Any]) -> None:
    """Otherwise the review of an older commit would stay."""
    review, comment = workflow["jobs"]["review"], workflow["jobs"]["comment"]
    assert comment["needs"] == "review"
    assert comment["if"] == "${{ !cancelled() && needs.review.result != 'skipped' }}"
    (kept,) = (step for step in review["steps"] if step.get("uses", "").startswith("actions/upload-"))
    (taken,) = (step for step in comment["steps"] if step.get("uses", "").startswith("actions/download-"))
    assert kept["if"] == "${{ !cancelled() }}"
    assert kept["with"]["if-no-files-found"] == "ignore"
    assert taken["continue-on-error"] is True
    assert taken["with"] == {"name": kept["with"]["name"], "path": "review"}
    assert not [step for step in comment["steps"] if "if" in step]


def test_a_newer_commit_cancels_the_run_of_an_older_one(workflow: dict[str, Any]) -> None:
    """A waiting comment job could overwrite the newer comment. Runs on `main` are never canceled."""
    assert workflow["concurrency"] == {
        "group": "lineage-${{ github.event.pull_request.number || github.run_id }}",
        "cancel-in-progress": True,
    }
    for name in ("review", "comment"):
        assert "concurrency" not in workflow["jobs"][name]


def test_gitlab_comments_after_a_failed_review() -> None:
    review, comment = gitlab().jobs["review"], gitlab().jobs["comment"]
    assert comment["needs"] == ["review"]
    (rule,) = comment["rules"]
    assert rule == {**review["rules"][0], "when": "always"}
    assert review["artifacts"]["when"] == "always"
    assert "review/review.md" in review["artifacts"]["paths"]


def test_only_the_comment_job_gets_gitlabs_token() -> None:
    """The environment belongs to no other job and has no deployments."""
    places = {name: job.get("environment") for name, job in gitlab().jobs.items()}
    assert places == {
        "review": None,
        "comment": {"name": "lineage-comment", "action": "access"},
        "deploy": "prod",
        "drift": None,
    }


def test_the_artifacts_are_the_review_without_the_log(recipe: Recipe) -> None:
    kept = set(re.findall(r"\breview/\w[\w.]*", recipe.text))
    assert kept == {"review/review.md", "review/review.html", "review/review.svg"}
    written = set(re.findall(r"\breview/\w[\w.]*", (FOLDER / "ci" / "preview.sh").read_text()))
    assert written == kept | {"review/preview.jsonl"}


def test_deployment_and_drift_never_run_concurrently(recipe: Recipe) -> None:
    groups = {
        str(recipe.jobs[name].get("concurrency", recipe.jobs[name].get("resource_group")))
        for name in ("deploy", "drift")
    }
    assert groups == {"pulumi-prod"}
    assert recipe.jobs["deploy"]["environment"] == "prod"


def test_each_job_of_the_workflow_has_its_event(workflow: dict[str, Any]) -> None:
    assert set(workflow["on"]) == {"pull_request", "push", "schedule", "workflow_dispatch"}
    assert workflow["on"]["push"] == {"branches": ["main"]}
    (schedule,) = workflow["on"]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* \*", schedule["cron"])
    conditions = {name: job["if"] for name, job in workflow["jobs"].items()}
    assert "github.event_name == 'pull_request'" in conditions["review"]
    assert conditions["deploy"] == "github.event_name == 'push'"
    assert "'schedule'" in conditions["drift"]


def test_pull_requests_from_forks_are_not_previewed(workflow: dict[str, Any]) -> None:
    assert "pull_request_target" not in GITHUB_FILE.read_text()
    same = "github.event.pull_request.head.repo.full_name == github.repository"
    assert same in workflow["jobs"]["review"]["if"]
    for name in ("review", "comment"):
        (rule,) = gitlab().jobs[name]["rules"]
        assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID" in rule["if"]


def test_the_workflow_has_minimal_permissions(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    given = {name: job.get("permissions") for name, job in workflow["jobs"].items()}
    assert given == {
        "review": None,
        "comment": {"contents": "read", "pull-requests": "write"},
        "deploy": None,
        "drift": None,
    }
    for _, step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_actions_are_by_github_at_a_major_version(workflow: dict[str, Any]) -> None:
    used = {step["uses"] for _, step in steps(workflow) if "uses" in step}
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+@v\d+", action), action


def test_only_steps_that_need_secrets_have_them(workflow: dict[str, Any]) -> None:
    """In particular not the setup, which runs code of third-party packages."""
    assert "secrets." not in json.dumps({key: value for key, value in workflow.items() if key != "jobs"})
    for name, step in steps(workflow):
        secret = set(re.findall(r"secrets\.(\w+)", json.dumps(step)))
        mine = name in JOBS and JOBS[name] in step.get("run", "")
        names = {"ATLAN_API_KEY", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"} if mine else set()
        assert secret == names, step
        assert ("github.token" in json.dumps(step)) == (step.get("run") == COMMENT)


def test_no_untrusted_text_is_part_of_a_command(workflow: dict[str, Any]) -> None:
    """Branch names and titles come from the author of the pull request, and would run as shell."""
    for _, step in steps(workflow):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_stop_at_a_failure_and_show_no_secrets(script: Path) -> None:
    text = script.read_text()
    assert not re.search(r"set\s+-\w*x", text)
    assert not re.search(r"(?<!/)\b(echo|printf|env|printenv|export -p)\b", text)
    assert not re.search(r"API_KEY|TOKEN|PASSPHRASE", text)
    if script.name != "environment.sh":  # which is sourced by the others, and has their settings
        assert text.startswith("#!/usr/bin/env bash\n")
        assert "\nset -euo pipefail\n" in text
    subprocess.run(["bash", "-n", script], check=True)


def test_generated_files_are_ignored_by_git() -> None:
    ignored = (FOLDER / ".gitignore").read_text().split()
    assert {".venv/", ".cache/", "review/"} <= set(ignored)


def test_the_documentation_shows_the_recipes() -> None:
    page = (Path(__file__).parents[2] / "docs" / "ci.md").read_text()
    for name in {f"ci/{script}" for script in ("setup.sh", "comment.py", *JOBS.values())}:
        assert name in page
    for block in re.findall(r"```json\n(.*?)```", page, flags=re.DOTALL):
        json.loads(block)
    for block in re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL):
        yaml.safe_load(block)


def test_the_documentation_protects_the_policy_files_with_code_owners() -> None:
    page = (Path(__file__).parents[2] / "docs" / "ci.md").read_text()
    (block,) = re.findall(r"```text\n(.*?)```", page, flags=re.DOTALL)
    owned = {line.split()[0].lstrip("/") for line in block.splitlines() if line.strip()}
    assert owned == {*OURS, ".github/", ".gitlab-ci.yml"}
    for name in owned:
        assert (FOLDER / name).exists(), name


def test_the_documentation_names_every_secret() -> None:
    page = (Path(__file__).parents[2] / "docs" / "ci.md").read_text()
    section = page.partition("\n## Secrets and forks\n")[2].partition("\n## ")[0]
    used = set(re.findall(r"secrets\.(\w+)", GITHUB_FILE.read_text())) | {"GITLAB_TOKEN"}
    assert used == set(re.findall(r"`(\w+_(?:KEY|TOKEN|PASSPHRASE))`", section))


def test_the_policy_file_of_the_example_is_valid() -> None:
    check = [sys.executable, "-c", CLI, "policy", "check", str(FOLDER / "lineage-policies.json")]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
