"""The text of an ownership mark: it is parsed unchanged, and no two resources of a program share one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.lifecycle import mark, parse_mark, resource_of, same_owner, stack_of
from atlan_pulumi.ownership_mark import Mark, continued, is_precise, same_resource

Resource = tuple[str, str, str, str]
STACKS = st.text(min_size=1).filter(lambda text: "#" not in text)
#: What a mark is put together from, so that a name may look like a type, a mark, or its end.
PIECES = [
    "$",
    "::",
    ":",
    "@",
    "#",
    "atlan:Process",
    "shop:A",
    "pulumi:",
    "@00000000",
    "é",
    "名",
    "\U0001f600",
    "\n",
]
NAMES = st.text(min_size=1) | st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)
PARENTS = st.lists(
    st.sampled_from(["shop:A", "shop:pipelines:Nightly", "atlan:index:LineageMap"]), max_size=3
)
KINDS = st.sampled_from(["atlan:Process", "atlan:ProcessSet", "atlan:ColumnLineage"])
TYPES = st.tuples(PARENTS, KINDS).map(lambda pair: "$".join([*pair[0], pair[1]]))
ORIGINS = st.text("0123456789abcdef", min_size=8, max_size=8)
RESOURCES = st.tuples(STACKS, NAMES, TYPES, ORIGINS)


@given(given_=RESOURCES)
def test_every_part_of_a_mark_is_parsed(given_: Resource) -> None:
    stack, name, types, origin = given_
    assert parse_mark(mark(stack, name, types, origin)) == Mark(stack, types, name, origin)
    assert (stack_of(mark(*given_)), resource_of(mark(*given_))) == (stack, name)


@pytest.mark.parametrize("types", ["atlan:Process", "shop:A$atlan:Process", "atlan:Process$atlan:Process"])
@pytest.mark.parametrize("name", ["x$atlan:Process::y", "$atlan:Process::y@00000000", "a#b$é::名@00000000"])
def test_a_name_that_looks_like_a_type_is_a_name(types: str, name: str) -> None:
    assert parse_mark(mark("shop/prod", name, types)) == Mark("shop/prod", types, name, "00000000")


@given(one=RESOURCES, other=RESOURCES)
def test_two_resources_have_two_marks(
    one: tuple[str, str, str, str], other: tuple[str, str, str, str]
) -> None:
    assert (mark(*one) == mark(*other)) == (one == other)


@given(given_=RESOURCES, parents=PARENTS)
def test_a_mark_of_an_earlier_version_names_the_same_resource(given_: Resource, parents: list[str]) -> None:
    stack, name, types, origin = given_
    *above, _ = types.split("$")
    former = f"pulumi:{stack}#{above[-1] + '$' if above else ''}{name}"
    if "$" in name and not above:
        return  # such a name was ambiguous
    parsed = parse_mark(former)
    if parsed is None or parsed.origin:
        return  # a name that looks like a mark of today
    assert same_resource(former, mark(stack, name, types, origin))
    assert continued(former, mark(stack, name, types, origin)) == former
    other = "$".join([*parents, "shop:Other", "atlan:Process"])
    assert not same_resource(former, mark(stack, name, other, origin))
    assert same_owner(former, mark(stack, "another", other, origin))
    assert not is_precise(former)
    assert is_precise(mark(*given_))


@pytest.mark.parametrize(
    ("one", "other", "owner", "resource"),
    [
        (mark("a/b", "x"), mark("a/b", "x"), True, True),
        (mark("a/b", "x"), mark("a/b", "y"), True, False),
        (mark("a/b", "x"), mark("a/b", "x", "atlan:ProcessSet"), True, False),
        (mark("a/b", "x"), mark("a/c", "x"), False, False),
        (mark("a/b", "x", origin="0000000a"), mark("a/b", "x", origin="0000000b"), False, True),
        (mark("a/b", "x"), "pulumi:a/b#x", True, True),
        (mark("a/b", "x"), "pulumi:a/b#shop:A$x", True, False),
        ("pulumi:a/b#shop:A$x", "pulumi:a/b#shop:A$x", True, True),
        ("pulumi:a/b#shop:A$x", "pulumi:a/b#shop:B$x", True, False),
        (mark("a/b", "x"), "crawler-1", False, False),
        (mark("a/b", "x"), None, False, False),
    ],
)
def test_marks_are_compared_by_owner_and_resource(
    one: str, other: str | None, owner: bool, resource: bool
) -> None:
    assert (same_owner(one, other), same_owner(other, one)) == (owner, owner)
    assert (same_resource(one, other), same_resource(other, one)) == (resource, resource)
    assert continued(other, one) == (other if resource else one)


@pytest.mark.parametrize("text", [None, "", "crawler-1", 7, "pulumi"])
def test_other_texts_are_no_marks(text: object) -> None:
    assert (parse_mark(text), stack_of(text), resource_of(text)) == (None, None, None)
    assert not is_precise(text)


def test_a_hash_in_the_stacks_text_is_refused() -> None:
    with pytest.raises(ConfigurationError) as refused:
        mark("team#lineage", "x")
    assert str(refused.value) == (
        "atlan:ownershipMark must not contain '#', which ends the stack in a mark, but is 'team#lineage': "
        "choose another text, such as 'team-a/lineage'"
    )
