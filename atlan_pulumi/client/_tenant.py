"""The tenant that a provider process works on: one client for all its threads and kinds of resource."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from typing import Any

from atlan_pulumi.client._client import AtlanClient
from atlan_pulumi.client._settings import ClientSettings
from atlan_pulumi.errors import AtlanError, ConfigurationError
from atlan_pulumi.not_text import problem_of_text
from atlan_pulumi.settings import OFF, resolve_setting

_clients: dict[ClientSettings, AtlanClient] = {}
_clients_lock = threading.Lock()


class Tenant:
    """Settles the configuration when it is first needed, and finds out once whether Atlan answers."""

    def __init__(self, option: Callable[[str], Any], environ: Mapping[str, str] = os.environ) -> None:
        """Take the configuration.

        Args:
            option: Gives the value of a key such as `atlan:baseUrl`, or None.
            environ: Where Atlan's own tools look: `ATLAN_BASE_URL`, `ATLAN_API_KEY`, …
        """
        self._option = _text_only(option)
        self._environ = environ
        self._lock = threading.Lock()
        self._reached: AtlanError | bool = False

    def setting(self, name: str, default: str) -> str:
        """A setting such as `atlan:previewChecks`, else `ATLAN_PREVIEW_CHECKS`, else the default."""
        return resolve_setting(name, self._option(f"atlan:{name}"), self._environ) or default

    def client(self) -> AtlanClient:
        """The client of this tenant.

        Raises:
            ConfigurationError: A setting is missing or cannot be right.
        """
        return _shared_client(
            ClientSettings.resolve(
                base_url=self._option("atlan:baseUrl"),
                api_key=self._option("atlan:apiKey"),
                requests_per_minute=self._option("atlan:requestsPerMinute"),
                deadline=self._option("atlan:deadlineSeconds"),
                read_timeout=self._option("atlan:readTimeoutSeconds"),
                environ=self._environ,
            )
        )

    @property
    def key_is_stored(self) -> bool:
        """Whether the key is part of the configuration, which the engine keeps in the state."""
        return bool(self._option("atlan:apiKey"))

    @property
    def lookups_are_off(self) -> bool:
        """Whether nothing is looked up while a plan is made."""
        return self.setting("previewChecks", "true").lower() in OFF

    def lookups(self) -> Callable[[], AtlanClient] | None:
        """The client for look-ups while a plan is made, or None where they are switched off.

        The first call sends one cheap request, so that a wrong key or an unreachable tenant is told by the
        preview. `atlan:previewChecks=false` (or `ATLAN_PREVIEW_CHECKS=0`) lets previews run offline.

        Raises:
            AtlanError: The settings cannot be right, or Atlan refused or did not answer.
        """
        self.setting("ownershipMark", "")  # an Output in it would be part of every mark
        if self.lookups_are_off:
            return None
        client = self.client()
        with self._lock:
            if not self._reached:
                self._reached = _outcome_of_ping(client)
        if isinstance(self._reached, AtlanError):
            raise self._reached
        return lambda: client


def _text_only(option: Callable[[str], Any]) -> Callable[[str], Any]:
    """Refuse a value in which an `AtlanProvider` was given an Output as text."""

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
    """One client per settings: the kinds of resource in a process share its connections and its rate."""
    with _clients_lock:
        if settings not in _clients:
            _clients[settings] = AtlanClient(settings)
        return _clients[settings]
