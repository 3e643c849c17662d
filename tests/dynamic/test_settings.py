"""A program prints each warning about the stack's settings once."""

from __future__ import annotations

from collections.abc import Callable

import pulumi
import pytest
from dynamic.test_failures import server
from dynamic.test_refused_beside import load, looked_up
from pulumi.runtime.config import set_all_config
from support.recorder import declared

import atlan_pulumi as atlan
from atlan_pulumi.dynamic.program import _settings

__all__ = ["looked_up", "server"]


class NoMonitor:
    """Replaces Pulumi's test double, under which a program prints no warnings."""


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(_settings, "MockMonitor", NoMonitor)
    monkeypatch.setattr(pulumi.log, "warn", lambda line, *_resource: lines.append(line))
    return lines


def run(program: Callable[[], object], *, secret: bool = True, **config: str) -> None:
    keys = {f"atlan:{name}": value for name, value in config.items()}

    def configured() -> None:
        set_all_config(keys, ["atlan:apiKey"] if secret else [])
        program()

    declared(configured)


def test_warnings_are_printed_once_for_all_resources(printed: list[str]) -> None:
    run(lambda: [load("a"), load("b", source=2)], requestPerMinute="5")
    assert printed == [
        "atlan:requestPerMinute is not a setting, and has no effect; did you mean atlan:requestsPerMinute?"
    ]


def test_a_secret_key_and_known_settings_cause_no_warning(printed: list[str]) -> None:
    run(lambda: load("a"), requestsPerMinute="0", apiKey="local")
    assert printed == []


def test_a_key_in_plain_text_is_a_warning(printed: list[str]) -> None:
    run(lambda: load("a"), apiKey="local", secret=False)
    (line,) = printed
    assert line.startswith("atlan:apiKey is stored in plain text")


def test_an_explicit_provider_warns_about_the_rest_of_its_url(printed: list[str]) -> None:
    run(lambda: atlan.AtlanProvider("prod", base_url="https://acme.atlan.com/assets?x=1", api_key="key"))
    (line,) = printed
    assert line.endswith("set it to https://acme.atlan.com")
