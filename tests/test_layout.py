"""The layers of the package: imports go down, private files stay private, and there are no cycles.

`docs/architecture.md` draws the layers. Add a row to `ALLOWED` for a new package.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

import atlan_pulumi

ROOT = Path(atlan_pulumi.__file__).parent
TEMPLATES = ROOT / "scaffold" / "templates"
LONGEST = 500
#: Modules that any other may import. They import only each other.
GROUND = {
    "errors",
    "text",
    "files",
    "settings",
    "naming",
    "not_text",
    "key_rotation",
    "stack_origin",
    "ownership_mark",
    "startup",
}
#: What each package may import, in addition to the ground, from the bottom to the top.
ALLOWED: dict[str, set[str]] = {
    "leaks": set(),
    "client": set(),
    "engine": set(),
    "local": set(),
    "lifecycle": {"client"},
    "openlineage": {"client"},
    "lineage_data": set(),
    "sql": set(),
    "derivation": {"sql", "client"},
    "dbt": {"derivation", "sql", "client"},
    "preflight": {"lifecycle", "client"},
    "declared": {"lifecycle", "openlineage", "engine"},
    "drift": {"engine", "lifecycle", "client", "declared"},
    "dynamic": {"preflight", "lifecycle", "client"},
    "policies": {"declared", "derivation", "lifecycle", "client", "leaks"},
    "review": {"declared", "engine", "lifecycle", "client", "leaks"},
    "resources": {
        "dynamic",
        "dbt",
        "derivation",
        "sql",
        "lineage_data",
        "lifecycle",
        "openlineage",
        "client",
    },
    "importer": {"resources", "dynamic", "lifecycle", "openlineage", "engine", "client"},
    "atlan_pulumi": {"resources", "client", "engine", "local"},
    "scaffold": set(),
    "cli": {
        "client",
        "dbt",
        "derivation",
        "drift",
        "engine",
        "importer",
        "local",
        "openlineage",
        "policies",
        "review",
        "scaffold",
    },
}


class Import(NamedTuple):
    """An import of this package in one of its files."""

    by: str
    of: str
    line: int


#: Parts of the checkout that are not in the wheel, and may import what the package exports.
TOOLS = ROOT.parent / "tools"
LANGUAGE_HOST = TOOLS / "engine" / "language_host"


def module_of(path: Path) -> str:
    parts = ["atlan_pulumi", *path.relative_to(ROOT).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    """Return the files of the package by module, without the templates of programs."""
    paths = [path for path in sorted(ROOT.rglob("*.py")) if TEMPLATES not in path.parents]
    return {module_of(path): path for path in paths}


@cache
def imports() -> list[Import]:
    return [each for name, path in modules().items() for each in imports_of(name, path)]


def imports_of(name: str, path: Path) -> Iterator[Import]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module in modules():
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield Import(name, full if full in modules() else str(node.module), node.lineno)
        elif isinstance(node, ast.Import):
            yield from (Import(name, each.name, node.lineno) for each in node.names if each.name in modules())


def package_of(module: str) -> str:
    """Return the package below `atlan_pulumi`, or the module."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def may_import(module: str) -> set[str]:
    package = package_of(module)
    return GROUND if package in GROUND else {package, *GROUND, *ALLOWED[package]}


def test_every_package_has_a_row() -> None:
    found = {package_of(name) for name in modules()}
    assert found == {*ALLOWED, *GROUND}


def test_imports_go_down_only() -> None:
    wrong = [
        f"{each.by}:{each.line}: {each.of}"
        for each in imports()
        if package_of(each.of) not in may_import(each.by)
    ]
    assert wrong == []


def test_the_table_goes_down_only() -> None:
    order = list(ALLOWED)
    for name, below in ALLOWED.items():
        assert all(order.index(each) < order.index(name) for each in below if each != name), name


def test_private_files_are_imported_by_their_own_package_only() -> None:
    found = [
        f"{each.by}:{each.line}: {each.of}"
        for each in imports()
        if any(part.startswith("_") for part in each.of.split("."))
        and package_of(each.by) != package_of(each.of)
    ]
    assert found == []


def test_packages_export_no_private_names() -> None:
    packages = [name for name, path in modules().items() if path.stem == "__init__"]
    exported = [f"{name}.{each}" for name in packages for each in getattr(import_module(name), "__all__", ())]
    assert [each for each in exported if each.rpartition(".")[2].startswith("_")] == []


def test_there_are_no_import_cycles() -> None:
    graph: dict[str, set[str]] = {name: set() for name in modules()}
    for each in imports():
        if each.by != each.of and not each.by.startswith(f"{each.of}."):
            graph[each.by].add(each.of)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("name", sorted(modules()))
def test_no_file_is_too_long(name: str) -> None:
    assert modules()[name].read_text("utf-8").count("\n") <= LONGEST


def named_by(path: Path) -> list[str]:
    """Return what a file imports, with the names that it takes; relative imports begin with a dot."""
    nodes = [*ast.walk(ast.parse(path.read_text("utf-8")))]
    taken = [each for each in nodes if isinstance(each, ast.ImportFrom)]
    whole = [alias.name for each in nodes if isinstance(each, ast.Import) for alias in each.names]
    return whole + [
        f"{'.' if each.level else each.module}.{alias.name}" for each in taken for alias in each.names
    ]


@pytest.mark.parametrize(
    "path", sorted(TOOLS.rglob("*.py")), ids=lambda path: path.relative_to(TOOLS).as_posix()
)
def test_a_tool_uses_what_the_package_exports_and_is_short(path: Path) -> None:
    ours = [name for name in named_by(path) if name.split(".")[0] == "atlan_pulumi"]
    assert [name for name in ours if "._" in name] == []
    assert path.read_text("utf-8").count("\n") <= LONGEST


def test_the_package_imports_no_tool() -> None:
    found = {name for path in modules().values() for name in named_by(path) if name.split(".")[0] == "tools"}
    assert found == set()


def test_the_language_host_stands_alone() -> None:
    """Any Python with Pulumi's SDK runs it, from an archive, without this package."""
    names = [name for path in sorted(LANGUAGE_HOST.glob("*.py")) for name in named_by(path)]
    others = {name.split(".")[0] for name in names} - sys.stdlib_module_names - {""}
    assert others == {"pulumi", "grpc", "google"}


def test_the_architecture_page_names_files_that_exist_with_their_folders() -> None:
    page = (ROOT.parent / "docs" / "architecture.md").read_text("utf-8")
    named = set(re.findall(r"`([\w/]+\.py)`", page)) - {"tests/test_layout.py"}
    names = {path.relative_to(ROOT).as_posix() for path in modules().values()}
    names |= {"docs/build.py", "docs/rules.py", "docs/guarantees.py", "docs/messages.py"}
    missing = sorted(named - names)
    assert len(named) > 30
    assert missing == []
