"""`AtlanProvider`: an explicit provider, for a second tenant or for a process of one's own."""

from __future__ import annotations

import hashlib
from typing import Any

import pulumi

from atlan_pulumi.dynamic.program import accepting_awaitables


def place_of(name: str, places: int) -> int:
    """The place of a name, from 0."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % places


class AtlanProvider(pulumi.ProviderResource):
    """A tenant of Atlan, for the resources that are given it as `opts=ResourceOptions(provider=…)`.

    Without one, resources use the stack's configuration: `atlan:baseUrl`, `atlan:apiKey` (a secret),
    `atlan:requestsPerMinute` and so on, else the environment's `ATLAN_BASE_URL`, `ATLAN_API_KEY`,
    `ATLAN_REQUESTS_PER_MINUTE` and so on. Each explicit provider is a process of its own.

    Args:
        resource_name: The resource's name in the stack.
        base_url: The tenant's address, `https://<tenant>.atlan.com`. Plain http only to this machine.
        api_key: The tenant's API key. It is a secret, however it is given: encrypted in the state, and
            never shown.
        requests_per_minute: Most requests to the tenant in a minute; 0 is no limit. Default: 400, as Atlan
            publishes it.
        preview_checks: Whether things are looked up in the tenant before anything is written. Default: True.
        ownership_mark: Whether entities carry the mark of their stack; a text is put in place of
            `<project>/<stack>`. Default: True.
        stray_columns: What a column is taken for that lies in none of the tables which its parent process
            links: `warning` (default), `error` or `off`.
        repeated_lineage: Likewise for two resources with the same inputs, outputs and code. Default: `error`.
        deadline_seconds: Longest time for which a request is tried again. Default: 300.
        read_timeout_seconds: Longest wait for the next part of an answer. Default: 60.
        shards: Over how many provider processes its resources are spread, by their names; the others are
            called `<resource_name>-2` and so on. The engine lets one provider process work on four resources
            at once; see `docs/bulk.md` for when more pay. A change leaves the resources as they are.
            Default: 1.
        opts: Pulumi's options.

    Raises:
        ValueError: `shards` is less than 1.

    Example:
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
        stray_columns: pulumi.Input[str] | None = None,
        repeated_lineage: pulumi.Input[str] | None = None,
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
            "atlan:deadlineSeconds": deadline_seconds,
            "atlan:readTimeoutSeconds": read_timeout_seconds,
        }
        given = {name: value for name, value in settings.items() if value is not None}
        self.atlan_options = {name: pulumi.Output.from_input(value) for name, value in given.items()}
        super().__init__("pulumi-python", resource_name, dict(given), opts)
        self._shards: list[pulumi.ProviderResource] = [self]
        self._shards += [_Shard(f"{resource_name}-{n}", given, opts) for n in range(2, shards + 1)]

    def shard_of(self, resource_name: str) -> pulumi.ProviderResource:
        """The provider process that works on a resource: the same one in every run.

        Args:
            resource_name: The resource's name in the stack.
        """
        return self._shards[place_of(resource_name, len(self._shards))]


class _Shard(pulumi.ProviderResource):
    """One more process of an `AtlanProvider`, with its settings."""

    def __init__(
        self, resource_name: str, given: dict[str, pulumi.Input[Any]], opts: pulumi.ResourceOptions | None
    ) -> None:
        self.atlan_options = {name: pulumi.Output.from_input(value) for name, value in given.items()}
        super().__init__("pulumi-python", resource_name, dict(given), opts)
