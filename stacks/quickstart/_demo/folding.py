"""Pulumi's own words, shortened: what became of each resource, the many column processes as one line."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from _demo.terminal import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
#: A line about one resource: ` +  pulumi-python:dynamic/atlan:Process load created (0.1s)`. No `error:`.
_RESOURCE = re.compile(
    r"\s*[^\s\w]*\s+(?:pulumi:pulumi|pulumi-python:dynamic/atlan):(?P<type>\w+) \S+ (?P<done>\w*)"
)
_MANY = "ColumnProcess"


def fold(lines: Iterable[str]) -> Iterator[str]:
    """The lines, colours and all, without those that only tell of progress; one blank line at the end."""
    many: Counter[str] = Counter()
    told: set[str] = set()
    blank_lines = 0
    for line in lines:
        plain = _ESCAPE.sub("", line)
        resource = _RESOURCE.match(plain)
        if not plain:
            blank_lines += 1
        elif resource and resource["type"] == _MANY and _is_result(plain, resource):
            many[resource["done"]] += 1
        elif plain not in told and _is_result(plain, resource):
            yield from [""] * blank_lines
            # Tables and columns come as their turn does; the columns are told once, after all of them.
            yield from _tally(many) if resource is None or resource["type"] == "Stack" else ()
            yield line
            blank_lines = 0
            told |= {plain} if resource else set()
    yield from _tally(many)
    yield ""


def _is_result(plain: str, resource: re.Match[str] | None) -> bool:
    if resource is None:
        return not plain.startswith("@")  # "@ updating...."
    return bool(resource["done"]) and not resource["done"].endswith("ing")


def _tally(many: Counter[str]) -> Iterator[str]:
    for done, count in many.items():
        yield f"    and {plural(count, _MANY)} {done}"
    many.clear()
