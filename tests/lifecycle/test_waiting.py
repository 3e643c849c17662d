"""What others write while a resource waits for assets is neither overwritten nor ignored."""

from __future__ import annotations

from typing import Any

import pytest
from support.atlan import WAREHOUSE
from support.placeholders import FULL, NEW, OURS, THEIRS, client, crawl, existing, process, server

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import EntityKey, Props, ResourceLifecycle
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE
from atlan_pulumi.resources.process import ProcessLifecycle
from atlan_pulumi.resources.process_set import ProcessSetLifecycle

__all__ = ["client", "server"]

LOAD = EntityKey("Process", f"{WAREHOUSE}/load")


def inputs(**changed: Any) -> Props:
    sides = {"inputs": [FULL._asdict()], "outputs": [NEW._asdict()]}
    given = {
        "name": "load",
        "connection": WAREHOUSE,
        "process_id": "load",
        "managed_by": OURS,
        "missing_assets": "wait",
        **sides,
        **changed,
    }
    checked = ProcessLifecycle().check({}, given)
    assert checked.problems == []
    return checked.inputs


def waiting(lifecycle: ResourceLifecycle, server: LocalAtlan, meanwhile: Any) -> ResourceLifecycle:
    """Let something happen during the wait, before the crawler comes."""

    def log(line: str) -> None:
        if line.startswith("waits for"):
            meanwhile()
            crawl(server, "NEW")

    lifecycle.log = log
    return lifecycle


def test_a_process_that_others_create_meanwhile_is_not_overwritten(
    server: LocalAtlan, client: AtlanClient
) -> None:
    lifecycle = waiting(ProcessLifecycle(), server, lambda: process(client, "load", own=THEIRS))
    with pytest.raises(ResourceError, match="other"):
        lifecycle.create(client, inputs())
    assert existing(client, LOAD).attributes[OWNERSHIP_ATTRIBUTE] == THEIRS


def test_a_process_of_a_set_that_others_create_meanwhile_is_not_overwritten(
    server: LocalAtlan, client: AtlanClient
) -> None:
    lifecycle = waiting(ProcessSetLifecycle(), server, lambda: process(client, "load", own=THEIRS))
    given = {
        "connection": WAREHOUSE,
        "base": f"{WAREHOUSE}/DB/S",
        "processes": {"load": {"inputs": ["T0"], "outputs": ["NEW"]}},
        "missing_assets": "wait",
        "managed_by": OURS,
    }
    with pytest.raises(ResourceError, match="other"):
        lifecycle.create(client, lifecycle.check({}, given).inputs)
    assert existing(client, LOAD).attributes[OWNERSHIP_ATTRIBUTE] == THEIRS


def test_a_process_that_others_take_over_meanwhile_is_not_updated(
    server: LocalAtlan, client: AtlanClient
) -> None:
    state = ProcessLifecycle().create(client, inputs(outputs=[FULL._asdict()], reads_own_output=True))
    lifecycle = waiting(ProcessLifecycle(), server, lambda: process(client, "load", FULL, own=THEIRS))
    with pytest.raises(ResourceError):
        lifecycle.update(client, state, inputs())
    assert existing(client, LOAD).attributes[OWNERSHIP_ATTRIBUTE] == THEIRS


def test_a_process_that_others_purge_meanwhile_is_written_as_a_whole(
    server: LocalAtlan, client: AtlanClient
) -> None:
    state = ProcessLifecycle().create(client, inputs(outputs=[FULL._asdict()], reads_own_output=True))
    lifecycle = waiting(ProcessLifecycle(), server, lambda: client.entities.delete([state["guid"]]))
    outputs = lifecycle.update(client, state, inputs(description="orders"))
    made = existing(client, LOAD)
    assert outputs["guid"] == made.guid
    assert made.attributes[OWNERSHIP_ATTRIBUTE] == OURS
    assert len(made.related("inputs")) == len(made.related("outputs")) == 1
