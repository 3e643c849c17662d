"""Random stacks and random lives of them, over the lifecycle core and a local Atlan, without the engine.

A program is edited and deployed, others meddle, processes die; after each deployment Atlan must be as the
program says, and what others own as they left it.
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
from properties import forecast
from properties.catalog import Catalog, Wire, differences, key_of, live, reference, touched
from properties.engine_order import STACK, Crashed, Engine, Lost
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
from atlan_pulumi.lifecycle import managed
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.local import LocalAtlan

picks = st.integers(0, 9)
ELSEWHERE = f"pulumi:{STACK}#elsewhere"
MARKS = [None, "crawler-42", "pulumi:shop/prod#x", ELSEWHERE]

#: What an author may take out of any resource.
OPTIONAL = ["description", "user_description", "owner_users", "is_discoverable", "sql", "certificate_status"]
REACTIONS = st.sampled_from(["nothing", "refresh", "edit", "take out"])


class Lives(RuleBasedStateMachine):
    """One stack, its program, and the others."""

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
        """Whether the state was refreshed since somebody meddled."""

    def teardown(self) -> None:
        self._end()
        self.client.close()
        self.catalog.close()

    @property
    def program(self) -> Program:
        return complete(self.written)

    # -- the author ----------------------------------------------------------------------------------------

    @initialize(program=programs(), lives=st.none() | st.integers(0, 6))
    def first_deployment(self, program: Program, lives: int | None = None) -> None:
        self.written = dict(program)
        self._crash(lives)
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
        if not (setting == "force_destroy" and old.kind == "ColumnProcess"):
            self.written[name] = Declared(old.kind, {**old.props, setting: True})

    @precondition(lambda self: self.written)
    @rule(pick=picks, deploy=st.booleans())
    def take_out(self, pick: int, deploy: bool) -> None:
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

    @rule(lives=st.integers(0, 4), refresh=st.booleans())
    def crash_and_up(self, lives: int, refresh: bool) -> None:
        self._crash(lives)
        if refresh:
            self.refresh()
        self._deploy()

    @rule(
        nth=st.integers(1, 4),
        method=st.sampled_from(["POST", "DELETE"]),
        drop=st.sampled_from(["before", "after"]),
    )
    def up_with_a_lost_answer(self, nth: int, method: str, drop: str) -> None:
        self.server.fault({"method": method, "path": "/api/meta/entity/bulk*", "nth": nth, "drop": drop})
        self._deploy()
        self.server.clear_faults()

    def _crash(self, lives: int | None) -> None:
        """Deploy, and die on the way."""
        self.engine.lives = lives
        self._deploy()
        self.engine.lives = None

    def _deploy(self) -> None:
        program, before = self.program, self.catalog.everything()
        must = forecast.must_refuse(program, self.engine, before)
        may = forecast.may_refuse(program, self.engine, before)
        cleared = self._cleared(program)
        crashed = False
        with self._others_untouched():
            try:
                self.engine.up(program)
            except Crashed:
                crashed = True
            except (ResourceError, NotFoundError, Lost) as refusal:
                if not (must or may):
                    raise AssertionError(f"refused without a reason: {refusal}") from None
                return
        assert not must or crashed, f"not refused: {must}"
        if self.known and not crashed:
            self._assert_as_declared(program, cleared)

    def _cleared(self, program: Program) -> dict[str, set[str]]:
        """The properties that go, of the resources that stay."""
        to_be = forecast.names_to_be(program, self.engine)
        return {
            name: set(managed(lifecycle_of(old.kind, 1).model, old.outputs)) - {"managed_by", *declared.props}
            for name, declared in program.items()
            if (old := self.engine.state.get(name)) and old.qualified_name == to_be[name]
        }

    def _assert_as_declared(self, program: Program, cleared: dict[str, set[str]]) -> None:
        everything, names = self.catalog.everything(), self.engine.names()
        assert list(differences(program, names, everything, cleared)) == []
        marked = {guid for guid, entity in everything.items() if _is_marked(entity)}
        assert marked <= self.engine.guids(), f"ghosts: {[key_of(everything[guid]) for guid in marked]}"
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
                self._meddle(kind, name, **{attribute: text})

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
                self._meddle(
                    kind, name, **{side: [reference((type_name, assets[number])) for number in numbers]}
                )

    @precondition(lambda self: self.engine.state)
    @rule(pick=picks, mark=st.sampled_from(MARKS), then=REACTIONS)
    def others_mark_ours(self, pick: int, mark: str | None, then: str) -> None:
        for kind, name in self._ours(pick):
            self._meddle(kind, name, lastSyncWorkflowName=mark)
            self._react(pick, then)

    @precondition(lambda self: self.engine.state)
    @rule(pick=picks, delete_type=st.sampled_from(["SOFT", "PURGE"]), again=st.booleans(), then=REACTIONS)
    def others_remove_ours(self, pick: int, delete_type: str, again: bool, then: str) -> None:
        for kind, name in self._ours(pick):
            self.catalog.delete(live(self.catalog.everything())[kind, name]["guid"], delete_type)
            self.known = False
            if again and delete_type == "PURGE":
                self._meddle(kind, name, **self._essentials(kind, name))
            self._react(pick, then)

    def _react(self, pick: int, then: str) -> None:
        """What the author does with that very resource, mostly without knowing what happened."""
        name = list(self.engine.state)[pick % len(self.engine.state)]
        if then == "refresh":
            self.refresh()
        elif then == "take out":
            self.written.pop(name, None)
        elif then == "edit" and name in self.written:
            old = self.written[name]
            self.written[name] = Declared(old.kind, {**old.props, "name": old.props["name"] + "!"})
        if then != "nothing":
            self._deploy()

    @rule(process=st.sampled_from(PROCESSES).flatmap(named(processes)), mark=st.sampled_from(MARKS[:3]))
    def others_are_there_first(self, process: tuple[str, Declared], mark: str | None) -> None:
        name, declared = process
        self.written[name] = declared
        wanted = forecast.names_to_be(self.program, self.engine).get(name)
        if wanted and ("Process", wanted) not in live(self.catalog.everything()):
            self._meddle("Process", wanted, **self._essentials("Process", wanted), lastSyncWorkflowName=mark)
        self._deploy()

    @precondition(lambda self: self.engine.state)
    @rule(pick=picks, number=st.integers(0, 2))
    def others_hang_on_ours(self, pick: int, number: int) -> None:
        for kind, name in self._ours(pick):
            other = "ColumnProcess" if kind == "Process" else "Process"
            if kind == "ColumnProcess":
                continue
            theirs = f"{WAREHOUSE if kind == 'Process' else name}/theirs-{number}"
            above = {"process": reference((kind, name))} if kind == "Process" else {}
            self.catalog.write(other, theirs, **self._essentials(other, theirs), **above)

    @rule(number=st.integers(0, 3), text=st.none() | texts)
    def others_describe_a_table(self, number: int, text: str | None) -> None:
        self.catalog.write("Table", TABLES[number], name=f"T{number}", userDescription=text)

    @rule()
    def others_give_in(self) -> None:
        """What hangs on ours is removed, so that ours can be."""
        everything = self.catalog.everything()
        found = live(everything)
        for key in forecast.burdens(self.engine, everything):
            self.catalog.delete(found[key]["guid"], "PURGE")

    def _ours(self, pick: int) -> Iterator[tuple[str, str]]:
        """Type and name of one of ours, where it is live."""
        stored = list(self.engine.state.values())[pick % len(self.engine.state)]
        key = (stored.kind, stored.qualified_name)
        if key in live(self.catalog.everything()):
            yield key

    def _meddle(self, kind: str, qualified_name: str, **attributes: Any) -> None:
        found = live(self.catalog.everything()).get((kind, qualified_name))
        name = found["attributes"]["name"] if found else "Theirs"
        self.catalog.write(kind, qualified_name, **{"name": name, **attributes})
        self.known = False

    def _essentials(self, kind: str, qualified_name: str) -> dict[str, Any]:
        """What an entity of others has at least."""
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
        """In the end the stack is destroyed: nothing of ours is left, and all of theirs."""
        self.server.clear_faults()
        self.refresh()
        self.others_give_in()
        self.written = {}
        self._deploy()
        assert self.engine.guids() == set()

    # -- what must hold ------------------------------------------------------------------------------------

    def _others_untouched(self) -> Any:
        from contextlib import contextmanager

        @contextmanager
        def guard() -> Iterator[None]:
            before = self.catalog.everything()
            ours = self.engine.guids() | forecast.forfeited(self.engine, before)
            foreign = forecast.taken_over(self.program, self.engine, before)
            yield
            after = self.catalog.everything()
            ours = (ours | self.engine.guids() | {g for g, e in after.items() if _is_marked(e)}) - foreign
            found = list(touched(before, after, ours))
            assert not found, found[:3]

        return guard()


def _is_marked(entity: Wire) -> bool:
    return (
        entity["status"] == "ACTIVE"
        and forecast.stack_in(entity) == STACK
        and entity["attributes"]["lastSyncWorkflowName"] != ELSEWHERE
    )


def _play(examples: int, steps: int) -> None:
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        Lives.server = server
        run_state_machine_as_test(
            Lives,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_lives_of_stacks() -> None:
    _play(examples=60, steps=12)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_many_long_lives_of_stacks() -> None:
    _play(examples=3000, steps=40)
