"""Random stacks with the real engine: deployed, edited twice, destroyed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from properties.catalog import (
    Catalog,
    Key,
    RawEntity,
    active_entities,
    changed_entities,
    differences,
    reference,
)
from properties.program_source import program_source
from properties.programs import SEED, TABLES, WAREHOUSE, Program, complete, edits, programs
from support.stack import Stack

from atlan_pulumi.engine import provide_engine
from atlan_pulumi.local import LocalAtlan

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("properties")]


class Deployed:
    """A stack on a local Atlan that also has an entity of others."""

    def __init__(self, folder: Path, engine: dict[str, str], server: LocalAtlan) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
        self.stack = Stack(folder, engine, environ=tenant)
        self.catalog = Catalog(server, "key-of-alice")
        self.catalog.reset()
        sides = {"inputs": [reference(("Table", TABLES[0]))], "outputs": [reference(("Table", TABLES[1]))]}
        self.catalog.write(
            "Process", f"{WAREHOUSE}/theirs", **sides, lastSyncWorkflowName="pulumi:shop/prod#theirs"
        )
        self.before = self.catalog.everything()
        self.program: Program = {}
        self.names: dict[str, str] = {}

    def deploy(self, program: Program) -> None:
        """Deploy, and assert that Atlan matches the program and that refresh and preview are empty."""
        self.stack.up(program_source(program))
        names = {name: resource["id"] for name, resource in self.stack.resources().items()}
        assert names.keys() == program.keys()
        everything = self.catalog.everything()
        cleared = {
            name: self.program[name].props.keys() - declared.props.keys()
            for name, declared in program.items()
            if self.names.get(name) == names[name]
        }
        assert list(differences(program, names, everything, cleared)) == []
        assert self._made(everything) == {(program[name].kind, id_) for name, id_ in names.items()}
        self._assert_others_are_untouched()
        self.program, self.names = program, names
        again = self.stack.operate("preview", "--refresh", "--diff")
        assert again.code == 0, again.output
        assert set(again.changes) <= {"same", "refresh"}, again.output
        assert not [step for step in again.steps if step.diffs], again.output

    def destroy(self) -> None:
        """Destroy, and assert that only entities of others are left."""
        self.stack.destroy()
        assert self._made(self.catalog.everything()) == set()
        self._assert_others_are_untouched()

    def _made(self, everything: dict[str, RawEntity]) -> set[Key]:
        """Return the active entities that did not exist before."""
        return {
            key for key, entity in active_entities(everything).items() if entity["guid"] not in self.before
        }

    def _assert_others_are_untouched(self) -> None:
        after = self.catalog.everything()
        found = list(changed_entities(self.before, after, after.keys() - self.before.keys()))
        assert not found, found[:3]


@st.composite
def program_versions(draw: st.DrawFn) -> list[Program]:
    """Draw a program and two edits of it."""
    first = distinct(draw(programs()))
    second = distinct(draw(edits(first)))
    return [first, second, distinct(draw(edits(second)))]


def distinct(program: Program) -> Program:
    """Return the program without duplicate lineage, which the preview refuses."""
    seen: list[object] = []
    kept: Program = {}
    for name, declared in program.items():
        lineage = (declared.kind, *(_as_set(declared.props.get(side)) for side in ("inputs", "outputs")))
        if declared.kind == "Connection" or lineage not in seen:
            kept[name] = declared
            seen.append(lineage)
    return complete(kept)


def _as_set(references: list[dict[str, str]] | None) -> set[str]:
    return {each["qualified_name"] for each in references or ()}


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Callable[[list[Program]], None]]:
    """Plays one programs of a stack."""
    engine = provide_engine().environment()
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:

        def play(versions: list[Program]) -> None:
            deployed = Deployed(tmp_path / "project", engine, server)
            for program in versions:
                deployed.deploy(program)
            deployed.destroy()
            deployed.catalog.close()

        yield play


ANY = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.soak
@settings(ANY, max_examples=1)
@given(versions=program_versions())
def test_a_random_stack(play: Callable[[list[Program]], None], versions: list[Program]) -> None:
    play(versions)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@settings(ANY, max_examples=60)
@given(versions=program_versions())
def test_many_random_stacks_with_the_engine(
    play: Callable[[list[Program]], None], versions: list[Program]
) -> None:
    play(versions)
