"""A review: what a preview told, in terms of lineage, with what it means downstream."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from atlan_pulumi.review._atlan import atlan_of
from atlan_pulumi.review._build_graph import build_graph
from atlan_pulumi.review._changes import ResourceChange, changes_of
from atlan_pulumi.review._graph import Graph
from atlan_pulumi.review._impact import DEPTH, Impact, impact_of, names_of
from atlan_pulumi.review._preview import Preview
from atlan_pulumi.review._sections import Section, sections_of, summary_of
from atlan_pulumi.review._staying import goes, left_to_others, moved

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient


@dataclass(frozen=True)
class Review:
    """What a preview would do to lineage. The same preview makes the same review.

    Attributes:
        title: Its title.
        preview: What the preview told.
        changes: What would be done to each resource of this package.
        impact: What is lost downstream.
    """

    title: str
    preview: Preview
    changes: tuple[ResourceChange, ...]
    impact: Impact

    @cached_property
    def graph(self) -> Graph:
        """The lineage that changes, between tables."""
        return build_graph(self.changes)

    @property
    def summary(self) -> list[str]:
        """A few lines that sum it up."""
        return summary_of(self.preview, self.changes, self.impact)

    @property
    def sections(self) -> list[Section]:
        """All that there is to tell, as tables."""
        return sections_of(self.preview, self.changes, self.impact)


def review(
    preview: Preview,
    *,
    title: str = "",
    tenant: Callable[[], AtlanClient] | None = None,
    depth: int = DEPTH,
) -> Review:
    """Review what a preview told.

    Args:
        preview: What `read_preview` read.
        title: The title. Default: one that names the stack.
        tenant: Gives the client to look up what is lost downstream; called only where something may be.
            Default: that is not looked up, which the review says.
        depth: How many assets deep Atlan's lineage is walked; 0: not at all.

    Raises:
        ReviewError: The engine would do something, or to something, that this version does not know.
        ConfigurationError: The client cannot be made.
    """
    changes = moved(changes_of(preview))
    names = {*names_of(changes), *(name for change in changes for name in goes(change))} if depth else ()
    atlan = atlan_of(tenant, names, preview.redaction)
    changes = left_to_others(changes, atlan.found)
    default = f"Lineage review of {preview.stack}" if preview.stack else "Lineage review"
    return Review(
        preview.redaction.text(title.strip()) or default, preview, changes, impact_of(changes, atlan, depth)
    )
