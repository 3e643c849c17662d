"""find_release and apply_release with a local Atlan and without an engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.atlan import SEED, WAREHOUSE, table_name
from support.many import ABOVE, STACK, Life, World, server, world

from atlan_pulumi.client import Entity
from atlan_pulumi.drift import _orphans
from atlan_pulumi.drift._release import Release, apply_release, find_release
from atlan_pulumi.engine._notation import OURS
from atlan_pulumi.errors import AtlanError, DriftError, ResourceError
from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, mark
from atlan_pulumi.resources.column_lineage import ColumnLineageLifecycle
from atlan_pulumi.resources.process_set import ProcessSetLifecycle

__all__ = ["SEED", "server", "world"]

Props = dict[str, Any]
ROOT_URN = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod"
ROOT: Props = {"urn": ROOT_URN, "type": "pulumi:pulumi:Stack"}
FOREIGN = {
    "another stack": mark("other/dev", "x"),
    "a stack with the same name": mark(STACK, "a", origin="0000000b"),
    "a stack whose name has the same beginning": mark("shop/prod2", "a"),
    "a crawler": "crawler-1",
    "nobody": None,
}


@pytest.fixture(autouse=True)
def origin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The origin of the stack's next mark."""
    monkeypatch.setattr(_orphans, "origin_of", lambda *_: "00000000")


class FakePulumi:
    """The `pulumi` command on a stack whose state is in memory."""

    folder = Path("shop")

    def __init__(self, *resources: Props) -> None:
        self.state: Props = {"version": 3, "deployment": {"resources": [ROOT, *resources]}}
        self.fails = False

    def export(self) -> str:
        return json.dumps(self.state)

    def replace_state(self, state: str) -> None:
        if self.fails:
            raise DriftError("pulumi stack import failed")
        self.state = json.loads(state)

    def read_json(self, *arguments: str) -> Props:
        return (
            {"currentStack": {"fullyQualifiedName": f"organization/{STACK}"}} if "about" in arguments else {}
        )

    @property
    def names(self) -> list[str]:
        """The resources in the state, except the stack."""
        return [each["urn"].split("::")[-1] for each in self.state["deployment"]["resources"][1:]]


def in_state(name: str, outputs: Props, kind: str = "Process", **more: Any) -> Props:
    urn = f"urn:pulumi:prod::shop::{OURS}{kind}::{name}"
    return {"urn": urn, "type": f"{OURS}{kind}", "parent": ROOT_URN, "outputs": outputs, **more}


def process(world: World, id_: str, mark_: str | None = "", **more: Any) -> Props:
    """Create a process of the stack and return its resource in the state; its mark may differ."""
    own = mark(STACK, id_)
    found = own if mark_ == "" else mark_
    guid = world.others.make_process(f"{WAREHOUSE}/{id_}", sql=id_, **{OWNERSHIP_ATTRIBUTE: found})
    return in_state(id_, {"guid": guid, "own_mark": own, "managed_by": own}, **more)


def find(world: World, pulumi: Any, *names: str, marked: str | None = None) -> Release:
    return find_release(world.client, pulumi, names, marked=marked)


def carry_out(world: World, pulumi: Any, *names: str) -> Release:
    found = find(world, pulumi, *names)
    apply_release(world.client, pulumi, found)
    return found


def ids(found: Release) -> set[str]:
    return {each.qualified_name.removeprefix(f"{WAREHOUSE}/") for each in found.entities}


def released(found: Release) -> list[str]:
    return [urn.split("::")[-1] for urn in found.urns]


def marks(world: World, *names: str) -> list[str | None]:
    return [world.others.mark_on("Process", f"{WAREHOUSE}/{name}") for name in names]


# -- which marks are removed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [(), ("a",)])
@pytest.mark.parametrize("who", FOREIGN)
def test_marks_of_others_stay(world: World, who: str, names: tuple[str, ...]) -> None:
    pulumi: Any = FakePulumi(process(world, "a", FOREIGN[who]), process(world, "b"))
    found = carry_out(world, pulumi, *names)
    assert "a" not in ids(found)
    assert marks(world, "a") == [FOREIGN[who]]
    assert pulumi.names == (["b"] if names else [])
    assert marks(world, "b") == ([mark(STACK, "b")] if names else [None])


