"""Text from outside, fit for a message."""

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from secrecy.searching import CANARY, hits_in

from atlan_pulumi.client._scrub import Scrubber

VISIBLE = st.characters(min_codepoint=33, max_codepoint=126)
KEYS = st.text(VISIBLE, min_size=8, max_size=40).filter(lambda key: key not in "[secret]")
WORDS = st.text(st.characters(codec="utf-8"), max_size=50)

#: What may become of a key on its way to a server and back.
WRITTEN: dict[str, Callable[[str], str]] = {
    "plain": str,
    "a path": lambda key: quote(key, safe=""),
    "a path with slashes": quote,
    "a path in lower case": lambda key: re.sub("%..", lambda found: found[0].lower(), quote(key, safe="")),
    "a form": quote_plus,
    "JSON": lambda key: json.dumps({"key": key}),
    "JSON in JSON": lambda key: json.dumps({"log": json.dumps({"key": key})}),
    "JSON for the web": lambda key: (
        json.dumps(key).replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")
    ),
    "a repr": lambda key: repr({"key": key}),
    "a page": html.escape,
}
#: Those that a body can have: it is read as UTF-8, and nothing writes a key in hexadecimal.
FORMS = re.compile("(?!UTF-16|hexadecimal|YAML)")


def found_in(text: str, key: str) -> list[str]:
    """The forms of the key that a text holds, beside the mark in its place."""
    return [form for form in hits_in(text.replace("[secret]", "\0"), key) if FORMS.match(form)]


@pytest.mark.parametrize("way", WRITTEN)
@given(KEYS, WORDS, WORDS)
@example(CANARY, "", "")
@example("quo'te\"back\\slash", "x", "y")
@example("a/b+c=d&e%f<g>", "%", "%")
def test_the_key_never_comes_through(way: str, key: str, before: str, after: str) -> None:
    text = before + WRITTEN[way](key) + after
    assert found_in(text, key), "else nothing is proved"
    line = Scrubber(key)(text)
    assert found_in(line, key) == []
    assert "[secret]" in line


@given(KEYS, st.binary(max_size=9), st.binary(max_size=9), st.booleans())
@example(CANARY, b"apikey:", b"", False)
def test_nor_in_base64(key: str, before: bytes, after: bytes, for_urls: bool) -> None:
    encode = base64.urlsafe_b64encode if for_urls else base64.b64encode
    text = f"Basic {encode(before + key.encode() + after).decode()}"
    assert found_in(text, key), "else nothing is proved"
    line = Scrubber(key)(text)
    assert found_in(line, key) == []
    assert "[secret]" in line


@given(WORDS)
def test_a_text_without_the_key_stays(text: str) -> None:
    plain = " ".join("".join(each if each.isprintable() or each.isspace() else "�" for each in text).split())
    assert Scrubber(CANARY)(plain) == plain


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
    assert Scrubber("some-long-key")("x" * 400) == "x" * 400


@pytest.mark.parametrize("text", ["no localhost here", "locally", "allocal", "under_local"])
def test_a_short_key_is_no_part_of_a_word(text: str) -> None:
    assert Scrubber("local")(text) == text


@pytest.mark.parametrize("text", ["Bearer local", "(local)", "key=local;", "local"])
def test_a_short_key_is_hidden_as_a_word(text: str) -> None:
    assert "local" not in Scrubber("local")(text)


def test_a_key_of_eight_characters_is_hidden_everywhere_and_one_of_seven_as_a_word() -> None:
    assert Scrubber("abcdefgh")("xabcdefghx") == "x[secret]x"
    assert Scrubber("abcdefg")("xabcdefgx (abcdefg)") == "xabcdefgx ([secret])"


def test_a_short_key_is_not_looked_for_in_base64() -> None:
    text = base64.b64encode(b"a word such as local").decode()
    assert Scrubber("local")(text) == text


def test_control_characters_do_not_reach_a_terminal() -> None:
    assert Scrubber("some-long-key")("a\x1b[31mb\x00c\r\nd") == "a�[31mb�c d"
