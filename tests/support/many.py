"""A bulk resource, handled like the engine does, over the lifecycle core and a local Atlan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pytest

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import (
    OWNERSHIP_ATTRIBUTE,
    Checked,
    DeclaredResources,
    InputProblem,
    ResourceLifecycle,
    mark,
    mark_of,
)
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.preflight import Findings, check_children, log_changes
from support.atlan import SEED, WAREHOUSE, reset, table_name

Props = dict[str, Any]
STACK = "shop/prod"
OTHER_STACK = mark("other/dev", "theirs")
DAG = f"{WAREHOUSE}/dag"
ABOVE = {"type_name": "Process", "qualified_name": DAG}


def column(path: str) -> str:
    """Return the qualifiedName of a column of the seed, such as `T0/A`."""
    return f"{WAREHOUSE}/DB/S/{path}"


class Previewed(NamedTuple):
    """The result of a preview."""

    problems: list[InputProblem]
    notes: list[str]


class Life:
    """A resource in the state of a stack. Each command uses a new lifecycle, like the engine."""

    def __init__(
        self,
        client: AtlanClient,
        kind: type[ResourceLifecycle],
        name: str = "edges",
        *,
        stack: str | None = STACK,
        origin: str = "00000000",
        parents: str = "",
        declared: DeclaredResources | None = None,
    ) -> None:
        self.client = client
        self.kind = kind
        types = f"{parents}atlan:{kind.__name__.removesuffix('Lifecycle')}"
        self.mark = mark(stack, name, types, origin) if stack else None
        self.declared = declared
        self.inputs: Props = {}
        self.outputs: Props = {}
        self.logged: list[str] = []
        """The notes of the last command."""

    def check(self, program: Props) -> Checked:
        return self._core().check(self.inputs, self._marked(program))

    def preview(
        self,
        *,
        lenient: bool = False,
        secret: Sequence[str] = (),
        new_connections: Sequence[str] = (),
        **program: Any,
    ) -> Previewed:
        """Return the result of the provider's check with look-ups."""
        found = Findings(lenient=lenient, secret=list(secret), new_connections=list(new_connections))
        core, findings = self._core(), found
        checked = core.check(self.inputs, self._marked(program))
        core.declare(checked)
        stays = check_children(core, self.inputs, checked, findings, lambda: self.client)
        findings.notes[:0] = log_changes(core, self.inputs, checked, findings.secret, stays)
        return Previewed([*checked.problems, *findings.problems], findings.notes)

    def changes(self, **program: Any) -> list[str]:
        """Return the changed properties."""
        if not self.outputs:
            return ["everything"]
        return self._core().diff(self.outputs, self._checked(program)).changed

    def up(self, **program: Any) -> str:
        """Deploy, and return the operation. A failure leaves the state unchanged, like the engine."""
        inputs = self._checked(program)
        core = self._core()
        difference = core.diff(self.outputs, inputs) if self.outputs else None
        if difference is None:
            done, self.outputs = "create", core.create(self.client, inputs)
        elif difference.replaces:
            olds = self.outputs
            done, self.outputs = "replace", core.create(self.client, inputs)
            self.logged += core.delete(self.client, olds)
        elif difference.changed:
            done, self.outputs = "update", core.update(self.client, self.outputs, inputs)
        else:
            done = "same"
        self.inputs = inputs
        return done

    def refresh(self) -> list[str]:
        """Update the state from Atlan, and return the notes."""
        seen = self._core().read(self.client, self.outputs["qualified_name"], self.outputs)
        self.inputs, self.outputs = seen.inputs, seen.outputs
        return seen.notes

    def destroy(self) -> list[str]:
        """Remove the resource, and return the notes."""
        notes = self._core().delete(self.client, self.outputs)
        self.inputs, self.outputs = {}, {}
        return notes

    def settled(self, **program: Any) -> None:
        """Assert that refresh and preview are empty after a deployment."""
        before = self.outputs
        assert self.refresh() == []
        assert self.outputs == before
        assert self.changes(**program) == []

    def _core(self) -> Any:
        core = self.kind()
        self.logged = []
        core.log = self.logged.append
        core.declared = self.declared or core.declared
        return core

    def _marked(self, program: Props) -> Props:
        return {**program, **({"managed_by": self.mark} if self.mark else {})}

    def _checked(self, program: Props) -> Props:
        answer = self.check(program)
        assert answer.problems == []
        return answer.inputs


