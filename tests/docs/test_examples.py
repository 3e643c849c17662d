"""Every Python example of the documentation runs as printed, on the sample catalog of the local Atlan."""

from __future__ import annotations

import doctest
import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from docs.examples import PACKAGE, ROOT, Example, examples
from support.stack import Stack

from atlan_pulumi.engine import provide_engine
from atlan_pulumi.local import SAMPLE, LocalAtlan

#: Examples that run only as a part of another program, or with packages that are not installed here.
#: Print complete programs instead of more of these.
FRAGMENTS = 12
#: Examples that always run. The others run in the long run.
#: The first program of the README is also part of `project/test_walk.py`, which always runs.
ALWAYS = ("README.md#1",)


def _each(kind: str, always: tuple[str, ...] = ("",)) -> list[object]:
    return [
        pytest.param(each, id=each.where, marks=[] if each.where.startswith(always) else pytest.mark.soak)
        for each in examples(kind)
    ]


def test_there_are_no_more_fragments() -> None:
    assert len(examples("fragment")) == FRAGMENTS


def test_every_kind_of_example_is_found() -> None:
    counted = {kind: len(examples(kind)) for kind in ("program", "doctest", "tests", "policy pack", "script")}
    assert counted["program"] >= 40
    assert min(counted.values()) >= 3


def _only(text: str) -> Example:
    return Example("page.md#0", text, text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("import atlan_pulumi as atlan\n\natlan.Connection()\n", "program"),
        ("# Part of the program\natlan.Connection()\n", "fragment"),
        ("atlan.Connection()\n", "script"),
    ],
)
def test_a_part_of_a_program_without_the_mark_is_run(text: str, kind: str) -> None:
    assert _only(text).kind == kind


@pytest.mark.parametrize("example", _each("doctest"))
def test_a_doctest_of_the_pages_passes_from_an_empty_namespace(example: Example) -> None:
    test = doctest.DocTestParser().get_doctest(example.text, {}, example.where, None, None)
    assert doctest.DocTestRunner().run(test).failed == 0


def _modules_with_doctests() -> list[str]:
    found = [path for path in sorted(PACKAGE.rglob("*.py")) if ">>> " in path.read_text("utf-8")]
    return [".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in found]


@pytest.mark.parametrize("name", _modules_with_doctests())
def test_the_doctests_of_a_module_pass(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name))
    assert results.attempted > 0
    assert results.failed == 0


class Project:
    """A Pulumi project and a local Atlan with the sample catalog, shared by the programs."""

    def __init__(self, folder: Path, server: LocalAtlan) -> None:
        self.server = server
        self.stack = Stack(
            folder,
            provide_engine().environment(),
            environ={"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key},
        )

    def write(self, example: Example) -> None:
        """Write the program as printed, and set the configuration that its page sets."""
        (self.stack.folder / "__main__.py").write_text(example.text)
        if "pulumi.Config" not in example.text:
            return
        for key, (secret, value) in example.configuration.items():
            given = {"baseUrl": self.server.base_url, "apiKey": self.server.api_key}.get(
                key.rpartition(":")[2], value or "unused"
            )
            self.stack.run("config", "set", *(["--secret"] if secret else []), key, given).check()

    def assets(self) -> int:
        """Return the number of entities in Atlan."""
        return httpx.get(f"{self.server.base_url}/_local/assets").json()["total"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with LocalAtlan(seed=SAMPLE) as server:
        yield Project(tmp_path_factory.mktemp("examples") / "project", server)


def _refused(example: Example) -> bool:
    return "# refused by the preview" in example.text


def _deploys_and_settles(example: Example, stack: Stack) -> None:
    done = stack.operate("up", "--yes")  # previews first
    if _refused(example):
        assert done.code != 0
        assert "has a problem: property" in done.output
        return
    assert done.code == 0, done.output
    declares = re.search(r"\batlan\.([A-Z]|lineage_of)", example.text)
    assert set(done.changes) == ({"create"} if declares else set())
    assert set(stack.preview("--refresh").changes) <= {"same", "refresh"}
    if "protect=True" in example.text:
        assert "pulumi state unprotect --all" in example.page


@pytest.mark.engine
@pytest.mark.parametrize("example", _each("program", ALWAYS))
def test_a_program_deploys_settles_and_is_destroyed(example: Example, project: Project) -> None:
    before, stack = project.assets(), project.stack
    project.write(example)
    try:
        _deploys_and_settles(example, stack)
    finally:  # the next program begins with an empty stack
        if "protect=True" in example.text:
            stack.run("state", "unprotect", "--all", "--yes").check()
        stack.destroy()
    assert project.assets() == before


@pytest.mark.engine
@pytest.mark.soak
@pytest.mark.parametrize("language", ["yaml", "csv"])
def test_the_lineage_of_a_file_deploys(language: str, project: Project) -> None:
    page = (ROOT / "docs" / "reference" / "lineage-data.md").read_text("utf-8")
    (data,) = re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    (project.stack.folder / f"lineage.{language}").write_text(data)
    before = project.assets()
    done = project.stack.up(
        f'atlan.LineageMap("shop", connection=WAREHOUSE, processes="lineage.{language}")\n'
    )
    assert done.changes == {"create": 1}
    assert project.assets() == before + 3  # a process, and two columns
    assert set(project.stack.preview().changes) == {"same"}
    project.stack.destroy()
    assert project.assets() == before


def _run(folder: Path, server: LocalAtlan, *arguments: str) -> str:
    environment = {**os.environ, "ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "example", [each for each in examples("tests") if not each.where.startswith("docs/testing.md")]
)
def test_an_example_of_the_fixture_passes(example: Example, tmp_path: Path) -> None:
    (tmp_path / "test_lineage.py").write_text(example.text)
    with LocalAtlan() as unused:
        assert "1 passed" in _run(tmp_path, unused, "-m", "pytest", "-q", "-p", "no:cacheprovider")


@pytest.mark.engine
@pytest.mark.soak
def test_the_scripts_run(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """They need what their pages describe: the program of import.md in a stack `prod`, and a preview."""
    stack, folder = project.stack, project.stack.folder
    (imported,) = [each for each in examples("program") if each.where == "docs/import.md#0"]
    project.write(imported)
    stack.run("stack", "init", "prod").check()
    assert stack.preview("--event-log", "preview.jsonl").code == 0
    assert stack.operate("up", "--yes", "--skip-preview").code == 0
    (folder / "path" / "to").mkdir(parents=True)
    (folder / "path" / "to" / "project").symlink_to(folder)
    for name, value in stack.environ.items():
        monkeypatch.setenv(name, value)

    printed = {each.where: _run(folder, project.server, "-c", each.text) for each in examples("script")}

    assert "load-orders" in (folder / "lineage.py").read_text()
    assert json.loads((folder / "import.json").read_text())["resources"]
    assert "# Lineage review" in printed["docs/review.md#0"]
    assert printed["docs/reference/local-atlan.md#0"].startswith("http://127.0.0.1:")
    stack.destroy()
    stack.run("stack", "select", "test").check()
