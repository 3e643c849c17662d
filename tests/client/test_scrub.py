"""Text from outside, fit for a message."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.client._scrub import Scrubber

VISIBLE = st.characters(min_codepoint=33, max_codepoint=126)
KEYS = st.text(VISIBLE, min_size=8, max_size=40)


@given(KEYS, st.text(max_size=50), st.text(max_size=50))
def test_the_key_never_comes_through(key: str, before: str, after: str) -> None:
    scrub = Scrubber(key)
    for written in (key, quote(key, safe=""), json.dumps(key), repr(key)):
        assert key not in scrub(before + written + after).replace("[secret]", "\0")


@given(st.text(max_size=2000))
def test_any_text_becomes_one_short_printable_line(text: str) -> None:
    line = Scrubber("some-long-key")(text)
    assert len(line) <= 400
    assert line.isprintable()


def test_a_key_is_hidden_before_the_text_is_cut() -> None:
    key = "k" * 30
    line = Scrubber(key)("x" * 385 + key)
    assert line == "x" * 385 + "[secret]"


def test_a_long_text_shows_that_it_was_cut() -> None:
    assert Scrubber("some-long-key")("x" * 401) == "x" * 399 + "…"


@pytest.mark.parametrize("text", ["no localhost here", "locally", "allocal"])
def test_a_short_key_is_no_part_of_a_word(text: str) -> None:
    assert Scrubber("local")(text) == text


@pytest.mark.parametrize("text", ["Bearer local", "(local)", "key=local;", "local"])
def test_a_short_key_is_hidden_as_a_word(text: str) -> None:
    assert "local" not in Scrubber("local")(text)


def test_control_characters_do_not_reach_a_terminal() -> None:
    assert Scrubber("some-long-key")("a\x1b[31mb\x00c\r\nd") == "a�[31mb�c d"
