"""Garbage is not collected during imports and at the end of a process, and is at any other time."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from atlan_pulumi.startup import without_collection

_AT_EXIT = """
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > 0))
from atlan_pulumi.startup import exit_without_collection
exit_without_collection()
exit_without_collection()
print(gc.get_freeze_count(), gc.isenabled())
"""


def test_the_collector_is_off_during_imports() -> None:
    with without_collection():
        assert not gc.isenabled()
        with without_collection():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_failed_import_turns_it_on_again() -> None:
    with pytest.raises(ModuleNotFoundError), without_collection():
        import no_such_module  # noqa: F401
    assert gc.isenabled()


def test_a_collector_that_the_program_turned_off_stays_off() -> None:
    gc.disable()
    try:
        with without_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_nothing_is_collected_at_the_end() -> None:
    done = subprocess.run([sys.executable, "-c", _AT_EXIT], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "True", "True"]
