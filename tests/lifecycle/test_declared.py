"""The entities of the resources that a process has checked."""

from __future__ import annotations

from atlan_pulumi.lifecycle import DeclaredResources, EntityKey

A, B, C = (EntityKey("Process", name) for name in "abc")


def test_entities_of_other_resources_are_found_with_their_marks() -> None:
    declared = DeclaredResources()
    declared.add("one", lambda: [A, B])
    declared.add("other", lambda: iter([C]))
    assert declared.elsewhere("one", [A, B, C]) == {C: "other"}
    assert declared.elsewhere("other", iter([A, C])) == {A: "one"}
    assert declared.elsewhere(None, [A, C]) == {A: "one", C: "other"}
    assert declared.elsewhere("other", [C]) == {}
    assert declared.elsewhere("one", [C]) == {C: "other"}, "what was listed once is still there"


def test_repeated_checks_replace_the_declared_entities() -> None:
    declared = DeclaredResources()
    declared.add("one", lambda: [A])
    assert declared.elsewhere(None, [A, B]) == {A: "one"}
    declared.add("one", lambda: [B])
    assert declared.elsewhere(None, [A, B]) == {B: "one"}


def test_expected_entities_count_until_the_resource_is_added() -> None:
    declared = DeclaredResources()
    declared.expect("one", [A])
    declared.expect("one", iter([B]))
    assert declared.elsewhere("other", [A, B, C]) == {A: "one", B: "one"}
    assert declared.elsewhere("one", [A]) == {}
    declared.add("one", lambda: [C])
    declared.expect("one", [A])
    assert declared.elsewhere("other", [A, B, C]) == {C: "one"}


def test_entities_are_listed_only_when_needed() -> None:
    def listed() -> list[EntityKey]:
        raise AssertionError("listed")

    declared = DeclaredResources()
    declared.add("one", listed)
    assert declared.elsewhere("other", []) == {}
    assert declared.elsewhere("one", [A]) == {}
