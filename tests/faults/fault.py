"""What a fault is, as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Rule = Mapping[str, Any]
Edit = Literal["create", "update", "delete", "none"]

#: Stands for a date a few seconds after the run began, in a `Retry-After`.
IN_A_MOMENT = "in a moment"


@dataclass(frozen=True)
class Fault:
    """One row of the table: what goes wrong while `pulumi` runs, and what comes of it.

    Attributes:
        name: What goes wrong, in words; unique.
        rules: The script of the local Atlan (see `atlan_pulumi.local`). Each rule is aimed at the requests
            about the row's own resource, unless it says with `contains` what else it is about.
        expect: `survives`: the run succeeds as if nothing had been. `fails`: it ends with a clear message,
            and the next `up` converges.
        message: What the message says, as a regular expression; for `fails` only.
        anywhere: The message may stand on any resource: the fault is not of one alone.
        edit: What the program does to the row's resource in that run.
        operation: Which command runs.
        group: Rows of one group share a run. What reaches beyond the row's own resource needs its own.
        server: Settings of the local Atlan, as `LocalAtlan` takes them.
        environ: Environment of that run only.
        next_environ: Environment of the runs after it.
        event: What happens to the server: it is `down` during the run, or `restarts` when the rule has fired.
        soak: It takes long, and is left to the long run.
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
        """The name as a word."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @property
    def resource(self) -> str:
        """The name of the row's resource; none of them begins with another's."""
        return f"{self.slug}-row"


@dataclass(frozen=True)
class Act:
    """Rows that share one run, each with a resource of its own."""

    faults: tuple[Fault, ...]

    @property
    def first(self) -> Fault:
        """One of them, for what they have in common."""
        return self.faults[0]


@dataclass(frozen=True)
class Play:
    """Acts that follow each other on one stack and one server."""

    name: str
    acts: tuple[Act, ...]

    @property
    def faults(self) -> list[Fault]:
        """All rows."""
        return [fault for act in self.acts for fault in act.faults]


def plays(faults: Iterable[Fault]) -> list[Play]:
    """The rows, put together where they can share a run, a stack, a server."""
    found: dict[str, dict[str, list[Fault]]] = {}
    for fault in faults:
        acts = found.setdefault(_play_of(fault), {})
        acts.setdefault(f"{fault.group} {fault.expect}", []).append(fault)
    return [Play(name, tuple(Act(tuple(rows)) for rows in acts.values())) for name, acts in found.items()]


def _play_of(fault: Fault) -> str:
    """The play in which a row comes; those of many runs have few resources, which keeps the runs short."""
    if fault.soak or fault.server:
        return fault.group
    if fault.operation != "up":
        return fault.operation
    if fault.expect == "survives":
        return "up survived"
    return "up failed again and again" if fault.group else "up failed"
