"""The tenant that policies look things up in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pulumi

from atlan_pulumi.settings import resolve_setting

if TYPE_CHECKING:
    from atlan_pulumi.client import ClientSettings


def tenant_settings() -> ClientSettings | None:
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
