"""The list of assets: types, filters, and search."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.browser


def listed(page):
    return page.texts("#list li .name")


def search(page, words):
    field = page.one("#search")
    field.clear()
    field.send_keys(words)


def chip(page, name):
    page.click(f'[data-key="chip {name}"]')


def test_chips_count_the_assets_of_each_type(page):
    page.open()
    counts = chips(page)
    assert counts["Table"] == "5"
    assert counts["View"] == "1"
    assert counts["Process"] == "2"
    assert counts["ColumnProcess"] == "3"
    assert counts["Column"] == "11"
    assert int(counts.pop("All")) == sum(int(count) for count in counts.values())


def test_types_with_lineage_are_expanded_and_others_collapsed(page):
    page.open()
    assert {"build value", "stage orders", "CUSTOMERS", "ORDERS", "STG_ORDERS"} <= set(listed(page))
    assert "FULL_NAME" not in listed(page)
    assert page.texts("#list .fold span:first-of-type")[:3] == ["Process", "Table", "View"]


def test_items_show_the_location_of_an_asset(page):
    page.open()
    assert "RAW / PUBLIC" in page.texts("#list .place")


def test_a_type_can_be_expanded(page):
    page.open()
    page.click('[data-key="fold Column"]')
    page.wait(lambda: "FULL_NAME" in listed(page), "the columns")
    assert page.one('[data-key="fold Column"]').get_attribute("aria-expanded") == "true"


def test_a_collapsed_type_stays_collapsed(page):
    page.open()
    page.click('[data-key="fold Table"]')
    page.wait(lambda: "CUSTOMERS" not in listed(page), "the tables to go")
    page.click("#refresh")
    page.click('[data-key="fold Column"]')
    page.wait(lambda: "FULL_NAME" in listed(page), "the columns")
    assert "CUSTOMERS" not in listed(page)


def test_a_chip_filters_by_type(page):
    page.open()
    chip(page, "View")
    page.wait(lambda: listed(page) == ["STG_ORDERS"], "the one view")
    assert page.one('[data-key="chip View"]').get_attribute("aria-pressed") == "true"
    chip(page, "")
    page.wait(lambda: "CUSTOMERS" in listed(page), "all types")


def test_a_tile_of_the_overview_filters_by_type(page):
    page.open()
    page.wait(lambda: page.texts(".tile"), "the tiles")
    page.click('[data-key="tile Schema"]')
    page.wait(lambda: set(listed(page)) == {"MARTS", "PUBLIC"}, "the schemas")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("customer_value", {"CUSTOMER_VALUE", "CUSTOMER_ID", "NAME", "SPEND"}),
        ("full_NAME", {"FULL_NAME"}),
        ("/raw/public/unused", {"UNUSED", "ID"}),
        ("build value/column", {"NAME", "SPEND"}),
        ("  unused  ", {"UNUSED", "ID"}),
    ],
)
def test_search_matches_name_and_qualified_name_ignoring_case(page, words, found):
    page.open()
    search(page, words)
    page.wait(lambda: set(listed(page)) == found, f"what has {words!r}")


def test_a_refresh_keeps_the_search(page):
    page.open()
    search(page, "stg_")
    page.wait(lambda: "STG_ORDERS" in listed(page) and "ORDERS" not in listed(page), "the search")
    page.click("#refresh")
    page.click('[data-key="chip View"]')
    page.wait(lambda: listed(page) == ["STG_ORDERS"], "the search within the views")


def test_a_search_without_results_shows_a_hint(page):
    page.open()
    search(page, "no such thing")
    page.wait(lambda: "No name or qualifiedName contains this text" in page.text("#list"), "the hint")
    page.one("#search").send_keys(Keys.CONTROL, "a", Keys.DELETE)
    page.wait(lambda: "CUSTOMERS" in listed(page), "everything again")


def chips(page):
    return dict(text.rsplit(" ", 1) for text in page.texts("#chips .chip"))


def test_chips_count_the_hits_of_a_search(page):
    page.open()
    everything = chips(page)
    search(page, "ORDERS")
    page.wait(lambda: chips(page)["All"] == "9", "the hits")
    hits = {"Column": "5", "ColumnProcess": "1", "Process": "1", "Table": "1", "View": "1"}
    assert chips(page) == {**dict.fromkeys(everything, "0"), **hits, "All": "9"}
    chip(page, "Schema")
    page.wait(lambda: "of a Schema contains this text" in page.text("#list"), "the hint")
    assert chips(page)["All"] == "9", "the chips count the hits of all types"
    page.one("#search").send_keys(Keys.CONTROL, "a", Keys.DELETE)
    page.wait(lambda: chips(page) == everything, "all assets")


def test_the_number_of_hits_is_announced(page):
    page.open()
    status = page.one("#hits")
    assert (status.get_attribute("role"), status.text) == ("status", "")
    search(page, "ORDERS")
    page.wait(lambda: page.text("#hits") == "9 of 27 assets", "the number")
    chip(page, "View")
    page.wait(lambda: page.text("#hits") == "1 of 27 assets", "the views")
    assert page.texts("#list .fold .count") == ["1"]


def test_the_selected_asset_is_marked(page, shop):
    guid = shop.guid("default/snowflake/1657025257/RAW/PUBLIC/ORDERS")
    page.asset(guid)
    page.wait(lambda: page.texts("#list [aria-current] .name") == ["ORDERS"], "the mark")


def test_selecting_an_asset_shows_its_lineage(page, shop):
    page.open()
    guid = shop.guid("default/snowflake/1657025257/ANALYTICS/MARTS/STG_ORDERS")
    page.click(f'#list [data-key="{guid}"]')
    page.wait(lambda: "View STG_ORDERS" in page.nodes(), "the lineage")
    assert page.driver.current_url.endswith(f"#/asset/{guid}")
    assert page.driver.title == "STG_ORDERS · local Atlan"


def test_a_long_list_is_paged(own_page, own_shop):
    own_shop.write(*[own_shop.process(f"step {number:03d}", [], None) for number in range(130)])
    own_page.open()
    chip(own_page, "Process")
    own_page.wait(lambda: len(listed(own_page)) == 100, "the first page")
    own_page.click('[data-key="more Process"]')
    own_page.wait(lambda: len(listed(own_page)) == 132, "the rest")
    assert not own_page.texts(".more")
    assert own_page.js("return document.activeElement.textContent") == "step 098", "the first new one"


def test_new_assets_appear_and_the_focus_stays(own_page, own_shop):
    own_page.open()
    key = own_shop.guid("default/snowflake/1657025257/RAW/PUBLIC/ORDERS")
    own_page.js("document.querySelector(`#list [data-key='${arguments[0]}']`).focus()", key)
    own_shop.write(own_shop.process("a late step", [], None))
    own_page.wait(lambda: "a late step" in listed(own_page), "the new process")
    assert own_page.js("return document.activeElement.dataset.key") == key


def test_a_refresh_keeps_the_text_in_the_search_field(own_page, own_shop):
    own_page.open()
    search(own_page, "late")
    own_page.wait(lambda: "contains this text" in own_page.text("#list"), "no hit yet")
    own_shop.write(own_shop.process("a late step", [], None))
    own_page.refresh()
    own_page.wait(lambda: listed(own_page) == ["a late step"], "the new process")
    assert own_page.one("#search").get_attribute("value") == "late"
    assert own_page.js("return document.activeElement.id") == "search"
