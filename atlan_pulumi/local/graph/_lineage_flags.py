"""Recompute which entities have lineage (`__hasLineage`)."""

from __future__ import annotations

from collections.abc import Container, Iterable

from atlan_pulumi.local.store import Store, StoredEdge

INPUTS = "catalog_process_inputs"
OUTPUTS = "process_catalog_outputs"
LINEAGE = (INPUTS, OUTPUTS)

_HAS_ACTIVE_ASSET = """EXISTS (SELECT 1 FROM edge JOIN entity AS asset ON asset.guid = edge.end2
 WHERE edge.end1 = entity.guid AND edge.relationship = '{}' AND edge.status = 'ACTIVE'
 AND asset.status = 'ACTIVE')"""
_PROCESS_HAS_LINEAGE = " AND ".join(
    ("entity.status = 'ACTIVE'", *(_HAS_ACTIVE_ASSET.format(name) for name in LINEAGE))
)
_ASSET_HAS_LINEAGE = f"""EXISTS (SELECT 1 FROM edge JOIN entity AS process ON process.guid = edge.end1
 WHERE edge.end2 = entity.guid AND edge.relationship IN {LINEAGE} AND edge.status = 'ACTIVE'
 AND process.has_lineage)"""  # noqa: S608 - fixed names


class LineageFlags:
    """Collects entities whose lineage may have changed, and recomputes their flags."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._processes: set[str] = set()
        self._assets: set[str] = set()

    def note(self, edges: Iterable[StoredEdge]) -> None:
        """Record edges that were created or dropped, or whose ends were archived or restored."""
        for edge in edges:
            self.note_ends(edge.relationship, edge.end1, edge.end2)

    def note_ends(self, relationship: str, end1: str, end2: str) -> None:
        """Record an edge by its ends."""
        if relationship in LINEAGE:
            self._processes.add(end1)
            self._assets.add(end2)

    def recompute(self, created: Container[str]) -> None:
        """Set the flags of the recorded entities, and of the assets that depend on them.

        Args:
            created: the entities of this write. All of their edges are recorded.
        """
        changed = self._store.entities.update_lineage(self._processes, _PROCESS_HAS_LINEAGE)
        older = [process for process in changed if process not in created]
        for process, edges in self._store.edges.of_all(older).items():
            self.note(edge for edge in edges if edge.end1 == process)
        self._store.entities.update_lineage(self._assets, _ASSET_HAS_LINEAGE)
