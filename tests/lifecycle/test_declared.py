"""What a process knows of the resources that it has checked."""

from __future__ import annotations

from atlan_pulumi.lifecycle import DeclaredResources, EntityKey

A, B, C = (EntityKey("Process", name) for name in "abc")


def test_what_another_resource_declares_is_found_by_its_mark() -> None:
    declared = DeclaredResources()
    declared.add("one", lambda: [A, B])
    declared.add("other", lambda: iter([C]))
    assert declared.elsewhere("one", [A, B, C]) == {C: "other"}
    assert declared.elsewhere("other", iter([A, C])) == {A: "one"}
    assert declared.elsewhere(None, [A, C]) == {A: "one", C: "other"}
    assert declared.elsewhere("other", [C]) == {}
    assert declared.elsewhere("one", [C]) == {C: "other"}, "what was listed once is still there"


def test_a_second_check_of_a_resource_replaces_the_first() -> None:
    declared = DeclaredResources()
    declared.add("one", lambda: [A])
    assert declared.elsewhere(None, [A, B]) == {A: "one"}
    declared.add("one", lambda: [B])
    assert declared.elsewhere(None, [A, B]) == {B: "one"}


def test_what_is_expected_of_a_resource_counts_until_it_is_added() -> None:
    declared = DeclaredResources()
    declared.expect("one", [A])
    declared.expect("one", iter([B]))
    assert declared.elsewhere("other", [A, B, C]) == {A: "one", B: "one"}
    assert declared.elsewhere("one", [A]) == {}
    declared.add("one", lambda: [C])
    declared.expect("one", [A])
    assert declared.elsewhere("other", [A, B, C]) == {C: "one"}


def test_nothing_is_listed_where_nobody_asks() -> None:
    def listed() -> list[EntityKey]:
        raise AssertionError("listed")

    declared = DeclaredResources()
    declared.add("one", listed)
    assert declared.elsewhere("other", []) == {}
    assert declared.elsewhere("one", [A]) == {}
