"""WriteGroup: which writes may share a request, what is sent, and the result of each."""

from __future__ import annotations

import json
from typing import Any

import pytest
from client.entities import CONNECTION, table
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.client import Entity, MutationResult
from atlan_pulumi.client._bulk import MOST_BYTES
from atlan_pulumi.client._joinable_writes import PendingWrite, WriteGroup

NAME = f"{CONNECTION}/A/B/T"


def name_of(wire: dict[str, Any]) -> str:
    return str(wire["attributes"]["name"])


def group(*writes: PendingWrite) -> WriteGroup:
    made = WriteGroup()
    made.writes += writes
    return made


#: As callers send them: without a GUID, with a placeholder, or with a known GUID.
GUIDS = st.sampled_from([None, "-1", "-2", "-77", "known-{}"])
SINGLES = st.lists(GUIDS, min_size=2, max_size=9)


@given(SINGLES)
def test_placeholders_are_unique_in_a_request_and_mapped_back(
    guids: list[str | None],
) -> None:
    entities = [
        table(number, guid=guid.format(number) if guid else None) for number, guid in enumerate(guids)
    ]
    writes = [PendingWrite([entity]) for entity in entities]
    together = group(*writes)
    wires = together.wires
    assert [name_of(wire) for wire in wires] == [f"T{number}" for number in range(len(guids))]
    sent = [wire["guid"] for wire in wires]
    assert len(set(sent)) == len(sent)
    for number, (guid, wire) in enumerate(zip(guids, wires, strict=True)):
        known = guid is not None and not guid.startswith("-")
        assert wire["guid"] == (f"known-{number}" if known else f"-{number + 1}")
    assigned = {wire["guid"]: f"new-{name_of(wire)}" for wire in wires if wire["guid"].startswith("-")}
    whole = MutationResult.model_validate({"guidAssignments": {**assigned, "-999": "unused"}})
    for number, (guid, write) in enumerate(zip(guids, writes, strict=True)):
        placeholder = guid is not None and guid.startswith("-")
        assignments = together.result_of(write, whole).guid_assignments
        assert assignments == ({guid: f"new-T{number}"} if placeholder else {})
    assert [entity.guid for entity in entities] == [
        guid.format(number) if guid else None for number, guid in enumerate(guids)
    ]


def test_only_placeholders_are_changed() -> None:
    one, many = (
        PendingWrite([table("x", guid="-5")]),
        PendingWrite([table(n, guid=f"known-{n}") for n in range(3)]),
    )
    together = group(one, many, PendingWrite([table("y")]))
    assert [wire["guid"] for wire in together.wires] == ["-1", "known-0", "known-1", "known-2", "-5"]
    plain = [{**wire, "guid": None} for wire in together.wires]
    assert plain == [
        {**entity.to_wire(), "guid": None}
        for entity in (table("x"), *(table(number) for number in range(3)), table("y"))
    ]


def test_a_missing_assignment_stays_missing() -> None:
    one, other = PendingWrite([table(1, guid="-1")]), PendingWrite([table(2, guid="-1")])
    whole = MutationResult.model_validate({"guidAssignments": {"-2": "second"}})
    together = group(one, other)
    assert together.result_of(one, whole).guid_assignments == {}
    assert together.result_of(other, whole).guid_assignments == {"-1": "second"}


def test_written_entities_are_in_every_result() -> None:
    header = {"typeName": "Table", "guid": "g", "attributes": {"qualifiedName": f"{NAME}1"}}
    whole = MutationResult.model_validate({"mutatedEntities": {"CREATE": [header]}})
    one, other = PendingWrite([table(1)]), PendingWrite([table(2)])
    for write in (one, other):
        assert group(one, other).result_of(write, whole).guid_of("Table", f"{NAME}1") == "g"


def test_a_single_write_keeps_its_placeholders_and_result() -> None:
    write = PendingWrite([table(1, guid="-7"), table(2)])
    alone = group(write)
    assert alone.wires == [table(1, guid="-7").to_wire(), table(2).to_wire()]
    whole = MutationResult.model_validate({"guidAssignments": {"-7": "g", "-1": "h"}})
    assert alone.result_of(write, whole) is whole
    assert (alone.is_shared, group(write, PendingWrite([table(3)])).is_shared) == (False, True)


@pytest.mark.parametrize(
    ("guids", "is_joinable"),
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
def test_writes_with_several_placeholders_are_not_joinable(
    guids: list[str | None], is_joinable: bool
) -> None:
    write = PendingWrite([table(number, guid=guid) for number, guid in enumerate(guids)])
    assert write.is_joinable is is_joinable
    other = PendingWrite([table("other")])
    assert group(other).accepts(write, 50) is is_joinable
    assert group(write).accepts(other, 50) is is_joinable
    assert group(other, write).accepts(PendingWrite([table("third")]), 50) is is_joinable


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
def test_an_entity_is_in_a_request_once(one: Entity, other: Entity, together: bool) -> None:
    assert group(PendingWrite([one])).accepts(PendingWrite([other]), 50) is together
    assert (
        group(PendingWrite([table("x")]), PendingWrite([one])).accepts(PendingWrite([other]), 50) is together
    )
    assert (
        group(PendingWrite([one]), PendingWrite([table("x")])).accepts(PendingWrite([other]), 50) is together
    )


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers(1, 5), st.integers(1, 30))
def test_a_group_has_a_maximum_number_of_entities(counts: list[int], more: int, most: int) -> None:
    writes = [
        PendingWrite([table(f"{number}-{each}") for each in range(count)])
        for number, count in enumerate(counts)
    ]
    made = group(*writes)
    assert made.entities == sum(counts) == len(made.wires)
    added = PendingWrite([table(f"more-{each}") for each in range(more)])
    assert made.accepts(added, most) is (sum(counts) + more <= most)


def write_of_bytes(name: str, length: int) -> PendingWrite:
    """Return a write with this size in a request, the comma included."""
    bare = PendingWrite([table(name, labels=[""])]).bytes
    return PendingWrite([table(name, labels=["x" * (length - bare)])])


def test_bytes_include_the_comma() -> None:
    write = PendingWrite([table(number, labels=["ä" * number]) for number in range(4)])
    written = json.dumps(write.wires, ensure_ascii=False, separators=(",", ":")).encode()
    assert write.bytes == len(written) - len("[]") + len(",")


def test_a_group_has_a_maximum_of_a_megabyte() -> None:
    first, second = write_of_bytes("1", MOST_BYTES // 2), write_of_bytes("2", MOST_BYTES // 4)
    assert first.bytes == MOST_BYTES // 2
    rest = MOST_BYTES - first.bytes - second.bytes
    assert group(first, second).accepts(write_of_bytes("3", rest), 50)
    assert not group(first, second).accepts(write_of_bytes("3", rest + 1), 50)
