"""The files of a new repository are valid, agree with the documented example, and replace nothing."""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from atlan_pulumi.policies import read_config
from atlan_pulumi.scaffold import (
    CI_SYSTEMS,
    SAMPLE_CONNECTION,
    Choices,
    CiSystem,
    ScaffoldError,
    SqlSource,
    contents,
    ensure_absent,
    file_names,
    project_name,
    repository_files,
    write_repository,
)

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "stacks" / "infra_repo_example"
TEMPLATES = ROOT / "atlan_pulumi" / "scaffold" / "templates"
TENANT, LOCAL = "https://acme.atlan.com", "http://127.0.0.1:8585"
OWN = "default/postgres/1657025258"
SQL = SqlSource(("../the sql", "$(more).sql"), ("--connection", OWN), "processes: {}\n")
#: Files of the example that are the templates of a new repository.
SHARED = [
    *(f"ci/{path.name}" for path in sorted((EXAMPLE / "ci").iterdir()) if path.is_file()),
    "deploy.py",
    "requirements.txt",
    ".gitignore",
    ".gitlab-ci.yml",
    ".github/workflows/lineage.yml",
]
SOURCES: dict[str, dict[str, Any]] = {
    "example": {},
    "sql": {"sql": SQL},
    "dbt": {"dbt": "../dbt/target"},
}
EVERY = [
    Choices("shop", url, connection, ci=ci, **SOURCES[source])
    for (url, connection), ci, source in product(
        ((TENANT, OWN), (LOCAL, SAMPLE_CONNECTION)), CI_SYSTEMS, SOURCES
    )
]


def name_of(choices: Choices) -> str:
    source = "sql" if choices.sql else "dbt" if choices.dbt else "example"
    return f"{choices.stack}-{choices.ci}-{source}"


every = pytest.mark.parametrize("choices", EVERY, ids=name_of)


@pytest.mark.parametrize("name", SHARED)
def test_a_template_is_the_file_of_the_documented_example(name: str) -> None:
    template = TEMPLATES / "repository" / name
    assert template.read_bytes() == (EXAMPLE / name).read_bytes(), f"copy {EXAMPLE / name} to {template}"


@every
def test_all_files_are_announced_and_described(choices: Choices) -> None:
    texts = repository_files(choices)
    announced = file_names(choices.ci, sql=choices.sql is not None)
    assert texts.keys() == {*announced, f"Pulumi.{choices.stack}.yaml"}
    assert texts.keys() - contents(texts["README.md"]).keys() == {".gitignore", "README.md"}
    assert all(text.endswith("\n") for text in texts.values())


@every
def test_the_settings_are_those_of_the_project(choices: Choices) -> None:
    texts = repository_files(choices)
    project = yaml.safe_load(texts["Pulumi.yaml"])
    config = yaml.safe_load(texts[f"Pulumi.{choices.stack}.yaml"])["config"]
    assert project["name"] == "shop"
    assert project["runtime"] == {"name": "python", "options": {"virtualenv": ".venv"}}
    assert config["atlan:baseUrl"] == choices.base_url
    assert {f"shop:{name}" for name in project["config"]} == {each for each in config if "atlan:" not in each}
    assert config["shop:warehouse"] == choices.connection


@every
def test_the_readme_has_the_sections_that_concern_the_repository(choices: Choices) -> None:
    page = repository_files(choices)["README.md"]
    found = re.findall(r"^## (.+)$", page, re.MULTILINE)
    expected = {"github": "CI on GitHub", "gitlab": "CI on GitLab", "none": "CI"}[choices.ci]
    assert found[-1] == expected
    assert sum(heading.startswith("CI") for heading in found) == 1
    assert ("The lineage of the SQL" in found) == bool(choices.sql)
    assert ("The lineage of dbt" in found) == bool(choices.dbt)
    assert ("Use your tenant" in found) == choices.is_local
    assert ("The first process" in found) == (not (choices.sql or choices.dbt or choices.sample))


RECIPES = {"github": ".github/workflows/lineage.yml", "gitlab": ".gitlab-ci.yml"}


