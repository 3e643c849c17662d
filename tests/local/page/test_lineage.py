"""The picture: lineage, levels, keyboard, and view."""

from __future__ import annotations

import itertools

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.browser

RAW = "default/snowflake/1657025257/RAW/PUBLIC"
MARTS = "default/snowflake/1657025257/ANALYTICS/MARTS"
PIPELINE = {
    "Table ORDERS",
    "Process stage orders",
    "View STG_ORDERS",
    "Table CUSTOMERS",
    "Process build value",
    "Table CUSTOMER_VALUE",
}
LINKS = {
    "Table ORDERS → Process stage orders",
    "Process stage orders → View STG_ORDERS",
    "View STG_ORDERS → Process build value",
    "Table CUSTOMERS → Process build value",
    "Process build value → Table CUSTOMER_VALUE",
}


@pytest.fixture
def mart(shop):
    return shop.guid(f"{MARTS}/CUSTOMER_VALUE")


def in_focus(page):
    return page.js("return document.activeElement.getAttribute('aria-label')")


def test_tables_and_processes_are_drawn_from_left_to_right(page, mart):
    page.asset(mart)
    boxes = page.boxes()
    assert set(boxes) == PIPELINE
    chain = [
        "Table ORDERS",
        "Process stage orders",
        "View STG_ORDERS",
        "Process build value",
        "Table CUSTOMER_VALUE",
    ]
    for before, after in itertools.pairwise(chain):
        assert boxes[before]["right"] < boxes[after]["left"]


def test_the_picture_fits_the_pane_without_overlap(page, mart):
    page.asset(mart)
    pane = page.pane()
    boxes = list(page.boxes().values())
    page.wait(
        lambda: all(
            pane["left"] <= box["left"] and box["right"] <= pane["right"] for box in page.boxes().values()
        ),
        "the fit",
    )
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = one["right"] <= other["left"] or other["right"] <= one["left"]
            assert apart or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]


def test_the_text_lists_the_same_lineage(page, mart):
    page.asset(mart)
    assert page.nodes() == PIPELINE
    assert page.links() == LINKS
    assert "4 assets, 2 processes." in page.text("#as-text")
    assert len(page.texts("#picture .link")) == len(LINKS)


def test_lines_start_and_end_at_their_assets(page, mart):
    page.asset(mart)
    script = """return [...document.querySelectorAll('#picture .link')].map((line) => {
        const face = (guid) => document.querySelector(`#picture [data-guid='${guid}'] .face`);
        const box = (guid) => face(guid).getBoundingClientRect();
        const at = (place) => line.getPointAtLength(place).matrixTransform(line.getScreenCTM());
        const [start, end] = [at(0), at(line.getTotalLength())];
        return [start.x - box(line.dataset.from).right, end.x - box(line.dataset.to).left];
    })"""
    assert [offset for pair in page.js(script) for offset in pair] == pytest.approx(
        [0] * 2 * len(LINKS), abs=1
    )


def test_the_selected_asset_and_its_links_are_highlighted(page, mart):
    page.asset(mart)
    assert page.js(
        "return [...document.querySelectorAll('.is-chosen')].map((each) => each.dataset.guid)"
    ) == [mart]
    assert page.one(f'#picture [data-guid="{mart}"]').get_attribute("aria-current") == "true"
    assert len(page.texts(".link.is-near")) == 1


def test_a_click_selects_an_asset(page, shop, mart):
    page.asset(mart)
    other = shop.guid(f"{RAW}/ORDERS")
    page.click(f'#picture [data-guid="{other}"]')
    page.wait(lambda: page.text("#details h2 .name") == "ORDERS", "the details")
    assert page.driver.current_url.endswith(f"#/asset/{other}")
    assert page.nodes() == PIPELINE - {"Table CUSTOMERS"}


def test_the_back_button_returns_to_the_previous_asset(page, shop, mart):
    page.asset(mart)
    page.click(f'#picture [data-guid="{shop.guid(f"{RAW}/ORDERS")}"]')
    page.wait(lambda: page.text("#details h2 .name") == "ORDERS", "the other")
    page.driver.back()
    page.wait(lambda: page.text("#details h2 .name") == "CUSTOMER_VALUE", "the first")


