"""Find Outputs and other objects that a program passed as text, or instead of text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

OUTPUT = "Calling __str__ on an Output[T] is not supported"
"""The text that Pulumi renders for an Output."""
_OUTPUT = re.compile(re.escape(OUTPUT) + r"|<pulumi\.output\.Output object at 0x[0-9a-fA-F]+>")
_OBJECT = re.compile(r"<(?:[\w<>]+\.)*(\w+) object at 0x[0-9a-fA-F]+>")
"""The text that Python renders for an object without `__str__`, such as a resource."""
_GIVEN = re.compile(r"\[not text: the resource (\w+ '[^']*')\]")

_NOT_DERIVED = re.compile(r"\[not derived: (.*)\]", re.DOTALL)
"""The placeholder of `not_derived`."""

_ADVICE = "use pulumi.Output.concat(…) or .apply(…)"
_KEY_ADVICE = (
    "a key cannot be an Output, not even pulumi.Output.concat(…): build the whole mapping in .apply(…)"
)
_OBJECT_ADVICE = "use one of its outputs, alone, in pulumi.Output.concat(…) or in .apply(…)"


def resource_as_text(type_name: str, name: str) -> str:
    """Return the placeholder for a resource in a property, which `input_problems` reports.

    Args:
        type_name: The resource's type, such as `Table`.
        name: Its name in the program.
    """
    bare = name.replace("'", "")
    return f"[not text: the resource {type_name} '{bare}']"


def not_derived(reason: str) -> str:
    """Return the placeholder for a property whose lineage cannot be derived, which `input_problems` reports.

    Args:
        reason: The problem, in one line.
    """
    return f"[not derived: {reason}]"


def input_problems(props: Mapping[str, Any], references: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the property and the reason for the first such value of each property, at any depth and in keys.

    Args:
        props: The properties as given.
        references: The properties that hold references. The model handles a resource in these.
    """
    for name, value in props.items():
        found = _problems(_without_resources(value) if name in references else value)
        if problem := next(found, None):
            below, reason = problem
            place = f"{name}{below}"
            if name == "managed_by":  # contains the name of the resource
                yield "", f"the name of the resource {reason}"
            else:
                yield name, reason if place == name else f"{place}: {reason}"


def _without_resources(value: Any) -> Any:
    """Return the value with None for each resource, also in a list."""
    if isinstance(value, list):
        return [None if given_resource(item) else item for item in value]
    return None if given_resource(value) else value


def _problems(value: Any) -> Iterator[tuple[str, str]]:
    """Yield each place in a value, such as `['load'][0]`, and what is wrong with it."""
    if isinstance(value, str):
        if reason := problem_of_text(value):
            yield "", reason
        return
    pairs = value.items() if isinstance(value, Mapping) else _numbered(value)
    for place, item in pairs:
        if isinstance(place, str) and (reason := problem_of_text(place, key=True)):
            yield "", reason
        elif not isinstance(item, str) or _may_be_wrong(item):
            yield from ((f"[{place!r}]{below}", reason) for below, reason in _problems(item))


def _numbered(value: Any) -> Iterable[tuple[int, Any]]:
    return enumerate(value) if isinstance(value, (list, tuple)) else ()


def _may_be_wrong(text: str) -> bool:
    """Return whether a text may be what `problem_of_text` looks for: almost none is."""
    return "<" in text or "[not " in text or OUTPUT in text


def problem_of_text(text: str, *, key: bool = False) -> str | None:
    """Return why a value is not plain text, or None.

    Args:
        text: The text.
        key: Whether the text is the key of a mapping.
    """
    if not _may_be_wrong(text):
        return None
    if _OUTPUT.search(text):
        what = "has an Output in a key" if key else "contains an Output as text"
        return f"{what} (for example, from an f-string or str()): {_KEY_ADVICE if key else _ADVICE}"
    if found := _OBJECT.search(text):
        return f"contains a {found[1]} object as text: {_OBJECT_ADVICE}"
    if found := _GIVEN.search(text):
        return f"is the resource {found[1]}, where text is expected: {_OBJECT_ADVICE}"
    if found := _NOT_DERIVED.fullmatch(text):
        return found[1]
    return None


def given_resource(value: object) -> str | None:
    """Return the type and name of the resource that was passed as a value, or None."""
    found = _GIVEN.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None
