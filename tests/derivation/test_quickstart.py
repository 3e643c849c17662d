"""The pipeline of the quickstart, derived from its SQL, is what was read from the SQL by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from support.quickstart import FOLDER, Step, schemas, steps

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.derivation import CatalogTable, Script, derive_in_catalog, dialect_of_connector
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.naming import connection_of, connector_of

SOURCE, WAREHOUSE = "default/postgres/1657024000", "default/snowflake/1657025257"


@pytest.fixture(scope="module")
def client() -> Iterator[AtlanClient]:
    with (
        LocalAtlan(seed=yaml.safe_load((FOLDER / "catalog.yaml").read_text("utf-8"))) as server,
        AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0)) as client,
    ):
        yield client


def script(step: Step) -> Script:
    """Return the SQL of a step, which runs where its inputs are."""
    connection = connection_of(step.inputs[0].qualified_name)
    output = CatalogTable(step.output.type_name, step.output.qualified_name)
    dialect = dialect_of_connector(connector_of(connection))
    return Script(step.sql, connection, dialect, target=output, passed=(output,))


def test_the_derived_lineage_is_the_one_by_hand(client: AtlanClient) -> None:
    every = list(steps(schemas(source=SOURCE, warehouse=WAREHOUSE)))
    assert len(every) == 19
    for step, found in zip(every, derive_in_catalog(client, [script(step) for step in every]), strict=True):
        assert (found.refusals, found.problems) == ((), ()), step.key
        assert {each.qualified_name for each in found.inputs} == {
            each.qualified_name for each in step.inputs
        }, step.key
        assert [each.qualified_name for each in found.outputs] == [step.output.qualified_name], step.key
        declared = {step.output.column(name): sorted(sources) for name, sources in step.columns.items()}
        assert found.columns == declared, step.key
