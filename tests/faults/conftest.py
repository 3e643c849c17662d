"""The engine, and scenarios that run once for all their faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from faults.fault import Scenario
from faults.runner import API_KEY, WITNESS, ScenarioResult, ScenarioRunner
from support.atlan import SEED
from support.fixtures import engine

from atlan_pulumi.local import LocalAtlan

__all__ = ["engine"]


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    """A local Atlan with the key of the runs and the key of the witness."""
    with LocalAtlan(seed=SEED, api_key=API_KEY, users={WITNESS: "witness"}) as server:
        yield server


@pytest.fixture(scope="session")
def result_of(
    tmp_path_factory: pytest.TempPathFactory, engine: dict[str, str]
) -> Callable[[Scenario], ScenarioResult]:
    """Run a scenario on first use, and return its result."""
    results: dict[str, ScenarioResult] = {}

    def result_of(scenario: Scenario) -> ScenarioResult:
        if scenario.name not in results:
            runner = ScenarioRunner(scenario, tmp_path_factory.mktemp("scenario"), engine)
            try:
                results[scenario.name] = runner.run()
            finally:
                runner.close()
        return results[scenario.name]

    return result_of
