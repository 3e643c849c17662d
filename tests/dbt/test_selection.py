"""Nodes are selected as dbt selects them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from support.dbt import ARTIFACTS, FOLDER, dbt_environment

from atlan_pulumi.dbt import Project, read_project, select_nodes
from atlan_pulumi.errors import LineageDataError


@pytest.fixture(scope="module")
def project() -> Project:
    return read_project(ARTIFACTS)


def seeds(*names: str) -> set[str]:
    return {f"seed.shop.raw_{name}" for name in names}


def models(*names: str) -> set[str]:
    return {f"model.shop.{name}" for name in names}


STAGING = models(
    "stg_customers", "stg_locations", "stg_order_items", "stg_orders", "stg_products", "stg_supplies"
)
MARTS = models("customers", "locations", "order_items", "orders", "product_costs")
SEEDS = {*seeds("customers", "items", "orders", "products", "supplies"), "seed.shop.erp_stores"}
SNAPSHOT = "snapshot.shop.customer_history"
DASHBOARD = "exposure.shop.sales_dashboard"
STORES = "source.shop.erp.stores"
ALL = {*STAGING, *MARTS, *SEEDS, SNAPSHOT, DASHBOARD, STORES}
#: What `dbt ls` lists; a long test asks it.
SELECTIONS = {
    "orders": models("orders"),
    "orders customers": models("orders", "customers"),
    "stg_*": STAGING,
    "shop.marts.orders": models("orders"),
    "marts.orders": models("orders"),
    "marts": MARTS,
    "models/marts": MARTS,
    "path:models/staging": STAGING,
    "models/staging/stg_orders.sql": models("stg_orders"),
    "path:models/*/stg_o*.sql": models("stg_orders", "stg_order_items"),
    "stg_orders.sql": models("stg_orders"),
    "file:stg_orders": models("stg_orders"),
    "tag:nightly": MARTS,
    "tag:night*": MARTS,
    "config.materialized:view": STAGING,
    "config.materialized:ephemeral": models("product_costs"),
    "config.enabled:true": ALL - {DASHBOARD},
    "config.unique_key:customer_id": {SNAPSHOT},
    "resource_type:seed": SEEDS,
    "resource_type:snapshot": {SNAPSHOT},
    "source:erp": {STORES},
    "source:erp.stores": {STORES},
    "source:shop.erp.stores": {STORES},
    "source:*": {STORES},
    "exposure:sales_dashboard": {DASHBOARD},
    "package:shop": ALL,
    "package:this": ALL,
    "+stg_orders": {*models("stg_orders"), *seeds("orders")},
    "1+orders": models("orders", "order_items", "stg_orders"),
    "2+orders": {
        *models("orders", "order_items", "product_costs"),
        *models("stg_orders", "stg_order_items", "stg_products"),
        *seeds("orders"),
    },
    "stg_locations+": {*models("stg_locations", "locations"), DASHBOARD},
    "source:erp+1": {STORES, *models("stg_locations")},
    "+exposure:sales_dashboard,resource_type:source": {STORES},
    "stg_customers+,tag:nightly": models("customers"),
    "@stg_locations": {
        *models("locations", "orders", "order_items", "product_costs"),
        *STAGING - models("stg_customers"),
        *seeds("orders", "items", "products", "supplies"),
        STORES,
        DASHBOARD,
    },
    "orders,customers": set(),
}


@pytest.mark.parametrize("select", SELECTIONS)
def test_a_selection_means_what_it_means_in_dbt(project: Project, select: str) -> None:
    assert {node.unique_id for node in select_nodes(project, select)} == SELECTIONS[select]


def test_without_a_selection_all_are_selected(project: Project) -> None:
    assert select_nodes(project) == list(project.nodes.values())


def test_a_list_is_united(project: Project) -> None:
    assert select_nodes(project, ["orders", "tag:nightly,customers"]) == select_nodes(
        project, "customers orders"
    )


def test_what_is_excluded_is_left_out(project: Project) -> None:
    found = select_nodes(project, "tag:nightly", "product_costs stg_orders+")
    assert {node.unique_id for node in found} == models("locations")


@pytest.mark.parametrize(
    ("select", "reason"),
    [
        ("custmers", "select 'custmers' matches nothing in the dbt project; did you mean 'customers'?"),
        ("tag:weekly", "select 'tag:weekly' matches nothing in the dbt project"),
        ("tags:nightly", "unknown selection method 'tags'; did you mean 'tag'?"),
        ("state:modified", "unknown selection method 'state'; use config.<key>, exposure, "),
        ("+", "select '+' matches nothing"),
        ("orders,", "select '' is not a dbt selector, such as 'tag:nightly' or '+orders'"),
        ("orders tag:", "select 'tag:' "),
    ],
)
def test_a_mistake_is_one_line(project: Project, select: str, reason: str) -> None:
    for arguments in ((select,), (None, select)):
        with pytest.raises(LineageDataError) as error:
            select_nodes(project, *arguments)
        assert str(error.value).startswith(reason)
        assert "\n" not in str(error.value)


@pytest.mark.soak
def test_dbt_itself_selects_the_same(tmp_path: Path) -> None:
    environ = dbt_environment(tmp_path / "venv")
    shutil.copytree(FOLDER / "shop", tmp_path / "shop")
    for select, expected in SELECTIONS.items():
        listing = [
            "dbt",
            "--quiet",
            "ls",
            "--output",
            "json",
            "--output-keys",
            "unique_id",
            "--select",
            select,
        ]
        done = subprocess.run(
            listing, cwd=tmp_path / "shop", env=environ, stdout=subprocess.PIPE, text=True, check=True
        )
        assert {json.loads(line)["unique_id"] for line in done.stdout.splitlines()} == expected, select
