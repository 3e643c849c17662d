"""The protocol files of the Pulumi SDK, imported without the SDK.

The engine starts a host twice for each command, and importing the whole SDK is most of the time that a host
takes to start.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType

_PACKAGES = ("pulumi", "pulumi.runtime", "pulumi.runtime.proto")


def _replace_packages() -> None:
    """Let the SDK's packages be folders without content, unless the SDK has been imported."""
    sdk = find_spec("pulumi")
    if "pulumi" in sys.modules or sdk is None:
        return
    for name in _PACKAGES:
        package = ModuleType(name)
        package.__path__ = [
            "/".join([folder, *name.split(".")[1:]]) for folder in sdk.submodule_search_locations or ()
        ]
        sys.modules[name] = package


_replace_packages()

from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2  # noqa: E402

__all__ = ["language_pb2", "language_pb2_grpc", "plugin_pb2"]
