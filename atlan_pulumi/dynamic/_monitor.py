"""What happens in a program whose engine has closed the resource monitor."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import grpc  # type: ignore[import-untyped]
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2

_CLOSED = "resource monitor shut down"
"""How the engine's answer begins for a request that was under way when it closed the monitor."""
_MODULES = ("pulumi.runtime.settings", "pulumi.runtime.invoke")
"""The modules of Pulumi's SDK that have the function below, each under a name of its own."""
_TRANSLATE = "grpc_error_to_exception"
_PROBE_SECONDS = 5


def leave_when_monitor_is_gone(code: int) -> None:
    """End the program with that exit code where Pulumi's SDK would raise that the monitor has terminated.

    The engine closes the monitor after it has reported why: the SDK's error adds nothing to that. The SDK
    raises the same error for a provider that is unavailable; that one stays.
    """
    for module in map(importlib.import_module, _MODULES):
        translate: Callable[[Any], Exception] | None = getattr(module, _TRANSLATE, None)
        if translate is not None:
            setattr(module, _TRANSLATE, _leaving(translate, code))


def _leaving(translate: Callable[[Any], Exception], code: int) -> Callable[[Any], Exception]:
    def leave_or_translate(error: Any) -> Exception:
        if error.code() is grpc.StatusCode.UNAVAILABLE and _is_gone(error.details() or ""):
            raise SystemExit(code)
        return translate(error)

    return leave_or_translate


def _is_gone(details: str) -> bool:
    return details.startswith(_CLOSED) or not _answers()


def _answers() -> bool:
    """Whether the monitor still answers; any answer will do."""
    monitor: Any = settings.get_monitor()
    try:
        monitor.SupportsFeature(resource_pb2.SupportsFeatureRequest(id="secrets"), timeout=_PROBE_SECONDS)
    except grpc.RpcError as error:
        return bool(error.code() is not grpc.StatusCode.UNAVAILABLE)
    return True
