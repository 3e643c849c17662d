"""Atlan, as a review asks it: what goes is looked up once, for all who want to know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from atlan_pulumi.errors import RequestError
from atlan_pulumi.leaks import Redaction
from atlan_pulumi.lifecycle import EntityKey, look_up

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_HOW = "set ATLAN_BASE_URL and ATLAN_API_KEY where the review is made"


@dataclass
class Atlan:
    """The tenant, and what was looked up of it.

    Attributes:
        redaction: What takes secrets out of the names that Atlan answers.
        client: The client; None where nobody can be asked.
        note: Why that is so.
        found: What is there under the names that were looked up.
    """

    redaction: Redaction
    client: AtlanClient | None = None
    note: str = ""
    found: dict[EntityKey, Entity] = field(default_factory=dict)
    _asked_for: set[EntityKey] = field(default_factory=set)

    @property
    def asked(self) -> AtlanClient:
        """The client, where there is one."""
        assert self.client is not None  # noqa: S101 - whoever asks has looked
        return self.client

    def entities(self, names: Iterable[EntityKey]) -> dict[EntityKey, Entity]:
        """Return what has these names, with its relationships; each is looked up once.

        Raises:
            RequestError: Atlan refused, or could not be reached.
        """
        wanted = set(names)
        new = sorted(wanted - self._asked_for)
        self.found |= look_up(self.asked, new, relationships=True)
        self._asked_for |= wanted
        return {name: entity for name, entity in self.found.items() if name in wanted}


def atlan_of(
    tenant: Callable[[], AtlanClient] | None, names: Iterable[EntityKey], redaction: Redaction
) -> Atlan:
    """Return the tenant with what has these names in it; where it cannot be asked, with a note that says why.

    Args:
        tenant: Gives the client; it is not called where no name is given. None: nobody can be asked.
        names: The names of what goes, or loses something.
        redaction: What takes secrets out of the names that Atlan answers.
    """
    wanted = list(names)
    if tenant is None or not wanted:
        return Atlan(redaction, note=f"Not looked up: {_HOW}.")
    try:
        atlan = Atlan(redaction, tenant())
        atlan.entities(wanted)
    except RequestError as error:
        return Atlan(redaction, note=not_asked(error, redaction))
    return atlan


def not_asked(error: RequestError, redaction: Redaction) -> str:
    """Return why something is not known."""
    return f"Not known, since Atlan could not be asked: {redaction.text(str(error))}"
