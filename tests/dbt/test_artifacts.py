"""The artifacts of a dbt project are read; what is missing or invalid is one line."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.dbt import ARTIFACTS, write_target

from atlan_pulumi.dbt import is_dbt_target, read_project
from atlan_pulumi.errors import LineageDataError


def test_the_recorded_project() -> None:
    project = read_project(ARTIFACTS)
    assert (project.name, project.adapter, project.has_catalog) == ("shop", "duckdb", True)
    kinds = Counter(node.resource_type for node in project.nodes.values())
    assert kinds == {"exposure": 1, "model": 11, "seed": 6, "snapshot": 1, "source": 1}
    assert list(project.nodes) == sorted(project.nodes)


def test_a_model() -> None:
    node = read_project(ARTIFACTS).nodes["model.shop.orders"]
    assert (node.name, node.file, node.tags) == ("orders", "models/marts/orders.sql", ("nightly",))
    assert (node.materialized, node.language, node.has_table) == ("table", "sql", True)
    assert node.description == "Every order, with what was in it and what it cost to make."
    assert set(node.parents) == {"model.shop.order_items", "model.shop.stg_orders"}
    assert node.entry is not None
    assert node.entry.path == ("analytics", "marts", "orders")
    assert node.entry.columns[:3] == ("order_id", "location_id", "customer_id")
    assert node.sql is not None
    assert "ref(" not in node.sql


def test_a_source_is_named_by_its_source_and_its_table() -> None:
    node = read_project(ARTIFACTS).nodes["source.shop.erp.stores"]
    assert (node.name, node.path) == ("erp.stores", ("analytics", "erp", "stores"))


def test_an_ephemeral_model_has_no_table() -> None:
    assert not read_project(ARTIFACTS).nodes["model.shop.product_costs"].has_table


def test_the_manifest_itself_names_the_folder() -> None:
    assert read_project(ARTIFACTS / "manifest.json") == read_project(ARTIFACTS)
    assert is_dbt_target(ARTIFACTS)
    assert is_dbt_target(ARTIFACTS / "manifest.json")
    assert not is_dbt_target(ARTIFACTS.parent)
    assert not is_dbt_target(ARTIFACTS / "catalog.json")


def test_without_a_catalog_no_table_has_an_entry(tmp_path: Path) -> None:
    project = read_project(write_target(tmp_path, catalog=None))
    assert not project.has_catalog
    assert {node.entry for node in project.nodes.values()} == {None}


def test_a_newer_manifest_is_read_as_the_newest_that_is_known(tmp_path: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        version = "https://schemas.getdbt.com/dbt/manifest/v99.json"
        manifest["metadata"]["dbt_schema_version"] = version
        manifest["of_the_future"] = {}

    assert read_project(write_target(tmp_path, change)) == read_project(ARTIFACTS)


def test_a_field_that_dbt_has_added_to_a_version_is_ignored(tmp_path: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        for place in (manifest, manifest["metadata"], manifest["nodes"]["model.shop.orders"]):
            place["of_the_future"] = {"a": 1}

    assert read_project(write_target(tmp_path, change)) == read_project(ARTIFACTS)


OLD = {
    "resource_type": "model",
    "unique_id": "model.shop.orders",
    "database": "analytics",
    "schema": "marts",
    "name": "orders",
    "alias": "orders",
    "package_name": "shop",
    "path": "orders.sql",
    "original_file_path": "models\\orders.sql",
    "fqn": ["shop", "orders"],
    "checksum": {"name": "sha256", "checksum": ""},
    "config": {"materialized": "view"},
    "depends_on": {"nodes": ["source.shop.erp.orders"]},
}


COMPILED = {"compiled_code": "select 1"}


@pytest.mark.parametrize(
    ("version", "fields"),
    [
        ("v4", {"raw_sql": "", "root_path": ".", "compiled": True, "compiled_sql": "select 1"}),
        (
            "v7",
            {
                "raw_code": "",
                "language": "sql",
                "root_path": ".",
                "compiled": True,
                "compiled_code": "select 1",
            },
        ),
        ("v11", {"raw_code": "", **COMPILED}),
    ],
)
def test_older_manifests_are_read(tmp_path: Path, version: str, fields: dict[str, Any]) -> None:
    metadata = {
        "dbt_schema_version": f"https://schemas.getdbt.com/dbt/manifest/{version}.json",
        "adapter_type": "snowflake",
    }

    def change(manifest: dict[str, Any]) -> None:
        empty = {name: {} for name in manifest}
        manifest |= empty | {"metadata": metadata, "nodes": {OLD["unique_id"]: {**OLD, **fields}}}

    node = read_project(write_target(tmp_path, change, None)).nodes["model.shop.orders"]
    assert (node.sql, node.materialized, node.file) == ("select 1", "view", "models/orders.sql")
    assert (node.relation, node.has_table) == ("", True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "line 1: invalid JSON: "),
        ("[]", "it is not a dbt manifest"),
        ("{}", "it is not a dbt manifest"),
        (
            '{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json"}}',
            "it is not a dbt manifest",
        ),
        ("9" * 5000, "invalid JSON"),
        ("[" * 200_000, "invalid JSON"),
        ("\xff", "not UTF-8"),
    ],
)
def test_an_invalid_manifest_is_one_line(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(LineageDataError) as error:
        read_project(tmp_path)
    assert str(error.value).startswith(f"cannot read the dbt project {tmp_path / 'manifest.json'}: {reason}")
    assert "\n" not in str(error.value)


def test_a_node_in_another_form_is_named(tmp_path: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["nodes"]["model.shop.orders"]["fqn"] = 1

    target = write_target(tmp_path, change)
    with pytest.raises(LineageDataError, match=r"nodes\.model\.shop\.orders is not in the form of ") as error:
        read_project(target)
    assert "\n" not in str(error.value)


def test_a_missing_manifest_says_what_writes_it(tmp_path: Path) -> None:
    with pytest.raises(LineageDataError, match=r"`dbt docs generate` writes manifest\.json"):
        read_project(tmp_path)


def test_only_the_models_of_the_versions_are_imported() -> None:
    """The models of all versions take seconds."""
    program = f"""
import sys
from pathlib import Path
from atlan_pulumi.dbt._artifacts import read_project
read_project(Path({str(ARTIFACTS)!r}))
print(*(name.rpartition(".")[2] for name in sys.modules if "_v" in name and "dbt_artifacts" in name))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"manifest_v12", "catalog_v1"}
