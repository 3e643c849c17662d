"""Assets as a review names them: by their paths, as long as these tell them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from atlan_pulumi.declared import Asset, Edge
from atlan_pulumi.openlineage import asset_path
from atlan_pulumi.printable import printable
from atlan_pulumi.review._fields import LATER

_MOST = 10


class Names:
    """The names of all assets that a review tells of.

    Args:
        assets: Those of its edges.
        others: The qualifiedNames of others.
    """

    def __init__(self, assets: Iterable[Asset], others: Iterable[str] = ()) -> None:
        paths = {asset.name: asset.name if asset.namespace else _path(asset.name) for asset in assets}
        paths |= {name: _path(name) for name in others if name not in paths}
        often = Counter(paths.values())
        self._short = {name: path for name, path in paths.items() if often[path] == 1}

    def of(self, name: str) -> str:
        """An asset's path within its connection, on one line; its whole name where two have the same path."""
        return printable(self._short.get(name, name))

    def flow(self, edge: Edge, later: str = LATER) -> str:
        """What an edge reads and writes, such as `RAW/PUBLIC/ORDERS → MART/PUBLIC/ORDERS`.

        Args:
            edge: The edge.
            later: What stands for what is not known of it.
        """
        return " → ".join(
            self._side(assets, [later] if side in edge.unknown else [])
            for side, assets in (("inputs", edge.inputs), ("outputs", edge.outputs))
        )

    def _side(self, assets: Sequence[Asset], later: list[str]) -> str:
        return shortened([*(self.of(asset.name) for asset in assets), *later], _MOST) or "nothing"


def shortened(items: Sequence[str], most: int) -> str:
    """Several items on one line; of very many the first few."""
    more = len(items) - most
    shown = items if more <= 1 else items[:most]
    return ", ".join([*shown, *([f"and {more:,} more"] if more > 1 else [])])


def _path(name: str) -> str:
    return asset_path(name) or name
