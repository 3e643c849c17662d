"""Events in files, each with its location."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from atlan_pulumi.errors import OpenLineageError
from atlan_pulumi.text import printable

SUFFIXES = (".json", ".jsonl", ".ndjson")
"""How the names of event files in a folder end."""
_DEEP = "nested too deeply"
_BLANK = " \t\r\n"


class FoundEvent(NamedTuple):
    """An event in a file."""

    path: Path
    line: int
    """The line in which the event begins."""
    data: Any

    def error(self, reason: object) -> OpenLineageError:
        """Return the error for an invalid event."""
        return file_error(self.path, reason, self.line)


def file_error(path: Path, reason: object, line: int | None = None) -> OpenLineageError:
    """Return the error for a file."""
    place = f"line {line}: " if line else ""
    return OpenLineageError(printable(f"cannot read events from {path}: {place}{reason}"))


def event_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files, and those in folders and their subfolders, by name.

    Raises:
        OpenLineageError: A folder contains no event files.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = [each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES and each.is_file()]
        if not found:
            raise file_error(path, f"the folder has no file that ends in {', '.join(SUFFIXES)}")
        yield from sorted(found)


def events_in(path: Path) -> list[FoundEvent]:
    """Return the events in a file, in order: one event, a list of events, or one event per line.

    Raises:
        OpenLineageError: The file cannot be read, is not JSON, or has no events.
    """
    text = _text(path)
    try:
        whole = json.loads(text)
    except RecursionError:
        raise file_error(path, _DEEP) from None
    except ValueError as error:
        events = _by_line(path, text, error)
    else:
        events = _of_document(path, text, whole)
    if not events:
        raise file_error(path, "no events")
    return events


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise file_error(path, "not UTF-8 text") from None
    except (OSError, ValueError) as error:  # also a path with a null character
        raise file_error(path, getattr(error, "strerror", None) or error) from None


def _of_document(path: Path, text: str, whole: Any) -> list[FoundEvent]:
    if not isinstance(whole, list):
        return [FoundEvent(path, _line(text, _skip(text, 0)), whole)]
    return [FoundEvent(path, line, data) for line, data in zip(_lines_of_elements(text), whole, strict=False)]


def _lines_of_elements(text: str) -> Iterator[int]:
    """Yield the lines in which the elements of a valid JSON list begin."""
    decoder = json.JSONDecoder()
    line, seen = 1, 0
    at = _skip(text, text.index("[") + 1)
    while text[at] != "]":
        line, seen = line + text.count("\n", seen, at), at
        yield line
        _, end = decoder.raw_decode(text, at)
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    """Return the position of the next character that is not white space."""
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _by_line(path: Path, text: str, of_document: ValueError) -> list[FoundEvent]:
    events: list[FoundEvent] = []
    # Not `splitlines`, which also splits at characters that names may contain.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            events.append(FoundEvent(path, number, json.loads(line)))
        except RecursionError:
            raise file_error(path, _DEEP, number) from None
        except ValueError as error:
            if not events and line.rstrip().endswith(("{", "[", ",")):  # a document of several lines
                raise _invalid(path, of_document) from None
            raise _invalid(path, error, number) from None
    return events


def _invalid(path: Path, error: ValueError, line: int | None = None) -> OpenLineageError:
    if isinstance(error, json.JSONDecodeError):
        return file_error(path, f"invalid JSON: {error.msg}", line or error.lineno)
    return file_error(path, f"invalid JSON: {error}", line)