def test_the_column_level_shows_column_lineage(page, mart):
    page.asset(mart)
    page.click("#columns")
    page.wait(lambda: "Column CUSTOMER_VALUE.SPEND" in page.nodes(), "the columns")
    assert page.driver.current_url.endswith("?level=column")
    assert page.one("#columns").get_attribute("aria-pressed") == "true"
    assert page.links() == {
        "Column CUSTOMERS.FULL_NAME → Column process NAME",
        "Column process NAME → Column CUSTOMER_VALUE.NAME",
        "Column ORDERS.TOTAL → Column process TOTAL",
        "Column process TOTAL → Column STG_ORDERS.TOTAL",
        "Column STG_ORDERS.TOTAL → Column process SPEND",
        "Column process SPEND → Column CUSTOMER_VALUE.SPEND",
    }
    page.click("#tables")
    page.wait(lambda: page.nodes() == PIPELINE, "the tables again")


def test_columns_are_rows_on_the_cards_of_their_tables(page, mart):
    page.asset(mart, "?level=column")
    script = """
    const texts = (card, selector) => [...card.querySelectorAll(selector)].map((each) => each.textContent);
    const cards = [...document.querySelectorAll('#picture .card')];
    const entries = cards.map((card) => [texts(card, '.title').join(' '), texts(card, '.row text')]);
    return Object.fromEntries(entries);
    """
    cards = page.js(script)
    assert cards == {
        "CUSTOMER_VALUE": ["CUSTOMER_ID", "NAME", "SPEND"],
        "CUSTOMERS": ["FULL_NAME"],
        "ORDERS": ["TOTAL"],
        "STG_ORDERS": ["TOTAL"],
        "build value": ["NAME", "SPEND"],
        "stage orders": ["TOTAL"],
    }


@pytest.mark.parametrize(
    ("name", "type_name"),
    [
        (f"{MARTS}/STG_ORDERS/TOTAL", "Column"),
        ("default/snowflake/1657025257/stage orders/column/TOTAL", "ColumnProcess"),
    ],
)
def test_columns_are_always_shown_at_column_level(page, shop, name, type_name):
    page.asset(shop.guid(name, type_name))
    assert "Column process SPEND → Column CUSTOMER_VALUE.SPEND" in page.links()
    assert page.one("#columns").get_attribute("aria-pressed") == "true"
    assert not page.one("#tables").is_enabled()
    assert "STG_ORDERS" in page.texts("#picture .title")


def test_a_process_at_column_level_shows_its_column_processes(page, shop):
    page.asset(shop.guid("default/snowflake/1657025257/build value", "Process"), "?level=column")
    assert "Column CUSTOMERS.FULL_NAME → Column process NAME" in page.links()
    assert page.texts(".is-chosen .title") == ["build value"]


def test_the_number_of_steps_limits_the_depth(page, mart):
    page.asset(mart, "?depth=1")
    assert page.nodes() == PIPELINE - {"Table ORDERS", "Process stage orders"}
    page.js("const s = document.querySelector('#depth'); s.value = '2'; s.dispatchEvent(new Event('change'))")
    page.wait(lambda: page.nodes() == PIPELINE, "one step more")
    assert page.driver.current_url.endswith("?depth=2")


def test_an_asset_without_lineage_shows_a_hint(page, shop):
    page.asset(shop.guid(f"{RAW}/UNUSED"))
    assert page.nodes() == {"Table UNUSED"}
    assert page.shown("#alone")


def test_the_legend_names_the_drawn_kinds(page, mart):
    page.asset(mart)
    assert page.texts("#legend li") == ["Process", "Table", "View", "Selected"]


def test_arrow_keys_move_along_the_lineage(page, mart):
    page.asset(mart)
    page.js("document.querySelector('#picture .asset[tabindex=\"0\"]').focus()")
    keys = ActionChains(page.driver)
    keys.send_keys(Keys.ARROW_LEFT, Keys.ARROW_LEFT).perform()
    assert in_focus(page).split(" ")[0] in {"Table", "View"}
    first = in_focus(page)
    ActionChains(page.driver).send_keys(Keys.ARROW_DOWN).perform()
    if in_focus(page) == first:
        ActionChains(page.driver).send_keys(Keys.ARROW_UP).perform()
    assert {first, in_focus(page)} == {
        "Table CUSTOMERS, 0 upstream, 1 downstream",
        "View STG_ORDERS, 1 upstream, 1 downstream",
    }
    chosen = in_focus(page).split(",")[0].split(" ")[1]
    ActionChains(page.driver).send_keys(Keys.ENTER).perform()
    page.wait(lambda: page.text("#details h2 .name") == chosen, "the details")
    assert in_focus(page).startswith(("Table CUSTOMERS", "View STG_ORDERS"))


