"""The pictures in a headless Chromium: text fits, and controls work."""

from __future__ import annotations

import pytest
from review.warehouse import MINUS, SNOWFLAKE, graph, link, node, warehouse
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from support.browser import chromium

from atlan_pulumi.review._html import html
from atlan_pulumi.review._sections import Section
from atlan_pulumi.review.picture._svg import svg

__all__ = ["chromium"]

pytestmark = pytest.mark.browser

WIDE = "STAGING_ORDERS_WITH_A_NAME_THAT_IS_FAR_TOO_LONG_FOR_ANY_BOX"
TABLE = Section(
    "Policies",
    ("Level", "Rule", "Resource", "Message"),
    [
        (
            "mandatory",
            "layer-order",
            "stage-orders",
            f"Table {SNOWFLAKE}/{WIDE} is read: read from the layer 'staging' instead",
        )
    ]
    * 12,
    "The violations of rules.",
)
HOSTILE = "</script><script>document.title='hacked'</script><img src=x onerror=document.title='hacked'>"


def chain():
    """Return RAW → STAGING → MART, another table that feeds the mart, and an unrelated one."""
    raw, staged = node("ORDERS"), node("STG_ORDERS", f"{SNOWFLAKE}/STAGING/SHOP", "View")
    mart, other = node("VALUE", f"{SNOWFLAKE}/MARTS/CORE"), node("CUSTOMERS")
    beside, far = node("STORES"), node("STG_STORES", f"{SNOWFLAKE}/STAGING/SHOP")
    return graph(
        link(raw, staged, "changed", "+ A → B", f"{MINUS} C → B"),
        link(staged, mart, "added", "+ B → SPEND"),
        link(other, mart, "removed"),
        link(beside, far, "same"),
        nodes=(raw, staged, mart, other, beside, far),
    )


class Page:
    """A page in the browser."""

    def __init__(self, driver, folder):
        self.driver = driver
        self.folder = folder

    def open(self, text, width=1280, height=860, *, dark=False, name="review.html"):
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        self.driver.get("about:blank")
        self.complaints()
        self.driver.get(path.as_uri())

    def report(self, drawn, **size):
        self.open(html("Review of shop/prod", ["1 added, 1 removed, 1 changed."], drawn, [TABLE]), **size)

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def press(self, *keys):
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def asset(self, label):
        """Return the node with a name."""
        script = """const named = (e) => e.querySelector('.name').textContent === arguments[0];
        return [...document.querySelectorAll('.node')].find(named)"""
        return self.js(script, label)

    def click(self, label):
        self.asset(label).find_element(By.CSS_SELECTOR, ".name").click()

    def names(self, selector):
        script = """const name = (e) => e.querySelector('.name').textContent;
        return [...document.querySelectorAll(arguments[0])].map(name).sort()"""
        return self.js(script, selector)

    def rows(self):
        """Return the listed links as text."""
        script = (
            "return [...document.querySelectorAll('.link-row:not([hidden]) .ends')].map((e) => e.textContent)"
        )
        return self.js(script)


@pytest.fixture
def page(chromium, tmp_path):
    return Page(chromium, tmp_path)


BEYOND = """
const inside = (inner, outer) => inner.x >= outer.x - 0.5 && inner.y >= outer.y - 0.5
    && inner.x + inner.width <= outer.x + outer.width + 0.5
    && inner.y + inner.height <= outer.y + outer.height + 0.5;
return [...document.querySelectorAll('.node, .area, .count')].flatMap((group) => {
    const box = group.querySelector('rect').getBBox();
    const beyond = [...group.querySelectorAll('text')].filter((each) => !inside(each.getBBox(), box));
    return beyond.map((each) => each.textContent);
});
"""

OVERLAPS = """
const boxes = [...document.querySelectorAll('.node .face')].map((each) => each.getBBox());
const meet = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width
    && a.y < b.y + b.height && b.y < a.y + a.height;
return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => meet(a, b))).length;
"""


@pytest.mark.parametrize("size", [30, 200])
def test_text_stays_in_its_box_and_boxes_do_not_overlap(page, size):
    drawn = warehouse(size)
    page.open(svg(drawn), name="lineage.svg")
    assert page.js("return document.querySelectorAll('.node').length") == len(drawn.nodes)
    assert page.js(BEYOND) == []
    assert page.js(OVERLAPS) == 0
    assert page.complaints() == []


def test_long_and_wide_names_stay_in_their_boxes(page):
    names = [
        node(WIDE, f"{SNOWFLAKE}/{WIDE}/{WIDE}", WIDE),
        node("顧客テーブル" * 9, "顧客" * 40),
        node("W" * 90),
        node("😀" * 40),
    ]
    page.open(svg(graph(nodes=tuple(names))), name="lineage.svg")
    assert page.js(BEYOND) == []


