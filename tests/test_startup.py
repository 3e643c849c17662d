"""Garbage is not collected during imports and at the end of a process, and is at any other time."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from atlan_pulumi.startup import without_collection

_CYCLE = """
import gc, os
from atlan_pulumi.startup import exempt_imports
exempt_imports()
print(gc.get_freeze_count() > 0, gc.isenabled(), flush=True)

class Cycle:
    def __init__(self):
        self.itself = self

    def __del__(self):
        os.write(1, b"collected")

Cycle()
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


def test_what_a_program_creates_is_still_collected_at_the_end() -> None:
    done = subprocess.run([sys.executable, "-c", _CYCLE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "collected"]
