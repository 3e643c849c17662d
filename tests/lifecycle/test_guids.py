"""Many GUIDs as one short text."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.lifecycle import packed, unpacked

GUIDS = st.uuids().map(str)
ODD = (
    st.text(min_size=1).filter(lambda text: "," not in text) | GUIDS.map(str.upper) | GUIDS.map("-{}".format)
)


@given(st.lists(GUIDS | ODD | st.none(), min_size=1))
def test_what_is_packed_comes_out_as_it_was(guids: list[str | None]) -> None:
    assert unpacked(packed(guids)) == guids


@given(st.lists(GUIDS, min_size=1))
def test_a_guid_takes_22_characters_and_a_comma(guids: list[str]) -> None:
    assert len(packed(guids)) == 23 * len(guids) - 1


def test_nothing_is_nothing() -> None:
    assert unpacked(None) == []
    assert packed([]) == ""
    assert unpacked("") == [None]  # one that is not known, or none at all: the names tell how many there are


@given(GUIDS)
def test_the_text_is_safe_in_an_address_and_in_json(guid: str) -> None:
    assert packed([guid]).replace("-", "").replace("_", "").isalnum()
    assert UUID(guid)
