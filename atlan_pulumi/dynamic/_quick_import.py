"""Import httpx without the packages that only its command line and its other event loops need.

httpx and httpcore import click, rich, Pygments, and Trio wherever these are installed. Each preview starts a
program and a provider, so this is a sixth of the time that a preview of one resource takes.
"""

from __future__ import annotations

import functools
import importlib
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from atlan_pulumi.dynamic._process import in_provider_process, launched_by_pulumi
from atlan_pulumi.startup import without_collection

_UNUSED = ("click", "trio")
_lock = threading.Lock()


def import_httpx_quickly() -> None:
    """Import httpx in a process that Pulumi starts; do nothing in other processes, which may use it all."""
    with _lock:
        _import_once()


@functools.cache
def _import_once() -> None:
    if in_provider_process() or launched_by_pulumi():
        with without_collection(), _left_out(*_UNUSED):
            importlib.import_module("httpcore")
            importlib.import_module("httpx")


@contextmanager
def _left_out(*packages: str) -> Iterator[None]:
    """Let packages seem to be missing, unless they have been imported."""
    absent = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None: the import raises ImportError
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
