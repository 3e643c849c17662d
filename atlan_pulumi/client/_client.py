"""AtlanClient: one tenant, one key, one connection pool."""

from __future__ import annotations

from types import TracebackType
from typing import NoReturn

from atlan_pulumi.client._apps import AppClient
from atlan_pulumi.client._bulk import BatchSize, BulkClient
from atlan_pulumi.client._calls import Call
from atlan_pulumi.client._credentials import CredentialClient
from atlan_pulumi.client._entities import EntityClient
from atlan_pulumi.client._events import EventClient
from atlan_pulumi.client._identities import IdentityClient
from atlan_pulumi.client._rate_limit import SYSTEM_CLOCK, Clock
from atlan_pulumi.client._search import SearchClient
from atlan_pulumi.client._settings import ClientSettings
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client.errors import AuthenticationError, PermissionDeniedError, RejectedError, ServerError

_WHOAMI = "/api/service/whoami"


class AtlanClient:
    """Client for one Atlan tenant. It is thread-safe: threads share its connections.

    No request is sent until a method is called. Every request waits for its turn at the tenant's rate limit,
    which all clients of the same user on this machine share. Network errors, 429 and 5xx responses (except
    501) are retried up to 10 times within `settings.deadline`, with exponential backoff and full jitter.
    Every call is safe to repeat, except `apps.submit`, which is sent once.

    Attributes:
        settings: The tenant, the key, and the rate.
        clock: Measures time, and sleeps.
        entities: Writes, deletes, restores, and reads entities.
        bulk: Writes many entities in few requests.
        search: Searches the index.
        identities: Looks up roles, users, and groups.
        credentials: Manages the credentials of connections.
        events: Sends OpenLineage events.
        apps: Finds workflows, such as crawlers, and runs them.
    """

    def __init__(self, settings: ClientSettings, *, clock: Clock = SYSTEM_CLOCK) -> None:
        """Create a client. No request is sent.

        Args:
            settings: The tenant, the key, and the rate.
            clock: Measures time, and sleeps; tests pass another one.

        Raises:
            ConfigurationError: The environment's proxy or certificate settings are not valid.
        """
        self.settings = settings
        self.clock = clock
        self._transport = Transport(settings, clock)
        size = BatchSize()
        self.entities = EntityClient(self._transport, size)
        self.bulk = BulkClient(self._transport, size)
        self.search = SearchClient(self._transport)
        self.identities = IdentityClient(self._transport)
        self.credentials = CredentialClient(self._transport)
        self.events = EventClient(self._transport)
        self.apps = AppClient(self._transport)

    def ping(self) -> None:
        """Check with one cheap request that the tenant can be reached and accepts the key.

        Any other response of an API passes, including an error. Network errors are retried twice.

        Raises:
            AuthenticationError: Atlan does not accept the key.
            PermissionDeniedError: The key does not have this permission.
            RedirectRefusedError: The base URL redirects to another address.
            InvalidAnswerError: The response is a page: the base URL is not that of an Atlan API.
            NetworkError: No response arrived.
            TlsError: No trusted connection could be established.
        """
        try:
            self._transport.send(Call("GET", _WHOAMI, expects_json=False, probe=True))
        except (AuthenticationError, PermissionDeniedError):
            raise
        except (RejectedError, ServerError):
            return

    def close(self) -> None:
        """Close the connections. The client cannot be used afterwards."""
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
