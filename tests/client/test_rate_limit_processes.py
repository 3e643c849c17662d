"""RateLimiter in several processes: real processes, a real file, and the system clock."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from client.clocks import LeapingClock
from client.scripted_server import ScriptedServer, respond
from client.test_rate_limit import max_per_minute

from atlan_pulumi.client._rate_limit import SYSTEM_CLOCK, RateLimiter, state_file
from atlan_pulumi.local import LocalAtlan

SENDER = Path(__file__).with_name("sender.py")
TENANT = "https://tenant"
HOLDER = """
import fcntl, sys
file = open(sys.argv[1], "r+b")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""

RESERVER = """
import threading
from atlan_pulumi.client._rate_limit import SYSTEM_CLOCK
from atlan_pulumi.client._rate_limit import RateLimiter
limiter = RateLimiter("https://tenant", 400, SYSTEM_CLOCK)
threads = [threading.Thread(target=lambda: [limiter._reserve() for _ in range(500)]) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def waits(limiter: RateLimiter, times: int) -> list[float]:
    return [limiter._reserve() for _ in range(times)]


def run_processes(server: LocalAtlan, folder: Path, processes: int, *arguments: int) -> list[float]:
    """Run processes that send requests, and return the times of the requests, sorted."""
    command = [sys.executable, str(SENDER), server.base_url, server.api_key, *map(str, arguments)]
    environ = {**os.environ, "TMPDIR": str(folder)}
    with ExitStack() as stack:
        running = [
            stack.enter_context(subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True))
            for _ in range(processes)
        ]
        printed = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0] * processes
    return sorted(float(line) for text in printed for line in text.split())


def test_processes_share_the_rate(state_folder: Path) -> None:
    with LocalAtlan(rate_limit=120) as server:
        times = run_processes(server, state_folder, 3, 120, 4, 2)
        assert server.stats()["answers"] == {"200": 24}
    # 12 at once, then 108 a minute; without sharing, each process would send its 8 at once
    assert times[-1] - times[0] > (24 - 12) / 1.8 - 1


def test_concurrent_reservations_are_not_lost(state_folder: Path) -> None:
    limiter, began = RateLimiter(TENANT, 400, SYSTEM_CLOCK), time.monotonic()
    waits(limiter, 400)  # keep the bucket from filling up before the others start
    first = time.monotonic() - began
    command, environ = [sys.executable, "-c", RESERVER], {**os.environ, "TMPDIR": str(state_folder)}
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(subprocess.Popen(command, env=environ))
    before, wait, after = time.monotonic(), limiter._reserve(), time.monotonic()
    booked = (400 + 3 * 4 * 500 - 39) / 6
    assert before - first - 0.1 <= began + booked - wait <= after + 0.1


@pytest.mark.soak
def test_several_processes_are_never_refused_within_minutes(state_folder: Path) -> None:
    with LocalAtlan(rate_limit=60) as server:
        times = run_processes(server, state_folder, 4, 60, 4, 8)
        assert server.stats()["answers"] == {"200": 128}
    assert max_per_minute(times) <= 61, "they print a moment later"


def test_a_block_closes_the_gate_for_all_processes(
    state_folder: Path, new_server: Callable[..., ScriptedServer]
) -> None:
    server = new_server(respond("slow down", 429, headers={"retry-after": "50"}))
    command = [sys.executable, str(SENDER), server.base_url, "some-key", "400", "1", "1"]
    subprocess.run(command, env={**os.environ, "TMPDIR": str(state_folder)}, check=True, timeout=60)
    assert 40 < RateLimiter(server.base_url, 100, SYSTEM_CLOCK).blocked_for <= 50
    assert RateLimiter("https://another", 100, SYSTEM_CLOCK).blocked_for == 0


def test_a_limiter_without_a_rate_shares_blocks_within_its_process() -> None:
    limited, unlimited = RateLimiter(TENANT, 100, SYSTEM_CLOCK), RateLimiter(TENANT, 0, SYSTEM_CLOCK)
    limited.block(50, sent_at=time.monotonic())
    assert 40 < unlimited.blocked_for <= 50
    unlimited.block(90, sent_at=time.monotonic())
    assert 80 < limited.blocked_for <= 90


@pytest.mark.parametrize("clock", [SYSTEM_CLOCK, LeapingClock()])
def test_no_file_without_a_rate_or_with_another_clock(clock: object, state_folder: Path) -> None:
    RateLimiter(TENANT, 0 if clock is SYSTEM_CLOCK else 100, clock).wait()  # type: ignore[arg-type]
    assert list(state_folder.iterdir()) == []


def test_the_lock_of_a_killed_process_is_released() -> None:
    limiter = RateLimiter(TENANT, 100, SYSTEM_CLOCK)
    limiter.wait()
    holder = [sys.executable, "-c", HOLDER, str(state_file(TENANT))]
    reserved = threading.Event()

    def reserve() -> None:
        limiter._reserve()
        reserved.set()

    with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        thread = threading.Thread(target=reserve)
        thread.start()
        assert not reserved.wait(0.2), "it waits for the lock"
        process.kill()
    thread.join(10)
    assert reserved.is_set()


def test_a_reservation_is_cheap() -> None:
    limiter, began, many = RateLimiter(TENANT, 400, SYSTEM_CLOCK), time.process_time(), 1000
    waits(limiter, many)
    assert (time.process_time() - began) / many < 0.001, "usually a tenth of that"
