"""All that a stack declares, for the rules that need to see more than one resource."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from atlan_pulumi.declared import Asset, Declared, Edge


class Violation(NamedTuple):
    """What is wrong, and with which resource."""

    message: str
    resource: Declared


class Stack:
    """The resources of this package in a stack."""

    def __init__(self, resources: Sequence[Declared]) -> None:
        self.resources = list(resources)

    def edges(self) -> Iterator[tuple[Declared, Edge]]:
        """Every process and column process, with the resource that declares it."""
        for resource in self.resources:
            for edge in resource.edges:
                yield resource, edge

    def processes(self) -> Iterator[tuple[Declared, Edge]]:
        """Every process between tables, with the resource that declares it."""
        return (each for each in self.edges() if not each[1].is_column_process)

    def columns(self) -> Iterator[tuple[Declared, Edge]]:
        """Every column process, with the resource that declares it."""
        return (each for each in self.edges() if each[1].is_column_process)

    def process(self, reference: Asset | None) -> Edge | None:
        """The process of this stack that a column process hangs on; None where it is not of this stack."""
        return self._by_name.get(reference.name) if reference else None

    @functools.cached_property
    def _by_name(self) -> dict[str, Edge]:
        return {edge.qualified_name: edge for _, edge in self.processes() if edge.qualified_name}

    @property
    def whole(self) -> bool:
        """Whether all edges are known."""
        return all(resource.whole for resource in self.resources)
