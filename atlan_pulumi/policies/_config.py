"""A pack's configuration file, read before Pulumi is: the engine passes over a rule that does not exist."""

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
    """How a configuration file sets a rule.

    Attributes:
        rule: The rule.
        level: Its level.
        settings: The settings that the file gives it, in camelCase.
        idle: The settings one of which it needs, where the file gives none: it checks nothing then.
    """

    rule: Rule[Any]
    level: str
    settings: Mapping[str, Any]
    idle: str | None


def read_config(file: Path) -> list[Setup]:
    """How the ready-made pack is set by a file for `--policy-pack-config`, rule by rule.

    Raises:
        PolicyError: The file cannot be read, or names a rule, a level or a setting that does not exist.
    """
    given = _read(file)
    known = [rule.name for rule in RULES]
    for name in given:
        if name not in (*known, _ALL):
            raise PolicyError(f"{file}: there is no rule {name!r}{did_you_mean(name, known)}")
    fallback = _level_of_all(file, given.get(_ALL, "advisory"))
    return [_setup(file, rule, given.get(rule.name, {}), fallback) for rule in RULES]


def _level_of_all(file: Path, given: Any) -> str:
    """The level of all rules, which may stand alone or as settings do."""
    level = given.get(_LEVEL) if isinstance(given, Mapping) and given.keys() == {_LEVEL} else given
    if level not in _EVERY:
        raise PolicyError(f"{file}: {_ALL!r} has no level {level!r}: its levels are {', '.join(_EVERY)}")
    return str(level)


def _read(file: Path) -> dict[str, Any]:
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PolicyError(f"{file} cannot be read ({error.strerror or error})") from None
    except ValueError as error:
        raise PolicyError(f"{file} is not JSON ({error})") from None
    if not isinstance(given, dict):
        raise PolicyError(
            f'{file} does not hold rules by their names, such as {{"layer-order": "mandatory"}}'
        )
    return given


def _setup(file: Path, rule: Rule[Any], given: Any, all_: str) -> Setup:
    found = given if isinstance(given, Mapping) else {_LEVEL: given}
    level = str(found.get(_LEVEL, rule.level_among(all_)))
    settings = {name: value for name, value in found.items() if name != _LEVEL}
    try:
        rule.level(level)
        made = rule.settings_of(settings)
    except PolicyError as error:
        raise PolicyError(f"{file}: {error}") from None
    return Setup(rule, level, settings, rule.told_needs() if rule.is_idle(made) else None)


def config_schema() -> dict[str, Any]:
    """The JSON schema of a configuration file, for editors and for checks in CI."""
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
    """A level alone, or with settings."""
    whole = {"type": "object", "additionalProperties": False, "properties": {_LEVEL: level, **settings}}
    return {"anyOf": [level, whole]}


def _levels(names: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(names)}
