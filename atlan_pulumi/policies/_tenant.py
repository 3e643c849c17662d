"""The tenant in which policies look things up."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pulumi

from atlan_pulumi.settings import resolve_setting

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, ClientSettings


@contextlib.contextmanager
def tenant_client() -> Iterator[AtlanClient | None]:
    """Yield a client of the tenant, after checking that it responds; None without a tenant.

    Raises:
        AtlanError: The settings are invalid, or Atlan refused the request or cannot be reached.
    """
    settings = _settings()
    if settings is None:
        yield None
        return
    from atlan_pulumi.client import AtlanClient  # noqa: PLC0415 - imports the HTTP client

    with AtlanClient(settings) as client:
        client.ping()  # fails at once, while a search is retried for minutes
        yield client


def _settings() -> ClientSettings | None:
    """Return the tenant of the stack's configuration or of the environment; None if neither has one.

    Raises:
        ConfigurationError: The settings are invalid.
    """
    config = pulumi.Config("atlan")
    address, key = (resolve_setting(name, config.get(name), os.environ) for name in ("baseUrl", "apiKey"))
    switch = resolve_setting("previewChecks", config.get("previewChecks"), os.environ)
    if not address or not key or switch == "false":
        return None
    from atlan_pulumi.client import ClientSettings  # noqa: PLC0415 - imports the HTTP client

    return ClientSettings.resolve(
        address,
        key,
        config.get("requestsPerMinute"),
        deadline=config.get("deadlineSeconds"),
        read_timeout=config.get("readTimeoutSeconds"),
    )
