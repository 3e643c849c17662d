"""Batches of names that fit into a URL."""

from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.client._calls import MAX_URL_LENGTH, Call, batch_names, encode_query

NAMES = st.lists(st.text(st.characters(codec="utf-8"), max_size=200), max_size=60)


def split(names: list[str], *, longest: int = MAX_URL_LENGTH, most: int = 100) -> list[list[str]]:
    return [list(each) for each in batch_names(names, start=50, per_name="guid", most=most, longest=longest)]


def test_no_names_make_no_batch() -> None:
    assert split([]) == []


def test_a_batch_contains_a_hundred_guids() -> None:
    guids = [f"00000000-0000-4000-8000-{number:012d}" for number in range(1000)]
    parts = split(guids)
    assert [guid for part in parts for guid in part] == guids
    assert len(parts) == 10
    assert all(len(encode_query([("guid", guid) for guid in part])) < MAX_URL_LENGTH for part in parts)


def test_a_name_that_is_too_long_is_a_batch() -> None:
    assert split(["a", "b" * 500, "c", "d"], longest=100) == [["a"], ["b" * 500], ["c", "d"]]


def test_the_encoded_length_counts() -> None:
    assert split(["ß" * 10, "ä" * 10], longest=130) == [["ß" * 10], ["ä" * 10]]
    assert split(["s" * 10, "a" * 10], longest=130) == [["s" * 10, "a" * 10]]


def test_slashes_and_colons_are_not_encoded() -> None:
    assert encode_query([("attr_0:qualifiedName", "default/a b/c&d=ä")]) == (
        "attr_0:qualifiedName=default/a%20b/c%26d%3D%C3%A4"
    )


@given(NAMES, st.integers(60, 4000), st.integers(1, 100))
def test_batches_contain_each_name_once_in_order_within_the_limits(
    names: list[str], longest: int, most: int
) -> None:
    parts = split(names, longest=longest, most=most)
    assert [name for part in parts for name in part] == list(dict.fromkeys(names))
    for part in parts:
        assert 1 <= len(part) <= most
        assert len(part) == 1 or 50 + len(encode_query([("guid", name) for name in part])) <= longest


@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))))
def test_a_target_is_ascii(query: list[tuple[str, str]]) -> None:
    target = Call("GET", "/api/x", query).target
    assert target.isascii()
    assert " " not in target
    assert "+" not in target
    assert target.startswith("/api/x")
