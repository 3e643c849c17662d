"""Python literals that a person can read, and that give exactly the value back."""

from __future__ import annotations

import re
from collections.abc import Iterator

WIDTH = 88
"""Longest line where it can be helped: what formatters allow by default."""


def literal(value: object) -> str:
    """A literal on one line; texts of several lines are escaped."""
    if isinstance(value, str):
        quote = _quote(value)
        return f"{quote}{_escaped(value, quote)}{quote}"
    return repr(value)


def below(constant: str, rest: str) -> str:
    """The f-string of what follows the value of a constant."""
    quote = _quote(rest)
    text = _escaped(rest, quote).replace("{", "{{").replace("}", "}}")
    return f"f{quote}{{{constant}}}{text}{quote}"


def block(text: str) -> str:
    """A text of several lines between triple quotes, as it reads; it does not depend on the indentation."""
    body = "\n".join(_line(line) for line in text.split("\n"))
    closed = re.sub(r'"{3,}|"+\Z', lambda quotes: quotes[0].replace('"', r"\""), body)
    return f'"""\\\n{closed}"""'


def pieces(text: str, width: int) -> list[str]:
    """A long text of one line as literals that follow one another, parted at blanks."""
    return [literal(part) for part in _parts(text, width)]


def _parts(text: str, width: int) -> Iterator[str]:
    part = ""
    for word in re.findall(r" *[^ ]+ *\Z| *[^ ]+", text) or [text]:
        if part and len(literal(part + word)) > width:
            yield part
            part = ""
        part += word
    yield part


def _line(line: str) -> str:
    """A line between triple quotes; blanks at its end are written so that no editor takes them away."""
    kept = line.rstrip(" \t")
    escaped = "\t".join(_escaped(part, "") for part in kept.split("\t"))
    blanks = line[len(kept) :]
    return escaped + (_escaped(blanks[:-1], "") + f"\\x{ord(blanks[-1]):02x}" if blanks else "")


def _quote(text: str) -> str:
    return "'" if text.count('"') > text.count("'") else '"'


def _escaped(text: str, quote: str) -> str:
    return "".join(_character(character, quote) for character in text)


def _character(character: str, quote: str) -> str:
    if character in ("\\", quote):
        return "\\" + character
    if character.isprintable():
        return character
    return repr(character)[1:-1]
