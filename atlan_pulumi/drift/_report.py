"""What was found: the report of one look at a stack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from atlan_pulumi.drift._changes import Change

#: `changed`: other values; `recreated`: another entity of that name, perhaps with other values as well;
#: `gone`: not in Atlan any more, or archived.
Status = Literal["changed", "recreated", "gone"]


@dataclass(frozen=True)
class Drifted:
    """A resource that differs in Atlan from what the state says.

    Attributes:
        urn: The resource's URN.
        name: Its name in the program.
        type: Its type, such as `Process`.
        qualified_name: Its qualifiedName in Atlan.
        status: What became of it.
        changes: What differs; empty when it is gone.
        last_writer: Who wrote it last, where Atlan tells.
        last_written_at: When that was, in UTC, to the minute.
        note: What the provider says about it; empty when it says nothing.
    """

    urn: str
    name: str
    type: str
    qualified_name: str
    status: Status
    changes: tuple[Change, ...]
    last_writer: str | None
    last_written_at: datetime | None
    note: str


@dataclass(frozen=True)
class Report:
    """What one look at a stack found.

    Attributes:
        stack: The stack's name; None for a stack without resources that was not named.
        checked: How many resources of this package were read.
        resources: Those that differ, in the state's order.
        key_was_rotated: Whether Atlan refused the key of the last deployment, and took the present one.
    """

    stack: str | None
    checked: int
    resources: tuple[Drifted, ...]
    key_was_rotated: bool = False

    @property
    def drift(self) -> bool:
        """Whether anything differs."""
        return bool(self.resources)
