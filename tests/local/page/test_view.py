"""The view of long lineage: size of the labels, folding, pan and zoom."""

from __future__ import annotations

import itertools

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.browser

CONNECTION = "default/snowflake/1657025257"
SCHEMA = f"{CONNECTION}/RAW/PUBLIC"
STEPS = 10
LONG = "CUSTOMER_LIFETIME_VALUE_PREDICTIONS_WITH_SEASONAL_ADJUSTMENTS_AND_REGIONAL_OVERRIDES"
TABLES = [f"STEP_{number:02d}" if number != 4 else LONG for number in range(STEPS + 1)]
COLUMNS = ("ID", "TOTAL", "A_COLUMN_WITH_A_VERY_LONG_NAME_THAT_NO_CARD_HAS_SPACE_FOR")
CHAIN = [
    name for number in range(STEPS + 1) for name in (f"Table {TABLES[number]}", f"Process load {number:02d}")
][:-1]
LABELS = """return [...document.querySelectorAll('#picture text')].map((each) => {
    const face = each.closest('g').querySelector('.face').getBoundingClientRect();
    const {left, right} = each.getBoundingClientRect();
    return {
        height: parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a,
        text: each.textContent,
        isInside: face.left <= left + 1 && right <= face.right + 1,
    };
})"""


@pytest.fixture(scope="module")
def chain(shop):
    """The GUID of the table in the middle of a chain of 10 processes with columns and long names."""
    refs = [shop.ref("Table", f"{SCHEMA}/{name}") for name in TABLES]
    steps = [(f"load {number:02d}", number) for number in range(STEPS)]
    shop.write(*[asset("Table", name) for name in TABLES])
    for name, ref in zip(TABLES, refs, strict=True):
        shop.write(*[asset("Column", f"{name}/{each}", ref) for each in COLUMNS])
    shop.write(*[shop.process(name, [refs[number]], refs[number + 1]) for name, number in steps])
    shop.write(
        *[
            shop.column_process(name, *[f"{SCHEMA}/{table}/{each}" for table in TABLES[number : number + 2]])
            for name, number in steps
            for each in COLUMNS
        ]
    )
    return shop.guid(f"{SCHEMA}/{TABLES[5]}")


def asset(type_name, path, table=None):
    attributes = {"name": path.rpartition("/")[2], "qualifiedName": f"{SCHEMA}/{path}"}
    return {"typeName": type_name, "attributes": attributes | ({"table": table} if table else {})}


def is_within(box, pane):
    return (
        pane["left"] <= box["left"]
        and box["right"] <= pane["right"]
        and pane["top"] <= box["top"]
        and box["bottom"] <= pane["bottom"]
    )


def overlap(one, other):
    across = one["left"] < other["right"] and other["left"] < one["right"]
    return across and one["top"] < other["bottom"] and other["top"] < one["bottom"]


def scale(page):
    return float(page.view().rpartition("scale(")[2].rstrip(")"))


def in_focus(page):
    return page.js("return document.activeElement.getAttribute('aria-label')").split(",")[0]


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("level", ["table", "column"])
def test_labels_have_a_minimum_size_and_stay_on_their_cards(page, chain, width, level):
    page.asset(chain, f"?level={level}", width=width)
    labels = page.js(LABELS)
    assert min(each["height"] for each in labels) >= 11
    assert [each["text"] for each in labels if not each["isInside"]] == []
    assert is_within(page.boxes()[f"Table {TABLES[5]}"], page.pane()), "the selected asset is visible"


def test_a_long_chain_is_folded_and_fits_a_wide_pane(page, chain):
    page.asset(chain)
    boxes = page.boxes()
    assert set(boxes) == set(CHAIN)
    assert [name for name, box in boxes.items() if not is_within(box, page.pane())] == []
    assert not [pair for pair in itertools.combinations(boxes.values(), 2) if overlap(*pair)]
    middles = [(boxes[name]["top"] + boxes[name]["bottom"]) / 2 for name in CHAIN]
    assert middles == pytest.approx(sorted(middles), abs=2), "from top to bottom"
    for before, after in itertools.pairwise(CHAIN):
        is_next = boxes[before]["right"] < boxes[after]["left"]
        assert is_next or boxes[before]["bottom"] < boxes[after]["top"], "from left to right in a band"
    assert not page.shown("#partial")


