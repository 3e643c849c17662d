"""`make demo` with the real engine: to the end, interrupted, and with a failed check."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from atlan_pulumi.engine import provide_engine
from atlan_pulumi.files import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "stacks" / "quickstart" / "demo.py"
CANARY = "canary-7f3a"
CATALOG = "2 Connections, 4 Databases, 6 Schemas, 6 Views, 25 Tables, 293 Columns"
END = 120.0
"""Seconds for the demo to end after a signal; several times its need."""


@dataclass
class Run:
    """A demo started with a separate home and temporary folder."""

    folder: Path
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def until(self, words: str) -> str:
        """Read up to the line with these words."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if words in line:
                return self.said[-1]
        raise AssertionError(f"the demo never said {words!r}:\n{self.text}")

    def end(self) -> int:
        """Read to the end, and return the exit code."""
        assert self.process.stdout is not None
        self.said += [line.rstrip() for line in self.process.stdout]
        return self.process.wait(END)

    @property
    def text(self) -> str:
        return "\n".join(self.said)

    def left_running(self) -> list[str]:
        """Return the processes with this run's folder in their environment that do not end soon."""
        until = time.monotonic() + 20
        while (found := self._running()) and time.monotonic() < until:
            time.sleep(0.05)
        return found

    def _running(self) -> list[str]:
        needle = str(self.folder).encode()
        return [
            (process / "cmdline").read_text().replace("\0", " ")
            for process in Path("/proc").iterdir()
            if process.name.isdigit() and needle in _environment_of(process)
        ]

    def left_behind(self) -> list[Path]:
        """Return the files in its home and temporary folder."""
        return [path for path in self.folder.rglob("*") if not path.is_dir()]


