"""The page on narrow and wide screens, in light and dark, empty and full."""

from __future__ import annotations

import pytest

from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.browser

MARTS = "default/snowflake/1657025257/ANALYTICS/MARTS"
TEXTS = (
    "#details dt",
    "#list .place",
    "#list .name",
    ".chip .count",
    ".sql-keyword",
    ".sql-comment",
    "#columns",
)
NARROW = {"width": 390, "height": 844}


def overflow(page):
    """Return how many pixels the content is wider than the window."""
    return page.js("return document.documentElement.scrollWidth - innerWidth")


def contrast(page, selector):
    """Return the contrast ratio of the text of an element and its background, as in WCAG."""
    script = """
    const ink = document.querySelector(arguments[0]);
    let ground = ink;
    const clear = (each) => getComputedStyle(each).backgroundColor === 'rgba(0, 0, 0, 0)';
    while (clear(ground)) ground = ground.parentElement;
    const light = (color) => {
        const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
            .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    const pair = [light(getComputedStyle(ink).color), light(getComputedStyle(ground).backgroundColor)];
    return Math.max(...pair) / Math.min(...pair);
    """
    return page.js(script, selector)


@pytest.mark.parametrize("query", ["", "?level=column"])
def test_a_narrow_screen_has_no_horizontal_scroll(page, shop, query):
    page.asset(shop.guid("default/snowflake/1657025257/build value", "Process"), query, **NARROW)
    assert overflow(page) == 0
    assert page.shown("#picture")
    assert not page.shown(".catalog")


def test_a_narrow_screen_shows_the_list_and_returns_to_it(page, shop):
    page.open(**NARROW)
    assert overflow(page) == 0
    assert page.shown(".catalog")
    guid = shop.guid(f"{MARTS}/STG_ORDERS")
    page.click(f'#list [data-key="{guid}"]')
    page.wait(lambda: "View STG_ORDERS" in page.nodes(), "the lineage")
    assert page.js("return document.activeElement.id") == "main", "the focus follows"
    page.click(".back")
    page.wait(lambda: page.shown("#list"), "the list")
    assert page.js("return document.activeElement.id") == "catalog-heading"


def test_controls_fit_a_narrow_screen(page, shop):
    page.asset(shop.guid(f"{MARTS}/CUSTOMER_VALUE"), **NARROW)
    script = """
    const beyond = ({left, right}) => left < 0 || right > innerWidth;
    const parts = [...document.querySelectorAll('.toolbar *, #details h2, #legend')];
    return parts.filter((each) => beyond(each.getBoundingClientRect())).map((each) => each.outerHTML)
    """
    assert page.js(script) == []


def test_a_wide_screen_shows_list_picture_and_details_at_once(page, shop):
    page.asset(shop.guid(f"{MARTS}/CUSTOMER_VALUE"))
    assert [page.shown(part) for part in (".catalog", "#picture", "#details")] == [True] * 3
    assert page.one("#picture").size["height"] > 250
    assert overflow(page) == 0


def test_the_picture_fits_a_new_window_size(page, shop):
    page.asset(shop.guid(f"{MARTS}/CUSTOMER_VALUE"))
    before = page.js("return document.querySelector('.layer').style.transform")
    size = {"width": 900, "height": 700, "deviceScaleFactor": 1, "mobile": False}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    page.wait(lambda: page.js("return document.querySelector('.layer').style.transform") != before, "the fit")


@pytest.mark.parametrize("dark", [False, True])
def test_text_contrast_is_sufficient_in_light_and_dark(page, shop, dark):
    page.asset(shop.guid("default/snowflake/1657025257/build value", "Process"), dark=dark)
    page.wait(lambda: page.texts("#list .place"), "the list")
    ratios = {selector: contrast(page, selector) for selector in TEXTS}
    assert {selector: ratio for selector, ratio in ratios.items() if ratio < 4.5} == {}