@pytest.mark.parametrize("level", ["table", "column"])
def test_lines_of_a_folded_chain_connect_their_assets_and_cross_no_other(page, chain, level):
    page.asset(chain, f"?level={level}")
    script = """return [...document.querySelectorAll('#picture .link')].flatMap((line) => {
        const ends = [line.dataset.from, line.dataset.to]
            .map((guid) => document.querySelector(`#picture [data-guid='${guid}']`));
        const box = (element) => element.querySelector('.face').getBoundingClientRect();
        const at = (place) => line.getPointAtLength(place).matrixTransform(line.getScreenCTM());
        const length = line.getTotalLength();
        const points = Array.from({length: 60}, (_, index) => at(length * index / 59));
        const away = [points[0].x - box(ends[0]).right, points.at(-1).x - box(ends[1]).left];
        const own = ends.map((each) => each.closest('.card'));
        const others = [...document.querySelectorAll('.card')].filter((card) => !own.includes(card)).map(box);
        const hit = points.some(({x, y}) => others.some(({left, right, top, bottom}) =>
            left < x && x < right && top < y && y < bottom));
        return away.some((offset) => Math.abs(offset) > 5) || hit ? [[line.dataset, away, hit]] : [];
    })"""
    assert page.js(script) == []
    assert len(page.texts("#picture .link")) == 2 * STEPS * (len(COLUMNS) if level == "column" else 1)


def test_lines_of_several_columns_stay_apart_between_two_bands(page, chain):
    page.asset(chain, "?level=column")
    script = """
    const rows = [...document.querySelectorAll('#picture .link')].map((line) => {
        const length = line.getTotalLength();
        const points = Array.from({length: 200}, (_, index) => line.getPointAtLength(length * index / 199));
        const card = (guid) => document.querySelector(`#picture [data-guid='${guid}']`).closest('.card');
        return {points, from: card(line.dataset.from), to: card(line.dataset.to)};
    });
    return rows.flatMap((one, index) => rows.slice(index + 1)
        .filter((other) => other.from === one.from && other.to === one.to)
        .map((other) => Math.min(...one.points.flatMap((p) =>
            other.points.map((q) => Math.hypot(p.x - q.x, p.y - q.y))))))
    """
    distances = page.js(script)
    assert len(distances) == 2 * STEPS * 3
    assert min(distances) > 4


def test_truncated_names_keep_their_end(page, chain):
    page.asset(chain)
    (label,) = [text for text in page.texts("#picture .title") if "…" in text]
    assert label.startswith(LONG[:8])
    assert label.endswith(LONG[-6:])


def test_fit_shows_everything_and_the_hint_says_if_there_is_more(page, chain):
    page.asset(chain, width=400)
    assert page.shown("#partial")
    assert not all(is_within(box, page.pane()) for box in page.boxes().values())
    page.click("#fit")
    page.await_animations()
    assert all(is_within(box, page.pane()) for box in page.boxes().values())
    assert not page.shown("#partial")


def test_a_new_size_of_the_window_folds_the_chain_again(page, chain):
    page.asset(chain, width=1900)
    rows = len({round(box["bottom"]) for box in page.boxes().values()})
    size = {"width": 1000, "height": 860, "deviceScaleFactor": 1, "mobile": False}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    page.wait(lambda: len({round(box["bottom"]) for box in page.boxes().values()}) > rows, "more bands")