@every
def test_ci_is_that_of_the_documented_example(choices: Choices) -> None:
    texts = repository_files(choices)
    wanted = RECIPES.get(choices.ci)
    assert {name for name in RECIPES.values() if name in texts} == {wanted} - {None}
    assert ("ci/comment.py" in texts) == bool(wanted)
    if wanted:
        compared = list(difflib.ndiff((EXAMPLE / wanted).read_text().split("\n"), texts[wanted].split("\n")))
        added = [line[2:] for line in compared if line.startswith("+ ")]
        assert not [line for line in compared if line.startswith("- ")]
        assert ["./ci/derive.sh --check" in line for line in added].count(True) == bool(choices.sql)
        assert bool(added) == bool(choices.sql)


@pytest.mark.parametrize("ci", RECIPES)
def test_the_lineage_is_compared_with_the_sql_before_the_preview(ci: CiSystem) -> None:
    recipe = yaml.safe_load(repository_files(Choices("shop", TENANT, OWN, ci=ci, sql=SQL))[RECIPES[ci]])
    review = (recipe.get("jobs") or recipe)["review"]
    steps = [step for step in review.get("steps", []) if "run" in step]
    commands = review.get("script") or [step["run"] for step in steps]
    assert commands[-2:] == ["./ci/derive.sh --check", "./ci/preview.sh"]
    secrets = [step["env"].keys() for step in steps if "derive.sh" in step["run"]]
    assert secrets == ([{"ATLAN_BASE_URL", "ATLAN_API_KEY"}] if steps else [])
    documented = (ROOT / "docs" / "ci.md").read_text()
    assert all(command.removeprefix("./").split()[0] in documented for command in commands)


def test_the_policy_file_is_the_documented_beginning(tmp_path: Path) -> None:
    text = repository_files(EVERY[0])["lineage-policies.json"]
    (tmp_path / "lineage-policies.json").write_text(text)
    levels = {rule.name: level for rule, level, _, _ in read_config(tmp_path / "lineage-policies.json")}
    page = (ROOT / "docs" / "ci.md").read_text()
    (first,) = re.findall(r"Make policies .* mandatory, one by one\. (.*) are good first ones", page)
    mandatory = set(re.findall(r"`([\w-]+)`", first))
    assert {name for name, level in levels.items() if level == "mandatory"} == mandatory
    assert json.loads(text)["all"] == "advisory"


def test_the_example_of_a_tenant_is_the_one_that_runs_on_the_sample_catalog() -> None:
    """Other tenants do not have its tables, so it is a comment: the first preview is clean."""
    mine = repository_files(Choices("shop", TENANT, OWN))["__main__.py"]
    runs = repository_files(Choices("shop", LOCAL, SAMPLE_CONNECTION))["__main__.py"]
    head, note, example = mine.partition("# An example. ")
    assert note
    lines = example.splitlines()[1:]
    assert all(line.startswith("# ") for line in lines)
    assert head + "".join(f"{line[2:]}\n" for line in lines) == runs


