"""Read the catalog over REST, with the client of this project."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.markup import escape
from rich.tree import Tree

from _demo.terminal import Unexpected
from atlan_pulumi.client import AtlanClient, ClientSettings

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity, Reference

EVERYTHING = {"query": {"match_all": {}}}


class Asset(NamedTuple):
    """The properties of an asset that must not change if it is not ours."""

    type_name: str
    qualified_name: str
    status: str
    has_lineage: bool


class Catalog:
    """The assets in Atlan, and their lineage."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self._client = AtlanClient(
            ClientSettings.resolve(base_url=base_url, api_key=api_key, requests_per_minute=0)
        )

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def assets(self) -> set[Asset]:
        """Return every asset, with any status."""
        found = self._client.search.pages(EVERYTHING, attributes=["qualifiedName", "__hasLineage"])
        return {
            Asset(
                asset.type_name,
                str(asset.qualified_name),
                asset.status,
                bool(asset.attributes.get("__hasLineage")),
            )
            for asset in found
        }

    def seek(self, type_name: str, qualified_name: str) -> Entity | None:
        """Return the asset with this name; None if it does not exist."""
        return self._client.entities.get_by_qualified_name(type_name, qualified_name)

    def find(self, type_name: str, qualified_name: str) -> Entity:
        """Return the asset with this name.

        Raises:
            Unexpected: It does not exist.
        """
        entity = self.seek(type_name, qualified_name)
        if entity is None:
            raise Unexpected(f"{type_name} {qualified_name} is not in Atlan")
        return entity

    def upstream(self, type_name: str, qualified_name: str) -> Tree:
        """Return the upstream lineage of an asset: below each asset, the inputs of its process."""
        return self._grow(self.find(type_name, qualified_name), set())

    def _grow(self, asset: Entity, drawn: set[str | None]) -> Tree:
        makers = [self._get(process) for process in asset.related("outputFromProcesses")]
        made_by = ", ".join(escape(str(maker.name)) for maker in makers)
        label = f"{_path(asset)}  [dim]← {made_by}[/]" if makers else f"[green]{_path(asset)}[/]"
        if makers and asset.guid in drawn:
            return Tree(f"{label} [dim](as above)[/]")
        drawn.add(asset.guid)
        tree = Tree(label, guide_style="dim")
        for source in (source for maker in makers for source in maker.related("inputs")):
            tree.children.append(self._grow(self._get(source), drawn))
        return tree

    def _get(self, reference: Reference) -> Entity:
        entity = self._client.entities.get(str(reference.guid))
        if entity is None:
            raise Unexpected(f"{reference.type_name} {reference.guid} is no longer in Atlan")
        return entity


def _path(asset: Entity) -> str:
    """Return the qualifiedName without its connection, as in SQL."""
    return escape(".".join(str(asset.qualified_name).split("/")[3:]))
