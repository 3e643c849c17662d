"""The kinds of resources that an import can write."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pulumi.dynamic.dynamic import serialize_provider

from atlan_pulumi.dynamic.program import ProviderReference
from atlan_pulumi.lifecycle import (
    LIFECYCLES,
    AssetInputs,
    EntityLifecycle,
    ManyLifecycle,
    ResourceLifecycle,
    lifecycle_of,
)


@dataclass(frozen=True)
class Kind:
    """One kind of resource, such as `Process`.

    Attributes:
        name: The resource's name in this package.
        lifecycle: What reads and checks it.
        provider: The constant reference to its provider that lies in every state.
    """

    name: str
    lifecycle: ResourceLifecycle
    provider: str

    @property
    def type_name(self) -> str:
        """Atlan's typeName of what it makes."""
        return self.lifecycle.type_name

    @property
    def token(self) -> str:
        """Pulumi's type token."""
        return f"pulumi-python:dynamic/atlan:{self.name}"

    @property
    def model(self) -> type[AssetInputs]:
        """The inputs of a kind that is one entity."""
        model = self.lifecycle.model
        assert issubclass(model, AssetInputs)  # noqa: S101 - the others are made of these
        return model

    @property
    def is_edge(self) -> bool:
        """Whether it lies in a connection, under an id of its own."""
        return "process_id" in self.lifecycle.model.settings

    @property
    def is_below(self) -> bool:
        """Whether it belongs to a process, and so comes along with it."""
        return self.is_edge and "process" in self.lifecycle.model.model_fields

    @property
    def is_many(self) -> bool:
        """Whether it is many entities in Atlan."""
        return isinstance(self.lifecycle, ManyLifecycle)


@cache
def kinds() -> dict[str, Kind]:
    """The kinds that are one entity, by Atlan's typeName; of several for one type, its namesake."""
    made = [kind for name, _ in LIFECYCLES if isinstance((kind := kind_of(name)).lifecycle, EntityLifecycle)]
    return {kind.type_name: kind for kind in sorted(made, key=lambda kind: kind.name == kind.type_name)}


@cache
def kind_of(name: str) -> Kind:
    """The newest version of a kind, by its name in this package."""
    version = max(version for known, version in LIFECYCLES if known == name)
    return Kind(name, lifecycle_of(name, version), serialize_provider(ProviderReference(name, version)))
