"""What all input models share: unknown values pass through, and every mistake is told in a person's words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import (
    AliasGenerator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    WrapValidator,
    field_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from atlan_pulumi.lifecycle._not_text import given_resource
from atlan_pulumi.unknown import UNKNOWN

_LONGEST = 80
"""A longer value is not shown with what is wrong with it."""


def _pass_unknown(value: Any, handler: Any) -> Any:
    return value if value is UNKNOWN else handler(value)


#: An element of a list may be unknown on its own; a whole property may be, too (see `Inputs`).
Element = WrapValidator(_pass_unknown)
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
TextElement = Annotated[Text, Element]


class Inputs(BaseModel):
    """Base of the inputs models: snake_case property names here, Atlan's attribute names as aliases.

    A property that a preview does not know yet is `UNKNOWN`, whatever its declared type, and is not
    validated. Properties that no field declares are mistakes.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        defer_build=True,
        alias_generator=AliasGenerator(serialization_alias=to_camel),
    )

    @field_validator("*", mode="wrap")
    @classmethod
    def _leave_unknown(cls, value: Any, handler: Any) -> Any:
        return _pass_unknown(value, handler)


class Mistake(NamedTuple):
    """One thing that is wrong with a resource's inputs."""

    property: str
    """The top-level property, in snake_case, or `""` where it is the resource as a whole."""
    reason: str
    """What is wrong and what to do, in one line."""


class Mistaken(Exception):  # noqa: N818 - it carries a mistake to the answer of check, and is never shown
    """Inputs that are each valid, but make no sense together."""

    def __init__(self, property_: str, reason: str) -> None:
        super().__init__(reason)
        self.mistake = Mistake(property_, reason)


def mistakes_of(error: ValidationError, model: type[Inputs]) -> list[Mistake]:
    """Every mistake that pydantic found, one line each, in the words of the resource's properties."""
    return [_mistake(detail, model) for detail in error.errors(include_url=False)]


def _mistake(detail: ErrorDetails, model: type[Inputs]) -> Mistake:
    location = [part for part in detail["loc"] if not str(part).startswith("function-")]
    name = str(location[0]) if location else ""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location[1:])
    return Mistake(name, (f"{name}{place}: " if place else "") + _reason(detail, name, model))


_REASONS = {
    "missing": "is required",
    "string_too_short": "must not be blank",
    "string_pattern_mismatch": "must not be blank",
    "too_short": "must not be empty",
}


def _reason(detail: ErrorDetails, name: str, model: type[Inputs]) -> str:
    if detail["type"] == "extra_forbidden":
        return f"there is no such property{did_you_mean(name, model.model_fields)}"
    if detail["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
        return f"must be one of {', '.join(allowed)}{did_you_mean(detail['input'], allowed)}"
    if detail["type"] in _REASONS:
        return _REASONS[detail["type"]]
    kind = getattr(model, "kinds", {}).get(name)
    if kind and detail["type"] == "list_type":
        return f"must be a list of references: {refer_with(model, kind)}"
    if kind and detail["type"] == "model_type":
        return f"{_not_a_reference(detail['input'])}: {refer_with(model, kind, detail['input'])}"
    return detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")


def _not_a_reference(value: object) -> str:
    if resource := given_resource(value):
        return f"the resource {resource} is no reference to an asset in Atlan"
    shown = repr(value) if len(repr(value)) <= _LONGEST else f"a {type(value).__name__}"
    return f"{shown} is no reference to an asset in Atlan"


def refer_with(model: type[Inputs], kind: str, value: object = None) -> str:
    """Return the advice how to refer to an asset, such as `use atlan.table(…)`.

    Args:
        model: The inputs model of the resource.
        kind: The type that the asset has to be of.
        value: What was given in its place; a text is taken for the qualifiedName.
    """
    name = repr(value) if isinstance(value, str) and not given_resource(value) else "…"
    name = name if len(name) <= _LONGEST else "…"
    if kind == "Catalog":
        function = getattr(model, "refer_with", "table")
        return f"use atlan.{function}({name}), or atlan.asset(TYPE, qualified_name=…) for another type"
    if kind == "dataset":
        return "name it as OpenLineage does, with atlan.dataset(NAMESPACE, NAME)"
    if kind == "Process":
        return "give the Process itself, or its qualifiedName"
    return f"use atlan.asset({kind!r}, qualified_name={name})"


def did_you_mean(value: object, known: Mapping[str, Any] | list[str]) -> str:
    """The clause `; did you mean 'x'?` where a known name is near, else nothing."""
    lowered = {name.lower(): name for name in known}
    near = difflib.get_close_matches(str(value).lower(), lowered, n=1, cutoff=0.6)
    return f"; did you mean {lowered[near[0]]!r}?" if near else ""
