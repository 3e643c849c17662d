"""What a program declares, without an engine: Pulumi's own test double takes its place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pulumi
from pulumi.runtime.mocks import MockMonitor


class Recorder(pulumi.runtime.Mocks):
    """Pulumi's own test double for the engine: it records what a program registers."""

    def __init__(self) -> None:
        self.seen: dict[str, pulumi.runtime.MockResourceArgs] = {}
        self.protected: set[str] = set()
        self.loops: set[asyncio.AbstractEventLoop] = set()  # Pulumi makes one per thread and leaves it open

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.loops.add(asyncio.get_event_loop())
        self.seen[args.name] = args
        given = dict(args.inputs)
        given.setdefault("qualified_name", f"qn-of-{args.name}")
        return f"id-of-{args.name}", {**given, "guid": "g"}

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        raise AssertionError(f"no program of ours calls {args.token}")


class _Monitor(MockMonitor):
    """Pulumi's own one does not hand on that a resource is protected."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self._protected = recorder.protected

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - gRPC's name
        if request.protect:
            self._protected.add(request.name)
        return super().RegisterResource(request)


def declared(
    program: Callable[[], object], recorder: Recorder | None = None
) -> dict[str, pulumi.runtime.MockResourceArgs]:
    """What a program registers, by resource name."""
    recorder = recorder or Recorder()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        pulumi.runtime.set_mocks(recorder, preview=False, monitor=_Monitor(recorder))
        pulumi.runtime.test(lambda: program() and None)()
    finally:
        asyncio.set_event_loop(None)
        loop.run_until_complete(loop.shutdown_default_executor())
        for each in {loop, *recorder.loops}:
            each.close()
    return recorder.seen
