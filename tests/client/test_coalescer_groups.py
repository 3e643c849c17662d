"""Parts that leave in one request: which go together, what is sent, and what each is told of the answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from client.entities import CONNECTION, table
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.client import Entity, MutationResult
from atlan_pulumi.client._bulk import MOST_BYTES
from atlan_pulumi.client._coalescer import Group, Part

NAME = f"{CONNECTION}/A/B/T"


def name_of(wire: dict[str, Any]) -> str:
    return str(wire["attributes"]["name"])


def group(*parts: Part) -> Group:
    made = Group()
    made.parts += parts
    return made


#: As callers send them: without a GUID, with a placeholder of their own, or with a GUID that is known.
GUIDS = st.sampled_from([None, "-1", "-2", "-77", "known-{}"])
SINGLES = st.lists(GUIDS, min_size=2, max_size=9)


@given(SINGLES)
def test_placeholders_of_several_callers_do_not_meet_and_each_gets_its_own_back(
    guids: list[str | None],
) -> None:
    entities = [
        table(number, guid=guid.format(number) if guid else None) for number, guid in enumerate(guids)
    ]
    parts = [Part([entity]) for entity in entities]
    together = group(*parts)
    wires = together.wires
    assert [name_of(wire) for wire in wires] == [f"T{number}" for number in range(len(guids))]
    sent = [wire["guid"] for wire in wires]
    assert len(set(sent)) == len(sent)
    for number, (guid, wire) in enumerate(zip(guids, wires, strict=True)):
        known = guid is not None and not guid.startswith("-")
        assert wire["guid"] == (f"known-{number}" if known else f"-{number + 1}")
    assigned = {wire["guid"]: f"new-{name_of(wire)}" for wire in wires if wire["guid"].startswith("-")}
    whole = MutationResult.model_validate({"guidAssignments": {**assigned, "-999": "of nobody"}})
    for number, (guid, part) in enumerate(zip(guids, parts, strict=True)):
        placeholder = guid is not None and guid.startswith("-")
        told = together.result_of(part, whole).guid_assignments
        assert told == ({guid: f"new-T{number}"} if placeholder else {})
    assert [entity.guid for entity in entities] == [
        guid.format(number) if guid else None for number, guid in enumerate(guids)
    ]


def test_what_a_caller_sends_beside_a_placeholder_stays() -> None:
    one, many = Part([table("x", guid="-5")]), Part([table(n, guid=f"known-{n}") for n in range(3)])
    together = group(one, many, Part([table("y")]))
    assert [wire["guid"] for wire in together.wires] == ["-1", "known-0", "known-1", "known-2", "-5"]
    plain = [{**wire, "guid": None} for wire in together.wires]
    assert plain == [
        {**entity.to_wire(), "guid": None}
        for entity in (table("x"), *(table(number) for number in range(3)), table("y"))
    ]


def test_an_answer_without_an_assignment_tells_none() -> None:
    one, other = Part([table(1, guid="-1")]), Part([table(2, guid="-1")])
    whole = MutationResult.model_validate({"guidAssignments": {"-2": "second"}})
    together = group(one, other)
    assert together.result_of(one, whole).guid_assignments == {}
    assert together.result_of(other, whole).guid_assignments == {"-1": "second"}


def test_what_was_written_is_told_to_all() -> None:
    header = {"typeName": "Table", "guid": "g", "attributes": {"qualifiedName": f"{NAME}1"}}
    whole = MutationResult.model_validate({"mutatedEntities": {"CREATE": [header]}})
    one, other = Part([table(1)]), Part([table(2)])
    for part in (one, other):
        assert group(one, other).result_of(part, whole).guid_of("Table", f"{NAME}1") == "g"


def test_one_that_is_alone_is_sent_and_told_as_it_is() -> None:
    part = Part([table(1, guid="-7"), table(2)])
    alone = group(part)
    assert alone.wires == [table(1, guid="-7").to_wire(), table(2).to_wire()]
    whole = MutationResult.model_validate({"guidAssignments": {"-7": "g", "-1": "h"}})
    assert alone.result_of(part, whole) is whole
    assert (alone.joined, group(part, Part([table(3)])).joined) == (False, True)


@pytest.mark.parametrize(
    ("guids", "joins"),
    [
        ([None], True),
        (["-1"], True),
        (["known"], True),
        ([None, None], True),
        (["known", "other"], True),
        (["known", None], True),
        (["-1", "-2"], False),
        (["-1", None], False),
        (["known", "-1"], False),
    ],
)
def test_who_may_refer_to_one_of_its_own_goes_alone(guids: list[str | None], joins: bool) -> None:
    part = Part([table(number, guid=guid) for number, guid in enumerate(guids)])
    assert part.joins is joins
    other = Part([table("other")])
    assert group(other).admits(part, 50) is joins
    assert group(part).admits(other, 50) is joins
    assert group(other, part).admits(Part([table("third")]), 50) is joins


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (table(1), table(2), True),
        (table(1), table(1), False),
        (table(1), Entity(type_name="View", attributes=table(1).attributes), False),
        (table(1, guid="known"), table(2, guid="known"), False),
        (table(1, guid="known"), table(2, guid="other"), True),
        (table(1, guid="-1"), table(2, guid="-1"), True),
        (table(1, guid="known"), table(2), True),
    ],
)
def test_one_entity_is_never_twice_in_a_request(one: Entity, other: Entity, together: bool) -> None:
    assert group(Part([one])).admits(Part([other]), 50) is together
    assert group(Part([table("x")]), Part([one])).admits(Part([other]), 50) is together
    assert group(Part([one]), Part([table("x")])).admits(Part([other]), 50) is together


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers(1, 5), st.integers(1, 30))
def test_so_many_entities_go_together(counts: list[int], more: int, most: int) -> None:
    parts = [
        Part([table(f"{number}-{each}") for each in range(count)]) for number, count in enumerate(counts)
    ]
    made = group(*parts)
    assert made.entities == sum(counts) == len(made.wires)
    added = Part([table(f"more-{each}") for each in range(more)])
    assert made.admits(added, most) is (sum(counts) + more <= most)


def long(name: str, length: int) -> Part:
    """A part of so many bytes in a request, the comma included."""
    bare = Part([table(name, labels=[""])]).bytes
    return Part([table(name, labels=["x" * (length - bare)])])


def test_bytes_are_those_of_the_json_with_its_commas() -> None:
    part = Part([table(number, labels=["ä" * number]) for number in range(4)])
    written = json.dumps(part.wires, ensure_ascii=False, separators=(",", ":")).encode()
    assert part.bytes == len(written) - len("[]") + len(",")


def test_a_megabyte_goes_together_and_not_a_byte_more() -> None:
    first, second = long("1", MOST_BYTES // 2), long("2", MOST_BYTES // 4)
    assert first.bytes == MOST_BYTES // 2
    rest = MOST_BYTES - first.bytes - second.bytes
    assert group(first, second).admits(long("3", rest), 50)
    assert not group(first, second).admits(long("3", rest + 1), 50)
