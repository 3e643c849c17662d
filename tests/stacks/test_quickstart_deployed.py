"""The quickstart with the real engine: the lineage from its SQL is exactly the one by hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pyatlan.model.assets import ColumnProcess, Process
from support.atlan import Witness
from support.fixtures import engine, witness
from support.quickstart import FOLDER, ROOT, schemas, steps
from support.stack import Stack

from atlan_pulumi.local import LocalAtlan

__all__ = ["engine", "witness"]
pytestmark = pytest.mark.engine

PROJECT = yaml.safe_load((ROOT / "Pulumi.yaml").read_text("utf-8"))
DEFAULTS = {key: setting["default"] for key, setting in PROJECT["config"].items()}


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=FOLDER / "catalog.yaml", users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.mark.soak
def test_the_deployed_lineage_is_the_one_by_hand(
    tmp_path: Path, engine: dict[str, str], server: LocalAtlan, witness: Witness
) -> None:
    tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
    stack = Stack(tmp_path / "stack", engine, environ=tenant)
    for name in ("__main__.py", "pipeline.py"):
        shutil.copy(FOLDER / name, stack.folder)
    for name in ("lineage", "sql"):
        shutil.copytree(FOLDER / name, stack.folder / name)
    project = {key: value for key, value in PROJECT.items() if key != "main"} | {"runtime": "python"}
    (stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    stack.run("stack", "init", "dev").check()
    assert stack.preview().warnings == []

    stack.up()
    every = list(steps(schemas(source=DEFAULTS["source"], warehouse=DEFAULTS["warehouse"])))
    assert sum(len(step.columns) for step in every) == 121
    for step in every:
        process = f"{DEFAULTS['etl']}/jaffle_shop.{step.key}"
        assert witness.names(Process, process, "inputs") == {each.qualified_name for each in step.inputs}
        assert witness.names(Process, process, "outputs") == {step.output.qualified_name}
        name = witness.find(Process, process).name
        for column, sources in step.columns.items():
            below = f"{process}/column/{column}"
            assert witness.names(ColumnProcess, below, "inputs") == set(sources)
            assert witness.names(ColumnProcess, below, "outputs") == {step.output.column(column)}
            assert witness.find(ColumnProcess, below).name == f"{name}: {column}"
    outputs = stack.run("stack", "output", "--json").check().output
    assert yaml.safe_load(outputs) == {
        "connection": DEFAULTS["etl"],
        "processes": 19,
        "column_processes": 121,
    }
    stack.settled()
