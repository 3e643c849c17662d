"""Assets as a review names them: by their paths, as long as these tell them apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from atlan_pulumi.declared import Asset, Edge
from atlan_pulumi.openlineage import asset_path
from atlan_pulumi.review._fields import LATER

_MOST = 10


class Names:
    """The names of all assets that a review tells of.

    Args:
        names: Their full names.
    """

    def __init__(self, names: Iterable[str]) -> None:
        by_path = defaultdict(set)
        for name in names:
            by_path[_path(name)].add(name)
        self._short = {next(iter(full)): path for path, full in by_path.items() if len(full) == 1}

    def of(self, name: str) -> str:
        """An asset's path within its connection; its whole name where another has the same path."""
        return self._short.get(name, name)

    def flow(self, edge: Edge) -> str:
        """What an edge reads and writes, such as `RAW/PUBLIC/ORDERS → MART/PUBLIC/ORDERS`."""
        return f"{self._side(edge, 'inputs', edge.inputs)} → {self._side(edge, 'outputs', edge.outputs)}"

    def listed(self, names: Iterable[str], most: int = _MOST) -> str:
        """Several assets; of very many the first few."""
        return shortened([self.of(name) for name in names], most)

    def _side(self, edge: Edge, side: str, assets: Sequence[Asset]) -> str:
        known = [self.of(asset.name) for asset in assets]
        return shortened([*known, *([LATER] if side in edge.unknown else [])], _MOST) or "nothing"


def shortened(items: Sequence[str], most: int) -> str:
    """Several items on one line; of very many the first few."""
    more = len(items) - most
    shown = items if more <= 1 else items[:most]
    return ", ".join([*shown, *([f"and {more} more"] if more > 1 else [])])


def _path(name: str) -> str:
    if "://" in name:
        return name
    return asset_path(name) or name
