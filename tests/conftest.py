"""What all tests share."""

import os
import signal
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

#: What a run of the tests may be given: which engine to use, and where engines are kept.
_OF_THE_RUN = {"ATLAN_PULUMI_ENGINE", "ATLAN_PULUMI_CACHE"}

#: How long an example takes says something of the machine, and of what else it does.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", _PATIENT)
settings.register_profile("same", _PATIENT, derandomize=True)
settings.load_profile("same")  # what a change breaks is found, and no change fails for what others left


def pytest_configure() -> None:
    """Let Ctrl-C through, also where the tests run in the background of a script.

    A shell starts such commands with SIGINT ignored, and so would be every process that a test interrupts.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)  # when those are left out that are not asked for
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files first that run the engine most: a worker takes files as they come, and these are long."""
    engines = Counter(item.path for item in items if item.get_closest_marker("engine"))
    items.sort(key=lambda item: -engines[item.path])


@pytest.fixture(autouse=True)
def _own_user_files(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own state, nor the user's tenant."""
    home: Path = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    for name in [name for name in os.environ if name.startswith("ATLAN_") and name not in _OF_THE_RUN]:
        monkeypatch.delenv(name)