def _environment_of(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:  # ended while we looked, or not ours
        return b""


@contextmanager
def started(folder: Path, *options: str, demo: Path = DEMO) -> Iterator[Run]:
    """Start the demo with the settings of a user who uses Pulumi and Atlan for other projects."""
    cache = str(cache_folder())
    provide_engine()
    for name in ("home", "tmp"):
        (folder / name).mkdir(parents=True)
    environment = {
        **os.environ,
        "ATLAN_PULUMI_CACHE": cache,
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "ATLAN_BASE_URL": "https://elsewhere.invalid",
        "ATLAN_API_KEY": CANARY,
        "PULUMI_ACCESS_TOKEN": CANARY,
        "PULUMI_BACKEND_URL": "https://elsewhere.invalid",
        "PULUMI_STACK": CANARY,
        "COLUMNS": "80",
    }
    process = subprocess.Popen(
        [sys.executable, demo, *options],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield Run(folder, process)
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def full_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run the demo to the end, and read the page during the run."""
    with started(tmp_path_factory.mktemp("full_run"), "--keep") as run:
        look = run.until("Explore the lineage: ")
        run.until("Press Ctrl-C to continue.")
        address = look.partition(": ")[2]
        page = httpx.get(address)
        assert page.status_code == 200
        assert "<html" in page.text
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/#/asset/[0-9a-f-]{36}", address)
        run.process.send_signal(signal.SIGINT)
        assert run.end() == 0, run.text
        return run


def test_every_check_of_the_demo_passes_in_order(full_run: Run) -> None:
    assert [line for line in full_run.said if line.startswith("✓")] == [
        "✓ nothing was created",
        "✓ the warehouse has the table and the view",
        "✓ Atlan has placeholders for both",
        "✓ the placeholders are full assets now",
        "✓ they are the same assets, and keep their lineage",
        "✓ nothing to do",
        "✓ the warehouse is empty",
        "✓ no lineage is left, and what the crawler published is its own",
        "✓ nothing was written",
        "✓ Atlan contains all of it: 1 Connection, 19 Processes, 121 ColumnProcesses",
        "✓ exactly one resource was updated",
        "✓ exactly one entity was written to Atlan",
        "✓ Atlan shows it certified",
        "✓ no changes and no drift",
        "✓ nothing is left behind",
        f"✓ the catalog is unchanged: {CATALOG}",
    ]


def test_commands_are_shown_as_typed(full_run: Run) -> None:
    assert [line for line in full_run.said if line.startswith("$ ")] == [
        "$ pulumi preview",
        "$ pulumi up --yes --skip-preview",
        "$ pulumi refresh --yes --skip-preview",
        "$ pulumi preview --expect-no-changes",
        "$ pulumi destroy --yes --skip-preview",
        "$ pulumi preview",
        "$ pulumi up --yes --skip-preview",
        "$ pulumi up --yes --skip-preview",
        "$ pulumi preview --expect-no-changes",
        "$ pulumi refresh --yes --skip-preview --expect-no-changes",
        "$ pulumi destroy --yes --skip-preview",
    ]


def test_the_output_of_pulumi_is_shown(full_run: Run) -> None:
    assert "+ 40 to create" in full_run.text
    assert "19 ColumnLineages: where in the SQL each column comes from" in full_run.text
    assert "+ 40 created" in full_run.text
    assert "and 19 ColumnLineages created" in full_run.text
    assert "- 40 deleted" in full_run.text
    (update,) = (line for line in full_run.said if "updated (" in line)
    assert "atlan:Process orders" in update
    assert "~certificate_status" in update


def test_lineage_is_drawn_from_mart_to_application(full_run: Run) -> None:
    drawn = [re.sub(r"[│├└─\s]+", " ", line).strip() for line in full_run.said]
    begin = drawn.index("ANALYTICS.MARTS.CUSTOMERS ← Build customers")
    end = drawn.index("jaffle_shop.public.orders", begin)
    for line in (
        "ANALYTICS.STAGING.STG_CUSTOMERS ← Stage customers",
        "RAW.PUBLIC.CUSTOMERS ← Load customers",
        "jaffle_shop.public.customers",
        "ANALYTICS.MARTS.ORDERS ← Build orders",
    ):
        assert line in drawn[begin:], line
    assert begin < end


def test_the_path_of_a_column_is_drawn_step_by_step(full_run: Run) -> None:
    drawn = [re.sub(r"[│├└─\s]+", " ", line).strip() for line in full_run.said]
    begin = drawn.index("ANALYTICS.MARTS.CUSTOMERS.LIFETIME_SPEND ← Build customers: LIFETIME_SPEND")
    assert drawn[begin + 1 : begin + 5] == [
        "ANALYTICS.MARTS.ORDERS.ORDER_TOTAL ← Build orders: ORDER_TOTAL",
        "ANALYTICS.STAGING.STG_ORDERS.ORDER_TOTAL ← Stage orders: ORDER_TOTAL",
        "RAW.PUBLIC.ORDERS.ORDER_TOTAL ← Load orders: ORDER_TOTAL",
        "jaffle_shop.public.orders.order_total",
    ]


def test_the_demo_leaves_no_processes_or_files(full_run: Run) -> None:
    assert full_run.left_running() == []
    assert full_run.left_behind() == []


def test_the_users_settings_are_neither_used_nor_shown(full_run: Run) -> None:
    assert CANARY not in full_run.text
    assert "elsewhere" not in full_run.text


@pytest.mark.soak
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_cleans_up_when_stopped_during_an_update(tmp_path: Path, stop: signal.Signals) -> None:
    with started(tmp_path / "run") as run:
        run.until("$ pulumi up")
        run.until("atlan:Connection etl created")
        run.process.send_signal(stop)
        assert run.end() == 130
    assert run.said[-1] == "demo: stopped; the local Atlan and the stack were removed"
    assert "Traceback" not in run.text
    assert run.left_running() == []
    assert run.left_behind() == []


@pytest.mark.soak
def test_a_failed_check_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    for program in ("quickstart", "first_deploy"):
        shutil.copytree(ROOT / "stacks" / program, broken / "stacks" / program, symlinks=True)
    shutil.copy(ROOT / "Pulumi.yaml", broken)
    sql = broken / "stacks" / "quickstart" / "sql" / "locations.sql"
    sql.write_text(sql.read_text().replace("staging.stg_locations", "staging.stg_places"))
    with started(tmp_path / "run", demo=broken / "stacks" / "quickstart" / "demo.py") as run:
        assert run.end() == 1
    assert re.fullmatch(r"demo: pulumi (preview|up) ended with exit code \d+", run.said[-1])
    assert "STAGING/STG_PLACES" in run.text
    assert run.left_running() == []
    assert run.left_behind() == []
