"""Scrubber: external text in messages."""

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from secrecy.searching import CANARY, forms_of, hits_in

from atlan_pulumi.client._responses import Scrubber

VISIBLE = st.characters(min_codepoint=33, max_codepoint=126)
KEYS = st.text(VISIBLE, min_size=8, max_size=40).filter(lambda key: key not in "[secret]")
WORDS = st.text(st.characters(codec="utf-8"), max_size=50)

#: A key in each of these encodings.
FORMS: dict[str, Callable[[str], str]] = {
    "text": str,
    "a path": lambda key: quote(key, safe=""),
    "a path with slashes": quote,
    "a path in lower case": lambda key: re.sub("%..", lambda found: found[0].lower(), quote(key, safe="")),
    "a form": quote_plus,
    "JSON": lambda key: json.dumps(key)[1:-1],
    "JSON in JSON": lambda key: json.dumps(json.dumps(key))[3:-3],
    "JSON for the web": lambda key: (
        json.dumps(key)[1:-1].replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")
    ),
    "Python": lambda key: repr(key)[1:-1],
    "HTML": html.escape,
}
#: Encodings of a text that contains a key, on its way to a server and back.
WRITTEN: dict[str, Callable[[str], str]] = {
    "a path": lambda text: quote(text, safe=""),
    "a form": quote_plus,
    "JSON": lambda text: json.dumps({"authorization": text}),
    "JSON in JSON": lambda text: json.dumps({"log": json.dumps({"authorization": text})}),
    "Python": lambda text: repr({"authorization": text}),
    "a page": lambda text: f"<p>{html.escape(text)}</p>",
}
#: Encodings in bodies, which are read as UTF-8; nothing writes a key in hexadecimal.
IN_BODIES = re.compile("(?!UTF-16|hexadecimal|YAML)")


def found_in(text: str, key: str) -> list[str]:
    """Return the forms of the key that a text contains, without the placeholder."""
    return [form for form in hits_in(text.replace("[secret]", "\0"), key) if IN_BODIES.match(form)]


@pytest.mark.parametrize("way", FORMS)
@settings(max_examples=40)
@given(KEYS, WORDS, WORDS)
@example(CANARY, "", "")
@example("quo'te\"back\\slash", "x", "y")
@example("a/b+c=d&e%f<g>", "%", "%")
def test_only_the_whole_key_is_redacted(way: str, key: str, before: str, after: str) -> None:
    assume(not found_in(f"{before} {after}", key))
    scrub = Scrubber(key)
    assert scrub(f"{before} {FORMS[way](key)} {after}") == scrub(f"{before} [secret] {after}")


@pytest.mark.parametrize("way", WRITTEN)
@settings(max_examples=40)
@given(KEYS, st.sampled_from(["", "Bearer ", "Bearer x"]), st.sampled_from(["", "x", "; charset=UTF-8"]))
@example(CANARY, "", "")
@example("quo'te\"back\\slash", "Bearer ", "'")
@example("authoriz", "", "").via("a key that the surrounding text contains, too")
def test_the_key_is_redacted_in_every_encoding(way: str, key: str, before: str, after: str) -> None:
    assume(not found_in(WRITTEN[way](before + after), key))
    text = WRITTEN[way](before + key + after)
    assert found_in(text, key), "the text contains the key"
    line = Scrubber(key)(text)
    assert found_in(line, key) == []
    assert line.count("[secret]") == 1


@given(KEYS, st.binary(max_size=9), st.binary(max_size=9), st.booleans())
@example(CANARY, b"apikey:", b"", False)
def test_the_key_is_redacted_in_base64(key: str, before: bytes, after: bytes, for_urls: bool) -> None:
    encode = base64.urlsafe_b64encode if for_urls else base64.b64encode
    text = encode(before + key.encode() + after).decode()
    assert found_in(text, key), "the text contains the key"
    line = Scrubber(key)(text)
    assert found_in(line, key) == []
    always = forms_of(key)[f"base64, from {len(before) % 3}"]
    assert len(line) == len(text) - len(always) + len("[secret]")


@given(WORDS)
def test_text_without_the_key_is_unchanged(text: str) -> None:
    plain = " ".join("".join(each if each.isprintable() or each.isspace() else "�" for each in text).split())
    assert Scrubber(CANARY)(plain) == plain


@given(st.text(max_size=2000))
def test_text_becomes_one_short_printable_line(text: str) -> None:
    line = Scrubber("some-long-key")(text)
    assert len(line) <= 400
    assert line.isprintable()


def test_the_key_is_redacted_before_truncation() -> None:
    key = "k" * 30
    line = Scrubber(key)("x" * 385 + key)
    assert line == "x" * 385 + "[secret]"


def test_truncated_text_ends_with_an_ellipsis() -> None:
    assert Scrubber("some-long-key")("x" * 401) == "x" * 399 + "…"
    assert Scrubber("some-long-key")("x" * 400) == "x" * 400


@pytest.mark.parametrize("text", ["no localhost here", "locally", "allocal", "under_local"])
def test_a_short_key_inside_a_word_is_kept(text: str) -> None:
    assert Scrubber("local")(text) == text


@pytest.mark.parametrize("text", ["Bearer local", "(local)", "key=local;", "local"])
def test_a_short_key_is_redacted_as_a_word(text: str) -> None:
    assert "local" not in Scrubber("local")(text)


def test_keys_of_eight_characters_are_redacted_inside_words() -> None:
    assert Scrubber("abcdefgh")("xabcdefghx") == "x[secret]x"
    assert Scrubber("abcdefg")("xabcdefgx (abcdefg)") == "xabcdefgx ([secret])"


def test_a_short_key_in_base64_is_kept() -> None:
    assert Scrubber("secret")(base64.b64encode(b"secret").decode()) == "c2VjcmV0"
    assert Scrubber("a")("Y is a letter") == "Y is [secret] letter"


@pytest.mark.parametrize("written", ["abcdefgh&", "abcdefgh&amp;", "abcdefgh%26", r"abcdefgh\u0026"])
def test_the_longest_encoding_is_redacted(written: str) -> None:
    assert Scrubber("abcdefgh&")(f"x {written} y") == "x [secret] y"


def test_control_characters_are_replaced() -> None:
    assert Scrubber("some-long-key")("a\x1b[31mb\x00c\r\nd") == "a�[31mb�c d"
