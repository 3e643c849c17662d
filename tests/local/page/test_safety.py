"""Security of the page: no scripts from data, no other hosts, no API key."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

pytestmark = pytest.mark.browser

RAW = "default/snowflake/1657025257/RAW/PUBLIC"
SCRIPT = "<script>document.title='hacked'</script>"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"


@pytest.fixture
def hostile(shop):
    return shop.guid(f"{RAW}/HOSTILE")


def test_markup_in_data_stays_text(page, hostile):
    page.asset(hostile)
    assert page.driver.title == f"{SCRIPT} · local Atlan"
    assert page.text("#details h2 .name") == SCRIPT
    assert "<img src=x" in page.text("#details header")
    assert SCRIPT in page.texts("#list .name")
    assert page.nodes() == {f"Table {SCRIPT}"}
    assert page.js("return document.querySelectorAll('img').length") == 1, "the page's own icon"
    assert page.js("return document.querySelectorAll('script').length") == 1, "the page's own script"


def test_a_javascript_address_is_not_a_link(page, hostile):
    page.asset(hostile)
    assert "javascript:document.title='hacked'" in page.texts("#details dd")
    assert page.texts("#details dd a") == []


def test_markup_in_the_route_is_a_missing_asset(page):
    page.open("#/asset/%3Cimg%20src=x%20onerror=document.title='hacked'%3E")
    page.wait(lambda: page.shown("#gone"), "the hint")
    assert page.driver.title == "Local Atlan"


def test_the_console_has_no_messages(page, shop):
    page.open()
    page.asset(shop.guid(f"{RAW}/ORDERS"))
    for control in ("#columns", "#tables", "#zoom-in", "#zoom-out", "#fit", "#refresh"):
        page.click(control)
    page.click('[data-key="fold Column"]')
    page.wait(lambda: "FULL_NAME" in page.texts("#list .name"), "the columns")
    assert page.console_messages() == []


def test_requests_go_to_this_server_without_a_key(page, shop):
    page.requests()
    page.asset(shop.guid(f"{RAW}/ORDERS"), "?level=column")
    sent = page.requests()
    own = urlsplit(shop.server.base_url).netloc
    urls = [each["request"]["url"] for each in sent if not each["request"]["url"].startswith("about:")]
    assert len(urls) > 10
    assert {urlsplit(url).netloc for url in urls} == {own}
    headers = {name.lower() for each in sent for name in each["request"]["headers"]}
    assert "authorization" not in headers


def test_the_api_key_is_not_on_the_page(page, shop):
    page.asset(shop.guid("default/snowflake/1657025257/build value", "Process"))
    stored = page.js("return JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    urls = {each["request"]["url"] for each in page.requests() if each["request"]["url"].startswith("http")}
    answers = [httpx.get(url.split("#")[0]).text for url in urls]
    for key in shop.keys:
        assert key not in page.driver.page_source
        assert key not in stored
        assert not [answer for answer in answers if key in answer]


def test_a_strict_policy_forbids_inline_scripts(page):
    page.open()
    assert POLICY in page.one("meta[http-equiv]").get_attribute("content")
    inline = "Object.assign(document.createElement('script'), {textContent: 'window.ran = true'})"
    page.js(f"document.body.append({inline})")
    assert page.js("return window.ran") is None
    assert any("Content Security Policy" in line for line in page.console_messages())


def test_a_stopped_server_is_reported(own_page, own_shop):
    own_page.open()
    own_shop.server.stop()
    own_page.click("#refresh")
    own_page.wait(lambda: "does not answer" in own_page.text("#status"), "the message")
    assert "CUSTOMERS" in own_page.texts("#list .name"), "loaded assets stay visible"


def test_no_source_creates_markup_from_data():
    page = Path(__file__).parents[3] / "atlan_pulumi/local/page"
    sources = [path for path in page.rglob("*.js") if "vendor" not in path.parts]
    assert len(sources) > 15
    ways = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser"
    )
    assert [path.name for path in sources if ways.search(path.read_text(encoding="utf-8"))] == []
