"""Text from outside, made fit for a message: without the API key, on one line, not too long."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

_MOST = 400
_SHORT_KEY = 8
_HIDDEN = "[secret]"


class Scrubber:
    """Knows the API key, so that nothing else has to look for it."""

    def __init__(self, api_key: str) -> None:
        written = (api_key, quote(api_key, safe=""), json.dumps(api_key)[1:-1], repr(api_key)[1:-1])
        forms = "|".join(re.escape(form) for form in dict.fromkeys(written))
        # A key as short as a local Atlan's is a word that may be part of others ("local" in "localhost").
        bounded = rf"(?<!\w)(?:{forms})(?!\w)" if len(api_key) < _SHORT_KEY else forms
        self._key = re.compile(bounded)

    def __call__(self, text: str) -> str:
        """The text without the key, on one line, cut at 400 characters."""
        line = " ".join(self._key.sub(_HIDDEN, text).split())
        printable = "".join(character if character.isprintable() else "�" for character in line)
        return printable if len(printable) <= _MOST else f"{printable[: _MOST - 1]}…"
