"""Read a pack's configuration file. The engine ignores rules that do not exist; this refuses them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from atlan_pulumi.errors import PolicyError
from atlan_pulumi.policies._pack import RULES
from atlan_pulumi.policies._rule import Rule
from atlan_pulumi.policies._rule_settings import properties_of
from atlan_pulumi.text import did_you_mean

_LEVEL = "enforcementLevel"
_ALL = "all"
_EVERY = ("advisory", "mandatory", "remediate", "disabled")


class Setup(NamedTuple):
    """The configuration of one rule.

    Attributes:
        rule: The rule.
        level: Its enforcement level.
        settings: Its settings in the file, in camelCase.
        idle: The settings of which the rule needs at least one, if the file has none of them. Such a rule
            checks nothing. None if the rule has what it needs.
    """

    rule: Rule[Any]
    level: str
    settings: Mapping[str, Any]
    idle: str | None


def read_config(file: Path) -> list[Setup]:
    """Return how a file for `--policy-pack-config` configures each rule of the pack.

    Raises:
        PolicyError: The file cannot be read, or names a rule, level, or setting that does not exist.
    """
    config = _load(file)
    known = [rule.name for rule in RULES]
    for name in config:
        if name not in (*known, _ALL):
            raise PolicyError(f"{file}: unknown rule {name!r}{did_you_mean(name, known)}")
    default_level = _default_level(file, config.get(_ALL, "advisory"))
    return [_setup(file, rule, config.get(rule.name, {}), default_level) for rule in RULES]


def _default_level(file: Path, value: Any) -> str:
    """Return the level of `all`, which is either text or an object with an `enforcementLevel`."""
    level = value.get(_LEVEL) if isinstance(value, Mapping) and value.keys() == {_LEVEL} else value
    if level not in _EVERY:
        raise PolicyError(f"{file}: {_ALL!r}: unknown level {level!r}: use one of {', '.join(_EVERY)}")
    return str(level)


def _load(file: Path) -> dict[str, Any]:
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PolicyError(f"{file} cannot be read ({error.strerror or error})") from None
    except ValueError as error:
        raise PolicyError(f"{file} is not JSON ({error})") from None
    if not isinstance(config, dict):
        raise PolicyError(
            f'{file} must be an object with rules by name, such as {{"layer-order": "mandatory"}}'
        )
    return config


def _setup(file: Path, rule: Rule[Any], value: Any, default_level: str) -> Setup:
    config = value if isinstance(value, Mapping) else {_LEVEL: value}
    level = str(config.get(_LEVEL, rule.level_among(default_level)))
    given = {name: value for name, value in config.items() if name != _LEVEL}
    try:
        rule.level(level)
        settings = rule.settings_of(given)
    except PolicyError as error:
        raise PolicyError(f"{file}: {error}") from None
    return Setup(rule, level, given, rule.describe_needs() if rule.is_idle(settings) else None)


def config_schema() -> dict[str, Any]:
    """Return the JSON schema of a configuration file, for editors and for checks in CI."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of the policy pack of atlan-pulumi",
        "type": "object",
        "additionalProperties": False,
        "properties": {_ALL: _either(_levels(_EVERY), {})} | {rule.name: _schema_of(rule) for rule in RULES},
    }


def _schema_of(rule: Rule[Any]) -> dict[str, Any]:
    return {
        "description": rule.description,
        **_either(_levels(rule.levels), properties_of(rule.settings)),
    }


def _either(level: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a level, or of an object with a level and settings."""
    with_settings = {
        "type": "object",
        "additionalProperties": False,
        "properties": {_LEVEL: level, **settings},
    }
    return {"anyOf": [level, with_settings]}


def _levels(names: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(names)}
