"""The own mark in the result of a refresh: no change is shown, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.dynamic import ConfigureRequest
from pulumi.dynamic.dynamic import Config
from support.atlan import WAREHOUSE, table_name
from support.many import World, server, world

from atlan_pulumi.dynamic.provider._adapter import LifecycleProvider
from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, mark

__all__ = ["server", "world"]

Props = dict[str, Any]
QN = f"{WAREHOUSE}/load"
OURS = mark("shop/prod", "load", "atlan:Process", "00000000")
THEIRS = mark("other/dev", "x", "atlan:Process", "0000000b")


def tables(number: int) -> list[Props]:
    return [{"type_name": "Table", "qualified_name": table_name(number)}]


PROGRAM: Props = {
    "name": "Load",
    "connection": WAREHOUSE,
    "process_id": "load",
    "inputs": tables(0),
    "outputs": tables(1),
    "managed_by": OURS,
}


@pytest.fixture
def provider(world: World) -> LifecycleProvider:
    made = LifecycleProvider("Process", 1)
    settings = {
        "atlan:baseUrl": world.server.base_url,
        "atlan:apiKey": world.server.api_key,
        "atlan:requestsPerMinute": "0",
        "atlan:previewChecks": "false",
    }
    made.configure(ConfigureRequest(Config(settings, "shop")))
    return made


@pytest.fixture
def outputs(provider: LifecycleProvider) -> Props:
    checked = provider.check({}, PROGRAM)
    assert checked.failures == []
    return dict(provider.create(checked.inputs).outs or {})


def recreate(world: World) -> str:
    world.others.remove("Process", QN, how="PURGE")
    return world.others.make_process(QN, name="Load")


def test_recreated_entities_show_no_change_of_the_own_mark(
    world: World, provider: LifecycleProvider, outputs: Props
) -> None:
    guid = recreate(world)
    seen = provider.read(QN, outputs)
    assert outputs["own_mark"] == seen.outs["own_mark"] == OURS
    assert (seen.outs["__own_mark"], seen.outs["guid"]) == ("", guid)
    assert not {"own_mark", "__own_mark"} & seen.inputs.keys()
    assert provider.read(QN, seen.outs).outs == seen.outs, "the next refresh changes nothing"


def test_recreated_entities_are_not_removed_after_a_refresh(
    world: World, provider: LifecycleProvider, outputs: Props
) -> None:
    recreate(world)
    provider.delete(QN, provider.read(QN, outputs).outs)
    assert world.others.find("Process", QN) is not None


def test_the_next_deployment_forgets_what_the_refresh_found(
    world: World, provider: LifecycleProvider, outputs: Props
) -> None:
    recreate(world)
    seen = provider.read(QN, outputs)
    news = provider.check(seen.inputs, PROGRAM).inputs
    after = provider.update(QN, seen.outs, news).outs
    assert (after["own_mark"], "__own_mark" in after) == (OURS, False)
    assert provider.read(QN, after).outs == after


def test_takeovers_by_another_stack_are_stored_in_a_hidden_input(
    world: World, provider: LifecycleProvider, outputs: Props
) -> None:
    world.others.mark("Process", QN, THEIRS)
    seen = provider.read(QN, outputs)
    assert (seen.outs["managed_by"], seen.outs["own_mark"]) == (THEIRS, OURS)
    assert (seen.inputs["__own_mark"], "own_mark" in seen.inputs) == (OURS, False)
    (failure,) = provider.check(seen.inputs, {**PROGRAM, "sql": "select 1"}).failures
    assert "belongs to the stack 'other/dev' now" in failure.reason
    former = {**seen.inputs, "own_mark": seen.inputs["__own_mark"]}
    del former["__own_mark"]  # as states of earlier versions have it
    assert len(provider.check(former, {**PROGRAM, "sql": "select 1"}).failures) == 1
    provider.delete(QN, seen.outs)
    assert world.others.get("Process", QN).attributes[OWNERSHIP_ATTRIBUTE] == THEIRS


def test_an_import_accepts_the_hidden_mark_of_the_entity_of_another_stack(
    provider: LifecycleProvider,
) -> None:
    """An import checks what it read; the next check names the takeover by it."""
    read = {**PROGRAM, "managed_by": THEIRS, "qualified_name": QN, "__own_mark": ""}
    checked = provider.check(read, read)
    assert checked.failures == []
    assert not {"own_mark", "__own_mark"} & checked.inputs.keys()
