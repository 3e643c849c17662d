"""The check of a resource against its state, without Atlan: mark, defaults, name, and differences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.lifecycle import (
    DEFAULTS,
    LIFECYCLES,
    Checked,
    DeclaredResources,
    EntityKey,
    InputProblem,
    lifecycle_of,
    mark,
)
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.resources.column_process import ColumnProcessLifecycle
from atlan_pulumi.resources.connection import ConnectionLifecycle
from atlan_pulumi.resources.process import ProcessLifecycle

Props = dict[str, Any]
CONNECTION = "default/x/1657025300"
OURS, RENAMED, THEIRS = mark("shop/prod", "load"), mark("shop/prod", "before"), mark("other/dev", "x")
MOVED = mark("shop/prod", "load", origin="0000000b")
OLD = "pulumi:shop/prod#load"


class Watched(ProcessLifecycle):
    """A process that records its changed properties, and finds a problem in them."""

    def __init__(self) -> None:
        super().__init__()
        self.changed: list[str] = []

    def verify(
        self, _client: AtlanClient, _declared: Props, changed: Sequence[str]
    ) -> Iterator[InputProblem]:
        self.changed = list(changed)
        yield InputProblem("sql", "verified")


def declared(**changed: Any) -> Props:
    sides = {
        side: [{"type_name": "Table", "qualified_name": f"{CONNECTION}/{side}"}]
        for side in ("inputs", "outputs")
    }
    given_ = {"name": "Load", "connection": CONNECTION, "process_id": "load", "sql": "1", **sides, **changed}
    return {name: value for name, value in given_.items() if value is not None}


def in_state(**changed: Any) -> Props:
    return declared(qualified_name=f"{CONNECTION}/{changed.get('process_id', 'load')}", **changed)


# -- the mark that a resource goes on with -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "news", "goes_on", "changed"),
    [
        ({"managed_by": OURS}, OURS, OURS, []),
        ({"managed_by": OLD}, OURS, OLD, []),  # nothing is written, so that it stays
        ({"managed_by": MOVED}, OURS, MOVED, []),  # the origin may differ between two runs
        ({"managed_by": RENAMED}, OURS, OURS, ["managed_by"]),
        ({"own_mark": OURS, "managed_by": THEIRS}, OURS, OURS, ["managed_by"]),
        ({"own_mark": MOVED, "managed_by": RENAMED}, OURS, MOVED, ["managed_by"]),
        ({}, OURS, None, []),  # it comes with the next change
        ({"managed_by": OURS}, None, None, ["managed_by"]),
        ({}, None, None, []),
    ],
)
@pytest.mark.parametrize("sql", ["1", "2"])
def test_resources_keep_a_mark_that_names_them(
    state: Props, news: str | None, goes_on: str | None, changed: list[str], sql: str
) -> None:
    core = Watched()
    answer = core.check(in_state(**state), declared(managed_by=news, sql=sql), lambda: None)  # type: ignore[arg-type,return-value]
    if sql != "1":  # with a change, a mark of an earlier version is replaced, and a new one comes
        replaced = goes_on in (OLD, None)
        goes_on = news if replaced else goes_on
        changed = [*changed, "managed_by"] if state.get("managed_by") == OLD else changed
    assert answer.inputs.get("managed_by") == goes_on
    assert sorted(core.changed) == sorted({*changed, *(["sql"] if sql != "1" else [])})
    verified = [each for each in answer.problems if each.reason == "verified"]
    assert bool(verified) == bool(core.changed)  # only what changes is verified


def test_takeovers_by_another_stack_are_refused_on_the_id() -> None:
    lost = in_state(own_mark=OURS, managed_by=THEIRS)
    (problem,) = ProcessLifecycle().check(lost, declared(managed_by=OURS)).problems
    assert problem.property == "process_id"
    assert problem.reason.startswith(f"Process '{CONNECTION}/load' belongs to the stack 'other/dev' now")
    moved = declared(managed_by=OURS, process_id="other")  # another entity, which is not lost
    assert ProcessLifecycle().check(lost, moved).problems == []


# -- values that have the resource's name as a default -------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "id_"),
    [
        ({DEFAULTS: ["process_id"]}, "before"),
        ({DEFAULTS: ["process_id"], "managed_by": OURS}, "before"),
        ({"managed_by": RENAMED}, "before"),  # a state of an earlier version: it is the name in the mark
        ({"managed_by": OURS}, "load"),  # there it was given
        ({}, "load"),
    ],
)
def test_defaults_from_a_former_resource_name_stay(state: Props, id_: str) -> None:
    olds = in_state(process_id="before", **state)
    by_default = declared(managed_by=OURS, **{DEFAULTS: ["process_id"]})
    inputs = ProcessLifecycle().check(olds, by_default).inputs
    assert (inputs["process_id"], inputs["qualified_name"]) == (id_, f"{CONNECTION}/{id_}")
    given_ = ProcessLifecycle().check(olds, declared(managed_by=OURS)).inputs
    assert (given_["process_id"], given_.get(DEFAULTS)) == ("load", None)


@pytest.mark.parametrize(
    ("olds", "kept"),
    [
        ({}, ["process_id"]),
        (in_state(**{DEFAULTS: ["process_id"]}), ["process_id"]),
        (in_state(), None),  # nothing is written, so that the state stays as it is
        (in_state(sql="2"), ["process_id"]),
    ],
)
def test_the_names_of_defaults_are_stored_with_the_next_change(olds: Props, kept: list[str] | None) -> None:
    inputs = ProcessLifecycle().check(olds, declared(**{DEFAULTS: ["process_id"]})).inputs
    assert inputs.get(DEFAULTS) == kept
    assert inputs["process_id"] == "load"


# -- the name ------------------------------------------------------------------------------------------------


def test_qualified_names_that_differ_from_their_parts_are_refused() -> None:
    core, name = ProcessLifecycle(), f"{CONNECTION}/load"
    assert core.check({}, declared(qualified_name=name)).problems == []
    reason = f"cannot be set: connection and process_id make it {name!r}"
    wrong = core.check({}, declared(qualified_name=f"{CONNECTION}/other"))
    assert wrong.problems == [InputProblem("qualified_name", reason)]
    later = declared(qualified_name=f"{CONNECTION}/other", connection=UNKNOWN)
    assert core.check({}, later).problems == []
    assert core.check({}, later).inputs["qualified_name"] is UNKNOWN


ANYTHING = st.sampled_from([None, "", "x", "load", "default/x", CONNECTION, 7, True, [], {}, b"x", UNKNOWN])


@given(parts=st.fixed_dictionaries({}, optional={"connection": ANYTHING, "process_id": ANYTHING}))
def test_invalid_parts_give_a_text_or_unknown(parts: Props) -> None:
    name = ProcessLifecycle().preview_qualified_name(parts)
    assert name is UNKNOWN or isinstance(name, str)
    connection, id_ = parts.get("connection"), parts.get("process_id")
    if connection == CONNECTION and id_ in ("x", "load"):
        assert name == f"{CONNECTION}/{id_}"
    if len(parts) < 2 or connection is UNKNOWN or id_ is UNKNOWN:
        assert name is UNKNOWN


REFERENCES = [{}, {"qualified_name": 7}, {"qualified_name": None}, {"qualified_name": UNKNOWN}, {"guid": "g"}]


@pytest.mark.parametrize("kind", LIFECYCLES, ids=lambda kind: kind[0])
def test_names_of_any_kind_accept_invalid_parts(kind: tuple[str, int]) -> None:
    """A name may be read before its parts are validated."""
    core = lifecycle_of(*kind)
    odd = [None, "", "x", 7, True, [], b"x", UNKNOWN, *REFERENCES]
    for values in product(odd, repeat=len(core.named_by)):
        parts = dict(zip(core.named_by, values, strict=True))
        for given_ in (parts, *({name: parts[name]} for name in parts), {}):
            name = core.preview_qualified_name(given_)
            assert name is UNKNOWN or name in values or isinstance(name, str), given_


# -- differences ---------------------------------------------------------------------------------------------


def test_marks_alone_are_no_change_if_the_state_has_none() -> None:
    core = ProcessLifecycle()
    assert core.diff(in_state(), in_state(managed_by=OURS)) == ([], [])
    assert core.diff(in_state(managed_by=RENAMED), in_state(managed_by=OURS)) == (["managed_by"], [])
    assert core.diff(in_state(managed_by=OURS), in_state()) == (["managed_by"], [])
    assert core.diff(in_state(), in_state(managed_by=OURS, sql="2")) == (["sql"], [])


def test_differing_properties_are_listed_once() -> None:
    one, other = (
        {"connector": "x", "qualified_name": f"default/x/{number}", "name": str(number)} for number in (1, 2)
    )
    difference = ConnectionLifecycle().diff(one, other)
    assert sorted(difference.changed) == ["name", "qualified_name"]
    assert difference.replaces == ["qualified_name"]


# -- memory of a process -------------------------------------------------------------------------------------


def test_a_note_on_an_entity_is_shown_once() -> None:
    core, reported = ProcessLifecycle(), list[str]()
    core.log = reported.append
    for guid, note in (("a", "first"), ("a", "again"), ("b", "other")):
        core.name_once(Entity(type_name="Process", guid=guid), note)
    assert reported == ["first", "other"]


@pytest.mark.parametrize(
    ("inputs", "problems", "counts"),
    [
        (in_state(managed_by=OURS), [], True),
        (in_state(managed_by=OURS), [InputProblem("sql", "wrong")], False),
        (in_state(), [], False),
        (in_state(managed_by=UNKNOWN), [], False),
        ({**in_state(managed_by=OURS), "qualified_name": UNKNOWN}, [], False),
    ],
)
def test_only_valid_inputs_are_declared(inputs: Props, problems: list[InputProblem], counts: bool) -> None:
    key, other = EntityKey("Process", f"{CONNECTION}/load"), EntityKey("Process", f"{CONNECTION}/other")
    core = ProcessLifecycle()
    core.declare(Checked(inputs, problems))
    assert core.declared.elsewhere(None, [key, other]) == ({key: OURS} if counts else {})
    core.declared = DeclaredResources()
    core.declare(Checked(inputs, problems), lambda: [other])
    remembered = counts or inputs["qualified_name"] is UNKNOWN
    assert core.declared.elsewhere(None, [key, other]) == ({other: OURS} if remembered else {})


# -- previews ------------------------------------------------------------------------------------------------


def test_the_program_knows_the_name_of_known_parts() -> None:
    parts = {"connection": CONNECTION, "process_id": "load"}
    assert ProcessLifecycle().preview_qualified_name(parts) == f"{CONNECTION}/load"


COLUMN = {
    "name": "A -> B",
    "process": {"type_name": "Process", "qualified_name": f"{CONNECTION}/load"},
    "process_id": "column",
    "inputs": [{"type_name": "Column", "qualified_name": f"{CONNECTION}/T/A"}],
    "outputs": [{"type_name": "Column", "qualified_name": f"{CONNECTION}/T/B"}],
}


def test_the_program_knows_nothing_of_invalid_inputs() -> None:
    known = ColumnProcessLifecycle().preview_inputs(COLUMN)
    assert known is not None
    assert known["qualified_name"] == f"{CONNECTION}/column"
    assert ColumnProcessLifecycle().preview_inputs({**COLUMN, "name": " "}) is None


def test_the_program_finds_inputs_that_determine_no_name() -> None:
    by_guid = {"type_name": "Process", "guid": "495b1516-aaaf-4390-8cfd-b11ade7a7799"}
    (problem,) = ColumnProcessLifecycle().preview_check({**COLUMN, "process": by_guid}).problems
    assert problem == ("connection", "is required where process is given by its GUID")
