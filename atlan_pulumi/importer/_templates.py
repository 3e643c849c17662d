"""The template that the names of column processes follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from atlan_pulumi.lifecycle import connection_of
from atlan_pulumi.resources._column_map import DEFAULT_NAME, name_of, template_problem
from atlan_pulumi.resources._column_names import split

_TRIED = 5
"""So many names are looked at to guess templates; all of them decide between the guesses."""


class Named(NamedTuple):
    """A column process by its name and its columns."""

    name: str
    target: str
    sources: list[str]


def template_of(edges: Sequence[Named]) -> str | None:
    """The template that most of the names follow; None for the default.

    Of two that fit equally many, the one comes first that says more with its fields.
    """
    guesses = dict.fromkeys([DEFAULT_NAME, *(guess for edge in edges[:_TRIED] for guess in _guesses(edge))])
    fitting = {guess: sum(follows(edge, guess) for edge in edges) for guess in guesses}
    best = max(guesses, key=lambda guess: (fitting[guess], guess.count("{") - 2 * guess.count("{{")))
    return None if best == DEFAULT_NAME or not fitting[best] else best


def follows(edge: Named, template: str | None) -> bool:
    """Whether a name is what the template makes of the columns."""
    return name_of(template, edge.target, edge.sources) == edge.name


def _guesses(edge: Named) -> Iterator[str]:
    """Templates that make the name, from the most general to the name itself."""
    output = split(edge.target)[1]
    inputs = ", ".join(split(source)[1] for source in edge.sources)
    fields = [("{output}", output), ("{inputs}", inputs)]
    for chosen in ([*fields], [*reversed(fields)], fields[:1], fields[1:], []):
        guess = _replaced(edge.name, [(name, text) for name, text in chosen if text])
        if template_problem(guess) is None and follows(edge, guess):
            yield guess


def _replaced(text: str, fields: Sequence[tuple[str, str]]) -> str:
    """The text with fields in place of their values, each value once and from the end of the text."""
    if not fields:
        return text.replace("{", "{{").replace("}", "}}")
    (field, value), others = fields[0], fields[1:]
    before, found, after = text.rpartition(value)
    return _replaced(before, others) + field + _replaced(after, others) if found else _replaced(text, others)


def column_of(reference: object) -> str | None:
    """The qualifiedName of a column that a mapping can hold; None for anything else."""
    if not isinstance(reference, dict) or reference.get("type_name") != "Column":
        return None
    name = reference.get("qualified_name")
    if not isinstance(name, str) or len(name.split("/")) <= len(connection_of(name).split("/")) + 1:
        return None
    return name
