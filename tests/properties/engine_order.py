"""What Pulumi's engine does with a program, in its order, over the lifecycle core alone.

Check, diff, then create, update or replace, in the order of declaration; deletions last, dependents first.
Each operation runs with lifecycles of its own, as each `pulumi` command has a provider process of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from properties.programs import KINDS, Declared, Of, Program, Props

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.lifecycle import EntityLifecycle, mark
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.resources import _reserved_names as _epoch

STACK = "shop/dev"


@dataclass(frozen=True)
class Stored:
    """One resource in the state."""

    kind: str
    inputs: Props
    outputs: Props

    @property
    def guid(self) -> str:
        return str(self.outputs["guid"])

    @property
    def qualified_name(self) -> str:
        return str(self.outputs["qualified_name"])


class CheckFailed(Exception):  # noqa: N818 - read as what happened
    """The program was refused before anything was written."""


class Lost(CheckFailed):
    """A resource was refused, since another stack has taken its entity over."""


class Crashed(Exception):  # noqa: N818 - read as what happened
    """The process died: what it did last is done, and in no state."""


@dataclass
class Engine:
    """A stack's state, and the commands that change it."""

    client: AtlanClient
    state: dict[str, Stored] = field(default_factory=dict)
    doomed: list[Stored] = field(default_factory=list)
    """Replaced, and yet to be deleted: a run that fails leaves them to the next."""
    operations: list[str] = field(default_factory=list)
    """What the last command did, e.g. `create p0`."""
    notes: list[str] = field(default_factory=list)
    """What the last command told."""
    lives: int | None = None
    """After so many operations the process dies; None for never."""

    def up(self, program: Program) -> None:
        """Deploy.

        Raises:
            CheckFailed: A resource was refused by check; `Lost` where another stack has its entity.
            AtlanError: An operation failed; what was done before stays.
            Crashed: See `lives`.
        """
        cores = self._begin()
        for name, declared in program.items():
            self._settle(cores[declared.kind], name, declared)
        self._remove(cores, keep=program)

    def refresh(self) -> None:
        """Take over what is in Atlan."""
        cores = self._begin()
        for name, stored in list(self.state.items()):
            seen = cores[stored.kind].read(self.client, stored.qualified_name, stored.outputs)
            self.notes += seen.notes
            if seen.outputs:
                self.state[name] = Stored(stored.kind, seen.inputs, seen.outputs)
            else:
                del self.state[name]

    def destroy(self) -> None:
        """Remove everything; raises as `up` does."""
        self._remove(self._begin(), keep={})

    def guids(self) -> set[str]:
        """The GUIDs of everything in the state."""
        return {stored.guid for stored in (*self.state.values(), *self.doomed)}

    def names(self) -> dict[str, str]:
        """The qualifiedName of each resource."""
        return {name: stored.qualified_name for name, stored in self.state.items()}

    # -- one operation after the other -------------------------------------------------------------------

    def _begin(self) -> dict[str, EntityLifecycle]:
        self.operations, self.notes = [], []
        _epoch._given.clear()  # a provider process has given no name yet
        return {kind: lifecycle_of(kind, 1) for kind in KINDS}

    def _settle(self, core: EntityLifecycle, name: str, declared: Declared) -> None:
        old = self.state.get(name)
        news = {**self._resolved(declared.props), "managed_by": mark(STACK, name)}
        checked = core.check(old.inputs if old else {}, news, lambda: self.client)
        if any("belongs to the stack" in problem.reason for problem in checked.problems):
            raise Lost(f"{name}: {checked.problems}")
        if checked.problems:
            raise CheckFailed(f"{name}: {checked.problems}")
        inputs = checked.inputs
        difference = core.diff(old.outputs, inputs) if old else None
        if old is None:
            self._record("create", name, declared.kind, inputs, core.create(self.client, inputs))
        elif difference and difference.replaces:
            outputs = core.create(self.client, inputs)
            self._survive("replace", name)
            self.doomed.append(old)
            self.state[name] = Stored(declared.kind, inputs, outputs)
        elif difference and difference.changed:
            self._record("update", name, declared.kind, inputs, core.update(self.client, old.outputs, inputs))
        else:
            self.state[name] = Stored(old.kind, inputs, old.outputs)

    def _record(self, operation: str, name: str, kind: str, inputs: Props, outputs: Props) -> None:
        self._survive(operation, name)
        self.state[name] = Stored(kind, inputs, outputs)

    def _survive(self, operation: str, name: str) -> None:
        self.operations.append(f"{operation} {name}")
        if self.lives is not None:
            self.lives -= 1
            if self.lives < 0:
                self.lives = None
                raise Crashed(f"{operation} {name}")

    def _remove(self, cores: Mapping[str, EntityLifecycle], keep: Program) -> None:
        for name, stored in self._leaving(keep):
            self.notes += cores[stored.kind].delete(self.client, stored.outputs)
            self._survive("delete", name)
            if stored in self.doomed:
                self.doomed.remove(stored)
            else:
                del self.state[name]

    def _leaving(self, keep: Program) -> Iterator[tuple[str, Stored]]:
        """What is to be deleted, dependents first."""
        leaving = [(name, stored) for name, stored in self.state.items() if name not in keep]
        leaving += [("replaced", stored) for stored in self.doomed]
        yield from sorted(leaving, key=lambda item: -KINDS.index(item[1].kind))

    def _resolved(self, props: Props) -> Props:
        resolved: dict[str, Any] = {}
        for name, value in props.items():
            if isinstance(value, Of) and name == "process":
                resolved[name] = {"type_name": "Process", "qualified_name": self._name_of(value)}
            elif isinstance(value, Of):
                resolved[name] = self._name_of(value)
            else:
                resolved[name] = value
        return resolved

    def _name_of(self, other: Of) -> str:
        return self.state[other.resource].qualified_name
