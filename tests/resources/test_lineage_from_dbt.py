"""`lineage_from_dbt` returns the processes of a `LineageMap`, and warns about what is missing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pulumi
import pytest
from support.dbt import ARTIFACTS, write_target

from atlan_pulumi import lineage_from_dbt
from atlan_pulumi.errors import LineageDataError


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", found.append)
    return found


def test_the_processes_of_a_project(warnings: list[str]) -> None:
    found = lineage_from_dbt(ARTIFACTS)
    assert list(found) == sorted(found)
    assert found["model.shop.stg_customers"]["columns"] == {"customer_id": ["id"], "customer_name": ["name"]}
    assert not warnings


def test_selected_nodes_only() -> None:
    found = lineage_from_dbt(str(ARTIFACTS), select="tag:nightly", exclude=["orders", "customers"])
    assert list(found) == ["model.shop.locations", "model.shop.order_items"]


def test_without_a_catalog_only_tables_have_lineage(tmp_path: Path, warnings: list[str]) -> None:
    found = lineage_from_dbt(write_target(tmp_path, catalog=None))
    assert len(found) == 11
    assert not any(process.get("columns") for process in found.values())
    reason = "has no catalog.json, so that columns have no lineage: run `dbt docs generate`, or pass derive="
    assert [reason in line for line in warnings] == [True]


def test_undecided_columns_are_one_warning(tmp_path: Path, warnings: list[str]) -> None:
    def change(manifest: dict[str, Any]) -> None:
        for node in manifest["nodes"].values():
            node["compiled_code"] = None

    assert len(lineage_from_dbt(write_target(tmp_path, change))) == 11
    assert len(warnings) == 1
    assert warnings[0].startswith(
        "columns of the dbt project have no lineage: model.shop.customers: no compiled SQL"
    )
    assert warnings[0].endswith("(and 8 more problems)")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (
            {"select": "custmers"},
            "select 'custmers' matches nothing in the dbt project; did you mean 'customers'?",
        ),
        ({"select": "resource_type:seed"}, "no lineage in the dbt project "),
    ],
)
def test_a_mistake_is_one_line_without_a_traceback(arguments: dict[str, Any], reason: str) -> None:
    with pytest.raises(LineageDataError) as error:
        lineage_from_dbt(ARTIFACTS, **arguments)
    assert str(error.value).startswith(reason)
    assert isinstance(error.value, pulumi.RunError)


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dbt_artifacts_parser.parsers.manifest", None)
    with pytest.raises(LineageDataError, match=r"pip install 'atlan-pulumi\[dbt\]'"):
        lineage_from_dbt(ARTIFACTS)
