"""The file that a tenant's pace is kept in: the user's own, and never in the way."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from atlan_pulumi.client._rate_limit import SYSTEM_CLOCK, Pace, SystemClock, pace_file

TENANT = "https://tenant"


class ShiftedClock(SystemClock):
    """The machine's own, at another time."""

    def __init__(self, shift: float) -> None:
        self._shift = shift

    def monotonic(self) -> float:
        return super().monotonic() + self._shift


def waits(pace: Pace, times: int) -> list[float]:
    return [pace._reserve() for _ in range(times)]


def test_the_file_is_the_users_alone(pace_folder: Path) -> None:
    Pace(TENANT, 100, SYSTEM_CLOCK).wait()
    (folder,) = pace_folder.iterdir()
    assert folder.name == f"atlan-pulumi-{os.getuid()}"
    assert folder.stat().st_mode & 0o777 == 0o700
    (file,) = folder.iterdir()
    assert file == pace_file(TENANT)
    assert file.stat().st_mode & 0o777 == 0o600
    assert TENANT.encode() not in file.read_bytes()


def open_to_others(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o755)


def a_file(folder: Path) -> None:
    folder.touch()


def a_link(folder: Path) -> None:
    elsewhere = folder.with_name("elsewhere")
    elsewhere.mkdir(0o700)
    folder.symlink_to(elsewhere)


@pytest.mark.parametrize("make", [open_to_others, a_file, a_link])
def test_what_cannot_be_used_is_done_without(make: Callable[[Path], None], pace_folder: Path) -> None:
    make(pace_folder / f"atlan-pulumi-{os.getuid()}")
    pace, other = Pace(TENANT, 20, SYSTEM_CLOCK), Pace(TENANT, 20, SYSTEM_CLOCK)
    assert waits(pace, 2) == [0, 0]
    assert waits(other, 1) == [pytest.approx(60 / 18, abs=0.5)]
    assert list(pace_folder.rglob("*.pace")) == []


def test_a_folder_that_was_removed_is_made_again(pace_folder: Path) -> None:
    pace = Pace(TENANT, 20, SYSTEM_CLOCK)
    assert waits(pace, 2) == [0, 0]
    pace_file(TENANT).unlink()
    pace_file(TENANT).parent.rmdir()
    assert waits(pace, 2) == [0, 0]
    assert pace_file(TENANT).exists()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content[:-1], id="cut off"),
        pytest.param(lambda content: bytes(len(content)), id="zeros"),
        pytest.param(lambda content: content[:9] + b"\xff" + content[10:], id="one byte"),
        pytest.param(lambda content: b"\xff" * 5000, id="anything"),
    ],
)
def test_a_damaged_file_is_begun_anew(damage: Callable[[bytes], bytes]) -> None:
    pace = Pace(TENANT, 1, SYSTEM_CLOCK)
    assert waits(pace, 2) == [0, pytest.approx(60, abs=1)]
    file = pace_file(TENANT)
    file.write_bytes(damage(file.read_bytes()))
    assert waits(pace, 2) == [0, pytest.approx(60, abs=1)]


def test_what_was_before_the_machine_started_anew_is_forgotten() -> None:
    before = Pace(TENANT, 1, ShiftedClock(1_000_000))
    before.block(120, sent_at=time.monotonic() + 1_000_000)
    assert waits(before, 1) == [pytest.approx(120, abs=1)]
    now = Pace(TENANT, 1, SYSTEM_CLOCK)
    assert now.blocked_for == 0
    assert waits(now, 1) == [0]
