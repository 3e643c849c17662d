"""Notes of the provider to a person: shown by the engine beside the resource that they are about."""

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
    """Show notes on the resource whose request is being answered; elsewhere, print them."""
    for note in notes:
        if not _logged(note):
            print(note, flush=True)  # the engine shows it, though on the stack


def _logged(note: str) -> bool:
    request = engine_pb2.LogRequest(severity=engine_pb2.INFO, message=note, urn=urn_of_request())
    try:
        _engine(_engine_address()).Log(request, timeout=5)
    except (grpc.RpcError, LookupError):
        return False
    return True


def _engine_address() -> str:
    """Where the engine listens: the last argument of Pulumi's provider process."""
    if not in_provider_process():
        raise LookupError("this is not a provider process")
    return sys.argv[-1]


@functools.cache
def _engine(address: str) -> Any:
    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))


def urn_of_request() -> str:
    """The URN of the request that is being answered: Pulumi does not hand it on. Empty elsewhere."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - see above
    while frame is not None:
        urn = getattr(frame.f_locals.get("request"), "urn", None)
        if isinstance(urn, str):
            return urn
        frame = frame.f_back
    return ""
