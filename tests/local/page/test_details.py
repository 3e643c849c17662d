"""The details pane: properties, neighbors, and SQL."""

from __future__ import annotations

import pytest

from atlan_pulumi.ownership_mark import mark

pytestmark = pytest.mark.browser

MARTS = "default/snowflake/1657025257/ANALYTICS/MARTS"


def facts(page):
    return dict(zip(page.texts("#details dt"), page.texts("#details dd"), strict=True))


@pytest.fixture
def build(shop):
    return shop.guid("default/snowflake/1657025257/build value", "Process")


def test_last_writer_and_owners_are_shown(page, build):
    page.asset(build)
    shown = facts(page)
    assert shown["Written by"] == "alice"
    assert {name.strip() for name in shown["Owner users"].split(",")} == {"jsmith", "ann"}
    assert shown["GUID"] == build
    assert page.one("#details time").get_attribute("datetime").startswith("20")


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        (
            mark("shop/prod", "load orders", "shop:Nightly$atlan:Process", "3f9c2e1a"),
            "shop/prod, load orders",
        ),
        ("pulumi:shop/prod#shop:Nightly$load orders", "shop/prod, load orders"),
        (mark("team-a/lineage", "<b>x</b>", origin="3f9c2e1a"), "team-a/lineage, <b>x</b>"),
        ("atlan-snowflake-crawler", None),
        (None, None),
    ],
    ids=["now", "earlier", "custom-text", "crawler", "off"],
)
def test_the_owner_is_shown(page, shop, text, owner):
    attributes = {"name": "owned", "qualifiedName": "default/snowflake/1657025257/owned"}
    attributes |= {"lastSyncWorkflowName": text, "inputs": [], "outputs": []}
    shop.write({"typeName": "Process", "attributes": attributes})
    page.asset(shop.guid(attributes["qualifiedName"], "Process"))
    assert page.text("#details .owner") == (f"Managed by {owner}" if owner else "")
    assert facts(page).get("Ownership mark") == (text if owner else None)


def test_sql_is_shown_unchanged(page, build):
    page.asset(build)
    assert page.text("#details pre").splitlines() == [
        "-- what customers spent",
        "select c.id, 'x' as mark, sum(o.total)",
        "from raw.public.customers c",
        "group by 1",
    ]
    assert page.texts(".sql-keyword") == ["select", "as", "from", "group", "by"]
    assert page.texts(".sql-comment") == ["-- what customers spent"]


def test_the_source_url_is_a_link(page, build):
    page.asset(build)
    link = page.one("#details dd a")
    assert link.get_attribute("href") == "https://airflow.example.com/runs/42"
    assert set(link.get_attribute("rel").split()) == {"noopener", "noreferrer"}


def test_upstream_and_downstream_assets_are_links(page, shop, build):
    page.asset(build)
    assert set(page.texts("#details li .name")) == {"CUSTOMERS", "STG_ORDERS", "CUSTOMER_VALUE"}
    guid = shop.guid(f"{MARTS}/STG_ORDERS")
    page.click(f'#details [data-key="Upstream {guid}"]')
    page.wait(lambda: page.text("#details h2 .name") == "STG_ORDERS", "the view")
    assert page.text("#details .qualified-name") == f"{MARTS}/STG_ORDERS"


def test_a_table_at_column_level_lists_the_neighbors_of_its_columns(page, shop):
    page.asset(shop.guid(f"{MARTS}/CUSTOMER_VALUE"), "?level=column")
    assert page.texts("#details li .name") == ["NAME", "SPEND"]


def test_a_table_shows_type_description_and_writer(page, shop):
    page.asset(shop.guid(f"{MARTS}/CUSTOMER_VALUE"))
    assert "One row per customer." in page.text("#details header")
    assert page.texts("#details .badge") == ["Table"]
    assert facts(page)["Written by"]
    assert "No links" in page.text("#details")


def test_a_column_shows_its_data_type(page, shop):
    page.asset(shop.guid(f"{MARTS}/CUSTOMER_VALUE/SPEND"))
    assert facts(page)["Data type"] == "NUMBER"


def test_a_refresh_without_changes_does_not_redraw_the_details(page, build):
    page.asset(build)
    page.js("document.querySelector('#details pre').dataset.mine = 'kept'")
    page.click("#refresh")
    page.click('[data-key="fold Column"]')
    page.wait(lambda: "FULL_NAME" in page.texts("#list .name"), "a whole refresh")
    assert page.one("#details pre").get_attribute("data-mine") == "kept"


def test_the_details_follow_a_change(own_page, own_shop):
    own_page.asset(own_shop.guid("default/snowflake/1657025257/build value", "Process"))
    change = own_shop.process("build value", [], None, sql="select 2")
    own_shop.write(
        {
            **change,
            "attributes": {
                key: value for key, value in change["attributes"].items() if key not in ("inputs", "outputs")
            },
        }
    )
    own_page.refresh()
    own_page.wait(lambda: own_page.text("#details pre") == "select 2", "the new SQL")
    assert facts(own_page)["Written by"] == "service-account-apikey-local"


def test_a_partial_asset_is_marked(own_page, own_shop):
    name = "default/snowflake/1657025257/NEW/DB/T"
    attributes = {"name": "T", "qualifiedName": name, "isPartial": True}
    own_shop.write({"typeName": "Table", "attributes": attributes})
    source = own_shop.ref("Table", f"{MARTS}/CUSTOMER_VALUE")
    own_shop.write(own_shop.process("publish", [source], own_shop.ref("Table", name)))
    guid = own_shop.guid(name)
    own_page.asset(guid)
    assert own_page.texts("#details .badge") == ["Table", "partial"]
    style = "return getComputedStyle(document.querySelector(arguments[0])).strokeDasharray"
    assert own_page.js(style, f'[data-guid="{guid}"] > .face') != "none"
    assert ", partial, " in own_page.one(f'[data-guid="{guid}"]').get_attribute("aria-label")
