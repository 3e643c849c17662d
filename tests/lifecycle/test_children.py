"""How the children of a bulk resource are declared, and which ones change."""

from __future__ import annotations

from typing import Any

import pytest

from atlan_pulumi.lifecycle._children import Child, Children, Plan, changed_children
from atlan_pulumi.lifecycle._declared import EntityKey

Props = dict[str, Any]
LIFECYCLE: Any = object()


def key(name: str) -> EntityKey:
    return EntityKey("Process", name)


def children(props: Props) -> Children:
    """Declare one child per name, as the bulk resources do: with the resource's mark, if it has one."""
    own = {"managed_by": props["managed_by"]} if "managed_by" in props else {}
    return {key(name): Child(LIFECYCLE, {"name": name, **own}) for name in props["names"]}


def plan(*names: str, **props: Any) -> Plan:
    return Plan(children, {}, {"names": names, **props})


@pytest.mark.parametrize("own", [{}, {"managed_by": "a"}])
@pytest.mark.parametrize("mark", [None, "a", "b"])
def test_declared_children_have_the_mark_that_is_asked_for(own: Props, mark: str | None) -> None:
    expected = {"name": "x"} if mark is None else {"name": "x", "managed_by": mark}
    ((child),) = plan("x", **own).wanted(mark).values()
    assert child.declared == expected
    assert child.lifecycle is LIFECYCLE


def test_each_side_is_expanded_once_for_each_mark() -> None:
    expanded: list[Props] = []

    def counted(props: Props) -> Children:
        expanded.append(props)
        return children(props)

    olds, news = {"names": ["x"]}, {"names": ["x", "y"], "managed_by": "a"}
    both = Plan(counted, olds, news)
    assert expanded == []
    for mark in ("a", "b", "a"):
        both.wanted(mark)
        assert (list(both.had), list(both.keys)) == ([key("x")], [key("x"), key("y")])
    assert [each for each in expanded if "managed_by" not in each] == [olds]
    assert [each["managed_by"] for each in expanded if "managed_by" in each] == ["a", "b"]


def test_a_new_resource_had_no_children() -> None:
    assert plan("x").had == {}


def test_new_changed_and_drifted_children_are_written() -> None:
    had = plan("same", "changed", "drifted", "gone").wanted(None)
    had[key("changed")] = Child(LIFECYCLE, {"name": "before"})
    wanted = plan("same", "changed", "drifted", "new").wanted(None)
    assert changed_children(had, wanted) == [key("changed"), key("new")]
    assert changed_children(had, wanted, {key("drifted"): 1}) == [key("changed"), key("drifted"), key("new")]
