"""Text from outside, made fit for a message: without the API key, on one line, not too long."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from urllib.parse import quote

_MOST = 400
_SHORT_KEY = 8
_HIDDEN = "[secret]"
_ESCAPE = re.compile(r"%[0-9A-F]{2}")


class Scrubber:
    """Knows the API key, so that nothing else has to look for it."""

    def __init__(self, api_key: str) -> None:
        is_short = len(api_key) < _SHORT_KEY
        written = [*_written(api_key), *(() if is_short else _in_base64(api_key.encode()))]
        # The longest first: it may begin with another, and would leave a rest.
        forms = "|".join(re.escape(form) for form in sorted(written, key=len, reverse=True))
        # A key as short as a local Atlan's is a word that may be part of others ("local" in "localhost").
        self._key = re.compile(rf"(?<!\w)(?:{forms})(?!\w)" if is_short else forms)

    def __call__(self, text: str) -> str:
        """The text without the key, on one line, cut at 400 characters."""
        line = " ".join(self._key.sub(_HIDDEN, text).split())
        printable = "".join(character if character.isprintable() else "�" for character in line)
        return printable if len(printable) <= _MOST else f"{printable[: _MOST - 1]}…"


def _written(api_key: str) -> Iterator[str]:
    """The key as text, URLs, JSON, Python, and HTML write it."""
    yield api_key
    for escaped in (quote(api_key, safe=""), quote(api_key)):
        yield escaped
        yield _ESCAPE.sub(lambda escape: escape[0].lower(), escaped)
    in_json = json.dumps(api_key)[1:-1]
    yield in_json
    yield json.dumps(in_json)[1:-1]
    yield in_json.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    yield repr(api_key)[1:-1]
    yield html.escape(api_key)


def _in_base64(key: bytes) -> Iterator[str]:
    """What the base64 of a text that holds the key always has, wherever in the text the key begins."""
    for before in range(3):
        left_over = (before + len(key)) % 3
        whole = base64.b64encode(b"\0" * before + key).rstrip(b"=").decode()
        # The first and the last character may depend on the neighbors of the key, too.
        inner = whole[(0, 2, 3)[before] : len(whole) - (1 if left_over else 0)]
        yield inner
        yield inner.translate(str.maketrans("+/", "-_"))