class Others:
    """Another user, who reads and changes entities."""

    def __init__(self, server: LocalAtlan) -> None:
        self.client = AtlanClient(ClientSettings.resolve(server.base_url, "key-of-alice", 0))

    def close(self) -> None:
        self.client.close()

    def find(self, type_name: str, qualified_name: str) -> Entity | None:
        return self.client.entities.get_by_qualified_name(type_name, qualified_name)

    def get(self, type_name: str, qualified_name: str) -> Entity:
        found = self.find(type_name, qualified_name)
        assert found is not None, f"missing {type_name} {qualified_name}"
        return found

    def remove(self, type_name: str, *qualified_names: str, how: str = "PURGE") -> None:
        guids = [str(self.get(type_name, name).guid) for name in qualified_names]
        self.client.entities.delete(guids, how)  # type: ignore[arg-type]

    def write(self, type_name: str, qualified_name: str, **attributes: Any) -> str:
        """Create or change an entity, and return its GUID."""
        named = {"qualifiedName": qualified_name, "name": "Theirs", **attributes}
        self.client.entities.upsert([Entity(type_name=type_name, attributes=named)])
        return str(self.get(type_name, qualified_name).guid)

    def make_process(self, qualified_name: str = DAG, **attributes: Any) -> str:
        sides = {"inputs": [ref("Table", table_name(0))], "outputs": [ref("Table", table_name(1))]}
        return self.write("Process", qualified_name, **{**sides, **attributes})

    def make_edge(self, qualified_name: str, process: str = DAG, **attributes: Any) -> str:
        given = {
            "inputs": [ref("Column", column("T2/B"))],
            "outputs": [ref("Column", column("T3/B"))],
            "process": ref("Process", process),
        }
        return self.write("ColumnProcess", qualified_name, **{**given, **attributes})

    def mark(self, type_name: str, qualified_name: str, mark_: str | None) -> None:
        self.write(type_name, qualified_name, **{OWNERSHIP_ATTRIBUTE: mark_})

    def names(self, type_name: str) -> set[str]:
        """Return the qualifiedNames of the active entities of a type."""
        kind = {"term": {"__typeName.keyword": type_name}}
        return {each.qualified_name for each in self.client.search.live(kind, attributes=["qualifiedName"])}

    def edges(self, process: str = DAG) -> set[str]:
        """Return the active column processes of a process, without the prefix of their names."""
        above = f"{process}/column/"
        return {name.removeprefix(above) for name in self.names("ColumnProcess") if name.startswith(above)}

    def sources(self, qualified_name: str) -> set[str]:
        """Return the input columns of an edge as paths such as `T0/A`."""
        found = self.get("ColumnProcess", qualified_name).related("inputs")
        return {each.qualified_name.removeprefix(column("")) for each in found if each.qualified_name}

    def mark_on(self, type_name: str, qualified_name: str) -> str | None:
        return mark_of(self.get(type_name, qualified_name))


def ref(type_name: str, qualified_name: str) -> Props:
    """Return a reference in the form of the REST API."""
    return {"typeName": type_name, "uniqueAttributes": {"qualifiedName": qualified_name}}


class World:
    """A local Atlan with a process of others, our client, and another user."""

    def __init__(self, server: LocalAtlan) -> None:
        reset(server)
        self.server = server
        self.client = AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0))
        self.others = Others(server)
        self.others.make_process()

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_error: object) -> None:
        self.client.close()
        self.others.close()

    def requests(self, method: str = "", path: str = "") -> list[Props]:
        """Return our requests with a method and path."""
        return [
            each
            for each in self.server.requests()
            if each["user"] != "alice" and each["method"].startswith(method) and path in each["path"]
        ]

    def written(self) -> list[str]:
        """Return the qualifiedNames of the entities that we wrote so far, in order."""
        return [entity["attributes"]["qualifiedName"] for entity in self.sent()]

    def sent(self) -> list[Props]:
        """Return the entities that we wrote so far, in order."""
        writes = self.requests("POST", "/entity/bulk")
        return [entity for each in writes for entity in each["body"]["entities"]]

    def refuse(self, qualified_name: str, **how: Any) -> None:
        """Let Atlan refuse each write that contains the name."""
        body = {"errorCode": "ATLAS-404-00-00A", "errorMessage": f"{qualified_name} is not there"}
        named = f'"{qualified_name}"'
        self.fail(contains=named, status=404, body=body, times=0, **how)

    def fail(self, method: str = "POST", **how: Any) -> None:
        """Let writes fail."""
        self.server.fault({"method": method, "path": "/api/meta/entity/bulk*", **how})


def refusal(run: Any, *arguments: Any, **program: Any) -> str:
    """Return the message of a refused command."""
    try:
        run(*arguments, **program)
    except ResourceError as error:
        return str(error)
    raise AssertionError("it was not refused")


def reasons(problems: Sequence[InputProblem]) -> list[str]:
    return [problem.reason for problem in problems]


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    """A local Atlan for all tests of a module, which `world` resets."""
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture
def world(server: LocalAtlan) -> Iterator[World]:
    """Reset the local Atlan, and yield it."""
    with World(server) as world:
        yield world
