"""ProviderReference: the provider that a program registers resources with, and that the state contains."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from pulumi.dynamic import ResourceProvider


class ProviderReference(ResourceProvider):
    """A provider that is pickled as a reference and loaded as a `LifecycleProvider`.

    Args:
        kind: The kind of resource, such as `Process`.
        version: The version of its contract, from 1.
    """

    serialize_as_secret_always = False  # the pickle is a name and two scalars: nothing in it is secret

    def __init__(self, kind: str, version: int) -> None:
        super().__init__()
        self._reference = (kind, version)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, int]]:
        # Imported by name: the loader imports the provider, which is a subclass of this class.
        return import_module("atlan_pulumi.dynamic.loader").load_provider, self._reference
