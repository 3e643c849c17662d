"""The settings of rules, in a pack's constructor and in a file for `--policy-pack-config`."""

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
"""A pattern of names: `*` matches any text, including slashes. Case-sensitive."""
NonBlank = Annotated[str, Field(min_length=1, pattern=r"\S")]
"""A text that is not only blanks."""


class Settings(BaseModel):
    """Base of the settings: snake_case in Python, camelCase in a file, as in Pulumi's packs."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)


S = TypeVar("S", bound=Settings)


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


Regex = Annotated[str, Field(min_length=1), AfterValidator(_compiles)]
"""A Python regular expression that must match a whole name."""


def matches(names: tuple[str, ...], patterns: list[str]) -> bool:
    """Return whether one of the globs matches one of the names."""
    return any(_regex(pattern).fullmatch(name) for name in names for pattern in patterns)


@functools.cache
def _regex(glob: str) -> re.Pattern[str]:
    """Return a glob as a regular expression. Only `*` is special: names may contain brackets and `?`."""
    return re.compile(".*".join(map(re.escape, glob.split("*"))), re.DOTALL)


def validate_settings(rule: str, model: type[S], given: Mapping[str, Any]) -> S:
    """Return the settings of a rule as its model.

    Raises:
        PolicyError: A setting does not exist, or is invalid.
    """
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        reasons = "; ".join(_reason(detail, model) for detail in error.errors(include_url=False))
        raise PolicyError(f"the rule {rule!r} cannot be set up: {printable(reasons)}") from None


def _reason(detail: Any, model: type[Settings]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in detail["loc"]).strip(".")
    if detail["type"] == "extra_forbidden":
        known = [field.alias or name for name, field in model.model_fields.items()]
        hint = did_you_mean(path, known) if len(detail["loc"]) == 1 else ""
        return f"{path}: unknown setting{hint}"
    reason = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return f"{path}: {reason[:1].lower()}{reason[1:]}"


def properties_of(model: type[Settings]) -> dict[str, dict[str, Any]]:
    """Return the JSON schema of each setting, against which the engine checks a configuration file.

    It has no defaults: the engine would send them in place of the settings of the pack's constructor.
    """
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
    return {name: _inline(part, definitions) for name, part in schema.get("properties", {}).items()}


def _inline(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Return a schema without references, which Pulumi's policy schemas do not support."""
    if isinstance(schema, list):
        return [_inline(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inline(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {
        key: _inline(value, definitions) for key, value in schema.items() if key not in ("default", "title")
    }
