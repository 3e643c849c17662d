"""Tenant: the tenant that a stack's configuration names, with one client for all threads and resources."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from atlan_pulumi.errors import AtlanError, ConfigurationError
from atlan_pulumi.not_text import problem_of_text
from atlan_pulumi.settings import SETTINGS, resolve_setting

if TYPE_CHECKING:
    from atlan_pulumi.client._client import AtlanClient
    from atlan_pulumi.client._settings import ClientSettings

_clients: dict[ClientSettings, AtlanClient] = {}
_clients_lock = threading.Lock()


class Tenant:
    """The tenant of a provider: resolves the configuration on first use, and pings Atlan once."""

    def __init__(
        self,
        option: Callable[[str], Any],
        environ: Mapping[str, str] = os.environ,
        *,
        keys: Iterable[str] = (),
        prepare: Callable[[], None] | None = None,
    ) -> None:
        """Store where settings come from.

        Args:
            option: Returns the value of a configuration key such as `atlan:baseUrl`, or None.
            environ: The environment, with the variables of Atlan's own tools: `ATLAN_BASE_URL`,
                `ATLAN_API_KEY`, …
            keys: The keys of the configuration, for the advice on a typo.
            prepare: Called before the HTTP client is imported.
        """
        self._option = _text_only(option)
        self._keys = tuple(keys)
        self._environ = environ
        self._prepare = prepare
        self._lock = threading.Lock()
        self._ping_result: AtlanError | bool = False

    def setting(self, name: str) -> str:
        """Return a setting such as `atlan:previewChecks`, else `ATLAN_PREVIEW_CHECKS`, else the default.

        Raises:
            ConfigurationError: The value is not one of the allowed values.
        """
        setting = SETTINGS[name]
        return resolve_setting(name, self._option(setting.key), self._environ) or setting.default

    def client(self) -> AtlanClient:
        """Return the client of this tenant.

        Raises:
            ConfigurationError: A setting is missing or not valid.
        """
        if self._prepare:
            self._prepare()
        from atlan_pulumi.client._settings import ClientSettings  # noqa: PLC0415 - imports the HTTP client

        return _shared_client(
            ClientSettings.resolve(
                base_url=self._option("atlan:baseUrl"),
                api_key=self._option("atlan:apiKey"),
                requests_per_minute=self._option("atlan:requestsPerMinute"),
                deadline=self._option("atlan:deadlineSeconds"),
                read_timeout=self._option("atlan:readTimeoutSeconds"),
                environ=self._environ,
                keys=self._keys,
            )
        )

    @property
    def key_is_stored(self) -> bool:
        """Whether the configuration contains the key, so that the engine stores it in the state."""
        return bool(self._option("atlan:apiKey"))

    @property
    def lookups_are_off(self) -> bool:
        """Whether previews make no lookups.

        Raises:
            ConfigurationError: The setting is not valid.
        """
        return self.setting("previewChecks") == "false"

    def lookups(self, *, reached: bool = False) -> Callable[[], AtlanClient] | None:
        """Return a function that returns the client for lookups in a preview; None where lookups are off.

        The first call sends one cheap request, so that the preview reports a wrong key or an unreachable
        tenant. `atlan:previewChecks=false` (or `ATLAN_PREVIEW_CHECKS=0`) lets previews run offline.

        Args:
            reached: Whether the tenant has answered the program that this process works for: then nothing is
                sent, and no client is made before it is needed.

        Raises:
            AtlanError: The settings are not valid, Atlan refused the request, or Atlan did not respond.
        """
        self.setting("ownershipMark")  # refuse an Output, which would become part of every mark
        if self.lookups_are_off:
            return None
        if reached:
            return self.client
        client = self.client()
        with self._lock:
            if not self._ping_result:
                self._ping_result = _outcome_of_ping(client)
        if isinstance(self._ping_result, AtlanError):
            raise self._ping_result
        return lambda: client


def _text_only(option: Callable[[str], Any]) -> Callable[[str], Any]:
    """Refuse a value that contains an Output formatted as text, which an `AtlanProvider` was given."""

    def checked(name: str) -> Any:
        value = option(name)
        if isinstance(value, str) and (problem := problem_of_text(value)):
            raise ConfigurationError(f"{name} {problem}")
        return value

    return checked


def _outcome_of_ping(client: AtlanClient) -> AtlanError | bool:
    try:
        client.ping()
    except AtlanError as error:
        return error
    return True


def _shared_client(settings: ClientSettings) -> AtlanClient:
    """Return one client per settings: all resources of a process share its connections and its rate limit."""
    from atlan_pulumi.client._client import AtlanClient  # noqa: PLC0415 - imports the HTTP client

    with _clients_lock:
        if settings not in _clients:
            _clients[settings] = AtlanClient(settings)
        return _clients[settings]