def test_the_requirement_is_the_installed_version() -> None:
    (text,) = {repository_files(each)["requirements.txt"] for each in EVERY}
    (version,) = re.findall(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert text == f"atlan-pulumi[all]=={version}\n"


def test_paths_with_blanks_and_signs_are_quoted_in_the_script(tmp_path: Path) -> None:
    texts = repository_files(Choices("shop", TENANT, OWN, sql=SQL))
    write_repository(tmp_path, texts)
    (tmp_path / "ci" / "environment.sh").write_text(
        'atlan-pulumi() { for each in "$@"; do echo "$each"; done; }\n'
    )
    script = tmp_path / "ci" / "derive.sh"
    environment = {name: value for name, value in os.environ.items() if name != "ATLAN_BASE_URL"}
    done = subprocess.run(
        ["bash", script, "--check"], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.splitlines() == [
        *("derive", *SQL.paths, "--connection", OWN, "--base-url", TENANT, "--check")
    ]


def test_scripts_are_executable_and_other_files_are_not(tmp_path: Path) -> None:
    texts = repository_files(EVERY[1])
    write_repository(tmp_path / "new" / "folder", texts)
    found = {
        path.relative_to(tmp_path / "new" / "folder").as_posix(): os.access(path, os.X_OK)
        for path in (tmp_path / "new" / "folder").rglob("*")
        if path.is_file()
    }
    assert found == {name: text.startswith("#!") for name, text in texts.items()}
    assert sum(found.values()) >= 4


PROGRAMS = {name_of(each): each for each in EVERY if each.ci == "github"}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Return a folder with a repository for each program."""
    for name, choices in PROGRAMS.items():
        write_repository(tmp_path / name, repository_files(choices))
    return tmp_path


def succeed(*command: object, cwd: Path) -> None:
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_programs_pass_ruff(written: Path) -> None:
    """With its defaults, and with the settings of this project."""
    programs = [*written.glob("*/__main__.py")]
    assert len(programs) == len(PROGRAMS)
    ruff = (sys.executable, "-m", "ruff")
    succeed(*ruff, "check", "--isolated", written, cwd=written)
    succeed(*ruff, "format", "--isolated", "--check", *programs, cwd=written)
    succeed(*ruff, "format", "--config", ROOT / "pyproject.toml", "--check", written, cwd=written)


@pytest.mark.soak  # half a minute
def test_the_programs_pass_strict_type_checks(written: Path) -> None:
    for program in written.glob("*/__main__.py"):  # several modules of a run cannot have the same name
        program.rename(written / f"{program.parent.name.replace('-', '_')}.py")
    one = written / next(iter(PROGRAMS))
    files = [*written.glob("*.py"), one / "ci" / "comment.py", one / "deploy.py"]
    assert len(files) == len(PROGRAMS) + 2
    cache = f"--cache-dir={written / 'cache'}"
    succeed(sys.executable, "-m", "mypy", "--strict", cache, *files, cwd=written)


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("my-lineage", "my-lineage"),
        ("My lineage (2)", "My-lineage-2"),
        ("日本", "lineage"),
        ("atlan", "atlan-lineage"),
    ],
)
def test_the_project_has_the_name_of_its_folder(folder: str, name: str, tmp_path: Path) -> None:
    assert project_name(None, tmp_path / folder) == name


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 101, "atlan", "pulumi"])
def test_a_name_that_no_project_can_have_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError, match=r"^--name "):
        project_name(name, tmp_path)


@pytest.mark.parametrize("name", ["2026", "1e3", "null", "true", "my-lineage"])
def test_a_name_that_looks_like_another_value_stays_a_name(name: str) -> None:
    texts = repository_files(Choices(name, TENANT, OWN))
    assert yaml.safe_load(texts["Pulumi.yaml"])["name"] == name
    assert f"{name}:warehouse" in yaml.safe_load(texts["Pulumi.prod.yaml"])["config"]
    assert texts["README.md"].startswith(f"# {name}\n")


NAMES = ("Pulumi.yaml", "README.md", "ci/setup.sh")


@pytest.mark.parametrize("name", [*NAMES, "Pulumi.staging.yaml", "Pulumi.yml"])
def test_an_existing_file_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    with pytest.raises(
        ScaffoldError, match=rf"^{re.escape(name)} exists in .*; nothing was written: .* it away$"
    ):
        ensure_absent(tmp_path, NAMES)


def test_all_existing_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "README.md").symlink_to("nowhere")
    (tmp_path / "ci").write_text("a file where a folder is needed")
    with pytest.raises(ScaffoldError, match=r"^README.md and ci exist in .* move them away$"):
        ensure_absent(tmp_path, NAMES)


def test_other_files_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "ci").mkdir()
    (tmp_path / ".venv").mkdir()
    ensure_absent(tmp_path, NAMES)
    ensure_absent(tmp_path / "new", NAMES)


def test_a_file_instead_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ScaffoldError, match=r"/file is a file: use the path of a folder$"):
        ensure_absent(tmp_path / "file", NAMES)


def test_what_was_written_before_a_failure_is_removed(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("a file where a folder is needed")
    with pytest.raises(ScaffoldError, match=r"^cannot write .*: .*; nothing was written$"):
        write_repository(tmp_path, {"a": "first\n", "b/c": "second\n"})
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
