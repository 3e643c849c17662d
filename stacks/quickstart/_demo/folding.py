"""Shorten Pulumi's output: the result of each resource, with all column lineage in one line."""

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
    r"\s*[^\s\w]*\s+(?:pulumi:pulumi|pulumi-python:dynamic/\w+):(?P<type>\w+) \S+ (?P<done>\w*)"
)
#: What follows: the duration, then a message, which is repeated below in full.
_MESSAGE = re.compile(r"(?P<duration>(?: \([^)]*s\))?) [^\[\s(].*")
_MANY = "ColumnLineage"
#: The line above the messages of a resource.
_HEADER = re.compile(rf"\s+pulumi-python:dynamic/\w+:{_MANY} \(\S+\):")
_ORIGIN = "    derived from "


def fold(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines with their colors, without progress, and with one blank line at the end."""
    many: Counter[str] = Counter()
    seen: set[str] = set()
    blank_lines = 0
    for line, plain in _without_origins(map(_without_message, lines)):
        resource = _RESOURCE.match(plain)
        if not plain:
            blank_lines += 1
        elif resource and resource["type"] == _MANY and _is_result(plain, resource):
            many[resource["done"]] += 1
        elif plain not in seen and _is_result(plain, resource):
            yield from [""] * blank_lines
            # Processes and their columns arrive in any order. Columns are counted once, at the end.
            yield from _tally(many) if resource is None or resource["type"] == "Stack" else ()
            yield line
            blank_lines = 0
            seen |= {plain} if resource else set()
    yield from _tally(many)
    yield ""


def _without_message(line: str) -> tuple[str, str]:
    """Return a line about a resource without the message at its end, and without colors."""
    plain = _ESCAPE.sub("", line)
    resource = _RESOURCE.match(plain)
    message = _MESSAGE.fullmatch(plain, resource.end()) if resource else None
    if resource is None or message is None:
        return line, plain
    short = plain[: resource.end()] + message["duration"]
    return short, short


def _without_origins(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the lines, with those that say where columns come from in one."""
    header: tuple[str, str] | None = None
    count = 0
    for line, plain in lines:
        if header and plain.startswith(_ORIGIN):
            header, count = None, count + 1
            continue
        yield from [header] if header else ()
        header = (line, plain) if _HEADER.fullmatch(plain) else None
        if header or (count and not plain):
            continue
        if count:
            said = f"    {plural(count, _MANY)}: where in the SQL each column comes from"
            yield from ((said, said), ("", ""))
            count = 0
        yield line, plain


def _is_result(plain: str, resource: re.Match[str] | None) -> bool:
    if resource is None:
        return not plain.startswith("@")  # "@ updating...."
    return bool(resource["done"]) and not resource["done"].endswith("ing")


def _tally(many: Counter[str]) -> Iterator[str]:
    for done, count in many.items():
        yield f"    and {plural(count, _MANY)} {done}"
    many.clear()
