"""Placeholders of a stack that no crawl has made full for some days."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.lifecycle._declared import EntityKey
from atlan_pulumi.lifecycle._ownership import mark_of
from atlan_pulumi.lifecycle._placeholders import days_since_creation, is_placeholder
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE, stack_prefix

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient


class StalePlaceholder(NamedTuple):
    """A placeholder that is older than it should be.

    Attributes:
        key: The asset.
        mark: The ownership mark of the resource that wrote it, or that it was handed over to.
        days: The full days since it was created.
    """

    key: EntityKey
    mark: str
    days: int


def find_stale_placeholders(client: AtlanClient, stack: str, max_days: int) -> list[StalePlaceholder]:
    """Return the placeholders of a stack that are older than some days, the oldest first.

    Args:
        client: The tenant.
        stack: The ownership text of the stack, such as `shop/prod`.
        max_days: The days after which a placeholder is stale.

    Raises:
        RequestError: Atlan refused, or could not be reached.
    """
    now = client.clock.time()
    conditions = ({"prefix": {OWNERSHIP_ATTRIBUTE: stack_prefix(stack)}}, {"term": {"isPartial": True}})
    attributes = ["qualifiedName", "isPartial", OWNERSHIP_ATTRIBUTE]
    found = []
    for entity in client.search.live(*conditions, attributes=attributes):
        days = days_since_creation(entity, now)
        if is_placeholder(entity) and days >= max_days:
            key = EntityKey(entity.type_name, entity.qualified_name)
            found.append(StalePlaceholder(key, str(mark_of(entity)), days))
    return sorted(found, key=lambda each: (-each.days, each.key))
