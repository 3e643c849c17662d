"""Start Pulumi's provider process with the first resource, while the program is still at work.

The engine starts the process when it is first needed: without this, when the first resource is registered,
which waits for preflight. Starting it takes about as long as preflight does, and a small stack would wait for
both in turn. An invoke needs the process, too. Pulumi's dynamic providers have no functions, so that it fails
without any effect, and nobody waits for the answer.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, get_running_loop
from typing import Any
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import get_monitor

_DYNAMIC = "pulumi-python:dynamic:Resource"  # a type token
# By event loop: with Pulumi's Automation API, one process runs several programs in turn. gRPC cancels a
# request whose future is not kept.
_requests: WeakKeyDictionary[AbstractEventLoop, Any] = WeakKeyDictionary()


def start_provider(opts: pulumi.ResourceOptions | None) -> None:
    """Start the default provider's process, unless this program has done so. Do not wait for it.

    Args:
        opts: The options of the resource that needs it. An explicit provider has a process of its own.
    """
    loop, monitor = get_running_loop(), get_monitor()
    if loop in _requests or monitor is None or isinstance(monitor, MockMonitor) or explicit_provider(opts):
        return
    invoke: Any = monitor.Invoke
    _requests[loop] = invoke.future(resource_pb2.ResourceInvokeRequest(tok=_DYNAMIC))


def explicit_provider(opts: pulumi.ResourceOptions | None) -> pulumi.ProviderResource | None:
    """Return the explicit provider of a resource with these options, which may be its parent's; else None."""
    given = opts.provider if opts else None
    if given is None and opts is not None and opts.parent is not None:
        return opts.parent.get_provider(_DYNAMIC)
    return given
