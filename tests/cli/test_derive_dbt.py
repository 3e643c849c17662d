"""`atlan-pulumi derive` with the target folder of a dbt project."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml
from support.command import ATLAN_PULUMI
from support.dbt import ARTIFACTS, write_target

from atlan_pulumi import lineage_from_dbt
from atlan_pulumi.lineage_data import read_lineage

CONNECTION = "default/postgres/1700000000"
SCHEMA = ("--default-schema", "marts")


def derive(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ATLAN_PULUMI, "derive", *map(str, arguments), "--connection", CONNECTION, "--offline"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "100"},
    )


def test_the_file_has_the_lineage_of_the_project(tmp_path: Path) -> None:
    done = derive(tmp_path, ARTIFACTS)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "wrote lineage.yaml: 11 processes with 78 columns"
    from_program = {
        process_id: {name: value for name, value in process.items() if name != "sql"}
        for process_id, process in lineage_from_dbt(ARTIFACTS).items()
    }
    assert read_lineage(tmp_path / "lineage.yaml") == from_program


@pytest.mark.soak
def test_a_changed_model_is_not_current(tmp_path: Path) -> None:
    target = write_target(tmp_path)
    assert derive(tmp_path, target).returncode == 0
    assert derive(tmp_path, target, "--check").returncode == 0
    manifest = json.loads((target / "manifest.json").read_text())
    model = manifest["nodes"]["model.shop.stg_customers"]
    model["compiled_code"] = model["compiled_code"].replace("name as", "id || name as")
    (target / "manifest.json").write_text(json.dumps(manifest))
    done = derive(tmp_path, target, "--check")
    assert done.returncode == 2
    assert "+      - id" in done.stdout


def test_selected_nodes(tmp_path: Path) -> None:
    done = derive(tmp_path, ARTIFACTS, "--select", "tag:nightly", "-s", "stg_orders", "--exclude", "+orders")
    assert done.returncode == 0
    processes = yaml.safe_load((tmp_path / "lineage.yaml").read_text())["processes"]
    assert list(processes) == ["model.shop.customers", "model.shop.locations"]


def test_problems_have_their_place_in_the_compiled_sql(tmp_path: Path) -> None:
    def change(manifest: dict[str, dict[str, dict[str, str]]]) -> None:
        manifest["nodes"]["model.shop.stg_customers"]["compiled_code"] = "select\n  nothing from a b c"

    target = write_target(tmp_path, change)
    compiled = target / "compiled" / "shop" / "models" / "staging" / "stg_customers.sql"
    compiled.parent.mkdir(parents=True)
    compiled.touch()
    done = derive(tmp_path, "target")
    assert done.returncode == 0
    assert done.stderr.startswith("target/compiled/shop/models/staging/stg_customers.sql:2:")
    assert ": warning: " in done.stderr


def test_mistakes_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("select 1")
    mistakes = {
        (ARTIFACTS, "a.sql"): f"{ARTIFACTS} is the target of a dbt project: pass no other path",
        (ARTIFACTS, *SCHEMA): f"{ARTIFACTS} is a dbt project, which has its own dialect and schemas",
        ("a.sql", "--select", "orders"): "--select and --exclude need the target folder of a dbt project",
        (
            ARTIFACTS,
            "--select",
            "resource_type:seed",
        ): f"no lineage in the dbt project {ARTIFACTS}: no selected",
    }
    for arguments, reason in mistakes.items():
        done = derive(tmp_path, *arguments)
        assert done.returncode == 1
        assert done.stderr.startswith(f"atlan-pulumi: {reason}")
        assert done.stderr.count("\n") == 1
    assert not (tmp_path / "lineage.yaml").exists()