def test_the_picture_follows_the_theme(page):
    fill = "return getComputedStyle(document.querySelector('.ground')).fill"
    page.open(svg(chain()), name="lineage.svg")
    light = page.js(fill)
    page.open(svg(chain()), name="lineage.svg", dark=True)
    assert (light, page.js(fill)) == ("rgb(244, 245, 248)", "rgb(17, 20, 27)")


@pytest.mark.parametrize("size", [6, 200])
def test_a_narrow_screen_has_no_horizontal_scroll(page, size):
    page.report(warehouse(size), width=360, height=740)
    assert page.js("return document.documentElement.scrollWidth - innerWidth") <= 0
    beyond = """return [...document.querySelectorAll('h1, h2, .tools *, #frame, #links, .table, .summary')]
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < 0)
        .map((e) => e.outerHTML.slice(0, 80))"""
    assert page.js(beyond) == []
    assert page.complaints() == []


SCROLLING = """return [...document.querySelectorAll('.table')]
    .filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent.slice(0, 80))"""


@pytest.mark.parametrize("width", [360, 400, 760, 761, 900, 1280])
def test_no_table_scrolls_at_any_width(page, width):
    page.report(chain(), width=width)
    assert page.js(SCROLLING) == []
    assert page.js("return document.documentElement.scrollWidth - innerWidth") <= 0


def test_on_a_narrow_screen_cells_are_stacked_and_the_message_comes_first(page):
    page.report(chain(), width=400, height=740)
    cells = page.js(
        """const cells = [...document.querySelector('tbody tr').cells];
        const box = (e) => e.getBoundingClientRect();
        const order = [...cells].sort((a, b) => box(a).top - box(b).top);
        const inside = (e) => box(e).left >= 0 && box(e).right <= innerWidth;
        return order.map((e) => [e.dataset.head, getComputedStyle(e, '::before').content, inside(e)]);"""
    )
    assert [head for head, _, _ in cells] == ["Message", "Level", "Rule", "Resource"]
    assert all(content.startswith(f'"{head}"') for head, content, _ in cells)
    assert all(inside for _, _, inside in cells)


def test_a_wide_screen_has_a_table_with_its_heads(page):
    page.report(chain())
    assert page.js("return getComputedStyle(document.querySelector('td'), '::before').content") == "none"
    assert page.one("thead").is_displayed()


def test_the_focus_of_every_control_is_visible(page):
    page.report(chain())
    outlined = """const e = document.activeElement, face = e.querySelector?.('.face');
    const style = getComputedStyle(e.matches('.node') ? face : e);
    return [e.id || e.className.baseVal || e.className || e.tagName,
        e.matches('.node') ? style.strokeWidth === '3.5px' : style.outlineStyle === 'solid']"""
    seen = {}
    for _ in range(30):
        page.press(Keys.TAB)
        name, visible = page.js(outlined)
        if name == "BODY":
            break
        seen[name] = visible
    assert {"chip", "find", "smaller", "frame", "list", "table"} <= {*seen}
    assert [name for name, visible in seen.items() if not visible] == []


def test_a_picture_larger_than_its_frame_says_how_to_see_all_of_it(page):
    page.report(warehouse(200), width=400, height=740)
    assert page.one("#pan").is_displayed()
    page.one("#fit").click()
    assert page.one("#pan").is_displayed() is False
    page.report(chain())
    assert page.one("#pan").is_displayed() is False


def test_on_a_narrow_screen_the_picture_is_readable_and_pans(page):
    page.report(warehouse(200), width=360, height=740)
    assert page.js("return document.querySelector('.node .name').getBoundingClientRect().height") >= 8
    page.js("document.querySelector('#frame').scrollTo(10000, 0)")
    assert page.js("return document.querySelector('#frame').scrollLeft") > 500


def test_a_click_traces_an_asset_and_another_one_ends_it(page):
    page.report(chain())
    page.click("STG_ORDERS")
    assert page.names(".node.is-on") == ["ORDERS", "STG_ORDERS", "VALUE"]
    assert page.js("return document.querySelectorAll('.link.is-on').length") == 2
    assert page.one("#links-title").text == "Links of STG_ORDERS"
    assert page.one("#status").text == "2 assets up- and downstream"
    assert page.rows() == ["STG_ORDERS → VALUE", "ORDERS → STG_ORDERS"]
    page.click("STG_ORDERS")
    assert page.js("return document.querySelectorAll('.is-tracing').length") == 0
    assert len(page.rows()) == 3


