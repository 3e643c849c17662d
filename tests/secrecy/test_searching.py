"""The search finds the secret in all encodings, so that an empty result is reliable."""

from __future__ import annotations

import base64
import gzip
import html
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from secrecy.searching import CANARY, forms_of, hits_below, hits_in

ENCODED: dict[str, Callable[[str], str | bytes]] = {
    "a header": lambda key: f"authorization: Bearer {key}\r\n",
    "JSON": lambda key: json.dumps({"headers": {"authorization": f"Bearer {key}"}}),
    "JSON within JSON": lambda key: json.dumps({"log": json.dumps({"key": key})}),
    "an address": lambda key: f"https://x.example/?{urlencode({'key': key})}",
    "a path": lambda key: f"https://x.example/{quote(key, safe='')}/y",
    "a form": lambda key: quote_plus(f"key={key}"),
    "a page": lambda key: f"<p>{html.escape(key)}</p>",
    "a repr": lambda key: repr({"key": key}),
    "a pickle": lambda key: pickle.dumps({"key": key}),
    "a pickle in base64": lambda key: base64.b64encode(pickle.dumps({"key": key})),
    "basic authentication": lambda key: base64.b64encode(f"apikey:{key}".encode()),
    "UTF-16": lambda key: f"x{key}".encode("utf-16"),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_every_encoding_of_the_secret_is_found(encoding: str) -> None:
    assert hits_in(ENCODED[encoding](CANARY), CANARY)
    assert hits_in(ENCODED[encoding]("another-key-of-the-same-kind"), CANARY) == []


@given(before=st.binary(max_size=9), after=st.binary(max_size=9))
def test_base64_is_found_with_any_surrounding_bytes(before: bytes, after: bytes) -> None:
    whole = before + CANARY.encode() + after
    assert hits_in(base64.b64encode(whole), CANARY)
    assert hits_in(base64.urlsafe_b64encode(whole), CANARY)


def test_every_form_is_long_enough() -> None:
    assert min(map(len, forms_of(CANARY).values())) > len(CANARY) - 3


def test_all_files_and_names_are_searched(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "state.json").write_text(json.dumps(CANARY))
    (tmp_path / "deep" / "state.json.gz").write_bytes(gzip.compress(CANARY.encode()))
    (tmp_path / "deep" / "binary").write_bytes(b"\xff\x00" + CANARY.encode() + b"\xfe")
    (tmp_path / f"named-{quote(CANARY, safe='')}").touch()
    (tmp_path / "innocent").write_text("nothing")
    found = {path.partition("/")[2] or "named" for path, _ in hits_below(tmp_path, CANARY)}
    assert found == {"er/state.json", "state.json.gz", "binary", "named"}