def test_the_picture_is_one_tab_stop(page, mart):
    page.asset(mart)
    assert page.js("return document.querySelectorAll('#picture [tabindex=\"0\"]').length") == 1


def test_hovering_highlights_the_path(page, shop, mart):
    page.asset(mart)
    customers = shop.guid(f"{RAW}/CUSTOMERS")
    ActionChains(page.driver).move_to_element(page.one(f'#picture [data-guid="{customers}"]')).perform()
    page.wait(lambda: len(page.texts(".asset.is-on-path")) == 3, "the path")
    assert len(page.texts(".link.is-on-path")) == 2
    ActionChains(page.driver).move_to_element(page.one("#refresh")).perform()
    page.wait(lambda: not page.texts(".is-tracing"), "all equal again")


def test_zoom_drag_and_fit_change_the_view(page, mart):
    page.asset(mart)
    fitted = page.view()
    page.click("#zoom-in")
    zoomed = page.view()
    ActionChains(page.driver).move_to_element_with_offset(
        page.one("#picture"), 0, 120
    ).click_and_hold().move_by_offset(60, 25).release().perform()
    dragged = page.view()
    assert len({fitted, zoomed, dragged}) == 3
    assert page.driver.current_url.endswith(mart), "a drag chooses nothing"
    page.click("#fit")
    assert page.view() == fitted


def test_new_lineage_appears_and_the_view_stays(own_page, own_shop):
    mart = own_shop.guid(f"{MARTS}/CUSTOMER_VALUE")
    own_page.asset(mart)
    own_page.click("#zoom-in")
    own_page.await_animations()
    before = own_page.boxes()["Table CUSTOMER_VALUE"]
    own_shop.write(
        own_shop.process(
            "export",
            [own_shop.ref("Table", f"{MARTS}/CUSTOMER_VALUE")],
            own_shop.ref("Table", f"{RAW}/UNUSED"),
        )
    )
    own_page.refresh()
    own_page.wait(lambda: "Process export → Table UNUSED" in own_page.links(), "the new process")
    assert own_page.boxes()["Table CUSTOMER_VALUE"]["left"] == pytest.approx(before["left"], abs=1)
    assert len(own_page.texts(".asset.is-new")) == 2


def test_a_purged_asset_is_reported_as_missing(own_page, own_shop):
    guid = own_shop.guid("default/snowflake/1657025257/build value", "Process")
    own_page.asset(guid)
    own_shop.purge(guid)
    own_page.wait(lambda: own_page.shown("#gone"), "the hint")
    assert own_page.nodes() == set()
    assert own_page.text("#details") == ""
    own_page.click("#gone a")
    own_page.wait(lambda: own_page.shown("#welcome"), "the overview")


def test_archived_assets_are_marked(own_page, own_shop):
    guid = own_shop.guid(f"{RAW}/UNUSED")
    own_shop.purge(guid, "SOFT")
    own_page.asset(guid)
    assert "archived" in own_page.texts("#details .badge")
    assert "archived" in own_page.texts("#list .badge")
    assert own_page.js("return document.querySelector('.is-archived').getAttribute('aria-label')").startswith(
        "Table UNUSED, archived"
    )
    assert "Archived" in own_page.texts("#legend li")


def test_partial_assets_are_marked_and_explained(own_page, own_shop):
    name = "default/snowflake/1657025257/RAW/PUBLIC/NEW"
    attributes = {"qualifiedName": name, "name": "NEW", "isPartial": True}
    own_shop.write({"typeName": "Table", "attributes": attributes})
    own_page.asset(own_shop.guid(name))
    assert "partial" in own_page.texts("#details .badge")
    assert own_page.texts("#legend li") == ["Table", "Partial: not crawled yet", "Selected"]
    dashes = "return getComputedStyle(document.querySelector('.is-partial > .face')).strokeDasharray"
    assert own_page.js(dashes) == "2px, 3px"