def test_only_the_mark_changes(world: World) -> None:
    pulumi: Any = FakePulumi(process(world, "a"))
    before = world.others.get("Process", f"{WAREHOUSE}/a")
    assert find(world, pulumi).stack == STACK
    assert world.others.get("Process", f"{WAREHOUSE}/a") == before
    carry_out(world, pulumi)
    after = world.others.get("Process", f"{WAREHOUSE}/a")
    changed = {key for key, value in before.attributes.items() if after.attributes.get(key) != value}
    assert (after.guid, after.status, changed) == (before.guid, "ACTIVE", {OWNERSHIP_ATTRIBUTE})
    assert after.related("inputs") == before.related("inputs")


@pytest.mark.parametrize(
    ("left", "all_", "by_name"),
    [
        (mark(STACK, "left"), True, True),
        (f"pulumi:{STACK}#left", False, True),  # possibly another stack with the same name
        (mark(STACK, "left", origin="0000000b"), False, False),
        (mark("other/dev", "left"), False, False),
    ],
)
def test_entities_that_only_a_mark_names(world: World, left: str, all_: bool, by_name: bool) -> None:
    pulumi: Any = FakePulumi(process(world, "a"))
    world.others.make_process(f"{WAREHOUSE}/left", **{OWNERSHIP_ATTRIBUTE: left})
    assert ids(find(world, pulumi)) == ({"a", "left"} if all_ else {"a"})
    if by_name:
        found = find(world, pulumi, "left")
        assert (ids(found), released(found)) == ({"left"}, [])
    else:
        with pytest.raises(ResourceError, match="neither the state nor a mark of the stack 'shop/prod'"):
            find(world, pulumi, "left")


def test_after_the_state_is_lost_the_origin_of_the_project_decides(world: World) -> None:
    others = {"b": mark(STACK, "b", origin="0000000b"), "c": f"pulumi:{STACK}#c"}
    for name, mark_ in {"a": mark(STACK, "a"), **others}.items():
        world.others.make_process(f"{WAREHOUSE}/{name}", **{OWNERSHIP_ATTRIBUTE: mark_})
    without: Any = FakePulumi()
    for state in ({"version": 3}, {"version": 3, "deployment": {}}, without.state):
        without.state = state
        found = find(world, without)
        assert (found.stack, found.urns, ids(found), found.state) == (STACK, (), {"a"}, state)
        assert ids(find(world, without, "a")) == {"a"}
        assert ids(find(world, without, "c")) == {"c"}  # a mark of an earlier version matches by name
        assert ids(find(world, without, marked="shop/prod2")) == set()
        with pytest.raises(ResourceError) as refused:
            find(world, without, "a", "b")
        assert str(refused.value) == (
            "neither the state nor a mark of the stack 'shop/prod' in Atlan contains 'b'; nothing was "
            "released: it has the mark of another stack with this name (in another backend, or an earlier "
            "stack): release it there, or take it over with adopt=True"
        )
    carry_out(world, without)
    assert marks(world, "a", "b", "c") == [None, *others.values()]


def urn(types: str, name: str, stack: str = "prod::shop") -> str:
    return f"urn:pulumi:{stack}::{types}::{name}"


NIGHTLY = f"shop:Nightly${OURS}Process"
LOST = {
    urn(f"{OURS}Process", "a"): {"plain", "old"},
    urn(f"{OURS}ColumnLineage", "a"): {"old"},  # the mark does not contain the type
    urn(NIGHTLY, "a"): {"below", "old below"},
    urn(f"atlan:index:LineageMap${OURS}ProcessSet", "a"): {"many"},
    urn("atlan:index:LineageMap", "a"): {"many"},  # the component has the name of its child
    urn("shop:Nightly$atlan:index:LineageMap", "a"): {"many below"},
    urn(f"{OURS}Process", "x$atlan:Process::a"): {"odd"},
    "a": {"plain", "old", "below", "old below", "many", "many below"},
}
LEFT = {
    "plain": mark(STACK, "a"),
    "old": f"pulumi:{STACK}#a",
    "below": mark(STACK, "a", "shop:Nightly$atlan:Process"),
    "old below": f"pulumi:{STACK}#shop:Nightly$a",
    "many": mark(STACK, "a", "atlan:index:LineageMap$atlan:ProcessSet"),
    "many below": mark(STACK, "a", "shop:Nightly$atlan:index:LineageMap$atlan:ProcessSet"),
    "odd": mark(STACK, "x$atlan:Process::a"),
    "elsewhere": mark(STACK, "a", origin="0000000b"),
}


