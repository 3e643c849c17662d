"""The engine, and plays that are played once for all their rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from faults.fault import Play
from faults.scene import Outcome, Scene

from atlan_pulumi.engine import provide_engine


@pytest.fixture(scope="session")
def engine() -> dict[str, str]:
    """The environment in which the real `pulumi` runs."""
    return provide_engine().environment()


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
