"""What the demo shows, chapter by chapter, and how it checks that each promise holds."""

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
    """One run of the demo on an Atlan that holds the quickstart's catalog, and no lineage."""

    def __init__(self, atlan: LocalAtlan, catalog: Catalog, project: Project) -> None:
        self._atlan = atlan
        self._catalog = catalog
        self._project = project
        self._at_first = self._catalog.assets()

    @property
    def address(self) -> str:
        """The page that shows the mart and where it comes from."""
        return f"{self._atlan.base_url}/#/asset/{self._catalog.find('Table', MART).guid}"

    def meet_atlan(self) -> None:
        heading("An Atlan to try it on, with a warehouse in it as a crawler leaves it")
        say(f"{self._atlan.base_url} holds {_told(self._at_first)}.")
        say("You get one like it with: atlan-pulumi local --seed stacks/quickstart/catalog.yaml")

    def preview(self) -> None:
        heading("What does the program declare? A preview reads, and writes nothing")
        self._project.pulumi("preview")
        check("nothing was written", held=self._written() == 0, found=self._written())

    def declare(self) -> None:
        heading("Declare it: a connection, a process for each table, a column process for each column")
        self._deploy("Atlan holds all of it")

    def look(self) -> None:
        heading("Where do the customers of the mart come from?")
        show(self._catalog.upstream("Table", MART))
        heading(f"And what a customer has spent so far, the column {MEASURE}?")
        show(self._catalog.upstream("Column", f"{MART}/{MEASURE}"))
        say(f"\nAs a picture: {self.address}")

    def change_one(self) -> None:
        heading("A colleague certifies the orders, and touches nothing else")
        say(f"{EDITED}, step orders:\n  - certificate_status: DRAFT\n  + certificate_status: VERIFIED\n")
        self._project.edit(EDITED, DRAFT, VERIFIED)
        before = self._written()
        self._project.pulumi("up", "--yes", "--skip-preview")
        changes = self._project.changes()
        check("exactly one resource was updated", held=changes == {"update": 1}, found=changes)
        check("exactly one entity was written to Atlan", held=self._written() - before == 1)
        orders = self._catalog.find("Process", f"{self._project.outputs()['connection']}/orders")
        check("Atlan shows it certified", held=orders.attributes.get("certificateStatus") == "VERIFIED")

    def find_nothing_to_do(self) -> None:
        heading("Is there anything left to do, or has anything drifted?")
        before = self._written()
        self._project.pulumi("preview", "--expect-no-changes")
        self._project.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")
        changes = self._project.changes()
        check("nothing to do, nothing drifted", held=not changes and self._written() == before, found=changes)

    def crash(self, after: int) -> None:
        heading(f"Deploy, and kill Pulumi when it has written {plural(after, 'entity')}")
        self._project.pulumi_until(lambda: self._written() >= after, "up", "--yes", "--skip-preview")
        say(f"killed: Atlan holds {_told(self._ours())}; the state knows {self._project.known()}")
        check("the run was cut off half-way", held=bool(self._ours()))

    def repair(self) -> None:
        heading("Pulumi's lock is still there; then deploy again, as if nothing had been")
        self._project.pulumi("cancel", "--yes")
        self._deploy("each is there, and once")
        self._project.pulumi("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
        self._project.pulumi("preview", "--expect-no-changes")

    def clean_up(self) -> None:
        heading("Take it all away again")
        self._project.pulumi("destroy", "--yes", "--skip-preview")
        check("nothing of ours is left", held=not self._ours(), found=_told(self._ours()))
        now = self._catalog.assets()
        check(f"the catalog stands as it was: {_told(now)}", held=now == self._at_first, found=_told(now))

    def _deploy(self, promise: str) -> None:
        """Deploy; all that is declared has to be there then, and nothing else of ours."""
        self._project.pulumi("up", "--yes", "--skip-preview")
        outputs = self._project.outputs()
        declared = {
            "Connection": 1,
            "Process": outputs["processes"],
            "ColumnProcess": outputs["column_processes"],
        }
        made = Counter(asset.type_name for asset in self._ours())
        check(f"{promise}: {_told(self._ours())}", held=made == declared, found=made)

    def _ours(self) -> set[Asset]:
        """The assets that were not there at first."""
        known = {(asset.type_name, asset.qualified_name) for asset in self._at_first}
        return {asset for asset in self._catalog.assets() if asset[:2] not in known}

    def _written(self) -> int:
        """Entities written to this Atlan so far."""
        return int(self._atlan.stats()["entities_written"])


def _told(assets: set[Asset]) -> str:
    """How many there are of each type, the fewest first."""
    counts = Counter(asset.type_name for asset in assets)
    return ", ".join(plural(count, name) for count, name in sorted((n, name) for name, n in counts.items()))
