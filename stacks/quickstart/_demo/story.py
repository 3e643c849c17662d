"""The chapters of the demo, with the checks of each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from _demo.terminal import check, heading, plural, say, show

if TYPE_CHECKING:
    from _demo.catalog import Asset, Catalog
    from _demo.project import Project
    from atlan_pulumi.local import LocalAtlan

MART = "default/snowflake/1657025257/ANALYTICS/MARTS/CUSTOMERS"
MEASURE = "LIFETIME_SPEND"
EDITED = "stacks/quickstart/lineage/marts.yaml"
DRAFT = "it cost to make.\n  certificate_status: DRAFT\n"
VERIFIED = DRAFT.replace("DRAFT", "VERIFIED")


class Story:
    """A run of the demo with a local Atlan that contains the quickstart's catalog, and no lineage."""

    def __init__(self, atlan: LocalAtlan, catalog: Catalog, project: Project) -> None:
        self._atlan = atlan
        self._catalog = catalog
        self._project = project
        self._at_first = self._catalog.assets()

    @property
    def address(self) -> str:
        """Return the URL of the page that shows the mart and its upstream lineage."""
        return f"{self._atlan.base_url}/#/asset/{self._catalog.find('Table', MART).guid}"

    def meet_atlan(self) -> None:
        heading("Start a local Atlan with the assets that a crawler found")
        say(f"{self._atlan.base_url} contains {_counted(self._at_first)}.")
        say("To start one yourself: atlan-pulumi local --seed stacks/quickstart/catalog.yaml")

    def preview(self) -> None:
        heading("Preview what the program declares")
        self._project.pulumi("preview")
        check("nothing was written", held=self._written() == 0, found=self._written())

    def declare(self) -> None:
        heading("Deploy a connection, and the lineage in the SQL of each step: its tables and columns")
        self._deploy("Atlan contains all of it")

    def look(self) -> None:
        heading("Show the upstream lineage of the table CUSTOMERS")
        show(self._catalog.upstream("Table", MART))
        heading(f"Show the upstream lineage of its column {MEASURE}")
        show(self._catalog.upstream("Column", f"{MART}/{MEASURE}"))
        say(f"\nDiagram: {self.address}")

    def change_one(self) -> None:
        heading("Change one property: certify the orders")
        say(f"{EDITED}, step orders:\n  - certificate_status: DRAFT\n  + certificate_status: VERIFIED\n")
        self._project.edit(EDITED, DRAFT, VERIFIED)
        before = self._written()
        self._project.pulumi("up", "--yes", "--skip-preview")
        changes = self._project.changes()
        check("exactly one resource was updated", held=changes == {"update": 1}, found=changes)
        check("exactly one entity was written to Atlan", held=self._written() - before == 1)
        orders = self._catalog.find("Process", f"{self._project.outputs()['connection']}/jaffle_shop.orders")
        check("Atlan shows it certified", held=orders.attributes.get("certificateStatus") == "VERIFIED")

    def find_nothing_to_do(self) -> None:
        heading("Check for changes and drift")
        before = self._written()
        self._project.pulumi("preview", "--expect-no-changes")
        self._project.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")
        changes = self._project.changes()
        check("no changes and no drift", held=not changes and self._written() == before, found=changes)

    def crash(self, after: int) -> None:
        heading(f"Deploy, and kill Pulumi after it has written {plural(after, 'entity')}")
        self._project.pulumi_until(lambda: self._written() >= after, "up", "--yes", "--skip-preview")
        say(f"killed: Atlan contains {_counted(self._ours())}; the state contains {self._project.known()}")
        check("the run was interrupted", held=bool(self._ours()))

    def repair(self) -> None:
        heading("Remove Pulumi's lock, and deploy again")
        self._project.pulumi("cancel", "--yes")
        self._deploy("every entity exists exactly once")
        self._project.pulumi("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
        self._project.pulumi("preview", "--expect-no-changes")

    def clean_up(self) -> None:
        heading("Destroy the stack")
        self._project.pulumi("destroy", "--yes", "--skip-preview")
        check("nothing is left behind", held=not self._ours(), found=_counted(self._ours()))
        now = self._catalog.assets()
        check(f"the catalog is unchanged: {_counted(now)}", held=now == self._at_first, found=_counted(now))

    def _deploy(self, promise: str) -> None:
        """Deploy, and check that Atlan contains everything that is declared, and no other new entity."""
        self._project.pulumi("up", "--yes", "--skip-preview")
        outputs = self._project.outputs()
        declared = {
            "Connection": 1,
            "Process": outputs["processes"],
            "ColumnProcess": outputs["column_processes"],
        }
        made = Counter(asset.type_name for asset in self._ours())
        check(f"{promise}: {_counted(self._ours())}", held=made == declared, found=made)

    def _ours(self) -> set[Asset]:
        """Return the assets that did not exist at the start."""
        known = {(asset.type_name, asset.qualified_name) for asset in self._at_first}
        return {asset for asset in self._catalog.assets() if asset[:2] not in known}

    def _written(self) -> int:
        """Return the number of entities written so far."""
        return int(self._atlan.stats()["entities_written"])


def _counted(assets: set[Asset]) -> str:
    """Return the number of assets of each type, the smallest first."""
    counts = Counter(asset.type_name for asset in assets)
    return ", ".join(plural(count, name) for count, name in sorted((n, name) for name, n in counts.items()))
