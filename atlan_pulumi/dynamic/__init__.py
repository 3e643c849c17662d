"""The adapter between Pulumi's dynamic providers and the lifecycle core."""

from atlan_pulumi.dynamic._adapter import LifecycleProvider
from atlan_pulumi.dynamic._awaitables import accepting_awaitables
from atlan_pulumi.dynamic._origin import origin_of
from atlan_pulumi.dynamic._resolve import expect
from atlan_pulumi.dynamic._resource import AtlanResource, accept, named_after, without_resources

__all__ = [
    "AtlanResource",
    "LifecycleProvider",
    "accept",
    "accepting_awaitables",
    "expect",
    "named_after",
    "origin_of",
    "without_resources",
]