def test_entities_missing_from_the_state_are_found_by_urn(world: World) -> None:
    for id_, mark_ in LEFT.items():
        world.others.make_process(f"{WAREHOUSE}/{id_}", sql=id_, **{OWNERSHIP_ATTRIBUTE: mark_})
    for pulumi in (FakePulumi(), FakePulumi(process(world, "kept"))):
        for name, expected in LOST.items():
            assert (name, ids(find(world, pulumi, name))) == (name, expected)
    unknown = (
        urn("shop:Nightly", "a"),  # a component of the program
        urn(f"{OURS}Process", "b"),
        urn(f"{OURS}ColumnLineage", "x"),
        urn(f"shop:Other${OURS}Process", "a"),
    )
    for name in unknown:
        with pytest.raises(ResourceError, match="Only the state contains the names of components"):
            find(world, FakePulumi(), name)


@pytest.mark.parametrize("stack", ["dev::shop", "prod::other", "prod::op"])
def test_the_urn_of_another_stack_is_refused(world: World, stack: str) -> None:
    world.others.make_process(f"{WAREHOUSE}/a", **{OWNERSHIP_ATTRIBUTE: mark("team/lineage", "a")})
    pulumi: Any = FakePulumi()
    named = urn(f"{OURS}Process", "a")
    assert ids(find(world, pulumi, named, marked="team/lineage")) == {"a"}
    other = urn(f"{OURS}Process", "a", stack)
    with pytest.raises(ResourceError) as refused:
        find(world, pulumi, other, marked="team/lineage")
    assert (
        str(refused.value) == f"{other!r} is not in the stack 'shop/prod'; nothing was released: set --stack"
    )


def test_archived_entities_keep_their_marks(world: World) -> None:
    pulumi: Any = FakePulumi(process(world, "a"), process(world, "b"))
    world.others.remove("Process", f"{WAREHOUSE}/a", how="SOFT")
    found = find(world, pulumi)
    assert (ids(found), released(found)) == ({"b"}, ["a", "b"])


def test_all_entities_of_each_kind_lose_their_marks(world: World) -> None:
    many, edges = (
        Life(world.client, kind, name)
        for kind, name in ((ProcessSetLifecycle, "many"), (ColumnLineageLifecycle, "edges"))
    )
    load = {"inputs": "T0", "outputs": "T1", "columns": {"A": "A"}}
    wanted = dict.fromkeys([f"p{number}" for number in range(30)], load)
    many.up(connection=WAREHOUSE, base=f"{WAREHOUSE}/DB/S", processes=wanted)
    edges.up(process=ABOVE, columns={f"{table_name(1)}/A": [f"{table_name(0)}/A"]})
    pulumi: Any = FakePulumi(
        in_state("many", many.outputs, "ProcessSet"), in_state("edges", edges.outputs, "ColumnLineage")
    )
    assert len(find(world, pulumi, "many").entities) == 60
    assert ids(find(world, pulumi, "edges")) == {"dag/column/A"}
    before = len(world.requests("POST", "/entity/bulk"))
    assert len(carry_out(world, pulumi).entities) == 61
    assert len(world.requests("POST", "/entity/bulk")) - before == 2
    begins = {"prefix": {OWNERSHIP_ATTRIBUTE: f"pulumi:{STACK}#"}}
    assert list(world.others.client.search.live(begins, attributes=["qualifiedName"])) == []


