"""Draw the pictures of the local Atlan's page in docs/images, from the stories of the demo.

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

from atlan_pulumi.engine import provide_engine

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


if __name__ == "__main__":
    main(Path(sys.argv[1]))
