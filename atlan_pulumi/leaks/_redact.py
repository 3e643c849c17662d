"""Redact secrets in text. Each distinct secret gets a distinct placeholder.

So two texts differ after redaction exactly where they differed before, which names and diffs depend on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable

from atlan_pulumi.leaks._find import spans

_MARK = "<redacted{}>"
_REDACTED = re.compile(r"<redacted(?:-\d+)?>")
_ROUNDS = 5
_CUT = "…"
_LEAST_CUT = 4
"""The minimum number of characters next to an ellipsis that are recognized as a part of a secret."""
_LEAST_KNOWN = 6
"""A shorter secret, or one of letters only, is replaced only where a detector finds it."""
_MOST_KNOWN = 500


class Redaction:
    """Replace likely secrets with placeholders, and remember the placeholder of each secret by its hash."""

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}

    def number(self, secrets: Iterable[str]) -> None:
        """Number the secrets in an order that depends only on the secrets."""
        for secret in sorted(set(secrets), key=_hash):
            self.mark(secret)

    def mark(self, secret: str) -> str:
        """Return the placeholder of a secret: `<redacted>` for the first, then `<redacted-2>`, and so on."""
        count = len(self._marks)
        return self._marks.setdefault(_hash(secret), _MARK.format(f"-{count + 1}" if count else ""))

    def text(self, text: str, found: list[tuple[int, int]] | None = None) -> str:
        """Return the text with a placeholder for each secret.

        The result is searched again. A text that still has secrets after several rounds is replaced entirely.

        Args:
            text: The text.
            found: The positions of its secrets, if known.
        """
        found = spans(text) if found is None else found
        for _ in range(_ROUNDS):
            if not found:
                return text
            text = self._replace(text, found)
            found = spans(text)
        return self.mark(text)

    def _replace(self, text: str, found: list[tuple[int, int]]) -> str:
        parts, place = [], 0
        for start, end in found:
            parts += [text[place:start], self.mark(text[start:end])]
            place = end
        return "".join([*parts, text[place:]])


class KnownSecrets:
    """Redact secrets that were found in one text and recur in another, where no detector recognizes them.

    An engine message may repeat a secret without its context, or truncate a text in the middle of it.
    """

    def __init__(self, secrets: Collection[str], redaction: Redaction) -> None:
        self._redaction = redaction
        self._secrets = sorted((each for each in secrets if _is_distinctive(each)), key=len, reverse=True)
        known = "|".join(map(re.escape, self._secrets[:_MOST_KNOWN]))
        self._known = re.compile(rf"(?<![A-Za-z0-9])(?:{known})(?![A-Za-z0-9])") if known else None

    def without(self, text: str) -> str:
        """Return the text with a placeholder for each of the secrets, even if an ellipsis truncates it."""
        if self._known is None:
            return text
        text = self._known.sub(lambda found: self._redaction.mark(found[0]), text)
        if _CUT not in text:
            return text
        parts = text.split(_CUT)
        last = len(parts) - 1
        return _CUT.join(
            self._without_cut(part, starts=place > 0, ends=place < last) for place, part in enumerate(parts)
        )

    def _without_cut(self, text: str, *, starts: bool, ends: bool) -> str:
        """Replace the part of a secret next to an ellipsis before or after the text."""
        for secret in self._secrets:
            if starts and ends and len(text) >= _LEAST_CUT and text in secret:
                return self._mark(secret)
            for length in range(min(len(secret), len(text)), _LEAST_CUT - 1, -1):
                if ends and text.endswith(secret[:length]):
                    return self._without_cut(text[:-length], starts=starts, ends=False) + self._mark(secret)
                if starts and text.startswith(secret[-length:]):
                    return self._mark(secret) + self._without_cut(text[length:], starts=False, ends=ends)
        return text

    def _mark(self, secret: str) -> str:
        return self._redaction.mark(secret)


def is_redacted(text: str) -> bool:
    """Check whether a text contains the placeholder of a redacted secret."""
    return _REDACTED.search(text) is not None


def _is_distinctive(secret: str) -> bool:
    return len(secret) >= _LEAST_KNOWN and not secret.isalpha()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
