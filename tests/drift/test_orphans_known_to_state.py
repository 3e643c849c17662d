"""find_orphans: all entities of each kind of resource are known to the state; all others are listed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from resources.openlineage import OL, checked, connection, job
from support.atlan import SEED, WAREHOUSE, table_name
from support.many import ABOVE, STACK, Life, World
from support.many import ref as wire_ref

from atlan_pulumi.client import Entity
from atlan_pulumi.drift import _orphans as _find
from atlan_pulumi.drift._orphans import Orphans, find_orphans
from atlan_pulumi.engine._command import Pulumi
from atlan_pulumi.engine._notation import OURS
from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, mark
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources.column_lineage import ColumnLineageLifecycle
from atlan_pulumi.resources.process_set import ProcessSetLifecycle

Props = dict[str, Any]
ENGINE: Any = object()  # never run: the test provides the state
NEW = f"{WAREHOUSE}/DB/S/NEW"  # a placeholder
ROOT = {"urn": "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod", "type": "pulumi:pulumi:Stack"}


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}, event_delay_ms=20) as server:
        yield server


class Deployed(NamedTuple):
    """A stack after `up`: its state, and the entities of each resource."""

    world: World
    state: Props
    made: dict[str, set[str]]


def in_state(kind: str, name: str, outputs: Props | None) -> Props:
    return {
        "urn": f"urn:pulumi:prod::shop::{OURS}{kind}::{name}",
        "type": f"{OURS}{kind}",
        **({} if outputs is None else {"outputs": outputs}),
    }


def state_of(*resources: Props, **deployment: Any) -> Props:
    return {"version": 3, "deployment": {"resources": [ROOT, *resources], **deployment}}


@pytest.fixture(scope="module")
def deployed(server: LocalAtlan) -> Iterator[Deployed]:
    """A resource of each kind that has entities."""
    with World(server) as world:
        client = world.client
        load = lifecycle_of("Process", 1)
        sides = {"inputs": [_table(0)], "outputs": [_table(1), {"type_name": "Table", "qualified_name": NEW}]}
        process = {"name": "load", "connection": WAREHOUSE, "process_id": "load", **sides}
        process["missing_assets"] = "partial"
        spark = lifecycle_of("OpenLineageConnection", 1)
        nightly = lifecycle_of("OpenLineageJob", 1)
        edges = Life(client, ColumnLineageLifecycle, "edges")
        tables = {"input_tables": [table_name(0)], "output_tables": [table_name(1)]}
        edges.up(process=ABOVE, columns={"A": "A", "B": ["A", "B"]}, **tables)
        lineage = Life(client, ProcessSetLifecycle, "lineage")
        columns = {"inputs": "T0", "outputs": "T2", "columns": {"A": "A", "ID": "ID"}}
        lineage.up(connection=WAREHOUSE, base=f"{WAREHOUSE}/DB/S", processes={"one": columns, "two": columns})
        resources = [
            in_state("Process", "load", load.create(client, checked(load, _marked("load", process)))),
            in_state("ColumnLineage", "edges", edges.outputs),
            in_state("ProcessSet", "lineage", lineage.outputs),
            in_state("OpenLineageConnection", "spark", spark.create(client, checked(spark, connection()))),
        ]
        given = job(columns={"A": ["ID"], "B": ["B"]})
        ran = nightly.create(client, checked(nightly, given, client=client))
        resources.append(in_state("OpenLineageJob", "nightly", ran))
        made = {
            "load": {f"{WAREHOUSE}/load", NEW},
            "edges": {f"{WAREHOUSE}/dag/column/{name}" for name in "AB"},
            "lineage": {
                f"{WAREHOUSE}/{name}" for one in ("one", "two") for name in (one, *_columns(one, "A", "ID"))
            },
            "spark": {OL},
            "nightly": {
                f"{OL}/{name}" for name in ("dag", "dag/process", *_columns("dag/process", "A", "B"))
            },
        }
        yield Deployed(world, state_of(*resources), made)


def _columns(process: str, *names: str) -> list[str]:
    return [f"{process}/column/{name}" for name in names]


def _table(number: int) -> Props:
    return {"type_name": "Table", "qualified_name": table_name(number)}


def _marked(name: str, inputs: Props) -> Props:
    return {**inputs, "managed_by": mark(STACK, name)}


@pytest.fixture
def find(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Find orphans with a given state."""

    def run(state: Props, *, folder: Any = ".", stack: str | None = None, **options: Any) -> Orphans:
        def export(pulumi: Pulumi) -> str:
            assert pulumi == Pulumi(ENGINE, Path(folder), stack)
            return json.dumps(state)

        monkeypatch.setattr(Pulumi, "export", export)
        monkeypatch.setattr(_find, "configured_stack", lambda _pulumi: STACK)
        monkeypatch.setattr(_find, "current_stack", lambda _pulumi: STACK)
        monkeypatch.setattr(_find, "origin_of", lambda *_: "00000000")
        where = {} if folder == "." else {"folder": folder}
        return find_orphans(deployed.world.client, **where, stack=stack, engine=ENGINE, **options)

    return run