def test_a_click_on_a_link_opens_its_columns(page):
    page.report(chain())
    page.one(".count.changed text").click()
    opened = page.js(
        "return [...document.querySelectorAll('.link-row[open]')].map((e) => e.innerText.split('\\n'))"
    )
    assert [each[-2:] for each in opened] == [["+ A → B", f"{MINUS} C → B"]]


def test_the_search_finds_names_and_clusters(page):
    page.report(chain())
    page.one("#find").send_keys("staging/shop")
    assert page.names(".node.is-found") == ["STG_ORDERS", "STG_STORES"]
    assert page.one("#status").text == "2 assets found"
    page.one("#find").send_keys(Keys.CONTROL, "a")
    page.one("#find").send_keys("value", Keys.ENTER)
    assert page.names(".node.is-chosen") == ["VALUE"]
    page.one("#all").click()
    assert page.one("#find").get_attribute("value") == ""
    assert page.names(".node.is-on") == []


def test_a_filter_hides_and_shows_a_change(page):
    page.report(chain())
    page.one('[data-change="removed"]').click()
    assert page.names(".node.is-off") == ["CUSTOMERS"]
    assert page.rows() == ["STG_ORDERS → VALUE", "ORDERS → STG_ORDERS"]
    page.click("VALUE")
    assert page.names(".node.is-on") == ["ORDERS", "STG_ORDERS", "VALUE"], "not through hidden links"
    page.one('[data-change="removed"]').click()
    assert "CUSTOMERS" in page.names(".node.is-on")
    assert page.names(".node.is-off") == []


def test_everything_works_with_the_keyboard(page):
    page.report(chain())
    page.js("arguments[0].focus()", page.asset("ORDERS"))
    page.press(Keys.ARROW_RIGHT, Keys.ENTER)
    assert page.names(".node.is-chosen") == ["STG_ORDERS"]
    page.press(Keys.ARROW_RIGHT)
    assert page.js("return document.activeElement.querySelector('.name').textContent") == "VALUE"
    page.press(Keys.ESCAPE)
    assert page.names(".node.is-chosen") == []
    assert page.js("return document.querySelectorAll('.node[tabindex=\"0\"]').length") == 1, (
        "one tab stop for all assets"
    )
    width = page.js("return document.querySelector('#frame .lineage').clientWidth")
    page.press("+")
    assert page.js("return document.querySelector('#frame .lineage').clientWidth") > width


def test_fit_shows_the_whole_picture_and_dragging_moves_it(page):
    page.report(warehouse(200))
    fits = """const e = document.querySelector('#frame');
    return [e.scrollWidth <= e.clientWidth, e.scrollHeight <= e.clientHeight]"""
    assert False in page.js(fits)
    page.one("#larger").click()
    page.js("document.querySelector('#frame').scrollTo(0, 0)")
    frame = page.one("#frame")
    webdriver.ActionChains(page.driver).drag_and_drop_by_offset(frame, -150, -90).perform()
    assert page.js("const e = document.querySelector('#frame'); return [e.scrollLeft, e.scrollTop]") == [
        150,
        90,
    ]
    assert page.names(".node.is-chosen") == [], "dragging is not a click"
    page.one("#fit").click()
    assert page.js(fits) == [True, True]


def test_the_page_is_complete_without_its_script(page):
    page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.report(chain())
        assert page.one(".search").is_displayed() is False
        assert page.one("#frame .lineage").is_displayed()
        page.one(".link-row summary").click()
        assert "+ B → SPEND" in page.one(".link-row[open]").text
    finally:
        page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_names_cannot_run_scripts_and_the_policy_blocks_nothing(page):
    names = node(HOSTILE, HOSTILE, HOSTILE), node("B")
    drawn = graph(link(*names, "added", HOSTILE, process=HOSTILE), nodes=names)
    page.open(
        html(HOSTILE, [HOSTILE], drawn, [Section(HOSTILE, (HOSTILE,), [(HOSTILE,)], HOSTILE)]), dark=True
    )
    assert page.driver.title == HOSTILE
    assert page.js("return document.querySelectorAll('script').length") == 1
    assert page.js("return document.documentElement.className") == "has-script"
    assert page.js("return getComputedStyle(document.body).backgroundColor") == "rgb(17, 20, 27)"
    assert page.complaints() == []


def test_a_review_without_lineage_is_a_page(page):
    page.report(graph())
    assert page.one("#frame").is_displayed() is False
    assert page.one("#lineage .hint").text == "No lineage changes."
    assert page.complaints() == []
