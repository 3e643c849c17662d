"""The example repo's recipes for GitHub Actions and GitLab CI: what can be told without running them."""

from __future__ import annotations

import json
import os
import re
import subprocess
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
"""Which job runs which script."""
OTHERS = {"default", "variables"}
"""What else a GitLab file has at its top."""


class Recipe(NamedTuple):
    text: str
    jobs: dict[str, Any]
    commands: dict[str, list[str]]
    """What each job runs, in order."""


def github() -> Recipe:
    text = GITHUB_FILE.read_text()
    jobs = yaml.safe_load(text)["jobs"]
    runs = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    return Recipe(text, jobs, runs)


def gitlab() -> Recipe:
    text = GITLAB_FILE.read_text()
    whole = yaml.safe_load(text)
    jobs = {name: job for name, job in whole.items() if name not in OTHERS}
    first = whole["default"]["before_script"]
    return Recipe(text, jobs, {name: [*first, *job["script"]] for name, job in jobs.items()})


RECIPES = {"github": github, "gitlab": gitlab}


@pytest.fixture(params=RECIPES)
def recipe(request: pytest.FixtureRequest) -> Recipe:
    return RECIPES[request.param]()


@pytest.fixture
def workflow() -> dict[str, Any]:
    """The workflow; YAML 1.1 takes its key `on` for a boolean."""
    whole: dict[Any, Any] = yaml.safe_load(GITHUB_FILE.read_text())
    return {("on" if key is True else key): value for key, value in whole.items()}


def steps(workflow: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in workflow["jobs"].items():
        for step in job["steps"]:
            yield name, step


def test_each_job_sets_itself_up_and_runs_its_script(recipe: Recipe) -> None:
    assert set(recipe.jobs) == set(JOBS)
    for name, script in JOBS.items():
        first, second = re.findall(r"\./ci/(\S+)", "\n".join(recipe.commands[name]))[:2]
        assert (first, second) == ("setup.sh", script)


def test_every_script_that_is_called_is_there_and_can_be_run(recipe: Recipe) -> None:
    called = re.findall(r"\bci/[\w.]+", "\n".join(chain.from_iterable(recipe.commands.values())))
    assert len(set(called)) == len(JOBS) + 2
    for name in called:
        file = FOLDER / name
        assert file.is_file(), name
        assert file.suffix == ".py" or os.access(file, os.X_OK), name


def test_only_the_review_comments_and_a_failed_preview_does_not_keep_it_from_that(recipe: Recipe) -> None:
    comments = {name for name, lines in recipe.commands.items() if "comment.py" in "\n".join(lines)}
    assert comments == {"review"}
    if recipe.text == GITHUB_FILE.read_text():
        (step,) = (each for each in recipe.jobs["review"]["steps"] if "comment.py" in each.get("run", ""))
        assert "!cancelled()" in step["if"]
    else:
        assert recipe.jobs["review"]["script"] == [
            "code=0",
            "./ci/preview.sh || code=$?",
            ".venv/bin/python ci/comment.py review/review.md",
            'exit "$code"',
        ]


def test_what_is_kept_is_what_the_preview_writes_and_not_its_log(recipe: Recipe) -> None:
    kept = set(re.findall(r"\breview/\w[\w.]*", recipe.text))
    assert kept == {"review/review.md", "review/review.html", "review/review.svg"}
    written = set(re.findall(r"\breview/\w[\w.]*", (FOLDER / "ci" / "preview.sh").read_text()))
    assert written == kept | {"review/preview.jsonl"}


def test_deployment_and_drift_never_run_at_once_on_one_stack(recipe: Recipe) -> None:
    groups = {
        str(recipe.jobs[name].get("concurrency", recipe.jobs[name].get("resource_group")))
        for name in ("deploy", "drift")
    }
    assert groups == {"pulumi-prod"}
    assert recipe.jobs["deploy"]["environment"] == "prod"


def test_the_workflow_reviews_deploys_and_looks_each_on_its_own_event(workflow: dict[str, Any]) -> None:
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
    (rule,) = gitlab().jobs["review"]["rules"]
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID" in rule["if"]


def test_the_workflow_may_do_no_more_than_it_must(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    given = {name: job.get("permissions") for name, job in workflow["jobs"].items()}
    assert given == {
        "review": {"contents": "read", "pull-requests": "write"},
        "deploy": None,
        "drift": None,
    }
    for _, step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_actions_are_githubs_own_at_a_major_version(workflow: dict[str, Any]) -> None:
    used = {step["uses"] for _, step in steps(workflow) if "uses" in step}
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+@v\d+", action), action


def test_only_the_step_that_needs_a_secret_has_it(workflow: dict[str, Any]) -> None:
    """Above all not the set-up, which runs the code of other people's packages."""
    assert "secrets." not in json.dumps({key: value for key, value in workflow.items() if key != "jobs"})
    for name, step in steps(workflow):
        secret = set(re.findall(r"secrets\.(\w+)", json.dumps(step)))
        mine = JOBS[name] in step.get("run", "")
        names = {"ATLAN_API_KEY", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"} if mine else set()
        assert secret == names, step
        assert not re.search(r"secrets\.", json.dumps(step.get("run", ""))), (
            "in a variable, never in a command"
        )


def test_nothing_that_others_write_goes_into_a_command(workflow: dict[str, Any]) -> None:
    """A branch's name or a title is text of whoever opened the pull request, and would be run as shell."""
    for _, step in steps(workflow):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_script_shows_a_secret_or_goes_on_after_a_failure(script: Path) -> None:
    text = script.read_text()
    assert not re.search(r"set\s+-\w*x", text)
    assert not re.search(r"(?<!/)\b(echo|printf|env|printenv|export -p)\b", text)
    assert not re.search(r"API_KEY|TOKEN|PASSPHRASE", text)
    if script.name != "environment.sh":  # which is sourced by the others, and has their settings
        assert text.startswith("#!/usr/bin/env bash\n")
        assert "\nset -euo pipefail\n" in text
    subprocess.run(["bash", "-n", script], check=True)


def test_nothing_that_is_made_gets_into_the_repository() -> None:
    ignored = (FOLDER / ".gitignore").read_text().split()
    assert {".venv/", ".cache/", "review/"} <= set(ignored)


def test_what_the_documentation_shows_is_what_is_there() -> None:
    page = (Path(__file__).parents[2] / "docs" / "ci.md").read_text()
    for name in {f"ci/{script}" for script in ("setup.sh", "comment.py", *JOBS.values())}:
        assert name in page
    for block in re.findall(r"```json\n(.*?)```", page, flags=re.DOTALL):
        json.loads(block)
    for block in re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL):
        yaml.safe_load(block)