def without(state: Props, name: str) -> Props:
    kept = [each for each in state["deployment"]["resources"] if each["urn"].split("::")[-1] != name]
    return {**state, "deployment": {**state["deployment"], "resources": kept}}


def names(found: Orphans) -> set[str]:
    return {each.qualified_name for each in found.entities}


def test_a_complete_state_has_no_orphans(deployed: Deployed, find: Any) -> None:
    found = find(deployed.state)
    assert (found.stack, names(found), found.interrupted) == (STACK, set(), False)


@pytest.mark.parametrize("folder", ["infra", Path("infra")])
def test_stack_and_folder_are_passed_to_pulumi(deployed: Deployed, find: Any, folder: Any) -> None:
    assert find(deployed.state, folder=folder, stack="other").entities == ()


@pytest.mark.parametrize("name", ["load", "edges", "lineage", "spark", "nightly"])
def test_a_resource_missing_from_the_state_is_listed_with_all_its_entities(
    deployed: Deployed, find: Any, name: str
) -> None:
    found = find(without(deployed.state, name))
    assert names(found) == deployed.made[name]
    assert {each.resource for each in found.entities} == {name}


def test_orphans_are_listed_by_type_and_name_with_their_last_writer(deployed: Deployed, find: Any) -> None:
    found = find(state_of())
    listed = [(each.type_name, each.qualified_name) for each in found.entities]
    assert {name for _, name in listed} == set().union(*deployed.made.values())
    assert listed == sorted(listed)
    assert len(listed) == len(set(listed)) == 15
    for each in found.entities:
        assert each.guid == str(deployed.world.others.get(each.type_name, each.qualified_name).guid)
        assert each.written.startswith("service-account-apikey-local at 20")


@pytest.mark.parametrize("empty", [None, [], ...])
def test_with_an_empty_state_all_entities_are_orphans(deployed: Deployed, find: Any, empty: Any) -> None:
    parts = {} if empty is ... else {"resources": empty}
    for deployment in (parts, None) if empty is ... else (parts,):
        found = find({"version": 3, "deployment": deployment}, marked=STACK)
        assert names(found) == set().union(*deployed.made.values())


def test_a_resource_that_was_never_created_owns_no_entity(deployed: Deployed, find: Any) -> None:
    never = in_state("Process", "never", None)
    found = find(state_of(never, in_state("ProcessSet", "lineage", {"guid": "", "guids": None})))
    assert len(found.entities) == 15


def test_only_resources_of_this_package_own_entities(deployed: Deployed, find: Any) -> None:
    load, table = find(without(deployed.state, "load")).entities
    assert table.qualified_name == NEW
    foreign = {**in_state("Process", "x", {"guid": load.guid}), "type": "pulumi-python:dynamic/other:Process"}
    state = without(deployed.state, "load")
    state["deployment"]["resources"].append(foreign)
    assert find(state).entities == (load, table)


