"""The first chapters of the demo: a table and its lineage in one deployment, before Atlan knows the table."""

from __future__ import annotations

import runpy
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _demo.terminal import check, heading, say, show

if TYPE_CHECKING:
    from _demo.catalog import Catalog
    from _demo.project import Project
    from atlan_pulumi.client import Entity
    from atlan_pulumi.local import LocalAtlan

CONNECTION = "default/sqlite/1700000000"
SEED = {
    "connections": [{"name": "shop-warehouse", "connector": "sqlite", "qualified_name": CONNECTION}],
    "groups": ["data-platform"],
}
PROGRAM = Path(__file__).parents[2] / "first_deploy"
RELATIONS = {"orders": "Table", "sales": "View"}


class FirstDeployment:
    """A warehouse that does not exist yet, and a local Atlan that knows nothing of it but a connection."""

    def __init__(self, atlan: LocalAtlan, catalog: Catalog, project: Project, database: Path) -> None:
        self._atlan = atlan
        self._catalog = catalog
        self._project = project
        self._database = database
        project.configure(file=str(database))

    @property
    def address(self) -> str:
        """Return the URL of the page that shows the view and its upstream lineage."""
        return f"{self._atlan.base_url}/#/asset/{self._catalog.find('View', self._name('sales')).guid}"

    def preview(self) -> None:
        heading("A table, a view, and their lineage in one program: stacks/first_deploy")
        say("Neither the warehouse nor Atlan has them yet.")
        self._project.pulumi("preview")
        check("nothing was created", held=not self._database.exists() and not self._relations())

    def deploy(self) -> None:
        heading("Deploy all of it at once")
        self._project.pulumi("up", "--yes", "--skip-preview")
        check("the warehouse has the table and the view", held=self._in_warehouse() == set(RELATIONS))
        found = self._relations()
        check("Atlan has placeholders for both", held=_partial(found) == set(RELATIONS), found=found)
        say("\nThe upstream lineage of the view:")
        show(self._catalog.upstream("View", self._name("sales")))

    def crawl(self) -> None:
        heading("The crawler reads the warehouse")
        before = {name: entity.guid for name, entity in self._relations().items()}
        self._atlan.crawl(_read_catalog(self._database))
        found = self._relations()
        check("the placeholders are full assets now", held=not _partial(found), found=_partial(found))
        same = {name: entity.guid for name, entity in found.items()} == before
        check("they are the same assets, and keep their lineage", held=same)

    def find_nothing_to_do(self) -> None:
        heading("Refresh and preview after the crawl")
        self._project.pulumi("refresh", "--yes", "--skip-preview")
        self._project.pulumi("preview", "--expect-no-changes")
        check("nothing to do", held=not self._project.changes(), found=self._project.changes())

    def clean_up(self) -> None:
        heading("Destroy it: the table and the view with their lineage")
        self._project.pulumi("destroy", "--yes", "--skip-preview")
        check("the warehouse is empty", held=not self._in_warehouse())
        left = {each.type_name for each in self._catalog.assets()} & {"Process", "ColumnProcess"}
        check("no lineage is left, and what the crawler published is its own", held=not left, found=left)

    def _relations(self) -> dict[str, Entity]:
        """Return what Atlan has of the table and the view."""
        found = {
            name: self._catalog.seek(type_name, self._name(name)) for name, type_name in RELATIONS.items()
        }
        return {name: entity for name, entity in found.items() if entity is not None}

    def _in_warehouse(self) -> set[str]:
        with closing(sqlite3.connect(self._database)) as database:
            return {name for (name,) in database.execute("SELECT name FROM sqlite_schema")}

    def _name(self, relation: str) -> str:
        return f"{CONNECTION}/{self._database.stem}/main/{relation}"


def _partial(found: dict[str, Entity]) -> set[str]:
    """Return the names of the placeholders."""
    return {name for name, entity in found.items() if entity.attributes.get("isPartial") is True}


def _read_catalog(database: Path) -> Any:
    """Read the warehouse's catalog, as its crawler does, with the stack's own script."""
    return runpy.run_path(str(PROGRAM / "catalog.py"))["read_catalog"](database, CONNECTION)
