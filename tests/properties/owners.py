"""Stacks that share one Atlan, over the lifecycle core and the preview checks, without the engine.

Each stack has a name, an origin, and a state. A run checks all resources of a program before it writes any,
like a provider process.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from properties.kinds import GENERIC, SPARK, Declared

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.errors import AtlanError
from atlan_pulumi.lifecycle import (
    GUIDS,
    Checked,
    DeclaredResources,
    ManyLifecycle,
    ResourceLifecycle,
    mark,
    unpack_guids,
)
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.preflight import (
    Declaration,
    Findings,
    Preflight,
    check_children,
    check_replacement,
    log_changes,
    merge_report,
)

Props = dict[str, Any]
_ORDER = (
    *("ColumnProcess", "ColumnLineage", "ProcessSet", "Process", "OpenLineageJob", "Connection"),
    "OpenLineageConnection",
)
PARENTS = ("", "shop:A$", "shop:B$", "shop:A$atlan:index:LineageMap$", "shop:B$atlan:index:LineageMap$")


class Stored(NamedTuple):
    """A resource in a state."""

    kind: str
    inputs: Props
    outputs: Props

    @property
    def guids(self) -> set[str]:
        many = unpack_guids(self.outputs.get(GUIDS))
        single = [] if GUIDS in self.outputs else [self.outputs.get("guid"), self.outputs.get("job_guid")]
        return {guid for guid in (*many, *single, *(self.outputs.get("column_guids") or ())) if guid}


class Refused(Exception):  # noqa: N818 - an outcome
    """A preview check or a resource refused."""


@dataclass
class Process:
    """A provider process: the data that its resources share."""

    client: AtlanClient
    notes: list[str] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    declared: DeclaredResources = field(default_factory=DeclaredResources)

    def core(self, kind: str) -> ResourceLifecycle:
        core = lifecycle_of(kind, 1)
        core.log = self.notes.append
        core.written, core.named, core.declared = self.written, self.named, self.declared
        return core


@dataclass
class OneStack:
    """A stack: its name, its origin, and its state."""

    client: AtlanClient
    name: str
    origin: str
    state: dict[tuple[str, str, str], Stored] = field(default_factory=dict)

    @property
    def guids(self) -> set[str]:
        """The GUIDs in the state."""
        return {guid for stored in self.state.values() for guid in stored.guids}

    def preview(self, program: Sequence[Declared]) -> list[str]:
        """Return the notes without changing the state.

        Raises:
            Refused: A resource was refused.
        """
        process = Process(self.client)
        self._check(process, program, deploys=False)
        return process.notes

    def up(self, program: Sequence[Declared]) -> list[str]:
        """Deploy. After a failure, the state has the earlier operations.

        Raises:
            Refused: A resource was refused.
            AtlanError: An operation failed.
        """
        process = Process(self.client)
        checked = self._check(process, program, deploys=True)
        for declared, (old, news) in zip(program, checked, strict=True):
            self._write(process, declared, old, news)
        wanted = {declared.urn for declared in program}
        self._remove(process, [urn for urn in self.state if urn not in wanted])
        return process.notes

    def destroy(self) -> list[str]:
        """Remove everything."""
        process = Process(self.client)
        self._remove(process, list(self.state))
        return process.notes

    def refresh(self) -> None:
        """Update the state from Atlan."""
        for urn, stored in list(self.state.items()):
            core = lifecycle_of(stored.kind, 1)
            seen = core.read(self.client, stored.outputs["qualified_name"], stored.outputs)
            if seen.outputs:
                self.state[urn] = Stored(stored.kind, seen.inputs, seen.outputs)
            else:
                del self.state[urn]

    def rename(self, urn: tuple[str, str, str], declared: Declared) -> None:
        """Change the URN of a resource, like an alias."""
        self.state = {declared.urn if each == urn else each: stored for each, stored in self.state.items()}

    # -- operations -------------------------------------------------------------------

    def _check(
        self, process: Process, program: Sequence[Declared], *, deploys: bool
    ) -> list[tuple[Stored | None, Props]]:
        found = self._preflight(program)
        checked = [
            self._checked(process, each, findings, deploys=deploys)
            for each, findings in zip(program, found, strict=True)
        ]
        if problems := [problem for _, _, those in checked for problem in those]:
            raise Refused(problems)
        return [(old, news) for old, news, _ in checked]

    def _preflight(self, program: Sequence[Declared]) -> list[Findings]:
        cores = {each.kind: lifecycle_of(each.kind, 1) for each in program}
        declarations, made = [], set[Any]()
        for each in program:
            core = cores[each.kind]
            inputs = core.preview_inputs(self._inputs(each))
            assert inputs is not None, each
            inputs["managed_by"] = mark(self.name, each.name, f"atlan:{each.kind}", self.origin)
            declarations.append(Declaration(each.name, core, inputs, frozenset(made)))
            made |= declarations[-1].creates
        return Preflight(self.client, stray_columns="off", repeated_lineage="off").findings(declarations)

    def _checked(
        self, process: Process, declared: Declared, findings: Findings, *, deploys: bool
    ) -> tuple[Stored | None, Props, list[Any]]:
        """Check a resource like the adapter."""
        core, old = process.core(declared.kind), self.state.get(declared.urn)
        olds = old.inputs if old else {}
        checked: Checked = core.check(olds, self._inputs(declared), lambda: self.client)
        core.declare(checked)
        findings.deploys = deploys and isinstance(core, ManyLifecycle)
        check_replacement(core, olds, checked, findings, lambda: self.client)
        if isinstance(core, ManyLifecycle):
            stays = check_children(core, olds, checked, findings, lambda: self.client)
            findings.notes[:0] = log_changes(core, olds, checked, findings.secret, stays)
        problems, notes = merge_report(core, olds, checked, findings)
        process.named.update(findings.named)
        process.notes += notes
        return old, checked.inputs, problems

    def _write(self, process: Process, declared: Declared, old: Stored | None, news: Props) -> None:
        core = process.core(declared.kind)
        difference = core.diff(old.outputs, news) if old else None
        if difference is not None and difference.replaces and old is not None:
            outputs = core.create(self.client, news)
            self.state[declared.urn] = Stored(declared.kind, news, outputs)
            process.notes += core.delete(self.client, old.outputs)
        elif old is None:
            outputs = core.create(self.client, news)
            self.state[declared.urn] = Stored(declared.kind, news, outputs)
        elif difference is not None and difference.changed:
            outputs = core.update(self.client, old.outputs, news)
            self.state[declared.urn] = Stored(declared.kind, news, outputs)
        else:
            self.state[declared.urn] = Stored(declared.kind, news, old.outputs)

    def _remove(self, process: Process, urns: Iterable[tuple[str, str, str]]) -> None:
        for urn in sorted(urns, key=lambda urn: _ORDER.index(urn[1])):
            stored = self.state[urn]
            process.notes += process.core(stored.kind).delete(self.client, stored.outputs)
            del self.state[urn]

    def _inputs(self, declared: Declared) -> Props:
        types = f"{declared.parents}atlan:{declared.kind}"
        given = {
            "managed_by": mark(self.name, declared.name, types, self.origin),
            "adopt": declared.adopt,
            "force_destroy": declared.force_destroy,
        }
        return {**given, **declared.inputs}


def snapshot(client: AtlanClient) -> dict[str, Entity]:
    """Return every entity that a program may have created, including archived ones, by GUID."""
    found: dict[str, Entity] = {}
    for kind in ("Process", "ColumnProcess", "Connection", "SparkJob", "FlowControlOperation"):
        there = client.search.pages({"query": {"term": {"__typeName.keyword": kind}}})
        found |= client.entities.get_many([str(each.guid) for each in there])
    return found


def open_for_events(client: AtlanClient) -> None:
    """Create the connections of the jobs, which no program declares."""
    for connector, name in (("spark", SPARK), ("generic-openlineage", GENERIC)):
        core = lifecycle_of("OpenLineageConnection", 1)
        given = {"name": connector, "connector": connector, "qualified_name": name, "admin_roles": ["$admin"]}
        core.create(client, core.check({}, {**given, "managed_by": mark("infra/prod", connector)}).inputs)


__all__ = ["PARENTS", "AtlanError", "OneStack", "Refused", "open_for_events", "snapshot"]