@pytest.mark.parametrize("kind", ["Connection", "OpenLineageConnection"])
def test_connections_are_listed_with_their_qualified_names(world: World, kind: str) -> None:
    name, own = "default/airflow/1795970453", mark(STACK, "etl", f"atlan:{kind}")
    guid = world.others.write("Connection", name, **{OWNERSHIP_ATTRIBUTE: own})
    etl = in_state("etl", {"guid": guid, "own_mark": own, "managed_by": own}, kind, id=name)
    by_state: Any = FakePulumi(etl, process(world, "a"))
    assert find(world, by_state).connections == (("etl", name),)
    assert find(world, by_state, "a").connections == ()
    assert find(world, FakePulumi(), "etl").connections == (("etl", name),), "the mark contains the name, too"


def test_connections_without_a_mark_are_listed_from_the_state(world: World) -> None:
    pulumi: Any = FakePulumi(in_state("etl", {"guid": "x"}, "Connection", id="default/airflow/1"))
    assert find(world, pulumi).connections == (("etl", "default/airflow/1"),)


# -- interrupted releases ------------------------------------------------------------------------------------


def test_the_state_is_kept_if_a_mark_cannot_be_removed(world: World) -> None:
    pulumi: Any = FakePulumi(process(world, "a"), process(world, "b"))
    before = pulumi.export()
    world.fail(status=401, body={"code": 401, "message": "no such key"})
    with pytest.raises(AtlanError, match="no such key"):
        carry_out(world, pulumi)
    assert pulumi.export() == before
    world.server.clear_faults()
    assert ids(carry_out(world, pulumi)) == {"a", "b"}
    assert (pulumi.names, marks(world, "a", "b")) == ([], [None, None])


def test_a_release_is_repeatable_if_the_state_cannot_be_replaced(world: World) -> None:
    pulumi: Any = FakePulumi(process(world, "a"), process(world, "b"))
    pulumi.fails = True
    with pytest.raises(DriftError):
        carry_out(world, pulumi, "a")
    assert (pulumi.names, marks(world, "a", "b")) == (["a", "b"], [None, mark(STACK, "b")])
    pulumi.fails = False
    again = carry_out(world, pulumi, "a")
    assert (ids(again), released(again), pulumi.names) == (set(), ["a"], ["b"])
    with pytest.raises(ResourceError, match="nothing was released"):
        find(world, pulumi, "a")
    carry_out(world, pulumi)
    assert carry_out(world, pulumi) == Release(STACK, (), (), pulumi.state)


# -- which resources are removed from the state --------------------------------------------------------------


def test_resources_are_selected_by_name_urn_or_component(world: World) -> None:
    outer: Props = {
        "urn": "urn:pulumi:prod::shop::shop:Outer::outer",
        "type": "shop:Outer",
        "parent": ROOT_URN,
    }
    inner: Props = {
        "urn": "urn:pulumi:prod::shop::shop:Outer$shop:Inner::in::ner",
        "type": "shop:Inner",
        "parent": outer["urn"],
    }
    a, b = process(world, "a", parent=inner["urn"]), process(world, "b")
    foreign: Props = {"urn": "urn:pulumi:prod::shop::aws:s3:Bucket::a", "type": "aws:s3:Bucket"}
    pulumi: Any = FakePulumi(outer, inner, a, foreign, b)
    for name in ("a", a["urn"], "in::ner", inner["urn"], "outer", outer["urn"]):
        found = find(world, pulumi, name)
        assert (found.urns, ids(found)) == ((a["urn"],), {"a"}), name
        assert found.state["deployment"]["resources"] == [ROOT, outer, inner, foreign, b]
    assert released(find(world, pulumi, "b", "outer")) == released(find(world, pulumi)) == ["a", "b"]
    for unknown in ("shop-prod", ROOT_URN, "B", "Outer"):
        with pytest.raises(ResourceError) as refused:
            find(world, pulumi, "a", unknown)
        assert str(refused.value) == (
            f"neither the state nor a mark of the stack 'shop/prod' in Atlan contains {unknown!r}; nothing "
            "was released: `pulumi stack --show-urns` lists the resources, `atlan-pulumi orphans` the "
            "others. Only the state contains the names of components: without it, name their resources"
        )


