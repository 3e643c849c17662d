"""The deployment after an import of another stack's entities names each takeover."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from properties.kinds import Declared
from properties.owners import OneStack, Stored, open_for_events
from support.many import World, server

from atlan_pulumi.lifecycle import NOT_OURS
from atlan_pulumi.local import LocalAtlan

__all__ = ["server"]

KINDS = [
    Declared("Process", "", "p", ()),
    Declared("ProcessSet", "", "p", ("p", "q")),
    Declared("Connection", "", "p", ("1",)),
    Declared("OpenLineageJob", "", "p", ("p",)),  # its column processes require adopt=True
]


@pytest.fixture
def world(server: LocalAtlan) -> Iterator[World]:
    with World(server) as world:
        open_for_events(world.client)
        yield world


def import_state(stack: OneStack, into: OneStack) -> None:
    """Copy the state of a stack to another, like the file of `atlan-pulumi import`."""
    for urn, (kind, inputs, outputs) in stack.state.items():
        own = {} if into.name == stack.name else {"own_mark": NOT_OURS}
        into.state[urn] = Stored(kind, {**inputs, **own}, {**outputs, **own})


@pytest.mark.parametrize("refreshed", [False, True])
@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("ours", KINDS, ids=lambda each: each.kind)
def test_the_import_of_another_stacks_entities_names_each_takeover(
    world: World, ours: Declared, version: int, *, refreshed: bool
) -> None:
    one = OneStack(world.client, "shop/dev", "0000000a")
    other = OneStack(world.client, "other/dev", "0000000b")
    one.up([ours])
    import_state(one, other)
    if refreshed:
        other.refresh()
    program = [ours._replace(version=version)]
    for notes in (other.preview(program), other.up(program)):
        named = [note for note in notes if "will be taken over (it belongs to the stack 'shop/dev'" in note]
        for each in ours.makes():
            type_name, _, name = each.partition(" ")
            assert any(note.startswith(type_name) and f"/{name}' " in note for note in named), (each, notes)
    assert other.preview(program) == []


@pytest.mark.parametrize("ours", KINDS, ids=lambda each: each.kind)
def test_the_import_of_own_entities_names_no_takeover(world: World, ours: Declared) -> None:
    one = OneStack(world.client, "shop/dev", "0000000a")
    again = OneStack(world.client, "shop/dev", "0000000a")
    one.up([ours])
    import_state(one, again)
    program = [ours._replace(version=1)]
    notes = [*again.preview(program), *again.up(program)]
    assert [note for note in notes if "mark of a stack" in note] == []
