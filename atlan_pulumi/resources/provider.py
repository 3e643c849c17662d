"""`AtlanProvider`: an explicit provider, for a second tenant or a separate process."""

from __future__ import annotations

import hashlib
from typing import Any

import pulumi

from atlan_pulumi.dynamic.program import accepting_awaitables
from atlan_pulumi.resources.literals import CheckLevel, MissingAssetHandling
from atlan_pulumi.settings import url_warning


def place_of(name: str, places: int) -> int:
    """Return the index of a name among places, from 0."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % places


class AtlanProvider(pulumi.ProviderResource):
    """An explicit provider: an Atlan tenant for resources with `opts=ResourceOptions(provider=…)`.

    Without an explicit provider, resources use the stack's configuration (`atlan:baseUrl`, `atlan:apiKey` as
    a secret, `atlan:requestsPerMinute`, …), otherwise the environment variables (`ATLAN_BASE_URL`,
    `ATLAN_API_KEY`, `ATLAN_REQUESTS_PER_MINUTE`, …). Each explicit provider runs in its own process.

    Args:
        resource_name: The resource's name in the stack.
        base_url: The tenant's address, `https://<tenant>.atlan.com`. Plain HTTP is allowed for localhost
            only.
        api_key: The tenant's API key. It is always treated as a secret: encrypted in the state, and never
            printed.
        requests_per_minute: Maximum number of requests to the tenant per minute; 0 is unlimited. Default:
            400, the limit that Atlan publishes.
        preview_checks: Whether a preview looks up assets in the tenant. Default: true.
        ownership_mark: Whether entities get the stack's ownership mark. A text replaces `<project>/<stack>`
            in it. Default: true.
        stray_columns: How to report a column outside the tables that its parent process links: `warning`
            (default), `error`, or `off`.
        repeated_lineage: How to report two resources with the same inputs, outputs, and code. Default:
            `error`.
        missing_assets: What to do about inputs and outputs that Atlan does not have: `error` (default),
            `partial`, or `wait`. A resource's `missing_assets` takes precedence.
        deadline_seconds: Maximum time for the retries of a request, in seconds. Default: 300.
        read_timeout_seconds: Maximum wait for the next part of a response, in seconds. Default: 60.
        shards: The number of provider processes. Resources are distributed by their names; further processes
            are named `<resource_name>-2` and so on; `docs/bulk.md` says when more than one helps. Changing
            this does not change the resources. Default: 1.
        opts: Resource options.

    Raises:
        ValueError: `shards` is less than 1.

    Example:
        ```sh
        pulumi config set prod:baseUrl https://acme.atlan.com
        pulumi config set --secret prod:apiKey
        ```

        ```python
        import pulumi
        import atlan_pulumi as atlan

        config = pulumi.Config("prod")
        prod = atlan.AtlanProvider(
            "prod",
            base_url=config.require("baseUrl"),
            api_key=config.require_secret("apiKey"),
        )
        atlan.Connection(
            "etl",
            name="etl",
            connector="airflow",
            admin_roles=["$admin"],
            opts=pulumi.ResourceOptions(provider=prod),
        )
        ```
    """

    @accepting_awaitables
    def __init__(
        self,
        resource_name: str,
        *,
        base_url: pulumi.Input[str],
        api_key: pulumi.Input[str],
        requests_per_minute: pulumi.Input[int] | None = None,
        preview_checks: pulumi.Input[bool] | None = None,
        ownership_mark: pulumi.Input[bool | str] | None = None,
        stray_columns: pulumi.Input[CheckLevel] | None = None,
        repeated_lineage: pulumi.Input[CheckLevel] | None = None,
        missing_assets: pulumi.Input[MissingAssetHandling] | None = None,
        deadline_seconds: pulumi.Input[float] | None = None,
        read_timeout_seconds: pulumi.Input[float] | None = None,
        shards: int = 1,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        if shards < 1:
            raise ValueError(f"shards must be a whole number of 1 or more, not {shards!r}")
        settings = {
            "atlan:baseUrl": base_url,
            "atlan:apiKey": pulumi.Output.secret(api_key),
            "atlan:requestsPerMinute": requests_per_minute,
            "atlan:previewChecks": preview_checks,
            "atlan:ownershipMark": ownership_mark,
            "atlan:strayColumns": stray_columns,
            "atlan:repeatedLineage": repeated_lineage,
            "atlan:missingAssets": missing_assets,
            "atlan:deadlineSeconds": deadline_seconds,
            "atlan:readTimeoutSeconds": read_timeout_seconds,
        }
        given = {name: value for name, value in settings.items() if value is not None}
        self.atlan_options = {name: pulumi.Output.from_input(value) for name, value in given.items()}
        super().__init__("pulumi-python", resource_name, dict(given), opts)
        if isinstance(base_url, str) and (warning := url_warning(base_url)):
            pulumi.log.warn(warning, self)
        self._shards: list[pulumi.ProviderResource] = [self]
        self._shards += [_Shard(f"{resource_name}-{n}", given, opts) for n in range(2, shards + 1)]

    def shard_of(self, resource_name: str) -> pulumi.ProviderResource:
        """Return the provider process that works on a resource: the same one in every run.

        Args:
            resource_name: The resource's name in the stack.
        """
        return self._shards[place_of(resource_name, len(self._shards))]


class _Shard(pulumi.ProviderResource):
    """A further process of an `AtlanProvider`, with its settings."""

    def __init__(
        self, resource_name: str, given: dict[str, pulumi.Input[Any]], opts: pulumi.ResourceOptions | None
    ) -> None:
        self.atlan_options = {name: pulumi.Output.from_input(value) for name, value in given.items()}
        super().__init__("pulumi-python", resource_name, dict(given), opts)
