"""An unknown Pulumi value."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pulumi
import pytest


@pytest.fixture
def unknown() -> Iterator[pulumi.Output[str]]:
    """Yield an Output, with the event loop that it requires."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield pulumi.Output.from_input("x")
    asyncio.set_event_loop(None)
    loop.close()