@pytest.mark.parametrize(("operations", "interrupted"), [(None, False), ([], False), ([{"type": "x"}], True)])
def test_an_interrupted_deployment_is_reported(
    find: Any, deployed: Deployed, operations: Any, interrupted: bool
) -> None:
    resources = deployed.state["deployment"]["resources"][1:]
    found = find(state_of(*resources, pending_operations=operations))
    assert found.interrupted is interrupted


def test_other_stacks_have_their_own_orphans(deployed: Deployed, find: Any) -> None:
    theirs = ["shop/prod2", "shop/pro", "team/shop/prod"]
    others = deployed.world.others
    for stack in theirs:
        others.make_process(f"{WAREHOUSE}/of-{stack}", **{OWNERSHIP_ATTRIBUTE: mark(stack, "x")})
    try:
        assert find(deployed.state).entities == ()
        for stack in theirs:
            found = find(deployed.state, marked=stack)
            assert (found.stack, names(found)) == (stack, {f"{WAREHOUSE}/of-{stack}"})
            assert found.entities[0].written.startswith("alice at 20")
    finally:
        others.remove("Process", *(f"{WAREHOUSE}/of-{stack}" for stack in theirs))


OURS_ELSEWHERE = {
    "of the same origin": (mark(STACK, "x", origin="00000000"), True),
    "of another origin": (mark(STACK, "x", origin="0123abcd"), False),
    "of an earlier version": (f"pulumi:{STACK}#x", True),
}


@pytest.mark.parametrize("which", OURS_ELSEWHERE)
def test_a_stack_with_the_same_name_and_another_origin_is_another_stack(
    deployed: Deployed, find: Any, which: str
) -> None:
    """The origin comes from the marks in the state, or else from the project."""
    mark_, ours = OURS_ELSEWHERE[which]
    name = f"{WAREHOUSE}/x"
    deployed.world.others.make_process(name, **{OWNERSHIP_ATTRIBUTE: mark_})
    try:
        found = find(deployed.state)
        assert (names(found), found.elsewhere) == (({name}, 0) if ours else (set(), 1))
        old = in_state("Process", "old", {"managed_by": f"pulumi:{STACK}#old"})
        for state in (state_of(old), state_of()):
            found = find(state)
            assert (name in names(found), found.elsewhere) == (ours, 0 if ours else 1)
    finally:
        deployed.world.others.remove("Process", name)


def test_archived_entities_are_no_orphans_even_if_the_index_lags(
    deployed: Deployed, find: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, name = deployed.world.client, f"{WAREHOUSE}/gone"
    sides = {"inputs": [wire_ref("Table", table_name(0))], "outputs": [wire_ref("Table", table_name(1))]}
    attributes = {"qualifiedName": name, "name": "gone", OWNERSHIP_ATTRIBUTE: mark(STACK, "gone"), **sides}
    client.entities.upsert([Entity(type_name="Process", attributes=attributes)])
    (gone,) = find(deployed.state).entities
    assert (gone.type_name, gone.qualified_name, gone.resource) == ("Process", name, "gone")
    listed = list(client.search.live({"term": {"qualifiedName": name}}, attributes=["qualifiedName"]))
    live = client.search.live
    monkeypatch.setattr(client.search, "live", lambda *given, **options: [*live(*given, **options), *listed])
    client.entities.delete([gone.guid], "SOFT")
    assert find(deployed.state).entities == ()
    client.entities.delete([gone.guid], "PURGE")
    assert find(deployed.state).entities == ()


def test_entities_taken_over_are_no_orphans_even_if_the_index_lags(
    deployed: Deployed, find: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    others, name = deployed.world.others, f"{WAREHOUSE}/taken"
    others.make_process(name, **{OWNERSHIP_ATTRIBUTE: mark(STACK, "taken")})
    assert names(find(deployed.state)) == {name}
    search = deployed.world.client.search
    listed = list(search.live({"term": {"qualifiedName": name}}, attributes=["qualifiedName"]))
    live = search.live
    monkeypatch.setattr(search, "live", lambda *given, **options: [*live(*given, **options), *listed])
    for taken in (mark("else/where", "x"), "Fivetran", None):
        others.mark("Process", name, taken)
        assert find(deployed.state).entities == ()
    others.remove("Process", name)
