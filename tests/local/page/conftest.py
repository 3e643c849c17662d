"""A headless Chromium, and a local Atlan with the lineage of a small shop."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from support.browser import chromium
from support.network import WITHOUT_TLS

from atlan_pulumi.local import LocalAtlan

__all__ = ["chromium"]

KEY = "key-that-must-not-be-seen"
ALICE = "key-of-alice-that-must-not-be-seen"
CONNECTION = "default/snowflake/1657025257"
SEED = Path(__file__).with_name("shop.yaml")
RAW = f"{CONNECTION}/RAW/PUBLIC"
MARTS = f"{CONNECTION}/ANALYTICS/MARTS"
SQL = (
    "-- what customers spent\nselect c.id, 'x' as mark, sum(o.total)\nfrom raw.public.customers c\ngroup by 1"
)

Json = dict[str, Any]


def ref(type_name: str, qualified_name: str) -> Json:
    return {"typeName": type_name, "uniqueAttributes": {"qualifiedName": qualified_name}}


def process(name: str, inputs: list[Json], output: Json | None, **attributes: Any) -> Json:
    names = {"name": name, "qualifiedName": f"{CONNECTION}/{name}", "connectionQualifiedName": CONNECTION}
    return {
        "typeName": "Process",
        "attributes": {**names, "inputs": inputs, "outputs": [output] if output else [], **attributes},
    }


def column_process(parent: str, source: str, target: str) -> Json:
    column = target.rpartition("/")[2]
    attributes = {
        "name": column,
        "qualifiedName": f"{CONNECTION}/{parent}/column/{column}",
        "process": ref("Process", f"{CONNECTION}/{parent}"),
        "inputs": [ref("Column", source)],
        "outputs": [ref("Column", target)],
    }
    return {"typeName": "ColumnProcess", "attributes": attributes}


class Shop:
    """The local Atlan behind the page, and REST calls to change its data."""

    def __init__(self, server: LocalAtlan) -> None:
        self.server = server

    def write(self, *entities: Json, key: str = KEY) -> None:
        headers = {"authorization": f"Bearer {key}"}
        url = f"{self.server.base_url}/api/meta/entity/bulk"
        httpx.post(
            url, json={"entities": list(entities)}, headers=headers, verify=WITHOUT_TLS
        ).raise_for_status()

    def purge(self, guid: str, kind: str = "PURGE") -> None:
        url = f"{self.server.base_url}/api/meta/entity/bulk"
        parameters = {"guid": guid, "deleteType": kind}
        headers = {"authorization": f"Bearer {KEY}"}
        httpx.delete(url, params=parameters, headers=headers, verify=WITHOUT_TLS).raise_for_status()

    def guid(self, qualified_name: str, type_name: str = "") -> str:
        parameters = {"q": qualified_name, "type": type_name}
        found = httpx.get(
            f"{self.server.base_url}/_local/assets", params=parameters, verify=WITHOUT_TLS
        ).json()["assets"]
        return next(asset["guid"] for asset in found if asset["qualifiedName"] == qualified_name)

    ref = staticmethod(ref)
    process = staticmethod(process)
    column_process = staticmethod(column_process)
    keys = (KEY, ALICE)

    def create_lineage(self) -> None:
        """Create the lineage raw → staging → mart. Alice writes the process of the mart and two columns."""
        orders, customers = ref("Table", f"{RAW}/ORDERS"), ref("Table", f"{RAW}/CUSTOMERS")
        staged, mart = ref("View", f"{MARTS}/STG_ORDERS"), ref("Table", f"{MARTS}/CUSTOMER_VALUE")
        self.write(process("stage orders", [orders], staged))
        source = "https://airflow.example.com/runs/42"
        owners = ["jsmith", "ann"]
        value = process(
            "build value", [customers, staged], mart, sql=SQL, sourceURL=source, ownerUsers=owners
        )
        self.write(value, key=ALICE)
        self.write(
            column_process("build value", f"{RAW}/CUSTOMERS/FULL_NAME", f"{MARTS}/CUSTOMER_VALUE/NAME"),
            column_process("build value", f"{MARTS}/STG_ORDERS/TOTAL", f"{MARTS}/CUSTOMER_VALUE/SPEND"),
            key=ALICE,
        )
        self.write(column_process("stage orders", f"{RAW}/ORDERS/TOTAL", f"{MARTS}/STG_ORDERS/TOTAL"))


class Page:
    """The page of a local Atlan in the browser."""

    def __init__(self, driver: webdriver.Chrome, base_url: str) -> None:
        self.driver = driver
        self.base_url = base_url

    def open(
        self,
        address: str = "#/",
        width: int = 1280,
        height: int = 860,
        *,
        dark: bool = False,
        reduced_motion: bool = False,
    ) -> None:
        """Load the page with a size and the user's preferences, and wait for the first response."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        motion = {"name": "prefers-reduced-motion", "value": "reduce" if reduced_motion else ""}
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme, motion]})
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get("about:blank")
        self.console_messages()
        self.driver.get(f"{self.base_url}/{address}")
        self.wait(lambda: self.text("#status") == "Live", "the first answer")

    def asset(self, guid: str, query: str = "", **size: Any) -> None:
        """Open the address of an asset."""
        self.open(f"#/asset/{guid}{query}", **size)
        self.wait(lambda: self.driver.find_elements(By.CSS_SELECTOR, "#lineage-nodes li"), "the lineage")
        self.await_animations()

    def refresh(self) -> None:
        """Refresh the data without a click, which would move the focus."""
        self.js("document.dispatchEvent(new Event('visibilitychange'))")

    def await_animations(self) -> None:
        """Wait until no animation runs."""
        self.wait(lambda: self.js("return document.getAnimations().length") == 0, "the animations to end")

    def wait(self, condition: Callable[[], Any], what: str) -> None:
        WebDriverWait(self.driver, 15, poll_frequency=0.05).until(lambda _: condition(), f"waited for {what}")

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return self.js("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def texts(self, selector: str) -> list[str]:
        """Return the texts of all elements, including hidden ones, in one step while the page draws."""
        script = "return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent)"
        return self.js(script, selector)

    def shown(self, selector: str) -> bool:
        return self.one(selector).is_displayed()

    def click(self, selector: str) -> None:
        """Click the center of an element."""
        self.one(selector).click()

    def js(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def module(self, path: str, expression: str, *arguments: Any) -> Any:
        """Evaluate an expression with `m`, a module of the page, and `a`, the arguments."""
        script = (
            "const [path, a, done] = [arguments[0], arguments[1], arguments[arguments.length - 1]];"
            f"import(path).then(async (m) => done({{value: {expression}}}))"
            ".catch((error) => done({error: String(error)}));"
        )
        answer = self.driver.execute_async_script(script, f"/_local/static/{path}", arguments)
        assert "error" not in answer, answer
        return answer["value"]

    def boxes(self) -> dict[str, dict[str, float]]:
        """Return the box of every asset on the screen, by the first words of its label."""
        return self.js(
            """return Object.fromEntries([...document.querySelectorAll('#picture .asset')].map((each) => {
            const {left, right, top, bottom} = each.querySelector('.face').getBoundingClientRect();
            return [each.getAttribute('aria-label').split(',')[0], {left, right, top, bottom}];
            }))"""
        )

    def pane(self) -> dict[str, float]:
        """Return the box of the picture on the screen."""
        return self.js("return document.querySelector('#picture').getBoundingClientRect().toJSON()")

    def view(self) -> str:
        """Return the position and the scale of the picture."""
        return self.js("return document.querySelector('#picture .layer').style.transform")

    def nodes(self) -> set[str]:
        return set(self.texts("#lineage-nodes li"))

    def links(self) -> set[str]:
        return set(self.texts("#lineage-links li"))

    def console_messages(self) -> list[str]:
        """Return the console messages since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[Json]:
        """Return all requests of the browser since the last call, from DevTools."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [each["params"] for each in messages if each["method"] == "Network.requestWillBeSent"]


def _shop() -> Iterator[Shop]:
    with LocalAtlan(seed=SEED, api_key=KEY, users={ALICE: "alice"}) as server:
        shop = Shop(server)
        shop.create_lineage()
        yield shop


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """A local Atlan with the lineage of the shop, for all tests of a module."""
    yield from _shop()


@pytest.fixture
def own_shop() -> Iterator[Shop]:
    """The same for one test that changes data."""
    yield from _shop()


@pytest.fixture
def page(chromium: webdriver.Chrome, shop: Shop) -> Page:
    return Page(chromium, shop.server.base_url)


@pytest.fixture
def own_page(chromium: webdriver.Chrome, own_shop: Shop) -> Page:
    return Page(chromium, own_shop.server.base_url)
