"""Random processes of two stacks with placeholders, and a crawler, over the lifecycle core and a local Atlan.

Full assets are never removed, every process has its outputs after it was written, and no placeholder is left
when the last process is removed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from support.atlan import SEED, WAREHOUSE, reset, table_name
from support.placeholders import crawl

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.lifecycle import EntityKey, is_placeholder, look_up_entities, mark
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources.process import ProcessLifecycle

NAMES = [f"N{number}" for number in range(4)]
KEYS = [EntityKey("Table", f"{WAREHOUSE}/DB/S/{name}") for name in NAMES]
RESOURCES = {
    name: mark(stack, name) for name, stack in zip("abcd", ("x/dev", "x/dev", "y/dev", "y/dev"), strict=True)
}
keys = st.sampled_from(KEYS)
resources = st.sampled_from(sorted(RESOURCES))


class PlaceholderMachine(RuleBasedStateMachine):
    """Four processes of two stacks, and what others do."""

    server: LocalAtlan

    def __init__(self) -> None:
        super().__init__()
        reset(self.server)
        self.client = AtlanClient(ClientSettings.resolve(self.server.base_url, self.server.api_key, 0))
        self.states: dict[str, dict[str, Any]] = {}
        self.full: set[str] = set()
        """The GUIDs of all assets that were full at some time."""

    def teardown(self) -> None:
        for name in sorted(self.states):
            self.remove(name)
        assert not [key for key, entity in self._assets().items() if _is_partial(entity)]
        self.client.close()

    @rule(name=resources, outputs=st.sets(keys, min_size=1))
    def write(self, name: str, outputs: set[EntityKey]) -> None:
        olds, lifecycle = self.states.get(name), ProcessLifecycle()
        given = {
            "name": name,
            "connection": WAREHOUSE,
            "process_id": name,
            "inputs": [{"type_name": "Table", "qualified_name": table_name(0)}],
            "outputs": [
                {"type_name": key.type_name, "qualified_name": key.qualified_name} for key in sorted(outputs)
            ],
            "missing_assets": "partial",
            "managed_by": RESOURCES[name],
        }
        checked = lifecycle.check(olds or {}, given)
        assert checked.problems == []
        if olds is None:
            self.states[name] = lifecycle.create(self.client, checked.inputs)
        elif lifecycle.diff(olds, checked.inputs).changed:
            self.states[name] = lifecycle.update(self.client, olds, checked.inputs)
        else:
            return
        entity = self.client.entities.get(self.states[name]["guid"])
        assert entity is not None
        assert len(entity.related("outputs", drop_archived=True)) == len(outputs)

    @precondition(lambda self: self.states)
    @rule(name=resources)
    def remove(self, name: str) -> None:
        if state := self.states.pop(name, None):
            ProcessLifecycle().delete(self.client, state)

    @rule(name=resources)
    def refresh(self, name: str) -> None:
        if state := self.states.get(name):
            seen = ProcessLifecycle().read(self.client, state["qualified_name"], state)
            self.states[name] = seen.outputs

    @rule(published=st.sets(st.sampled_from(NAMES)))
    def crawl(self, published: set[str]) -> None:
        crawl(self.server, *sorted(published))
        assets = self._assets()
        assert all(
            not _is_partial(assets[key]) for key, name in zip(KEYS, NAMES, strict=True) if name in published
        )

    @rule(key=keys)
    def archive(self, key: EntityKey) -> None:
        if entity := self._assets().get(key):
            self.client.entities.delete([str(entity.guid)], "SOFT")

    @invariant()
    def full_assets_still_exist(self) -> None:
        assets = self._assets().values()
        self.full |= {str(entity.guid) for entity in assets if not _is_partial(entity)}
        assert self.full <= {str(entity.guid) for entity in assets}

    @invariant()
    def placeholders_in_use_are_listed(self) -> None:
        """One of the states lists each live placeholder, so that it is removed one day."""
        listed = "".join(str(state.get("__placeholders")) for state in self.states.values())
        live = [entity for entity in self._assets().values() if is_placeholder(entity)]
        assert bool(listed) or not live

    def _assets(self) -> dict[EntityKey, Entity]:
        return look_up_entities(self.client, KEYS)


def _is_partial(entity: Entity) -> bool:
    return entity.attributes.get("isPartial") is True


@pytest.fixture(scope="module", autouse=True)
def _server() -> Iterator[None]:
    with LocalAtlan(seed=SEED) as server:
        PlaceholderMachine.server = server
        yield


def test_placeholders_come_and_go_with_their_processes() -> None:
    run_state_machine_as_test(PlaceholderMachine, settings=_size(15, 12))


@pytest.mark.soak
def test_placeholders_come_and_go_in_many_long_runs() -> None:
    run_state_machine_as_test(PlaceholderMachine, settings=_size(200, 40))


def _size(examples: int, steps: int) -> settings:
    return settings(
        settings.default,
        max_examples=examples,
        stateful_step_count=steps,
        suppress_health_check=list(HealthCheck),
    )