def test_keys_move_and_zoom_the_picture(page, chain):
    page.asset(chain, width=400)
    page.js("document.querySelector('#picture .asset[tabindex=\"0\"]').focus()")
    before, zoom = page.boxes()[f"Table {TABLES[5]}"], scale(page)
    ActionChains(page.driver).key_down(Keys.SHIFT).send_keys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT).perform()
    page.await_animations()
    after = page.boxes()[f"Table {TABLES[5]}"]
    assert (after["left"] - before["left"], after["top"] - before["top"]) == pytest.approx((-60, -60), abs=1)
    ActionChains(page.driver).key_up(Keys.SHIFT).send_keys("++-").perform()
    assert scale(page) == pytest.approx(1.3 * zoom)
    ActionChains(page.driver).send_keys("0").perform()
    page.await_animations()
    assert all(is_within(box, page.pane()) for box in page.boxes().values())
    assert in_focus(page) == f"Table {TABLES[5]}", "the focus stays"
    assert page.driver.current_url.endswith(chain)


def test_the_picture_follows_the_focus(page, chain):
    page.asset(chain, width=400)
    page.js("document.querySelector('#picture .asset[tabindex=\"0\"]').focus()")
    ActionChains(page.driver, duration=0).send_keys(*[Keys.ARROW_RIGHT] * 9).perform()
    page.await_animations()
    assert in_focus(page) == CHAIN[19]
    assert is_within(page.boxes()[CHAIN[19]], page.pane())
    assert page.js("return document.querySelector('.stage').scrollTop") == 0


def touch(page, kind, *points):
    touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    page.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def test_touch_drags_and_pinches_the_picture(page, chain):
    page.asset(chain, width=400)
    pane = page.pane()
    x, y = pane["left"] + 60, pane["top"] + 60
    before = page.boxes()[f"Table {TABLES[5]}"]
    touch(page, "touchStart", (x, y))
    for step in (10, 20, 40):
        touch(page, "touchMove", (x, y - step))
    touch(page, "touchEnd")
    assert page.boxes()[f"Table {TABLES[5]}"]["top"] == pytest.approx(before["top"] - 40, abs=12)
    zoom = scale(page)
    touch(page, "touchStart", (x, y), (x + 100, y))
    for step in (10, 25, 50):
        touch(page, "touchMove", (x - step, y), (x + 100 + step, y))
    touch(page, "touchEnd")
    assert scale(page) == pytest.approx(2 * zoom, rel=0.2)
    assert page.driver.current_url.endswith(chain), "a gesture selects nothing"


def wheel(page, x=0, y=0, modifiers=0):
    pane = page.pane()
    middle = {"x": (pane["left"] + pane["right"]) / 2, "y": (pane["top"] + pane["bottom"]) / 2}
    event = {"type": "mouseWheel", **middle, "deltaX": x, "deltaY": y, "modifiers": modifiers}
    page.driver.execute_cdp_cmd("Input.dispatchMouseEvent", event)


def test_the_wheel_zooms_and_moves_sideways(page, chain):
    page.asset(chain)
    zoom, before = scale(page), page.boxes()[CHAIN[0]]
    wheel(page, x=80)
    page.wait(lambda: page.boxes()[CHAIN[0]]["left"] == pytest.approx(before["left"] - 80, abs=1), "the move")
    assert scale(page) == zoom
    wheel(page, y=-200)
    page.wait(lambda: scale(page) > 1.2 * zoom, "the zoom")


def test_a_part_of_the_picture_always_stays_visible(page, chain):
    page.asset(chain)
    for _ in range(4):
        wheel(page, x=2000)
    page.wait(lambda: page.shown("#partial"), "the hint")
    pane = page.pane()
    assert max(box["right"] for box in page.boxes().values()) > pane["left"] + 20
    assert page.js("document.querySelector('#fit').click()") is None
    page.wait(lambda: all(is_within(box, page.pane()) for box in page.boxes().values()), "the fit")


def test_reduced_motion_is_respected(page, chain):
    page.asset(chain, reduced_motion=True)
    page.js("document.querySelector('#zoom-in').click()")
    assert page.js("return document.getAnimations().length") == 0
    page.asset(chain)
    page.js("document.querySelector('#zoom-in').click()")
    assert page.js("return document.getAnimations().length") == 1, "the same with motion"
