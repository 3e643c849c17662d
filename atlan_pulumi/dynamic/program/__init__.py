"""The half of the adapter that runs in the user's program."""

from __future__ import annotations

from atlan_pulumi.dynamic._reference import ProviderReference
from atlan_pulumi.dynamic.program._atlan_resource import AtlanResource, named_after, without_resources
from atlan_pulumi.dynamic.program._awaited_inputs import Resolved, accepting_awaitables, expect, itemize
from atlan_pulumi.dynamic.program._batch_queue import BatchQueue
from atlan_pulumi.dynamic.program._depends_on import registered
from atlan_pulumi.dynamic.program._settings import settings_of, stack_option

__all__ = [
    "AtlanResource",
    "BatchQueue",
    "ProviderReference",
    "Resolved",
    "accepting_awaitables",
    "expect",
    "itemize",
    "named_after",
    "registered",
    "settings_of",
    "stack_option",
    "without_resources",
]
