"""`__hasLineage`: a process with an active input and an active output has it, and so have its assets."""

from __future__ import annotations

from collections.abc import Iterable

from atlan_pulumi.local.store import Edge, Store

INPUTS = "catalog_process_inputs"
OUTPUTS = "process_catalog_outputs"

_LIVE_ASSET = """EXISTS (SELECT 1 FROM edge JOIN entity AS asset ON asset.guid = edge.end2
 WHERE edge.end1 = ? AND edge.relationship = ? AND edge.status = 'ACTIVE' AND asset.status = 'ACTIVE')"""
_PROCESS = f"status = 'ACTIVE' AND {_LIVE_ASSET} AND {_LIVE_ASSET}"
_ASSET = """EXISTS (SELECT 1 FROM edge JOIN entity AS process ON process.guid = edge.end1
 WHERE edge.end2 = ? AND edge.relationship IN (?, ?) AND edge.status = 'ACTIVE' AND process.has_lineage)"""


class LineageFlags:
    """Collects what a write relinked, and sets the flags anew at its end."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._processes: set[str] = set()
        self._assets: set[str] = set()

    def note(self, edges: Iterable[Edge]) -> None:
        """Remember edges that were made, dropped, or lost or regained an end."""
        for edge in edges:
            self.note_ends(edge.relationship, edge.end1, edge.end2)

    def note_ends(self, relationship: str, end1: str, end2: str) -> None:
        """Remember an edge by its ends."""
        if relationship in (INPUTS, OUTPUTS):
            self._processes.add(end1)
            self._assets.add(end2)

    def recompute(self) -> None:
        """Set the flags of all that was noted, and of whatever depends on it."""
        for process in self._processes:
            values = (process, INPUTS, process, OUTPUTS)
            if self._store.entities.set_lineage(process, _PROCESS, values):
                self._assets.update(edge.end2 for edge in self._lineage_edges(process))
        for asset in self._assets:
            self._store.entities.set_lineage(asset, _ASSET, (asset, INPUTS, OUTPUTS))

    def _lineage_edges(self, process: str) -> list[Edge]:
        edges = self._store.edges
        return [*edges.at(process, INPUTS, first=True), *edges.at(process, OUTPUTS, first=True)]
