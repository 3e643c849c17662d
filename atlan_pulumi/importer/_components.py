"""The components of a program above its resources: a mark holds their types, and not their names.

A URN has the types alone, too. So one component of each type will do in place of those that the program has:
the resources below it keep their URNs when the program comes back.
"""

from __future__ import annotations

from collections.abc import Iterable

from atlan_pulumi.importer._names import slug
from atlan_pulumi.importer._plan import Resource

Chain = tuple[str, ...]
"""Types of components, the outermost first."""


def component_chains(resources: Iterable[Resource]) -> list[Chain]:
    """The components above resources, those that others are below first."""
    chains = {
        resource.parents[:depth] for resource in resources for depth in range(1, len(resource.parents) + 1)
    }
    return sorted(chains, key=lambda chain: (len(chain), chain))


def component_name(chain: Chain) -> str:
    """A name for a component: the last part of its type."""
    return slug(chain[-1].rpartition(":")[2]) or "component"
