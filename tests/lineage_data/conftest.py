"""A value that Pulumi is still to know."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pulumi
import pytest


@pytest.fixture
def unknown() -> Iterator[pulumi.Output[str]]:
    """An Output, with the event loop that it asks for."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield pulumi.Output.from_input("x")
    asyncio.set_event_loop(None)
    loop.close()
