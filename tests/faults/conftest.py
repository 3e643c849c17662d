"""The engine, and plays that are played once for all their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from faults.fault import Play
from faults.scene import API_KEY, WITNESS, Outcome, Scene
from support.atlan import SEED
from support.fixtures import engine

from atlan_pulumi.local import LocalAtlan

__all__ = ["engine"]


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    """A local Atlan with the key of the runs, and that of the witness."""
    with LocalAtlan(seed=SEED, api_key=API_KEY, users={WITNESS: "witness"}) as server:
        yield server


@pytest.fixture(scope="session")
def outcome_of(tmp_path_factory: pytest.TempPathFactory, engine: dict[str, str]) -> Callable[[Play], Outcome]:
    """Plays a play, or tells what came of it when it was played."""
    played: dict[str, Outcome] = {}

    def outcome_of(play: Play) -> Outcome:
        if play.name not in played:
            scene = Scene(play, tmp_path_factory.mktemp("scene"), engine)
            try:
                played[play.name] = scene.play()
            finally:
                scene.close()
        return played[play.name]

    return outcome_of
