"""Where derived edges come from, as the notes of a preview say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from atlan_pulumi.declared import Edge
from atlan_pulumi.lifecycle import read_origin_note
from atlan_pulumi.naming import normalize_path
from atlan_pulumi.review._preview import Message
from atlan_pulumi.text import printable


class EdgeOrigins:
    """The places in SQL from which edges are derived.

    Attributes:
        others: The notes that say something else.
    """

    def __init__(self, notes: Iterable[Message]) -> None:
        """Set up.

        Args:
            notes: The notes of the preview.
        """
        self._places: dict[str, dict[str, str]] = defaultdict(dict)
        self.others: list[Message] = []
        for note in notes:
            found = read_origin_note(note.text)
            self._places[note.urn] |= {normalize_path(column): place for column, place in found.items()}
            if not found:
                self.others.append(note)

    def of(self, urn: str, edge: Edge) -> str:
        """Return the place of an edge, such as `sql/orders.sql:12`; empty if it is not derived, or not known.

        Args:
            urn: The URN of its resource.
            edge: The edge.
        """
        places = self._places.get(urn, {}) if edge.is_column_process else {}
        found = (places.get(each.path) for each in edge.outputs)
        return printable(next(filter(None, found), ""))
