"""The stacks, and the first programs of the documentation, satisfy the policies at their defaults."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from docs.examples import ROOT, examples
from policies.harness import violations
from policies.programs import resources_of
from support.dbt import ARTIFACTS

from atlan_pulumi.local import SAMPLE, LocalAtlan
from atlan_pulumi.policies import RULES

STACKS = ROOT / "stacks"


def _wide() -> dict[str, Any]:
    """Return the seed of `stacks/wide`, which its program generates."""
    spec = importlib.util.spec_from_file_location("catalog", STACKS / "wide" / "catalog.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    seed: dict[str, Any] = module.seed(20)
    return seed


#: By stack, its project file, its seed, and configuration other than the defaults.
PROJECTS: dict[str, tuple[Path, Any, dict[str, str]]] = {
    "quickstart": (ROOT / "Pulumi.yaml", STACKS / "quickstart" / "catalog.yaml", {}),
    "infra_repo_example": (
        STACKS / "infra_repo_example" / "Pulumi.yaml",
        STACKS / "infra_repo_example" / "catalog.yaml",
        {},
    ),
    "spark_openlineage": (
        STACKS / "spark_openlineage" / "Pulumi.yaml",
        STACKS / "spark_openlineage" / "catalog.yaml",
        {},
    ),
    "warehouse": (
        STACKS / "warehouse" / "Pulumi.yaml",
        {
            "connections": [
                {
                    "name": "shop-warehouse",
                    "connector": "postgres",
                    "qualified_name": "default/postgres/1700000000",
                }
            ]
        },
        {"postgresUrl": "postgresql://shop@127.0.0.1/shop"},
    ),
    "first_deploy": (
        STACKS / "first_deploy" / "Pulumi.yaml",
        {
            "connections": [
                {
                    "name": "shop-warehouse",
                    "connector": "sqlite",
                    "qualified_name": "default/sqlite/1700000000",
                }
            ]
        },
        {},
    ),
    "dbt_project": (
        STACKS / "dbt_project" / "Pulumi.yaml",
        ARTIFACTS / "catalog.yaml",
        {"target": str(ARTIFACTS)},
    ),
    "wide": (STACKS / "wide" / "Pulumi.yaml", _wide(), {"tables": "20"}),
}
#: Modules that more than one stack has, or that another test may import.
_OWN_MODULES = ("catalog", "pipeline", "sqlite")


class _NoMonitor:
    """A class without instances."""


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Import the modules next to a program from its folder only, and forget them and the configuration."""
    before = {name: sys.modules.pop(name, None) for name in _OWN_MODULES}
    yield monkeypatch
    for name, module in before.items():
        sys.modules.pop(name, None)
        if module is not None:
            sys.modules[name] = module
    pulumi.runtime.set_all_config({})


def _violations(program: str, file: Path, server: LocalAtlan, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("ATLAN_BASE_URL", server.base_url)
    monkeypatch.setenv("ATLAN_API_KEY", server.api_key)
    monkeypatch.setenv("ATLAN_REQUESTS_PER_MINUTE", "0")
    monkeypatch.syspath_prepend(file.parent)
    # With Pulumi's mocks, nothing is looked up. Here, SQL is read with the tables in Atlan, as in a preview.
    monkeypatch.setattr("atlan_pulumi.resources._sql_tables.MockMonitor", _NoMonitor)
    resources = resources_of(program, file)
    assert resources
    return [f"{rule.name}: {each}" for rule in RULES for each in violations(rule, *resources)]


def test_every_stack_is_checked() -> None:
    assert {each.parent.name for each in STACKS.glob("*/__main__.py")} == set(PROJECTS)


@pytest.mark.parametrize("stack", PROJECTS)
def test_a_stack_satisfies_the_policies(stack: str, path: pytest.MonkeyPatch) -> None:
    project, seed, more = PROJECTS[stack]
    settings = yaml.safe_load(project.read_text("utf-8"))["config"]
    given = {key: str(setting["default"]) for key, setting in settings.items()} | more
    pulumi.runtime.set_all_config({f"project:{key}": value for key, value in given.items()})
    file = STACKS / stack / "__main__.py"
    with LocalAtlan(seed=seed) as server:
        assert _violations(file.read_text("utf-8"), file, server, path) == []


@pytest.mark.parametrize("where", ["README.md#0"])
def test_the_first_program_satisfies_the_policies(
    where: str, path: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (first,) = [each for each in examples("program") if each.where == where]
    for page in ("docs/quickstart.md", "docs/index.md"):
        assert first.text in (ROOT / page).read_text("utf-8")
    with LocalAtlan(seed=SAMPLE) as server:
        assert _violations(first.text, tmp_path / "__main__.py", server, path) == []


def test_the_check_finds_violations(path: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (first,) = [each for each in examples("program") if each.where == "README.md#0"]
    poor = first.text.replace('    owner_groups=["data-platform"],\n', "").partition("atlan.ColumnLineage")[0]
    with LocalAtlan(seed=SAMPLE) as server:
        found = {each.partition(":")[0] for each in _violations(poor, tmp_path / "__main__.py", server, path)}
    assert found == {"owner-and-description", "column-coverage"}