@pytest.mark.parametrize("type_", [f"{OURS}Process", "aws:s3:Bucket"])
@pytest.mark.parametrize("how", ["parent", "deletedWith", "dependencies"])
def test_a_resource_that_stays_must_not_depend_on_a_released_one(world: World, how: str, type_: str) -> None:
    a, z = process(world, "a"), process(world, "z")
    needed = [z["urn"], a["urn"]] if how == "dependencies" else a["urn"]
    b = {**process(world, "b"), how: needed, "type": type_, "urn": f"urn:pulumi:prod::shop::{type_}::b"}
    pulumi: Any = FakePulumi(a, z, b)
    ours = type_.startswith(OURS)
    if ours and how == "parent":
        assert released(find(world, pulumi, "a")) == ["a", "b"]  # it is selected as a child
    else:
        with pytest.raises(ResourceError) as refused:
            find(world, pulumi, "a")
        assert str(refused.value) == (
            "'b' depends on 'a', which cannot be released alone; nothing was released: release 'b', too"
        )
    if ours:
        assert (
            released(find(world, pulumi, "a", "b", "z")) == released(find(world, pulumi)) == ["a", "z", "b"]
        )
        assert released(find(world, pulumi, "b")) == ["b"]


def test_a_stack_with_its_own_ownership_text(world: World) -> None:
    own = mark("team-a/lineage", "a")
    guid = world.others.make_process(f"{WAREHOUSE}/a", **{OWNERSHIP_ATTRIBUTE: own})
    pulumi: Any = FakePulumi(in_state("a", {"guid": guid, "own_mark": own, "managed_by": mark("x/y", "z")}))
    found = find(world, pulumi)
    assert (found.stack, ids(found)) == ("team-a/lineage", {"a"})
    assert ids(find(world, pulumi, marked=STACK)) == set()


def test_marks_without_an_origin(world: World) -> None:
    old, other = "pulumi:team-a/lineage#a", "pulumi:team-a/lineage#left"
    elsewhere = mark("team-a/lineage", "elsewhere", origin="0000000b")
    guid = world.others.make_process(f"{WAREHOUSE}/a", **{OWNERSHIP_ATTRIBUTE: old})
    for id_, mark_ in (("left", other), ("new", mark("team-a/lineage", "new")), ("elsewhere", elsewhere)):
        world.others.make_process(f"{WAREHOUSE}/{id_}", **{OWNERSHIP_ATTRIBUTE: mark_})
    pulumi: Any = FakePulumi(in_state("a", {"guid": guid, "managed_by": old}))
    found = find(world, pulumi)
    assert (found.stack, ids(found)) == ("team-a/lineage", {"a", "new"})


def test_containers_of_bulk_resources_keep_their_marks(world: World) -> None:
    many = Life(world.client, ProcessSetLifecycle, "many")
    edges = Life(world.client, ColumnLineageLifecycle, "edges")
    load = {"inputs": "T0", "outputs": "T1"}
    many.up(connection=WAREHOUSE, base=f"{WAREHOUSE}/DB/S", processes={"p": load})
    edges.up(process=ABOVE, columns={f"{table_name(1)}/A": [f"{table_name(0)}/A"]})
    containers = [many.outputs["guid"], edges.outputs["guid"]]
    for guid in containers:
        entity = world.others.client.entities.get(guid)
        assert entity is not None
        named = {"qualifiedName": entity.qualified_name, "name": entity.name}
        marked = {**named, OWNERSHIP_ATTRIBUTE: mark(STACK, "other")}
        world.others.client.entities.upsert([Entity(type_name=entity.type_name, attributes=marked)])
    pulumi: Any = FakePulumi(
        in_state("many", many.outputs, "ProcessSet"), in_state("edges", edges.outputs, "ColumnLineage")
    )
    assert ids(carry_out(world, pulumi, "many", "edges")) == {"p", "dag/column/A"}
    kept = world.others.client.entities.get_many(containers)
    assert {each.attributes[OWNERSHIP_ATTRIBUTE] for each in kept.values()} == {mark(STACK, "other")}
