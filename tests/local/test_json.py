"""JSON that pydantic_core refuses or writes differently is treated as by the json module."""

from __future__ import annotations

import json
import math

import pytest

from atlan_pulumi.local._json import decode, encode
from atlan_pulumi.local.web._responses import JsonResponse

DEEP = "[" * 300 + "]" * 300


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "b": 2, "a": 3}',
        "[1e400, -0, -0.0, 1E5, 0.1, 123456789012345678901234567890]",
        '"\\ud83d\\ude00 \\u2028"',
        '"\\ud800"',
        b"\xef\xbb\xbf{}",
        '"ü"'.encode("utf-16"),
        DEEP,
    ],
)
def test_decode_returns_what_json_returns(text):
    assert repr(decode(text)) == repr(json.loads(text))


def test_decode_accepts_nan():
    assert math.isnan(decode(b"NaN"))


@pytest.mark.parametrize("text", ["", "{", "[1,]", "nan", "01", '"a\x01b"', b"\xff", "9" * 5000])
def test_decode_refuses_what_json_refuses(text):
    with pytest.raises(ValueError):  # noqa: PT011 - messages differ by parser
        decode(text)


@pytest.mark.parametrize(
    "value", [{"b": 1, "a": [None, True]}, "é😀\u2028\x00", "\ud800", 10**30, 1e16, 1e-7, json.loads(DEEP)]
)
def test_encoded_values_are_decoded_unchanged(value):
    text = encode(value)
    assert json.loads(text) == decode(text) == value


@pytest.mark.parametrize("value", ["NaN", "Infinity", json.loads(DEEP)])
def test_responses_contain_texts_and_deep_values(value):
    assert json.loads(JsonResponse({"a": value}).body) == {"a": value}


@pytest.mark.parametrize("value", [math.nan, math.inf, "\ud800"])
def test_responses_cannot_contain_what_is_not_json(value):
    with pytest.raises(ValueError):  # noqa: PT011 - messages differ by parser
        JsonResponse({"a": value})
