"""Each model and snapshot of a dbt project is a process; what is not decided is a problem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.dbt import ARTIFACTS, Change, unchanged, write_target

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.dbt import NodeLineage, ProjectLineage, read_project, select_nodes
from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.local import LocalAtlan

CONNECTION = "default/postgres/1700000000"
ORDERS, CUSTOMERS, ITEMS = "model.shop.orders", "model.shop.customers", "model.shop.order_items"


def derive(
    folder: Path, change: Change = unchanged, catalog: Change | None = unchanged
) -> dict[str, NodeLineage]:
    project = read_project(write_target(folder, change, catalog))
    found = ProjectLineage(project, connection=CONNECTION).derive(select_nodes(project))
    return {each.node.unique_id: each for each in found}


def in_model(unique_id: str, **fields: Any) -> Change:
    """Change fields of a node."""
    return lambda manifest: manifest["nodes"][unique_id].update(fields)


def client_of(atlan: LocalAtlan) -> AtlanClient:
    return AtlanClient(ClientSettings.resolve(atlan.base_url, atlan.api_key, 0))


def inputs(found: NodeLineage) -> list[str]:
    return [each.qualified_name.removeprefix(f"{CONNECTION}/") for each in found.lineage.inputs]


def problems(found: NodeLineage) -> list[str]:
    return [str(each) for each in found.lineage.problems]


def test_models_and_snapshots_are_processes(tmp_path: Path) -> None:
    found = derive(tmp_path)
    kinds = [each.node.resource_type for each in found.values()]
    assert (kinds.count("model"), kinds.count("snapshot"), len(kinds)) == (10, 1, 11)
    assert not [problem for each in found.values() for problem in problems(each)]


def test_the_process_of_a_model(tmp_path: Path) -> None:
    process = derive(tmp_path)["model.shop.stg_locations"].process(CONNECTION)
    assert process.pop("sql").startswith("select\n    id as location_id")
    assert process == {
        "name": "stg_locations",
        "description": "The stores, from the planning system.",
        "inputs": "analytics/erp/stores",
        "outputs": {"type_name": "View", "qualified_name": "analytics/staging/stg_locations"},
        "columns": {
            "location_id": "id",
            "location_name": "name",
            "opened_date": "opened_at",
            "tax_rate": "tax_rate",
        },
    }


def test_an_ephemeral_model_is_part_of_the_sql_of_others(tmp_path: Path) -> None:
    found = derive(tmp_path)
    assert "model.shop.product_costs" not in found
    assert "analytics/staging/stg_supplies" in inputs(found[ITEMS])
    cost = found[ITEMS].lineage.columns[f"{CONNECTION}/analytics/marts/order_items/supply_cost"]
    assert cost == [f"{CONNECTION}/analytics/staging/stg_supplies/supply_cost"]


def test_a_star_is_expanded_by_the_catalog(tmp_path: Path) -> None:
    columns = derive(tmp_path)["snapshot.shop.customer_history"].lineage.columns
    assert f"{CONNECTION}/analytics/marts/customer_history/customer_type" in columns


def test_a_node_that_the_sql_does_not_read_is_an_input(tmp_path: Path) -> None:
    nodes = {"nodes": [*read_project(ARTIFACTS).nodes[ORDERS].parents, "model.shop.locations"]}
    found = derive(tmp_path, in_model(ORDERS, depends_on=nodes))[ORDERS]
    assert inputs(found)[-1] == "analytics/marts/locations"
    assert len(inputs(found)) == 3
    assert not problems(found)


def test_a_table_that_the_project_does_not_name_is_an_input(tmp_path: Path) -> None:
    sql = "select a.id as order_id from analytics.legacy.orders as a"
    found = derive(tmp_path, in_model(ORDERS, compiled_code=sql, depends_on={"nodes": []}))[ORDERS]
    assert inputs(found) == ["analytics/legacy/orders"]


def test_a_model_that_reads_its_own_table_says_so(tmp_path: Path) -> None:
    sql = "select t.order_id, s.subtotal from analytics.marts.orders t, analytics.staging.stg_orders s"
    process = derive(tmp_path, in_model(ORDERS, compiled_code=sql))[ORDERS].process(CONNECTION)
    assert process["reads_own_output"] is True


def test_a_model_without_inputs_has_no_lineage(tmp_path: Path) -> None:
    changed = in_model(ORDERS, compiled_code="select 1 as order_id", depends_on={"nodes": []})
    assert ORDERS not in derive(tmp_path, changed)


def test_a_model_that_only_depends_on_nodes_has_lineage_of_tables(tmp_path: Path) -> None:
    found = derive(tmp_path, in_model(ORDERS, compiled_code="select 1 as order_id"))[ORDERS]
    assert set(inputs(found)) == {"analytics/staging/stg_orders", "analytics/marts/order_items"}
    assert (found.lineage.columns, problems(found)) == ({}, [])


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"compiled_code": None}, "no compiled SQL: run `dbt compile` or `dbt docs generate`"),
        ({"language": "python"}, "not written in SQL: its columns have no lineage"),
        ({"compiled_code": "select from where"}, "line 1, column "),
        ({"compiled_code": "select {{ x }} from y"}, "line 1, column "),
    ],
)
def test_sql_that_cannot_be_read_leaves_the_tables_of_the_project(
    tmp_path: Path, fields: dict[str, Any], problem: str
) -> None:
    found = derive(tmp_path, in_model(ORDERS, **fields))[ORDERS]
    assert set(inputs(found)) >= {"analytics/staging/stg_orders", "analytics/marts/order_items"}
    assert found.lineage.columns == {}
    assert problems(found)[0].startswith(problem)
    assert not found.lineage.refusals


def test_without_a_catalog_atlan_knows_the_columns(tmp_path: Path) -> None:
    project = read_project(write_target(tmp_path, catalog=None))
    with LocalAtlan(seed=ARTIFACTS / "catalog.yaml") as atlan, client_of(atlan) as client:
        found = ProjectLineage(project, connection=CONNECTION).derive([*project.nodes.values()], client)
    (tmp_path / "full").mkdir()
    full = derive(tmp_path / "full")
    assert {each.node.unique_id: each.lineage.columns for each in found} == {
        unique_id: each.lineage.columns for unique_id, each in full.items()
    }


def exposed(**meta: Any) -> Change:
    return lambda manifest: manifest["exposures"]["exposure.shop.sales_dashboard"].update(
        meta={"atlan": meta}
    )


def test_an_exposure_feeds_the_asset_that_its_meta_names(tmp_path: Path) -> None:
    dashboard = {"type_name": "TableauDashboard", "qualified_name": "default/tableau/1/sales"}
    process = derive(tmp_path, exposed(**dashboard))["exposure.shop.sales_dashboard"].process(CONNECTION)
    assert process == {
        "name": "Sales",
        "description": "What the shop sold, by day and by location.",
        "source_url": "https://dashboards.example.com/sales",
        "inputs": ["analytics/marts/orders", "analytics/marts/locations"],
        "outputs": dashboard,
    }


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        ({}, "meta.atlan needs type_name and qualified_name, as strings"),
        ({"type_name": "TableauDashboard"}, "meta.atlan needs type_name and qualified_name, as strings"),
        ({"type_name": "Dashbord", "qualified_name": "x"}, "meta.atlan: 'Dashbord' is not an Atlan type"),
    ],
)
def test_an_invalid_meta_is_one_line(tmp_path: Path, meta: dict[str, Any], reason: str) -> None:
    with pytest.raises(LineageDataError) as error:
        derive(tmp_path, exposed(**meta))
    assert str(error.value).startswith(f"models/models.yml: the exposure 'sales_dashboard': {reason}")


def test_a_hundred_models_are_derived_in_a_few_requests(tmp_path: Path) -> None:
    def many(manifest: dict[str, Any]) -> None:
        model = manifest["nodes"][ORDERS]
        for number in range(100):
            name = f"orders_{number}"
            copy = {**model, "unique_id": f"model.shop.{name}", "alias": name, "name": name}
            manifest["nodes"][copy["unique_id"]] = {**copy, "relation_name": f'"analytics"."marts"."{name}"'}

    project = read_project(write_target(tmp_path, many, None))
    with LocalAtlan(seed=ARTIFACTS / "catalog.yaml") as atlan, client_of(atlan) as client:
        before = len(atlan.requests())
        found = ProjectLineage(project, connection=CONNECTION).derive([*project.nodes.values()], client)
        assert len(found) == 111
        assert len(atlan.requests()) - before <= 8
