"""`table_of` with the providers' real SDKs, each in a program of the kind that their users write."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from atlan_pulumi.files import cache_folder

pytestmark = pytest.mark.soak  # downloads 30 MB

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
Registered = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def sdks() -> Path:
    """Install the SDKs into the cache, apart from the environment of the tests."""
    requirements = HERE / "requirements.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    folder = cache_folder() / "sdks" / f"{digest}-{sys.version_info[0]}.{sys.version_info[1]}"
    if not (folder / ".ready").exists():
        install = ["install", "--quiet", "--no-deps", "--upgrade", "--target", folder, "-r", requirements]
        subprocess.run([sys.executable, "-m", "pip", *install], check=True, timeout=500)
        (folder / ".ready").touch()
    return folder


def registered(sdks: Path, program: str) -> Registered:
    """Run a program, and return the inputs, outputs, and SQL that it registers, by resource."""
    done = subprocess.run(
        [sys.executable, HERE / "run_mocked.py", HERE / "programs" / f"{program}.py"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, sdks)))},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: Registered = json.loads(done.stdout.splitlines()[-1])
    return found


def edges(found: Registered) -> dict[str, tuple[list[tuple[str, str]], list[tuple[str, str]]]]:
    """Return the inputs and outputs of each resource, as types and names."""
    return {
        name: tuple(  # type: ignore[misc]
            [(each["type_name"], each["qualified_name"]) for each in made[side]]
            for side in ("inputs", "outputs")
        )
        for name, made in found.items()
    }


def test_snowflake(sdks: Path) -> None:
    found = registered(sdks, "snowflake")
    schema = "default/snowflake/1657025257/MART/PUBLIC"
    daily = ("SnowflakeDynamicTable", f"{schema}/DAILY_SALES")
    assert edges(found) == {
        "daily-sales": (
            [("Table", f"{schema}/ORDERS"), ("SnowflakeStream", f"{schema}/ORDER_CHANGES")],
            [daily],
        ),
        "daily-sales-total": (
            [("Column", f"{schema}/ORDERS/AMOUNT")],
            [("Column", f"{schema}/DAILY_SALES/TOTAL")],
        ),
        "best-customers": ([daily], [("View", f"{schema}/BEST_CUSTOMERS")]),
    }
    assert found["best-customers"]["sql"] == "SELECT CUSTOMER FROM MART.PUBLIC.DAILY_SALES"


def test_bigquery(sdks: Path) -> None:
    found = registered(sdks, "bigquery")
    dataset = "default/bigquery/1657025257/shop-prod/sales"
    orders = ("Table", f"{dataset}/orders")
    assert edges(found) == {
        "load": ([("GCSBucket", "default/gcs/1657025300/shop-landing")], [orders]),
        "open": ([orders], [("View", f"{dataset}/open_orders")]),
        "totals": ([orders], [("MaterialisedView", f"{dataset}/totals")]),
    }
    assert found["open"]["sql"] == "SELECT id FROM sales.orders"


def test_databricks(sdks: Path) -> None:
    schema = "default/databricks/1657025257/shop/sales"
    assert edges(registered(sdks, "databricks")) == {
        "open-orders": ([("Table", f"{schema}/orders")], [("View", f"{schema}/open_orders")])
    }


def test_glue(sdks: Path) -> None:
    lake, catalog = "default/s3/1657025300", "default/athena/1657025257/AwsDataCatalog/sales"
    orders = ("Table", f"{catalog}/orders")
    assert edges(registered(sdks, "glue")) == {
        "crawl-orders": (
            [
                ("S3Object", f"{lake}/arn:aws:s3:::shop-lake/orders/2026.csv"),
                ("S3Bucket", f"{lake}/arn:aws:s3:::shop-lake"),
            ],
            [orders],
        ),
        "recent": ([orders], [("View", f"{catalog}/recent")]),
    }
