"""What looks like a secret in a text: its line and kind for messages, its place for a redaction."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from detect_secrets.plugins.base import RegexBasedDetector

from atlan_pulumi.leaks._detectors import detectors_for, extent

#: A text that has none of these is searched no further: most are names of tables and columns.
_HINT = re.compile(r"[:=\"']|[\w-]{19}|eyJ|xox|BEGIN|PuTTY")
#: What stands where a secret would: `<redacted>`, `***`, `${VAR}`, `{{ var }}`, `%s`, `:bound`, `DB_PASS`, a
#: piece of a formula, a type or a truth, a reference to a store of secrets.
_PLACEHOLDER = re.compile(
    r"""<.*> | \[.*\] | \W* | [xX]+ | \{.* | \$[{(].* | \$(?:[A-Z_]+|[a-z_]+|\d+) | @\{.* | :[A-Za-z_]\w*
    | %\w | %\(.*\)\w | %+\w+%+ | \s*["+|].* | [A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+
    | (?i:(?:.*[^a-z])?(?:redacted|masked|hidden|changeme)(?:[^a-z].*)?)
    | (?i:true|false|yes|off|none|null|str|string|text|varchar|char|number|object|required|optional)
    | arn:.* | projects/[^/]+/secrets/.* | (?i:vault|op|ssm|secretsmanager|keyvault):.*
    """,
    re.VERBOSE,
)


class Leak(NamedTuple):
    """Where a text holds what looks like a secret: the line, from 1, and the kinds of secrets."""

    line: int
    kinds: str


def leaks(text: str, ignore: Sequence[str] = ()) -> list[Leak]:
    """What looks like secrets in a text, by line.

    Args:
        text: The text.
        ignore: Regular expressions of what is none, beside the usual placeholders.
    """
    found: dict[int, set[str]] = defaultdict(set)
    for detector in detectors_for(text) if _HINT.search(text) else ():
        for match in _matches(detector, text):
            if not _is_harmless(match, ignore):
                found[text.count("\n", 0, match.start()) + 1].add(detector.secret_type)
    return [Leak(line, " and ".join(sorted(found[line]))) for line in sorted(found)]


def spans(text: str) -> list[tuple[int, int]]:
    """Return where secrets stand in a text, in their order, without overlaps.

    What belongs to a secret although its detector stops earlier is included, such as the lines below the
    header of a private key.
    """
    found: list[tuple[int, int]] = []
    for detector in detectors_for(text) if _HINT.search(text) else ():
        matches = (match for match in _matches(detector, text) if not _is_harmless(match, ()))
        found += [extent(detector, match) for match in matches]
    return _joined(found)


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the places as one list without overlaps."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _matches(detector: RegexBasedDetector, text: str) -> Iterator[re.Match[str]]:
    """What a detector finds, after its own second look."""
    for pattern in detector.denylist:
        for match in pattern.finditer(text):
            # It yields the groups of the match, and an optional one may be empty.
            if next(iter(detector.analyze_string(match[0])), None) is not None:
                yield match


def _is_harmless(match: re.Match[str], ignore: Sequence[str]) -> bool:
    """Whether what was found is a placeholder, or to be ignored as a whole or where it tells the secret."""
    meant = [group for group in match.groups() if group]
    told = any(re.fullmatch(pattern, each) for pattern in ignore for each in (match[0], *meant))
    return told or any(_PLACEHOLDER.fullmatch(each) for each in meant)
