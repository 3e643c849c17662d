"""Draw docs/images/review.png: the page of a sample review, with one table selected.

Run it in the folder `tests`: `python -m review.sample ../docs/images/review.png`. It needs chromium.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from review import previews
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from support.browser import FLAGS

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.review import Review, html, parse, review

_CATALOG = Path(__file__).parents[2] / "stacks" / "quickstart" / "catalog.yaml"
_WAREHOUSE = "default/snowflake/1657025257"
_ANALYTICS = f"{_WAREHOUSE}/ANALYTICS"
_SIZE = {"width": 1280, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
_SELECT = """
const named = (node) => node.querySelector('.name').textContent === 'ORDER_ITEMS';
const node = [...document.querySelectorAll('.node')].find(named);
node.dispatchEvent(new MouseEvent('click', { bubbles: true }));
document.querySelector('.link-row:not([hidden])').open = true;
"""


def _name(path: str) -> str:
    return f"{_ANALYTICS}/{path}"


def _assets(paths: Iterable[str]) -> list[previews.Props]:
    """Return references to tables, views, and columns, such as `MARTS/ORDERS/ORDER_ID`."""
    types = {2: "Table", 3: "Column"}
    return [
        {
            "qualified_name": _name(path),
            "type_name": "View" if path.count("/") == 1 and "/STG_" in path else types[path.count("/") + 1],
        }
        for path in paths
    ]


def _process(id_: str, title: str, inputs: Sequence[str], output: str) -> previews.Props:
    made = {**previews.process(id_, [], []), "name": title}
    sides = {"inputs": _assets(inputs), "outputs": _assets([output])}
    return {**made, **sides, "connection": _WAREHOUSE, "qualified_name": f"{_WAREHOUSE}/{id_}"}


def _columns(of: str, tables: Sequence[str], output: str, mapping: previews.Props) -> previews.Props:
    return {
        **previews.column_lineage(of, mapping),
        "input_tables": [_name(each) for each in tables],
        "output_tables": [_name(output)],
        "process": {"qualified_name": f"{_WAREHOUSE}/{of}", "type_name": "Process"},
        "qualified_name": f"{_WAREHOUSE}/{of}/column",
    }


_STAGED = [f"STAGING/STG_{name}" for name in ("ORDERS", "ORDER_ITEMS", "PRODUCTS", "SUPPLIES")]
_ITEMS = _process("order_items", "Build order items", _STAGED, "MARTS/ORDER_ITEMS")
_COSTS = {
    "PRODUCT_PRICE": "STAGING/STG_PRODUCTS/PRODUCT_PRICE",
    "SUPPLY_COST": "STAGING/STG_SUPPLIES/SUPPLY_COST",
}
_PLACES = ["LOCATION_ID", "LOCATION_NAME", "TAX_RATE", "OPENED_DATE"]
_LOCATIONS = _process("locations", "Build locations", ["STAGING/STG_LOCATIONS"], "MARTS/LOCATIONS")
_LOCATION_COLUMNS = _columns(
    "locations", ["STAGING/STG_LOCATIONS"], "MARTS/LOCATIONS", {name: name for name in _PLACES}
)
_CUSTOMERS = _process("customers", "Build customers", ["MARTS/ORDERS"], "MARTS/CUSTOMERS")
_VALUE = _process(
    "customer_value_shop",
    "Value the shop's customers",
    ["MARTS/CUSTOMERS", "MARTS/ORDERS"],
    "RETAIL/CUSTOMER_VALUE",
)


def _spend(*sources: str) -> previews.Props:
    return _columns("customers", ["MARTS/ORDERS"], "MARTS/CUSTOMERS", {"LIFETIME_SPEND": [*sources]})


def _items(*names: str) -> previews.Props:
    return _columns(
        "order_items", _STAGED, "MARTS/ORDER_ITEMS", {name: _name(_COSTS[name]) for name in names}
    )


def events() -> Iterator[previews.Event]:
    """Yield the events of a preview that adds a mart, drops one, and drops a source of another."""
    fewer = {**_ITEMS, "inputs": _ITEMS["inputs"][:-1]}
    yield previews.update("Process", "order_items", _ITEMS, fewer)
    before, after = _items("PRODUCT_PRICE", "SUPPLY_COST"), _items("PRODUCT_PRICE")
    yield previews.update("ColumnLineage", "order_items", before, after)
    yield previews.delete("Process", "locations", _LOCATIONS)
    yield previews.delete("ColumnLineage", "locations", _LOCATION_COLUMNS)
    yield previews.same("Process", "customers", _CUSTOMERS)
    yield previews.update("ColumnLineage", "customers", _spend("SUBTOTAL"), _spend("SUBTOTAL", "TAX_PAID"))
    yield previews.create("Process", "customer_value_shop", _VALUE)
    counts = {"COUNT_TICKETS": "COUNT_LIFETIME_ORDERS", "NET_PAID": "LIFETIME_SPEND"}
    mapping = {name: _name(f"MARTS/CUSTOMERS/{source}") for name, source in counts.items()}
    inputs = ["MARTS/CUSTOMERS", "MARTS/ORDERS"]
    columns = _columns("customer_value_shop", inputs, "RETAIL/CUSTOMER_VALUE", mapping)
    yield previews.create("ColumnLineage", "customer_value_shop", columns)
    for rule, text in (
        (
            "owner-and-description",
            "has no owner: set owner_users or owner_groups, so that readers of the lineage know whom to ask",
        ),
        (
            "sql-or-source-url",
            "has neither sql nor source_url: set one of them, so that the lineage can be verified",
        ),
    ):
        urn = previews.urn("Process", "customer_value_shop")
        yield previews.violation(rule, urn, f"Process 'Value the shop's customers' {text}")


def sample() -> Review:
    """Return the review, with the impact in a local Atlan that has the lineage from before."""
    with LocalAtlan(seed=yaml.safe_load(_CATALOG.read_text(encoding="utf-8"))) as server:
        preview = parse(previews.log(*events()), "sample")
        with AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0)) as client:
            _deploy(client, review(preview, depth=0))
            return review(preview, title="Lineage review of jaffle-shop/prod", tenant=lambda: client)


def _deploy(client: AtlanClient, plan: Review) -> None:
    """Create the edges from before the change, and a dashboard's view of the marts."""
    old = [edge.old for change in plan.changes for edge in change.edges if edge.old]
    entities = []
    for number, edge in enumerate(sorted(old, key=lambda each: each.is_column_process)):
        sides: dict[str, Any] = {
            side: [
                {"typeName": each.type_name, "uniqueAttributes": {"qualifiedName": each.name}}
                for each in assets
            ]
            for side, assets in (("inputs", edge.inputs), ("outputs", edge.outputs))
        }
        names = {"qualifiedName": edge.qualified_name, "name": str(edge.qualified_name).rpartition("/")[2]}
        entities.append(
            Entity(type_name=edge.type_name, guid=f"-{number + 1}", attributes={**names, **sides})
        )
    for outcome in client.bulk.upsert(entities):
        if outcome.error:
            raise outcome.error


def page(made: Review) -> str:
    """Return the page of a review."""
    return html(made.title, made.summary, made.graph, made.sections)


def _photograph(text: str, picture: Path) -> None:
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    with tempfile.TemporaryDirectory() as folder:
        for flag in (*FLAGS, "--hide-scrollbars", f"--user-data-dir={folder}/profile"):
            options.add_argument(flag)
        file = Path(folder, "review.html")
        file.write_text(text, encoding="utf-8")
        browser = webdriver.Chrome(options=options, service=Service(str(shutil.which("chromedriver"))))
        try:
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", _SIZE)
            browser.get(file.as_uri())
            browser.execute_script(_SELECT)
            picture.write_bytes(browser.get_screenshot_as_png())
        finally:
            browser.quit()


if __name__ == "__main__":
    _photograph(page(sample()), Path(sys.argv[1]))
