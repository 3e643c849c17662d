"""Notes of the provider, printed by the engine next to the resource that they belong to."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable
from types import FrameType
from typing import Any

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from atlan_pulumi.dynamic._process import in_provider_process


def log_to_engine(notes: Iterable[str]) -> None:
    """Log notes on the resource of the current request; outside the provider process, print them."""
    for note in notes:
        if not _logged(note):
            print(note, flush=True)  # the engine shows this on the stack


def _logged(note: str) -> bool:
    request = engine_pb2.LogRequest(severity=engine_pb2.INFO, message=note, urn=urn_of_request())
    try:
        _engine(_engine_address()).Log(request, timeout=5)
    except (grpc.RpcError, LookupError):
        return False
    return True


def _engine_address() -> str:
    """Return the engine's address, the last argument of Pulumi's provider process."""
    if not in_provider_process():
        raise LookupError("this is not a provider process")
    return sys.argv[-1]


@functools.cache
def _engine(address: str) -> Any:
    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))


def urn_of_request() -> str:
    """Return the URN of the current request; empty outside a request."""
    request, _ = current_request()
    return str(request.urn) if request is not None else ""


def current_request() -> tuple[Any, Any]:
    """Return the current request and its gRPC context, which Pulumi does not pass on; else None for each."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - see above
    while frame is not None:
        request = frame.f_locals.get("request")
        if isinstance(getattr(request, "urn", None), str):
            return request, frame.f_locals.get("context")
        frame = frame.f_back
    return None, None