# The contrast of each text with its background that is below 4.5, as in WCAG.
FAINT = """
const parts = (color) => {
    const [r, g, b, ...rest] = color.match(/[\\d.]+/g).map(Number);
    return color.startsWith('color(') ? [r, g, b, ...rest] : [r / 255, g / 255, b / 255, ...rest];
};
const isClear = (color) => color === 'none' || parts(color)[3] === 0;
const light = (color) => {
    const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = parts(color).map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
};
const faces = (text) => [text.closest('.row'), text.closest('.card').firstChild].filter(Boolean)
    .map((each) => getComputedStyle(each.querySelector('.face')).fill);
const grounds = function* (each) {
    for (; each; each = each.parentElement) yield getComputedStyle(each).backgroundColor;
};
const ratio = (ink, ground) => {
    const pair = [light(ink), light(ground)];
    return Math.max(...pair) / Math.min(...pair);
};
const ratioOf = (each) => {
    const isSvg = each.localName === 'text';
    const ground = [...(isSvg ? faces(each) : grounds(each))].find((color) => !isClear(color));
    const ink = each.localName === 'input' ? getComputedStyle(each, '::placeholder').color
        : getComputedStyle(each)[isSvg ? 'fill' : 'color'];
    return ratio(ink, ground);
};
const hasText = (each) => [...each.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
const texts = [...document.querySelectorAll('body *')].filter((each) => each.checkVisibility()
    && (each.placeholder || hasText(each)) && !['title', 'option'].includes(each.localName));
const faint = texts.filter((each) => ratioOf(each) < 4.5).map((each) => each.outerHTML);
return {count: texts.length, faint};
"""


@pytest.mark.parametrize("dark", [False, True])
def test_all_texts_have_enough_contrast(page, shop, dark):
    page.open(dark=dark)
    page.wait(lambda: page.texts(".starts a"), "the processes")
    found = [page.js(FAINT)]
    for query in ("", "?level=column"):
        page.asset(shop.guid(f"{MARTS}/CUSTOMER_VALUE"), query, dark=dark)
        found.append(page.js(FAINT))
    assert [text for each in found for text in each["faint"]] == []
    assert min(each["count"] for each in found) > 50


def test_the_dark_scheme_has_a_dark_background(page):
    page.open(dark=True)
    assert page.js("return getComputedStyle(document.body).backgroundColor") == "rgb(17, 20, 27)"


@pytest.mark.parametrize("width", [390, 1280])
def test_an_empty_atlan_shows_how_to_add_assets(page, width):
    with LocalAtlan() as server:
        page.base_url = server.base_url
        page.open(width=width)
        page.wait(lambda: page.shown(".empty"), "the hint")
        assert "pulumi up" in page.text(".empty")
        assert server.base_url in page.text(".empty")
        assert overflow(page) == 0


def test_a_catalog_without_lineage_shows_a_hint(page):
    with LocalAtlan(seed={"connections": [{"name": "w", "connector": "snowflake"}]}) as server:
        page.base_url = server.base_url
        page.open()
        page.wait(lambda: "No lineage yet" in page.text("#welcome"), "the hint")


def test_the_overview_links_to_processes(page):
    page.open()
    page.wait(lambda: page.texts(".starts .name") == ["build value", "stage orders"], "the processes")
    page.click(".starts a")
    page.wait(lambda: page.text("#details h2 .name") == "build value", "its lineage")


def test_the_overview_opens_the_rest_of_the_processes(own_page, own_shop):
    own_shop.write(*[own_shop.process(f"step {number:02d}", [], None) for number in range(17)])
    own_page.open()
    own_page.wait(lambda: len(own_page.texts(".starts a")) == 12, "the first processes")
    assert own_page.text(".more-starts") == "7 more"
    own_page.click(".more-starts")
    own_page.wait(lambda: len(own_page.texts(".starts a")) == 19, "all processes")
    assert own_page.texts(".more-starts") == []
    assert own_page.js("return document.activeElement.textContent") == "step 10", "the first new one"


def test_every_control_has_an_accessible_name(page, shop):
    page.asset(shop.guid(f"{MARTS}/CUSTOMER_VALUE"))
    script = """
    const named = (each) => each.textContent.trim() || each.getAttribute('aria-label') || each.labels?.length;
    const controls = document.querySelectorAll('button, a, input, select, [role=link], [role=region]');
    return [...controls].filter((each) => !named(each)).map((each) => each.outerHTML)
    """
    assert page.js(script) == []
