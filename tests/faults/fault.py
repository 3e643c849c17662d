"""Faults, steps, and scenarios as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Rule = Mapping[str, Any]
Edit = Literal["create", "update", "delete", "none"]

#: Replaced by a date a few seconds after the start of the run, in `Retry-After`.
SOON = "in a moment"


@dataclass(frozen=True)
class Fault:
    """A row of the table: a fault during a `pulumi` command, and the expected result.

    Attributes:
        name: A unique description.
        rules: The fault script of the local Atlan (see `atlan_pulumi.local`). A rule applies to requests for
            the row's resource, unless it has `contains`.
        expect: `survives`: the run succeeds. `fails`: the run ends with a clear message, and the next `up`
            converges.
        message: A regular expression for the message; for `fails` only.
        anywhere: Whether the message may be on any resource.
        edit: How the program changes the row's resource in that run.
        operation: The command.
        group: Rows of a group share a run. A fault that affects other resources needs its own group.
        server: Settings of the local Atlan, as for `LocalAtlan`.
        environ: The environment of that run only.
        next_environ: The environment of later runs.
        event: The server is `down` during the run, or `restarts` when the rule has fired.
        soak: Whether it runs in the long tests only.
    """

    name: str
    rules: tuple[Rule, ...] = ()
    expect: Literal["survives", "fails"] = "survives"
    message: str = ""
    anywhere: bool = False
    edit: Edit = "create"
    operation: Literal["up", "preview", "refresh", "destroy"] = "up"
    group: str = ""
    server: Mapping[str, Any] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    next_environ: Mapping[str, str] = field(default_factory=dict)
    event: Literal["", "down", "restarts"] = ""
    soak: bool = False

    @property
    def slug(self) -> str:
        """The name as a test id."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @property
    def resource(self) -> str:
        """The name of the row's resource; no such name is the beginning of another."""
        return f"{self.slug}-row"


@dataclass(frozen=True)
class Step:
    """Rows that share a run, each with its own resource."""

    faults: tuple[Fault, ...]

    @property
    def first(self) -> Fault:
        """A row, for the settings that they share."""
        return self.faults[0]


@dataclass(frozen=True)
class Scenario:
    """Steps that run one after the other on one stack and one server."""

    name: str
    steps: tuple[Step, ...]

    @property
    def faults(self) -> list[Fault]:
        """All rows."""
        return [fault for step in self.steps for fault in step.faults]


def scenarios(faults: Iterable[Fault]) -> list[Scenario]:
    """Return the rows, combined into scenarios that can share a run, a stack, and a server."""
    found: dict[str, dict[str, list[Fault]]] = {}
    for fault in faults:
        steps = found.setdefault(_scenario_of(fault), {})
        steps.setdefault(f"{fault.group} {fault.expect}", []).append(fault)
    return [
        Scenario(name, tuple(Step(tuple(rows)) for rows in steps.values())) for name, steps in found.items()
    ]


def _scenario_of(fault: Fault) -> str:
    """Return the scenario of a row.

    Scenarios with many runs have few resources, so that the runs are short.
    """
    if fault.soak or fault.server:
        return fault.group
    if fault.operation != "up":
        return fault.operation
    if fault.expect == "survives":
        return "up survived"
    return "up failed repeatedly" if fault.group else "up failed"
