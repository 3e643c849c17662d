"""Partial state: the entities of a creation that fails halfway are stored, so that a destroy deletes them.

The engine accepts a partial resource with an error, as providers in Go and Node.js send it. Pulumi's dynamic
provider in Python cannot return one, so it is attached to the error that ends the request.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import grpc  # type: ignore[import-untyped]
from google.protobuf import any_pb2  # type: ignore[import-untyped]
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2, status_pb2

from atlan_pulumi.dynamic.provider._engine_log import current_request

if TYPE_CHECKING:
    from atlan_pulumi.lifecycle import Props

_DETAILS = "grpc-status-details-bin"
_PROVIDER = "__provider"


def keep_in_state(outputs: Props, message: str) -> bool:
    """Attach a partly created resource to the error that is about to be raised, so that the engine stores it.

    Args:
        outputs: The outputs, as far as they exist in Atlan.
        message: The error message.

    Returns:
        Whether there is a current request to attach it to.
    """
    request, context = current_request()
    if not hasattr(context, "set_trailing_metadata"):
        return False
    failed = provider_pb2.ErrorResourceInitFailed(
        id=outputs["qualified_name"],
        properties=_serialized(outputs),
        reasons=[message],
        refresh_before_update=True,
    )
    failed.properties.fields[_PROVIDER].CopyFrom(request.properties.fields[_PROVIDER])
    details = any_pb2.Any()
    details.Pack(failed)
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message, details=[details])
    context.set_trailing_metadata(((_DETAILS, status.SerializeToString()),))
    return True


def _serialized(outputs: Props) -> Any:
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(rpc.serialize_properties(outputs, {}))
    finally:
        loop.close()
