"""parse_retry_after: the values that servers send."""

from datetime import datetime, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.client._responses import MAX_RETRY_AFTER, parse_retry_after

NOW = 1_800_000_000.0


def http_date(timestamp: float) -> str:
    return format_datetime(datetime.fromtimestamp(timestamp, timezone.utc), usegmt=True)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("1", 1),
        (" 60 ", 60),
        ("007", 7),
        ("2.5", 2.5),
        ("120", 120),
        ("3600", 120),
        ("9" * 9999, 120),
    ],
)
def test_seconds_are_limited(value: str, seconds: float) -> None:
    assert parse_retry_after(value, None, NOW) == seconds


@pytest.mark.parametrize(
    "value",
    [None, "", "-1", "-9999999999", "soon", "1e3", "nan", "inf", "0x10", "1 2", "٣", "{}", "Mon, 99 Foo"],
)
def test_invalid_values_are_ignored(value: str | None) -> None:
    assert parse_retry_after(value, None, NOW) is None


@pytest.mark.parametrize(("ahead", "seconds"), [(30, 30), (0, 0), (-3600, 0), (10**8, 120)])
def test_a_date_is_relative_to_the_local_clock(ahead: float, seconds: float) -> None:
    assert parse_retry_after(http_date(NOW + ahead), None, NOW) == seconds


def test_the_servers_clock_wins_over_the_local_clock() -> None:
    skewed = NOW - 7200
    assert parse_retry_after(http_date(skewed + 45), http_date(skewed), NOW) == 45
    assert parse_retry_after(http_date(NOW + 45), "not a date", NOW) == 45


def test_a_date_without_a_zone_is_utc() -> None:
    bare = http_date(NOW + 50).replace(" GMT", "")
    assert parse_retry_after(bare, None, NOW) == 50


@given(st.text() | st.from_regex(r"[0-9A-Za-z,: +-]{0,40}"), st.none() | st.text(max_size=40))
def test_any_text_is_parsed_and_limited(value: str, date: str | None) -> None:
    seconds = parse_retry_after(value, date, NOW)
    assert seconds is None or 0 <= seconds <= MAX_RETRY_AFTER


@given(st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29)))
def test_any_date_is_parsed_and_limited(moment: datetime) -> None:
    written = format_datetime(moment.replace(tzinfo=timezone.utc), usegmt=True)
    seconds = parse_retry_after(written, None, NOW)
    assert seconds is not None
    assert 0 <= seconds <= MAX_RETRY_AFTER
