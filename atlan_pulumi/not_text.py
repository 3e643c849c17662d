"""Outputs and other objects that a program gave as text, or in place of text: each is an input problem."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

OUTPUT = "Calling __str__ on an Output[T] is not supported"
"""How Pulumi renders an Output as text."""
_OUTPUT = re.compile(re.escape(OUTPUT) + r"|<pulumi\.output\.Output object at 0x[0-9a-fA-F]+>")
_OBJECT = re.compile(r"<(?:[\w<>]+\.)*(\w+) object at 0x[0-9a-fA-F]+>")
"""How Python renders an object that has no text, such as a resource."""
_GIVEN = re.compile(r"\[not text: the resource (\w+ '[^']*')\]")

_ADVICE = "use pulumi.Output.concat(…) or .apply(…)"
_KEY_ADVICE = "a key cannot be an Output, nor pulumi.Output.concat(…): make the whole mapping in .apply(…)"
_OBJECT_ADVICE = "use one of its outputs, alone, in pulumi.Output.concat(…) or in .apply(…)"


def resource_as_text(type_name: str, name: str) -> str:
    """Return the text that stands for a resource in a property; `input_problems` finds it.

    Args:
        type_name: The resource's type, such as `Table`.
        name: Its name in the program.
    """
    bare = name.replace("'", "")
    return f"[not text: the resource {type_name} '{bare}']"


def input_problems(props: Mapping[str, Any], references: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield property and reason of the first such value of each property, at any depth and in keys.

    Args:
        props: The properties as given.
        references: Those that hold references, where the model knows better what a resource stands for.
    """
    for name, value in props.items():
        found = _problems(_without_resources(value) if name in references else value, name)
        if problem := next(found, None):
            place, reason = problem
            if name == "managed_by":  # it holds the resource's own name
                yield "", f"the name of the resource {reason}"
            else:
                yield name, reason if place == name else f"{place}: {reason}"


def _without_resources(value: Any) -> Any:
    """The value without the resources that stand in it or in its list as a whole."""
    if isinstance(value, list):
        return [None if given_resource(item) else item for item in value]
    return None if given_resource(value) else value


def _problems(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if reason := problem_of_text(value):
            yield place, reason
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if reason := problem_of_text(str(key), key=True):
                yield place, reason
            else:
                yield from _problems(item, f"{place}[{key!r}]")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _problems(item, f"{place}[{index}]")


def problem_of_text(text: str, *, key: bool = False) -> str | None:
    """Return why a text is none, or None where it is one.

    Args:
        text: The text.
        key: Whether it is the key of a mapping.
    """
    if _OUTPUT.search(text):
        what = "has an Output in a key" if key else "contains an Output as text"
        return f"{what} (from an f-string, str() or the like): {_KEY_ADVICE if key else _ADVICE}"
    if found := _OBJECT.search(text):
        return f"contains a {found[1]} object as text: {_OBJECT_ADVICE}"
    if found := _GIVEN.search(text):
        return f"is the resource {found[1]}, where text is expected: {_OBJECT_ADVICE}"
    return None


def given_resource(value: object) -> str | None:
    """Return type and name of the resource that stands in place of a value, or None."""
    found = _GIVEN.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None
