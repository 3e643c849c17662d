"""Random stacks over the lifecycle core and a local Atlan, without the engine.

Programs are edited and deployed, others change entities, processes crash. After each deployment, Atlan must
match the program, and entities of others must be unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from client.clocks import LeapingClock
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from properties import expectations
from properties.catalog import (
    Catalog,
    RawEntity,
    active_entities,
    changed_entities,
    differences,
    key_of,
    reference,
)
from properties.engine_model import STACK, Crashed, Engine, TakenOver
from properties.programs import (
    PROCESSES,
    SEED,
    TABLE_COLUMNS,
    TABLES,
    WAREHOUSE,
    Declared,
    Program,
    complete,
    declarations,
    named,
    processes,
    programs,
    texts,
)
from pydantic import SecretStr

from atlan_pulumi.client import AtlanClient, ClientSettings, NotFoundError
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import managed_properties
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.local import LocalAtlan

picks = st.integers(0, 9)
ELSEWHERE = f"pulumi:{STACK}#elsewhere"
MARKS = [None, "crawler-42", "pulumi:shop/prod#x", ELSEWHERE]

#: Properties that an author may remove from any resource.
OPTIONAL = ["description", "user_description", "owner_users", "is_discoverable", "sql", "certificate_status"]
REACTIONS = st.sampled_from(["nothing", "refresh", "edit", "remove"])


class StackMachine(RuleBasedStateMachine):
    """A stack, its program, and other writers."""

    server: LocalAtlan

    def __init__(self) -> None:
        super().__init__()
        self.catalog = Catalog(self.server, "key-of-alice")
        self.catalog.reset()
        settings = ClientSettings(self.server.base_url, SecretStr(self.server.api_key), requests_per_minute=0)
        self.client = AtlanClient(settings, clock=LeapingClock())
        self.engine = Engine(self.client)
        self.written: Program = {}
        self.known = True
        """Whether the state was refreshed since the last change by others."""

    def teardown(self) -> None:
        self._end()
        self.client.close()
        self.catalog.close()

    @property
    def program(self) -> Program:
        return complete(self.written)

    # -- the author ----------------------------------------------------------------------------------------

    @initialize(program=programs(), crash_after=st.none() | st.integers(0, 6))
    def first_deployment(self, program: Program, crash_after: int | None = None) -> None:
        self.written = dict(program)
        self._crash(crash_after)
        self._deploy()

    @rule(declared=declarations, deploy=st.booleans())
    def declare(self, declared: tuple[str, Declared], deploy: bool) -> None:
        name, resource = declared
        self.written[name] = resource
        if deploy:
            self._deploy()

    @precondition(lambda self: self.written)
    @rule(pick=picks, text=texts, dropped=st.sets(st.sampled_from(OPTIONAL)), deploy=st.booleans())
    def edit(self, pick: int, text: str, dropped: set[str], deploy: bool) -> None:
        name = list(self.written)[pick % len(self.written)]
        old = self.written[name]
        kept = {key: value for key, value in old.props.items() if key not in dropped}
        self.written[name] = Declared(old.kind, {**kept, "name": text})
        if deploy:
            self._deploy()

    @precondition(lambda self: self.written)
    @rule(pick=picks, setting=st.sampled_from(["adopt", "force_destroy"]))
    def allow(self, pick: int, setting: str) -> None:
        name = list(self.written)[pick % len(self.written)]
        old = self.written[name]
        unnamed = old.kind == "Connection" and "qualified_name" not in old.props  # refused once it is new
        meaningless = {"force_destroy": old.kind == "ColumnProcess", "adopt": unnamed}
        if not meaningless.get(setting):
            self.written[name] = Declared(old.kind, {**old.props, setting: True})

    @precondition(lambda self: self.written)
    @rule(pick=picks, deploy=st.booleans())
    def remove(self, pick: int, deploy: bool) -> None:
        del self.written[list(self.written)[pick % len(self.written)]]
        if deploy:
            self._deploy()

    # -- the commands --------------------------------------------------------------------------------------

    @rule()
    def up(self) -> None:
        self._deploy()

    @rule()
    def refresh(self) -> None:
        writes = self.catalog.writes()
        self.engine.refresh()
        assert self.catalog.writes() == writes
        self.known = True

    @rule()
    def refresh_and_up(self) -> None:
        self.refresh()
        self._deploy()

    @rule(crash_after=st.integers(0, 4), refresh=st.booleans())
    def crash_and_up(self, crash_after: int, refresh: bool) -> None:
        self._crash(crash_after)
        if refresh:
            self.refresh()
        self._deploy()

    @rule(
        nth=st.integers(1, 4),
        method=st.sampled_from(["POST", "DELETE"]),
        drop=st.sampled_from(["before", "after"]),
    )
    def up_with_a_lost_response(self, nth: int, method: str, drop: str) -> None:
        self.server.fault({"method": method, "path": "/api/meta/entity/bulk*", "nth": nth, "drop": drop})
        self._deploy()
        self.server.clear_faults()

    def _crash(self, crash_after: int | None) -> None:
        """Deploy, and crash."""
        self.engine.crash_after = crash_after
        self._deploy()
        self.engine.crash_after = None

    def _deploy(self) -> None:
        program, before = self.program, self.catalog.everything()
        must = expectations.must_refuse(program, self.engine, before)
        may = expectations.may_refuse(program, self.engine, before)
        cleared = self._cleared(program)
        crashed = False
        with self._others_untouched():
            try:
                self.engine.up(program)
            except Crashed:
                crashed = True
            except (ResourceError, NotFoundError, TakenOver) as refusal:
                if not (must or may):
                    raise AssertionError(f"refused without a reason: {refusal}") from None
                return
        assert not must or crashed, f"not refused: {must}"
        if self.known and not crashed:
            self._assert_as_declared(program, cleared)

    def _cleared(self, program: Program) -> dict[str, set[str]]:
        """Return the properties that a deployment removes from existing resources."""
        to_be = expectations.expected_names(program, self.engine)
        return {
            name: set(managed_properties(lifecycle_of(old.kind, 1).model, old.outputs))
            - {"managed_by", *declared.props}
            for name, declared in program.items()
            if (old := self.engine.state.get(name)) and old.qualified_name == to_be[name]
        }

    def _assert_as_declared(self, program: Program, cleared: dict[str, set[str]]) -> None:
        everything, names = self.catalog.everything(), self.engine.names()
        assert list(differences(program, names, everything, cleared)) == []
        marked = {guid for guid, entity in everything.items() if _is_marked(entity)}
        assert marked <= self.engine.guids(), f"leftovers: {[key_of(everything[guid]) for guid in marked]}"
        assert self.engine.state.keys() == program.keys()
        writes = self.catalog.writes()
        self.engine.refresh()
        assert self.engine.notes == []
        self.engine.up(program)
        assert self.engine.operations == []
        assert self.catalog.writes() == writes

    # -- the others ----------------------------------------------------------------------------------------

    @precondition(lambda self: self.engine.state)
    @rule(
        pick=picks,
        attribute=st.sampled_from(["description", "userDescription", "sql", "name", "sourceURL"]),
        text=st.none() | texts,
    )
    def others_change_ours(self, pick: int, attribute: str, text: str | None) -> None:
        for kind, name in self._ours(pick):
            if not (attribute == "sql" and kind == "Connection") and (text or attribute != "name"):
                self._write_as_others(kind, name, **{attribute: text})

    @precondition(lambda self: self.engine.state)
    @rule(
        pick=picks,
        side=st.sampled_from(["inputs", "outputs"]),
        numbers=st.sets(st.integers(0, 3), min_size=1),
    )
    def others_change_our_edges(self, pick: int, side: str, numbers: set[int]) -> None:
        for kind, name in self._ours(pick):
            if kind != "Connection":
                type_name, assets = ("Table", TABLES) if kind == "Process" else ("Column", TABLE_COLUMNS)
                self._write_as_others(
                    kind, name, **{side: [reference((type_name, assets[number])) for number in numbers]}
                )

    @precondition(lambda self: self.engine.state)
    @rule(pick=picks, mark=st.sampled_from(MARKS), then=REACTIONS)
    def others_mark_ours(self, pick: int, mark: str | None, then: str) -> None:
        for kind, name in self._ours(pick):
            self._write_as_others(kind, name, lastSyncWorkflowName=mark)
            self._react(pick, then)

    @precondition(lambda self: self.engine.state)
    @rule(pick=picks, delete_type=st.sampled_from(["SOFT", "PURGE"]), again=st.booleans(), then=REACTIONS)
    def others_remove_ours(self, pick: int, delete_type: str, again: bool, then: str) -> None:
        for kind, name in self._ours(pick):
            self.catalog.delete(active_entities(self.catalog.everything())[kind, name]["guid"], delete_type)
            self.known = False
            if again and delete_type == "PURGE":
                self._write_as_others(kind, name, **self._required_attributes(kind, name))
            self._react(pick, then)

    def _react(self, pick: int, then: str) -> None:
        """React to a change by others, mostly without a refresh."""
        name = list(self.engine.state)[pick % len(self.engine.state)]
        if then == "refresh":
            self.refresh()
        elif then == "remove":
            self.written.pop(name, None)
        elif then == "edit" and name in self.written:
            old = self.written[name]
            self.written[name] = Declared(old.kind, {**old.props, "name": old.props["name"] + "!"})
        if then != "nothing":
            self._deploy()

    @rule(process=st.sampled_from(PROCESSES).flatmap(named(processes)), mark=st.sampled_from(MARKS[:3]))
    def others_create_first(self, process: tuple[str, Declared], mark: str | None) -> None:
        name, declared = process
        self.written[name] = declared
        wanted = expectations.expected_names(self.program, self.engine).get(name)
        if wanted and ("Process", wanted) not in active_entities(self.catalog.everything()):
            self._write_as_others(
                "Process", wanted, **self._required_attributes("Process", wanted), lastSyncWorkflowName=mark
            )
        self._deploy()

    @precondition(lambda self: self.engine.state)
    @rule(pick=picks, number=st.integers(0, 2))
    def others_add_dependents(self, pick: int, number: int) -> None:
        for kind, name in self._ours(pick):
            other = "ColumnProcess" if kind == "Process" else "Process"
            if kind == "ColumnProcess":
                continue
            theirs = f"{WAREHOUSE if kind == 'Process' else name}/theirs-{number}"
            above = {"process": reference((kind, name))} if kind == "Process" else {}
            self.catalog.write(other, theirs, **self._required_attributes(other, theirs), **above)

    @rule(number=st.integers(0, 3), text=st.none() | texts)
    def others_describe_a_table(self, number: int, text: str | None) -> None:
        self.catalog.write("Table", TABLES[number], name=f"T{number}", userDescription=text)

    @rule()
    def others_remove_dependents(self) -> None:
        """Remove the dependents of our entities."""
        everything = self.catalog.everything()
        found = active_entities(everything)
        for key in expectations.blocking_dependents(self.engine, everything):
            self.catalog.delete(found[key]["guid"], "PURGE")

    def _ours(self, pick: int) -> Iterator[tuple[str, str]]:
        """Yield type and name of one of our active entities."""
        stored = list(self.engine.state.values())[pick % len(self.engine.state)]
        key = (stored.kind, stored.qualified_name)
        if key in active_entities(self.catalog.everything()):
            yield key

    def _write_as_others(self, kind: str, qualified_name: str, **attributes: Any) -> None:
        found = active_entities(self.catalog.everything()).get((kind, qualified_name))
        name = found["attributes"]["name"] if found else "Theirs"
        self.catalog.write(kind, qualified_name, **{"name": name, **attributes})
        self.known = False

    def _required_attributes(self, kind: str, qualified_name: str) -> dict[str, Any]:
        """Return the required attributes of an entity of others."""
        if kind == "Connection":
            return {"connectorName": qualified_name.split("/")[1], "category": "elt", "adminUsers": ["jdoe"]}
        type_name, assets = ("Column", TABLE_COLUMNS) if kind == "ColumnProcess" else ("Table", TABLES)
        connection = "/".join(qualified_name.split("/")[:3])
        return {
            "connectionQualifiedName": connection,
            "inputs": [reference((type_name, assets[0]))],
            "outputs": [reference((type_name, assets[1]))],
        }

    def _end(self) -> None:
        """Destroy the stack, and assert that none of our entities is left."""
        self.server.clear_faults()
        self.refresh()
        self.others_remove_dependents()
        self.written = {}
        self._deploy()
        assert self.engine.guids() == set()

    # -- invariants ------------------------------------------------------------------------------------

    def _others_untouched(self) -> Any:
        from contextlib import contextmanager

        @contextmanager
        def guard() -> Iterator[None]:
            before = self.catalog.everything()
            ours = self.engine.guids()
            forced = expectations.removable_with_force_destroy(self.engine, before)
            foreign = expectations.protected_from_update(self.program, self.engine, before)
            yield
            after = self.catalog.everything()
            ours = (ours | self.engine.guids() | {g for g, e in after.items() if _is_marked(e)}) - foreign
            # What another stack has taken over is still removed with what it depends on, and named.
            found = list(changed_entities(before, after, ours | forced))
            assert not found, found[:3]

        return guard()


def _is_marked(entity: RawEntity) -> bool:
    return (
        entity["status"] == "ACTIVE"
        and expectations.stack_in_mark(entity) == STACK
        and entity["attributes"]["lastSyncWorkflowName"] != ELSEWHERE
    )


def _play(examples: int, steps: int) -> None:
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        StackMachine.server = server
        run_state_machine_as_test(
            StackMachine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_random_stacks() -> None:
    _play(examples=30, steps=12)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_many_long_random_stacks() -> None:
    _play(examples=3000, steps=40)
