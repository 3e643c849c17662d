"""A review: the changes of a preview in terms of lineage, and their impact downstream."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from atlan_pulumi.review._atlan import look_up_in_atlan
from atlan_pulumi.review._build_graph import build_graph
from atlan_pulumi.review._changes import ResourceChange, changes_of
from atlan_pulumi.review._graph import Graph
from atlan_pulumi.review._impact import DEPTH, Impact, entity_keys, impact_of
from atlan_pulumi.review._moved import follow_moves, mark_taken_over, removed_keys
from atlan_pulumi.review._preview import Preview
from atlan_pulumi.review._sections import Section, sections_of, summary_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient


@dataclass(frozen=True)
class Review:
    """The changes of lineage in a preview. The same preview results in the same review.

    Attributes:
        title: The title.
        preview: The preview.
        changes: The changes of the resources of this package.
        impact: The loss of lineage downstream.
    """

    title: str
    preview: Preview
    changes: tuple[ResourceChange, ...]
    impact: Impact

    @cached_property
    def graph(self) -> Graph:
        """The changed lineage between tables."""
        return build_graph(self.changes)

    @property
    def summary(self) -> list[str]:
        """The lines of the summary."""
        return summary_of(self.preview, self.changes, self.impact)

    @property
    def sections(self) -> list[Section]:
        """All details, as tables."""
        return sections_of(self.preview, self.changes, self.impact)


def review(
    preview: Preview,
    *,
    title: str = "",
    tenant: Callable[[], AtlanClient] | None = None,
    depth: int = DEPTH,
) -> Review:
    """Review a preview.

    Args:
        preview: The result of `read_preview`.
        title: The title. Default: one with the name of the stack.
        tenant: Returns the client for the lookup of the impact; called only if there may be one. Default: the
            impact is not looked up, and the review says so.
        depth: The number of levels to walk downstream in Atlan; 0 to walk nothing.

    Raises:
        ReviewError: This version does not know an operation or a kind of resource.
        ConfigurationError: The client cannot be created.
    """
    changes = follow_moves(changes_of(preview))
    names = (
        {*entity_keys(changes), *(name for change in changes for name in removed_keys(change))}
        if depth
        else ()
    )
    atlan = look_up_in_atlan(tenant, names, preview.redaction)
    changes = mark_taken_over(changes, atlan.found)
    default = f"Lineage review of {preview.stack}" if preview.stack else "Lineage review"
    return Review(
        preview.redaction.text(title.strip()) or default, preview, changes, impact_of(changes, atlan, depth)
    )
