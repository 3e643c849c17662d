"""The pipeline of the quickstart, derived from its SQL, is what its files declare by hand."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.derivation import CatalogTable, Script, derive_in_catalog, dialect_of_connector
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.naming import connection_of, connector_of

FOLDER = Path(__file__).parents[2] / "stacks" / "quickstart"
SOURCE, WAREHOUSE = "default/postgres/1657024000", "default/snowflake/1657025257"


@pytest.fixture(scope="module")
def client() -> Iterator[AtlanClient]:
    with (
        LocalAtlan(seed=yaml.safe_load((FOLDER / "catalog.yaml").read_text("utf-8"))) as server,
        AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0)) as client,
    ):
        yield client


def steps() -> list[Any]:
    """Return the steps that the stack declares."""
    spec = importlib.util.spec_from_file_location("quickstart_pipeline", FOLDER / "pipeline.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look their annotations up
    spec.loader.exec_module(module)
    return list(module.read_steps(module.schemas(source=SOURCE, warehouse=WAREHOUSE)))


def script(step: Any) -> Script:
    """Return the SQL of a step, which runs where its inputs are."""
    connection = connection_of(step.inputs[0].qualified_name)
    output = CatalogTable(step.output.type_name, step.output.qualified_name)
    source = {"default_database": "jaffle_shop", "default_schema": "public"} if connection == SOURCE else {}
    dialect = dialect_of_connector(connector_of(connection))
    return Script(step.sql, connection, dialect, target=output, tables=(output,), **source)


def test_the_derived_lineage_is_the_declared_one(client: AtlanClient) -> None:
    every = steps()
    assert len(every) == 19
    for step, found in zip(every, derive_in_catalog(client, [script(step) for step in every]), strict=True):
        assert (found.refusals, found.problems) == ((), ()), step.key
        assert {each.qualified_name for each in found.inputs} == {
            each.qualified_name for each in step.inputs
        }, step.key
        assert [each.qualified_name for each in found.outputs] == [step.output.qualified_name], step.key
        declared = {step.output.column(name): sorted(sources) for name, sources in step.columns.items()}
        assert found.columns == declared, step.key
