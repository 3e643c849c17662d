"""Draw the pictures of the local Atlan's page in docs/images: the stories of the demo, and a dbt project.

Run it in the folder `tests`: `python -m stacks.pictures ../docs/images`. It needs chromium and an engine.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from support.browser import FLAGS
from support.dbt import ARTIFACTS
from support.dbt import FOLDER as DBT_PROJECT
from support.stack import Stack

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.engine import provide_engine
from atlan_pulumi.local import LocalAtlan

sys.path.insert(0, str(Path(__file__).parents[2] / "stacks" / "quickstart"))

_DRAWN = "return document.querySelectorAll('svg .node, svg [data-guid]').length > 0"


@contextmanager
def _browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    with tempfile.TemporaryDirectory() as profile:
        for flag in (*FLAGS, "--hide-scrollbars", f"--user-data-dir={profile}"):
            options.add_argument(flag)
        browser = webdriver.Chrome(options=options, service=Service(str(shutil.which("chromedriver"))))
        try:
            yield browser
        finally:
            browser.quit()


def _photograph(browser: webdriver.Chrome, address: str, picture: Path, *, height: int) -> None:
    size = {"width": 1240, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get("about:blank")
    browser.get(address)
    until = time.monotonic() + 20
    while not browser.execute_script(_DRAWN) and time.monotonic() < until:
        time.sleep(0.1)
    picture.write_bytes(browser.get_screenshot_as_png())


@contextmanager
def _dbt_project(environ: dict[str, str]) -> Iterator[str]:
    """Deploy the stack of the dbt project, and return the URL of the page of one of its columns."""
    with tempfile.TemporaryDirectory() as folder, LocalAtlan(seed=ARTIFACTS / "catalog.yaml") as atlan:
        tenant = {"ATLAN_BASE_URL": atlan.base_url, "ATLAN_API_KEY": atlan.api_key}
        stack = Stack(Path(folder) / "stack", environ, environ=tenant)
        stack.copy(DBT_PROJECT, "__main__.py")
        shutil.copytree(ARTIFACTS, stack.folder / "artifacts")
        stack.up()
        name = "default/postgres/1700000000/analytics/marts/customers/lifetime_tax_paid"
        with AtlanClient(ClientSettings.resolve(atlan.base_url, atlan.api_key, 0)) as client:
            column = client.entities.get_by_qualified_name("Column", name)
        assert column is not None
        yield f"{atlan.base_url}/#/asset/{column.guid}"


def main(folder: Path) -> None:
    """Play the stories, and draw what the page shows."""
    from _demo import first_stage, stage

    engine = provide_engine()
    with _browser() as browser:
        with first_stage(engine) as first:
            first.deploy()
            _photograph(browser, first.address, folder / "first-deploy-before.png", height=520)
            first.crawl()
            _photograph(browser, first.address, folder / "first-deploy-after.png", height=520)
        with stage("pictures", engine) as story:
            story.declare()
            _photograph(browser, story.address, folder / "local-atlan.png", height=800)
        with _dbt_project(engine.environment()) as address:
            _photograph(browser, address, folder / "dbt-project.png", height=640)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
