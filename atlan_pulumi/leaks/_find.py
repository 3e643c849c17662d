"""Find likely secrets in text: line and kind for messages, position for redaction."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from detect_secrets.plugins.base import RegexBasedDetector

from atlan_pulumi.leaks._detectors import detectors_for, extent

#: Texts without any of these are not searched further; most are table and column names.
_HINT = re.compile(r"[:=\"']|[\w-]{19}|eyJ|xox|BEGIN|PuTTY")
#: Placeholders: `<redacted>`, `***`, `${VAR}`, `{{ var }}`, `%s`, `:bound`, `DB_PASS`, part of an expression,
#: a type or boolean, a reference to a secret store.
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
    """A line with likely secrets: its number, from 1, and the kinds of secrets."""

    line: int
    kinds: str


def leaks(text: str, ignore: Sequence[str] = ()) -> list[Leak]:
    """Return the likely secrets in a text, by line.

    Args:
        text: The text.
        ignore: Regular expressions of values that are not secrets, in addition to the usual placeholders.
    """
    found: dict[int, set[str]] = defaultdict(set)
    for detector in detectors_for(text) if _HINT.search(text) else ():
        for match in _matches(detector, text):
            if not _is_harmless(match, ignore):
                found[text.count("\n", 0, match.start()) + 1].add(detector.secret_type)
    return [Leak(line, " and ".join(sorted(found[line]))) for line in sorted(found)]


def spans(text: str) -> list[tuple[int, int]]:
    """Return the positions of the secrets in a text, in order, without overlaps.

    A span includes the parts of a secret that its detector does not match, such as the lines below the header
    of a private key.
    """
    found: list[tuple[int, int]] = []
    for detector in detectors_for(text) if _HINT.search(text) else ():
        matches = (match for match in _matches(detector, text) if not _is_harmless(match, ()))
        found += [extent(detector, match) for match in matches]
    return _merge(found)


def _merge(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Merge overlapping spans."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _matches(detector: RegexBasedDetector, text: str) -> Iterator[re.Match[str]]:
    """Yield the matches that the detector confirms."""
    for pattern in detector.denylist:
        for match in pattern.finditer(text):
            # `analyze_string` yields the groups of the match; an optional one may be empty.
            if next(iter(detector.analyze_string(match[0])), None) is not None:
                yield match


def _is_harmless(match: re.Match[str], ignore: Sequence[str]) -> bool:
    """Check whether a match is a placeholder, or whether it or its secret is to be ignored."""
    secrets = [group for group in match.groups() if group]
    ignored = any(re.fullmatch(pattern, each) for pattern in ignore for each in (match[0], *secrets))
    return ignored or any(_PLACEHOLDER.fullmatch(each) for each in secrets)
