"""Record the resources of a program with Pulumi's mocks instead of an engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
from pulumi.runtime.mocks import MockMonitor


class Recorder(pulumi.runtime.Mocks):
    """Pulumi mocks that record the registered resources."""

    def __init__(self) -> None:
        self.seen: dict[str, pulumi.runtime.MockResourceArgs] = {}
        self.protected: set[str] = set()
        self.loops: set[asyncio.AbstractEventLoop] = set()  # Pulumi creates one per thread and leaves it open

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.loops.add(asyncio.get_event_loop())
        self.seen[args.name] = args
        given = dict(args.inputs)
        given.setdefault("qualified_name", f"qn-of-{args.name}")
        return f"id-of-{args.name}", {**given, "guid": "g"}

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        self.loops.add(asyncio.get_event_loop())
        return self.answer(args.token, args.args)

    def answer(self, token: str, _arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the result of a call."""
        raise AssertionError(f"unexpected call of {token}")


class _Monitor(MockMonitor):
    """A monitor that records protected resources, which Pulumi's does not."""

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
    """Return the resources that a program registers, by name."""
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
