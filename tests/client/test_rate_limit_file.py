"""The file with the state of a rate limiter."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from atlan_pulumi.client._rate_limit import SYSTEM_CLOCK, RateLimiter, SystemClock, state_file

TENANT = "https://tenant"


class ShiftedClock(SystemClock):
    """The system clock, shifted."""

    def __init__(self, shift: float) -> None:
        self._shift = shift

    def monotonic(self) -> float:
        return super().monotonic() + self._shift


def waits(limiter: RateLimiter, times: int) -> list[float]:
    return [limiter._reserve() for _ in range(times)]


def test_only_the_user_can_access_the_file(state_folder: Path) -> None:
    RateLimiter(TENANT, 100, SYSTEM_CLOCK).wait()
    (folder,) = state_folder.iterdir()
    assert folder.name == f"atlan-pulumi-{os.getuid()}"
    assert folder.stat().st_mode & 0o777 == 0o700
    (file,) = folder.iterdir()
    assert file == state_file(TENANT)
    assert file.stat().st_mode & 0o777 == 0o600
    assert TENANT.encode() not in file.read_bytes()


def accessible_to_others(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o755)


def a_file(folder: Path) -> None:
    folder.touch()


def a_link(folder: Path) -> None:
    elsewhere = folder.with_name("elsewhere")
    elsewhere.mkdir(0o700)
    folder.symlink_to(elsewhere)


@pytest.mark.parametrize("make", [accessible_to_others, a_file, a_link])
def test_an_unusable_folder_falls_back_to_memory(make: Callable[[Path], None], state_folder: Path) -> None:
    make(state_folder / f"atlan-pulumi-{os.getuid()}")
    limiter, other = RateLimiter(TENANT, 20, SYSTEM_CLOCK), RateLimiter(TENANT, 20, SYSTEM_CLOCK)
    assert waits(limiter, 2) == [0, 0]
    assert waits(other, 1) == [pytest.approx(60 / 18, abs=0.5)]
    assert list(state_folder.rglob("*.pace")) == []


def test_a_removed_folder_is_created_again(state_folder: Path) -> None:
    limiter = RateLimiter(TENANT, 20, SYSTEM_CLOCK)
    assert waits(limiter, 2) == [0, 0]
    state_file(TENANT).unlink()
    state_file(TENANT).parent.rmdir()
    assert waits(limiter, 2) == [0, 0]
    assert state_file(TENANT).exists()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content[:-1], id="truncated"),
        pytest.param(lambda content: bytes(len(content)), id="zeros"),
        pytest.param(lambda content: content[:9] + b"\xff" + content[10:], id="one byte"),
        pytest.param(lambda content: b"\xff" * 5000, id="other content"),
    ],
)
def test_a_damaged_file_is_replaced(damage: Callable[[bytes], bytes]) -> None:
    limiter = RateLimiter(TENANT, 1, SYSTEM_CLOCK)
    assert waits(limiter, 2) == [0, pytest.approx(60, abs=1)]
    file = state_file(TENANT)
    file.write_bytes(damage(file.read_bytes()))
    assert waits(limiter, 2) == [0, pytest.approx(60, abs=1)]


def test_state_from_before_a_reboot_is_ignored() -> None:
    before = RateLimiter(TENANT, 1, ShiftedClock(1_000_000))
    before.block(120, sent_at=time.monotonic() + 1_000_000)
    assert waits(before, 1) == [pytest.approx(120, abs=1)]
    now = RateLimiter(TENANT, 1, SYSTEM_CLOCK)
    assert now.blocked_for == 0
    assert waits(now, 1) == [0]
