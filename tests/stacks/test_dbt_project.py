"""`stacks/dbt_project` with the real engine: what dbt wrote is deployed, and follows a changed model."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyatlan.model.assets import Asset, ColumnProcess, Process
from pyatlan.model.fluent_search import CompoundQuery, FluentSearch
from support.atlan import Witness
from support.dbt import ARTIFACTS, FOLDER, dbt_environment
from support.fixtures import engine, witness
from support.quickstart import BY_HAND
from support.stack import Stack

from atlan_pulumi import lineage_from_dbt
from atlan_pulumi.local import LocalAtlan

__all__ = ["engine", "witness"]

STACKS = FOLDER.parent
CUSTOMERS = "default/postgres/1700000000/model.shop.customers"


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=ARTIFACTS / "catalog.yaml", users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture
def stack(tmp_path: Path, engine: dict[str, str], server: LocalAtlan) -> Stack:
    tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
    stack = Stack(tmp_path / "stack", engine, environ=tenant)
    stack.copy(FOLDER, "__main__.py")
    shutil.copytree(ARTIFACTS, stack.folder / "artifacts")
    return stack


def change_model(stack: Stack, unique_id: str, old: str, new: str) -> None:
    path = stack.folder / "artifacts" / "manifest.json"
    manifest = json.loads(path.read_text())
    sql = manifest["nodes"][unique_id]["compiled_code"]
    assert old in sql
    manifest["nodes"][unique_id]["compiled_code"] = sql.replace(old, new)
    path.write_text(json.dumps(manifest))


def count(witness: Witness, kind: type[Asset]) -> int:
    return (
        FluentSearch()
        .where(CompoundQuery.asset_type(kind))
        .where(CompoundQuery.active_assets())
        .count(witness.client)
    )


def declared() -> dict[str, Any]:
    return lineage_from_dbt(ARTIFACTS)


@pytest.mark.engine
def test_the_project_is_deployed_and_follows_a_changed_model(stack: Stack, witness: Witness) -> None:
    columns = sum(len(process["columns"]) for process in declared().values())
    stack.preview()
    assert not stack.up().warnings
    assert (count(witness, Process), count(witness, ColumnProcess)) == (len(declared()), columns)
    stack.settled()

    change_model(stack, "model.shop.customers", "sum(tax_paid)", "sum(order_total - subtotal)")
    step = stack.preview().step("shop")
    old, new = (side["processes"] for side in (step.old, step.new))
    assert {name for name in new if old[name] != new[name]} == {"model.shop.customers"}
    former, columns_now = (side["model.shop.customers"]["columns"] for side in (old, new))
    assert {name for name in columns_now if former[name] != columns_now[name]} == {"lifetime_tax_paid"}
    stack.up()
    assert witness.names(ColumnProcess, f"{CUSTOMERS}/column/lifetime_tax_paid", "inputs") == {
        f"default/postgres/1700000000/analytics/marts/orders/{name}" for name in ("order_total", "subtotal")
    }
    stack.settled()

    stack.destroy()
    assert (count(witness, Process), count(witness, ColumnProcess)) == (0, 0)


def test_the_same_models_have_the_same_columns_as_in_the_quickstart() -> None:
    """The tests have the lineage of the same shop by hand."""
    by_hand = {
        f"model.shop.{model}": {column.lower(): _last(sources) for column, sources in step["columns"].items()}
        for model, step in BY_HAND.items()
        if step["output"].startswith(("staging.", "marts."))
    }
    from_dbt = {
        process_id: {column: _last(sources) for column, sources in process["columns"].items()}
        for process_id, process in declared().items()
        if process_id.startswith("model.")
    }
    assert from_dbt.keys() == by_hand.keys()
    assert from_dbt == by_hand


def _last(names: list[str]) -> set[str]:
    return {re.split(r"[./]", name)[-1].lower() for name in names}


@pytest.mark.soak
def test_dbt_writes_the_recorded_artifacts(tmp_path: Path) -> None:
    record = ["python", str(FOLDER / "record.py"), str(tmp_path / "artifacts")]
    subprocess.run(record, env=dbt_environment(tmp_path / "venv"), check=True)
    for path in ARTIFACTS.iterdir():
        assert (tmp_path / "artifacts" / path.name).read_text() == path.read_text(), path.name
