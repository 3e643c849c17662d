"""Fixtures and settings for all tests."""

import os
import signal
from collections import Counter
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

#: Settings that a test run may set: which engine to use, and where engines are cached.
_OF_THE_RUN = {"ATLAN_PULUMI_ENGINE", "ATLAN_PULUMI_CACHE"}

#: Numbers of the tests in this process.
_NUMBERS = count(1)

#: The engine's processes are short: below half a gigabyte, they do not collect garbage, which would take an
#: eighth of their time.
_GO_MEMORY = {"GOGC": "off", "GOMEMLIMIT": "512MiB"}

#: The duration of an example depends on the machine and its load.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", _PATIENT)
# Random tests have 40 examples unless they say otherwise, and 100 in `make test-all`.
settings.register_profile("same", _PATIENT, derandomize=True, max_examples=40)
settings.load_profile("same")  # reproducible: a change fails only for what it breaks


def pytest_configure() -> None:
    """Set up the process, and what the processes that the tests start inherit from it.

    Ctrl-C works also if a script runs the tests in the background: a shell starts those with SIGINT ignored.
    """
    os.environ.update(_GO_MEMORY)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)  # after deselection
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the files with the most engine tests first: they take longest, and workers take files in order."""
    engines = Counter(item.path for item in items if item.get_closest_marker("engine"))
    items.sort(key=lambda item: -engines[item.path])


@pytest.fixture(scope="session")
def _user_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the folders of the tests: pytest reads a whole folder to find the next number in it."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(autouse=True)
def _own_user_files(_user_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Isolate tests from the user's own state and tenant."""
    home = _user_files / str(next(_NUMBERS))
    home.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    for name in [name for name in os.environ if name.startswith("ATLAN_") and name not in _OF_THE_RUN]:
        monkeypatch.delenv(name)
