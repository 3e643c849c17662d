"""Look up entities in Atlan for a review, each only once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from atlan_pulumi.errors import RequestError
from atlan_pulumi.leaks import Redaction
from atlan_pulumi.lifecycle import EntityKey, look_up_entities

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_HOW = "set ATLAN_BASE_URL and ATLAN_API_KEY for the review"


@dataclass
class AtlanLookup:
    """The tenant, and the entities that were looked up in it.

    Attributes:
        redaction: Removes secrets from the names in Atlan's responses.
        client: The client; None if Atlan cannot be asked.
        note: The reason if Atlan cannot be asked.
        found: The entities that were found.
    """

    redaction: Redaction
    client: AtlanClient | None = None
    note: str = ""
    found: dict[EntityKey, Entity] = field(default_factory=dict)
    _looked_up: set[EntityKey] = field(default_factory=set)

    @property
    def required_client(self) -> AtlanClient:
        """The client, which must exist."""
        assert self.client is not None  # noqa: S101 - the caller checks it
        return self.client

    def entities(self, names: Iterable[EntityKey]) -> dict[EntityKey, Entity]:
        """Return the entities of these keys, with their relationships. Each is looked up once.

        Raises:
            RequestError: Atlan refused the request or cannot be reached.
        """
        wanted = set(names)
        new = sorted(wanted - self._looked_up)
        self.found |= look_up_entities(self.required_client, new, relationships=True)
        self._looked_up |= wanted
        return {name: entity for name, entity in self.found.items() if name in wanted}


def look_up_in_atlan(
    tenant: Callable[[], AtlanClient] | None, names: Iterable[EntityKey], redaction: Redaction
) -> AtlanLookup:
    """Look up entities in the tenant. If that is not possible, the result has a note with the reason.

    Args:
        tenant: Returns the client; not called without keys. None if there is no tenant.
        names: The keys of removed or changed entities.
        redaction: Removes secrets from the names in Atlan's responses.
    """
    wanted = list(names)
    if tenant is None or not wanted:
        return AtlanLookup(redaction, note=f"Not looked up: {_HOW}.")
    try:
        atlan = AtlanLookup(redaction, tenant())
        atlan.entities(wanted)
    except RequestError as error:
        return AtlanLookup(redaction, note=lookup_error(error, redaction))
    return atlan


def lookup_error(error: RequestError, redaction: Redaction) -> str:
    """Return a note that a request to Atlan failed."""
    return f"Unknown, because the request to Atlan failed: {redaction.text(str(error))}"
