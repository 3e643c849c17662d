"""GUIDs packed into one short text."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.lifecycle import pack_guids, unpack_guids

GUIDS = st.uuids().map(str)
ODD = (
    st.text(min_size=1).filter(lambda text: "," not in text) | GUIDS.map(str.upper) | GUIDS.map("-{}".format)
)


@given(st.lists(GUIDS | ODD | st.none(), min_size=1))
def test_packed_guids_are_unpacked_unchanged(guids: list[str | None]) -> None:
    assert unpack_guids(pack_guids(guids)) == guids


@given(st.lists(GUIDS, min_size=1))
def test_a_guid_takes_22_characters_and_a_comma(guids: list[str]) -> None:
    assert len(pack_guids(guids)) == 23 * len(guids) - 1


def test_no_guids_are_an_empty_text() -> None:
    assert unpack_guids(None) == []
    assert pack_guids([]) == ""
    assert unpack_guids("") == [
        None
    ]  # one that is not known, or none at all: the keys show how many there are


@given(GUIDS)
def test_the_text_is_safe_in_an_address_and_in_json(guid: str) -> None:
    assert pack_guids([guid]).replace("-", "").replace("_", "").isalnum()
    assert UUID(guid)
