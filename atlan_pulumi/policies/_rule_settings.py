"""The settings of rules: what a pack's constructor takes, and what `--policy-pack-config` may hold."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from atlan_pulumi.errors import PolicyError
from atlan_pulumi.text import did_you_mean, printable

Glob = Annotated[str, Field(min_length=1)]
"""A pattern of names: `*` stands for any text, slashes included; case counts."""


class Settings(BaseModel):
    """Base of the settings: snake_case in Python, camelCase in a file, as Pulumi's own packs have it."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)


S = TypeVar("S", bound=Settings)


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    return pattern


Regex = Annotated[str, Field(min_length=1), AfterValidator(_compiles)]
"""A regular expression of Python's, which a name has to match as a whole."""


def matches(names: tuple[str, ...], patterns: list[str]) -> bool:
    """Whether one of the names is matched by one of the globs."""
    return any(_regex(pattern).fullmatch(name) for name in names for pattern in patterns)


@functools.cache
def _regex(glob: str) -> re.Pattern[str]:
    """Only `*` stands for something else: brackets and question marks are parts of names."""
    return re.compile(".*".join(map(re.escape, glob.split("*"))), re.DOTALL)


def validated(rule: str, model: type[S], given: Mapping[str, Any]) -> S:
    """The settings of a rule.

    Raises:
        PolicyError: One of them does not exist, or cannot be right.
    """
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        told = "; ".join(_told(detail, model) for detail in error.errors(include_url=False))
        raise PolicyError(f"the rule {rule!r} cannot be set up: {printable(told)}") from None


def _told(detail: Any, model: type[Settings]) -> str:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in detail["loc"]).strip(".")
    if detail["type"] == "extra_forbidden":
        known = [field.alias or name for name, field in model.model_fields.items()]
        hint = did_you_mean(place, known) if len(detail["loc"]) == 1 else ""
        return f"{place}: there is no such setting{hint}"
    reason = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return f"{place}: {reason[:1].lower()}{reason[1:]}"


def properties_of(model: type[Settings]) -> dict[str, dict[str, Any]]:
    """The JSON schema of each setting; the engine checks a configuration file against it.

    Without defaults, which would be sent in place of what a pack's constructor was given.
    """
    schema = model.model_json_schema(by_alias=True)
    defined = schema.get("$defs", {})
    return {name: _plain(part, defined) for name, part in schema.get("properties", {}).items()}


def _plain(schema: Any, defined: Mapping[str, Any]) -> Any:
    """A schema without references, which a policy's schema has no place for."""
    if isinstance(schema, list):
        return [_plain(item, defined) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _plain(defined[schema["$ref"].rpartition("/")[2]], defined)
    return {key: _plain(value, defined) for key, value in schema.items() if key not in ("default", "title")}
