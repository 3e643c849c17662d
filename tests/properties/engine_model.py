"""A model of Pulumi's engine over the lifecycle core.

Check, diff, then create, update, or replace, in the order of declaration; deletions last, dependents first.
Each command uses new lifecycles, like a new provider process.
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
    """A resource in the state."""

    kind: str
    inputs: Props
    outputs: Props

    @property
    def guid(self) -> str:
        return str(self.outputs["guid"])

    @property
    def qualified_name(self) -> str:
        return str(self.outputs["qualified_name"])


class CheckFailed(Exception):  # noqa: N818 - an outcome
    """A resource was refused by its check."""


class TakenOver(CheckFailed):
    """A resource was refused because another stack has taken over its entity."""


class Crashed(Exception):  # noqa: N818 - an outcome
    """The process crashed. Its last operation is in Atlan, but not in the state."""


@dataclass
class Engine:
    """The state of a stack, and the commands that change it."""

    client: AtlanClient
    state: dict[str, Stored] = field(default_factory=dict)
    pending_deletes: list[Stored] = field(default_factory=list)
    """Replaced resources that are not deleted yet, possibly by the next run."""
    operations: list[str] = field(default_factory=list)
    """The operations of the last command, such as `create p0`."""
    notes: list[str] = field(default_factory=list)
    """The notes of the last command."""
    crash_after: int | None = None
    """The number of operations before the process crashes. None for no crash."""

    def up(self, program: Program) -> None:
        """Deploy.

        Raises:
            CheckFailed: A resource was refused by its check. `TakenOver` if another stack has its entity.
            AtlanError: An operation failed. Earlier operations are in the state.
            Crashed: See `crash_after`.
        """
        cores = self._begin()
        for name, declared in program.items():
            self._apply(cores[declared.kind], name, declared)
        self._remove(cores, keep=program)

    def refresh(self) -> None:
        """Update the state from Atlan."""
        cores = self._begin()
        for name, stored in list(self.state.items()):
            seen = cores[stored.kind].read(self.client, stored.qualified_name, stored.outputs)
            self.notes += seen.notes
            if seen.outputs:
                self.state[name] = Stored(stored.kind, seen.inputs, seen.outputs)
            else:
                del self.state[name]

    def destroy(self) -> None:
        """Remove everything. Raises the same errors as `up`."""
        self._remove(self._begin(), keep={})

    def guids(self) -> set[str]:
        """Return the GUIDs of everything in the state."""
        return {stored.guid for stored in (*self.state.values(), *self.pending_deletes)}

    def names(self) -> dict[str, str]:
        """Return the qualifiedName of each resource."""
        return {name: stored.qualified_name for name, stored in self.state.items()}

    # -- operations -------------------------------------------------------------------

    def _begin(self) -> dict[str, EntityLifecycle]:
        self.operations, self.notes = [], []
        _epoch._given.clear()  # a new provider process has not used any name
        return {kind: lifecycle_of(kind, 1) for kind in KINDS}

    def _apply(self, core: EntityLifecycle, name: str, declared: Declared) -> None:
        old = self.state.get(name)
        news = {**self._resolve(declared.props), "managed_by": mark(STACK, name)}
        checked = core.check(old.inputs if old else {}, news, lambda: self.client)
        if any("belongs to the stack" in problem.reason for problem in checked.problems):
            raise TakenOver(f"{name}: {checked.problems}")
        if checked.problems:
            raise CheckFailed(f"{name}: {checked.problems}")
        inputs = checked.inputs
        difference = core.diff(old.outputs, inputs) if old else None
        if old is None:
            self._record("create", name, core, inputs, core.create(self.client, inputs))
        elif difference and difference.replaces:
            outputs = core.create(self.client, inputs)
            core.settle(outputs)
            self._finish_operation("replace", name)
            self.pending_deletes.append(old)
            self.state[name] = Stored(declared.kind, inputs, outputs)
        elif difference and difference.changed:
            self._record("update", name, core, inputs, core.update(self.client, old.outputs, inputs))
        else:
            core.settle(inputs)
            self.state[name] = Stored(old.kind, inputs, old.outputs)

    def _record(
        self, operation: str, name: str, core: EntityLifecycle, inputs: Props, outputs: Props
    ) -> None:
        core.settle(outputs)
        self._finish_operation(operation, name)
        self.state[name] = Stored(core.type_name, inputs, outputs)

    def _finish_operation(self, operation: str, name: str) -> None:
        self.operations.append(f"{operation} {name}")
        if self.crash_after is not None:
            self.crash_after -= 1
            if self.crash_after < 0:
                self.crash_after = None
                raise Crashed(f"{operation} {name}")

    def _remove(self, cores: Mapping[str, EntityLifecycle], keep: Program) -> None:
        for name, stored in self._to_delete(keep):
            if not cores[stored.kind].is_settled(stored.outputs):
                self.notes += cores[stored.kind].delete(self.client, stored.outputs)
            self._finish_operation("delete", name)
            kept = [each for each in self.pending_deletes if each is not stored]
            if len(kept) < len(self.pending_deletes):  # not by equality: a resource may have returned to it
                self.pending_deletes = kept
            else:
                del self.state[name]

    def _to_delete(self, keep: Program) -> Iterator[tuple[str, Stored]]:
        """Yield the resources to delete, dependents first."""
        to_delete = [(name, stored) for name, stored in self.state.items() if name not in keep]
        to_delete += [("replaced", stored) for stored in self.pending_deletes]
        yield from sorted(to_delete, key=lambda item: -KINDS.index(item[1].kind))

    def _resolve(self, props: Props) -> Props:
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
