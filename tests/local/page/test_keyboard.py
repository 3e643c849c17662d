"""The page with a keyboard or a screen reader: order and visibility of the focus, landmarks, headings."""

from __future__ import annotations

import itertools

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.browser

MARTS = "default/snowflake/1657025257/ANALYTICS/MARTS"
# Records each element that gets the focus, and how the focus is drawn on it.
RECORD = """
window.visited = [];
addEventListener('focusin', ({target}) => {
    const style = getComputedStyle(target);
    const face = target.querySelector(':scope > .face');
    const box = target.getBoundingClientRect();
    window.visited.push({
        element: target,
        outline: face ? parseFloat(getComputedStyle(face).strokeWidth) : parseFloat(style.outlineWidth),
        isDrawn: face ? getComputedStyle(face).strokeDasharray !== 'none' : style.outlineStyle === 'solid',
        isVisible: box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
    });
});
"""
CONTROLS = """
const controls = [...document.querySelectorAll('button, a, input, select, summary, [tabindex="0"]')];
// The text for screen readers repeats the picture, which has one stop and arrow keys.
const isRepeated = (each) => each.closest('#as-text') !== null;
const stops = controls.filter((each) => each.checkVisibility() && !each.disabled && !isRepeated(each));
const name = (each) => each.id || each.dataset.key || each.className;
return {
    missed: stops.filter((each) => !visited.some(({element}) => element === each)).map(name),
    unmarked: visited.filter((each) => !each.isDrawn || each.outline < 2).map((each) => name(each.element)),
    unseen: visited.filter((each) => !each.isVisible).map((each) => name(each.element)),
    order: [...new Set(visited.map(({element}) => name(element)))],
}
"""


def press(page, *keys):
    ActionChains(page.driver, duration=0).send_keys(*keys).perform()


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("screen", ["home", "asset"])
def test_tab_reaches_every_control_and_the_focus_is_visible(page, shop, screen, width):
    if screen == "home":
        page.open(width=width)
        page.wait(lambda: page.texts(".tile") and page.texts("#list a"), "the assets")
    else:
        page.asset(shop.guid(f"{MARTS}/CUSTOMER_VALUE"), "?level=column", width=width)
    page.js(RECORD)
    page.js("document.activeElement.blur(); getSelection().collapse(document.body, 0)")
    press(page, *[Keys.TAB] * 60)
    found = page.js(CONTROLS)
    assert found["order"][0] == "skip"
    assert {kind: found[kind] for kind in ("missed", "unmarked", "unseen")} == {
        "missed": [],
        "unmarked": [],
        "unseen": [],
    }


def test_the_first_link_skips_the_list(page, shop):
    page.asset(shop.guid(f"{MARTS}/CUSTOMER_VALUE"))
    address = page.driver.current_url
    press(page, Keys.TAB)
    assert page.js("return document.activeElement.id") == "skip"
    press(page, Keys.ENTER, Keys.TAB)
    assert page.js("return document.activeElement.id") == "tables", "the first control of the content"
    assert page.driver.current_url == address


@pytest.mark.parametrize("screen", ["home", "asset"])
def test_landmarks_have_names_and_headings_skip_no_level(page, shop, screen):
    if screen == "home":
        page.open()
        page.wait(lambda: page.texts(".starts a"), "the processes")
    else:
        page.asset(shop.guid(f"{MARTS}/CUSTOMER_VALUE"))
    script = """return [...document.querySelectorAll(arguments[0])]
        .filter((each) => each.checkVisibility()).map((each) => [each.localName, each.ariaLabel])"""
    landmarks = page.js(script, "main, nav, section[aria-label]")
    pane = "Overview" if screen == "home" else "Lineage"
    assert landmarks == [["nav", "Assets"], ["main", None], ["section", pane]]
    levels = [int(name[1]) for name, _ in page.js(script, "h1, h2, h3, h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_an_unchanged_text_keeps_its_elements(page, shop):
    """A screen reader would lose its position."""
    page.asset(shop.guid(f"{MARTS}/CUSTOMER_VALUE"))
    page.js("document.querySelector('#lineage-nodes').dataset.mine = 'kept'")
    page.click("#refresh")
    page.click('[data-key="fold Column"]')
    page.wait(lambda: "FULL_NAME" in page.texts("#list .name"), "a whole refresh")
    assert page.one("#lineage-nodes").get_attribute("data-mine") == "kept"
