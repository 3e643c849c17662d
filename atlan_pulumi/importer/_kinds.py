"""The kinds of resources that an import can write."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pulumi.dynamic.dynamic import serialize_provider

from atlan_pulumi.dynamic.program import ProviderReference
from atlan_pulumi.engine import OURS
from atlan_pulumi.lifecycle import (
    LIFECYCLES,
    AssetInputs,
    EntityLifecycle,
    ManyLifecycle,
    ResourceLifecycle,
    lifecycle_of,
    newest_version,
)
from atlan_pulumi.naming import asset_types


@dataclass(frozen=True)
class ResourceKind:
    """A kind of resource, such as `Process`.

    Attributes:
        name: The resource's name in this package.
        lifecycle: The lifecycle that reads and checks it.
        provider: The serialized reference to its provider, which is the same in every state.
    """

    name: str
    lifecycle: ResourceLifecycle
    provider: str

    @property
    def type_name(self) -> str:
        """Atlan's typeName of its entities."""
        return self.lifecycle.type_name

    @property
    def token(self) -> str:
        """Pulumi's type token."""
        return f"{OURS}{self.name}"

    @property
    def model(self) -> type[AssetInputs]:
        """The inputs model of a single-entity kind."""
        model = self.lifecycle.model
        assert issubclass(model, AssetInputs)  # noqa: S101 - bulk resources consist of these
        return model

    @property
    def is_edge(self) -> bool:
        """Whether it is in a connection and has a process id."""
        return "process_id" in self.lifecycle.model.settings

    @property
    def is_asset(self) -> bool:
        """Whether it is an asset in a source, such as a table."""
        return asset_types.is_source_type(self.name)

    @property
    def is_below(self) -> bool:
        """Whether it belongs to a process and is imported with it."""
        return self.is_edge and "process" in self.lifecycle.model.model_fields

    @property
    def is_many(self) -> bool:
        """Whether it manages many entities in Atlan."""
        return isinstance(self.lifecycle, ManyLifecycle)


@cache
def kinds() -> dict[str, ResourceKind]:
    """Return the single-entity kinds by typeName. If several have the same type, the one with its name."""
    made = [
        kind for name, _ in LIFECYCLES if isinstance((kind := resource_kind(name)).lifecycle, EntityLifecycle)
    ]
    return {kind.type_name: kind for kind in sorted(made, key=lambda kind: kind.name == kind.type_name)}


@cache
def resource_kind(name: str) -> ResourceKind:
    """Return the newest version of a kind."""
    version = newest_version(name)
    assert version is not None  # noqa: S101 - callers pass kinds of this package
    return ResourceKind(
        name, lifecycle_of(name, version), serialize_provider(ProviderReference(name, version))
    )
