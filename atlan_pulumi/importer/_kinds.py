"""The kinds of resource that can be imported: every one that the loader knows and that is one entity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pulumi.dynamic.dynamic import serialize_provider

from atlan_pulumi.dynamic import LifecycleProvider
from atlan_pulumi.dynamic.loader import LIFECYCLES, lifecycle_of
from atlan_pulumi.lifecycle import EntityLifecycle


@dataclass(frozen=True)
class Kind:
    """One kind of resource, such as `Process`.

    Attributes:
        name: The resource's name in this package.
        lifecycle: What reads and checks it.
        provider: The constant reference to its provider that lies in every state.
    """

    name: str
    lifecycle: EntityLifecycle
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
    def is_edge(self) -> bool:
        """Whether it lies in a connection, under an id of its own."""
        return "process_id" in self.lifecycle.model.settings

    @property
    def is_below(self) -> bool:
        """Whether it hangs on a process, and so comes along with it."""
        return "process" in self.lifecycle.model.model_fields


@cache
def kinds() -> dict[str, Kind]:
    """The newest version of each kind, by Atlan's typeName; of several for one type, its namesake."""
    newest = dict(sorted(LIFECYCLES))  # of several versions, the last
    made = [kind for name, version in newest.items() if (kind := _kind(name, version))]
    return {kind.type_name: kind for kind in sorted(made, key=lambda kind: kind.name == kind.type_name)}


def _kind(name: str, version: int) -> Kind | None:
    """None where the resource is more than one entity."""
    lifecycle = lifecycle_of(name, version)
    if not isinstance(lifecycle, EntityLifecycle):
        return None
    return Kind(name, lifecycle, serialize_provider(LifecycleProvider(name, version)))
