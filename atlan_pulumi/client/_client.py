"""The client: one tenant, one key, one pool of connections."""

from __future__ import annotations

from types import TracebackType
from typing import NoReturn

from atlan_pulumi.client._bulk import BatchSize, Bulk
from atlan_pulumi.client._calls import Call
from atlan_pulumi.client._coalescer import RequestCoalescer
from atlan_pulumi.client._credentials import Credentials
from atlan_pulumi.client._entities import Entities
from atlan_pulumi.client._events import Events
from atlan_pulumi.client._identities import Identities
from atlan_pulumi.client._rate_limit import SYSTEM_CLOCK, Clock
from atlan_pulumi.client._search import Search
from atlan_pulumi.client._settings import ClientSettings
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client.errors import AuthenticationError, PermissionDeniedError, RejectedError, ServerError

_WHOAMI = "/api/service/whoami"


class AtlanClient:
    """Speaks to one Atlan tenant; one client serves many threads, which share its connections.

    Nothing is sent until a method is called. Every call waits its turn at the tenant's rate, which all
    clients of this machine's user share. It is repeated after network errors, 429 and 5xx (but 501), with a
    growing random wait, at most 10 times and until `settings.deadline`. Every call is safe to repeat.

    Attributes:
        settings: Which tenant, with which key, how fast.
        clock: Tells the time and waits.
        entities: Writes, deletes, restores and reads entities.
        bulk: Writes many entities in few requests.
        search: Finds entities through the index.
        identities: Looks up roles, users and groups.
        credentials: Credentials that connections use.
        events: OpenLineage events.
    """

    def __init__(self, settings: ClientSettings, *, clock: Clock = SYSTEM_CLOCK) -> None:
        """Set up.

        Args:
            settings: Which tenant, with which key, how fast.
            clock: Tells the time and waits; tests bring their own.

        Raises:
            ConfigurationError: The environment's proxy or certificate settings cannot be used.
        """
        self.settings = settings
        self.clock = clock
        self._transport = Transport(settings, clock)
        size = BatchSize()
        self.entities = Entities(self._transport, RequestCoalescer(self._transport, size))
        self.bulk = Bulk(self._transport, size)
        self.search = Search(self._transport)
        self.identities = Identities(self._transport)
        self.credentials = Credentials(self._transport)
        self.events = Events(self._transport)

    def ping(self) -> None:
        """Find out with one cheap request whether the tenant is there and takes the key.

        Any answer of an API counts, were it an error; network errors are tried again twice.

        Raises:
            AuthenticationError: The key is not accepted.
            PermissionDeniedError: The key may not even ask.
            RedirectRefusedError: The address leads elsewhere.
            InvalidAnswerError: A page answered: the address is not an Atlan tenant's API.
            NetworkError: There is no answer.
            TlsError: There is no trusted connection.
        """
        try:
            self._transport.send(Call("GET", _WHOAMI, json_answer=False, probe=True))
        except (AuthenticationError, PermissionDeniedError):
            raise
        except (RejectedError, ServerError):
            return

    def close(self) -> None:
        """Close the connections; the client cannot be used afterwards."""
        self._transport.close()

    def __enter__(self) -> AtlanClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"AtlanClient({self.settings.base_url!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("AtlanClient holds an API key and cannot be pickled")
