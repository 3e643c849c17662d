"""What contributors and tools expect is there, can be read, and agrees with itself."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from project.workflows import ROOT

import atlan_pulumi.policies

REPOSITORY = "https://github.com/atlan-pulumi/atlan-pulumi"
PACK = Path(atlan_pulumi.policies.__file__).parent / "pack"
PROJECT = (ROOT / "pyproject.toml").read_text()
(VERSION,) = re.findall(r'^version = "(.+)"$', PROJECT, re.MULTILINE)


def test_the_files_that_contributors_expect_are_there() -> None:
    for name in (
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CODE_OF_CONDUCT.md",
        "CHANGELOG.md",
        "LICENSE",
        ".gitmessage",
        ".github/PULL_REQUEST_TEMPLATE.md",
        "docs/design/README.md",
    ):
        assert len((ROOT / name).read_text()) > 100, name


@pytest.mark.parametrize("form", sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml")), ids=str)
def test_an_issue_form_has_what_github_demands(form: Path) -> None:
    found = yaml.safe_load(form.read_text())
    assert found.keys() >= {"name", "description", "body"}
    ids = [part["id"] for part in found["body"] if part["type"] != "markdown"]
    assert len(ids) == len(set(ids)) >= 2
    for part in found["body"]:
        assert part["type"] in {"markdown", "textarea", "input", "dropdown", "checkboxes"}
        assert part["attributes"]["value" if part["type"] == "markdown" else "label"]


def test_the_editor_settings_agree_with_ruff() -> None:
    text = (ROOT / ".editorconfig").read_text()
    parser = configparser.ConfigParser()
    parser.read_string("[top]\n" + text)
    (length,) = re.findall(r"^line-length = (\d+)$", PROJECT, re.MULTILINE)
    assert parser["top"]["root"] == "true"
    assert parser["*.py"]["max_line_length"] == length
    assert parser["Makefile"]["indent_style"] == "tab"


def test_the_hooks_run_the_locked_tools_of_the_environment() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    (repository,) = config["repos"]
    assert repository["repo"] == "local"  # nothing is downloaded
    locked = (ROOT / "requirements.lock").read_text()
    for hook in repository["hooks"]:
        tool = hook["entry"].split()[0].removeprefix(".venv/bin/")
        assert hook["language"] == "system"
        assert re.search(rf"^{tool}==", locked, re.MULTILINE)
    command = [sys.executable, "-m", "pre_commit", "validate-config", ROOT / ".pre-commit-config.yaml"]
    assert subprocess.run(command, check=False).returncode == 0


def test_every_address_of_the_project_is_the_same() -> None:
    (urls,) = re.findall(r"^\[project\.urls\]\n(.*?)\n\n", PROJECT, re.MULTILINE | re.DOTALL)
    texts = [urls, *((ROOT / name).read_text() for name in ("mkdocs.yml", "SECURITY.md"))]
    texts += [path.read_text() for path in (ROOT / ".github/ISSUE_TEMPLATE").iterdir()]
    found = {match for text in texts for match in re.findall(r"https://github\.com/[\w.-]+/[\w.-]+", text)}
    assert found == {REPOSITORY}


def test_the_pack_installs_the_version_that_it_is_part_of() -> None:
    project = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())
    required = [line for line in (PACK / "requirements.txt").read_text().splitlines() if line[0] != "#"]
    assert project["version"] == VERSION
    assert required == [f"atlan-pulumi[policy]=={VERSION}"]
    # A virtual environment here would be demanded of everybody who names the folder with --policy-pack.
    assert project["runtime"] == {"name": "python", "options": {"toolchain": "pip"}}


def test_the_site_loads_nothing_from_elsewhere() -> None:
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text())
    assert config["theme"]["font"] is False
    assert config["plugins"] == ["search"]
    assert config["strict"] is True
    assert "extra_javascript" not in config
    assert "mermaid" not in str(config["markdown_extensions"])  # would be loaded from a CDN
