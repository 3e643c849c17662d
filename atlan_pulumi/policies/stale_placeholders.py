"""`stale-placeholders`: a crawl makes every placeholder a full asset before long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.errors import AtlanError
from atlan_pulumi.lifecycle import STALE_DAYS, StalePlaceholder, find_stale_placeholders, stale_line
from atlan_pulumi.ownership_mark import stack_of
from atlan_pulumi.policies._rule import StackRule
from atlan_pulumi.policies._rule_settings import Settings
from atlan_pulumi.policies._stack import Stack, Violation
from atlan_pulumi.policies._tenant import tenant_client

_Days = Annotated[int, Field(ge=0, description="The days after which a placeholder is stale.")]


class StalePlaceholdersSettings(Settings):
    """The settings of `stale-placeholders`."""

    max_days: _Days = STALE_DAYS


class StalePlaceholders(StackRule[StalePlaceholdersSettings]):
    """The placeholders of the stack become full assets before long.

    Why: with `missing_assets="partial"`, inputs and outputs that Atlan does not have become placeholders,
    which a crawl makes full assets. A placeholder that is still partial after a week is a misspelled name, a
    table that the crawler leaves out, or a crawler that does not run. Atlan is asked with the `atlan:baseUrl`
    and `atlan:apiKey` of the stack, or with `ATLAN_BASE_URL` and `ATLAN_API_KEY`, in one search. Nothing is
    checked without a tenant. If Atlan does not respond, the rule reports a violation.

    Passes:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],  # crawled
        )
        ```

    Fails:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ODERS")],  # misspelled, eight days ago
            missing_assets="partial",
        )
        ```

    Configuration:
        ```json
        {
          "stale-placeholders": {
            "enforcementLevel": "advisory",
            "maxDays": 3
          }
        }
        ```
    """

    settings = StalePlaceholdersSettings
    description = "A crawl must make each placeholder a full asset before long."
    severity = Severity.LOW

    def check(self, stack: Stack, settings: StalePlaceholdersSettings) -> Iterator[Violation]:
        """Yield each placeholder that is too old, on the resource that wrote it."""
        by_mark = {mark: each for each in reversed(stack.resources) if (mark := _mark(each.props))}
        by_stack = {stack_: each for mark, each in by_mark.items() if (stack_ := stack_of(mark))}
        for name, first in by_stack.items():
            try:
                found = _find(name, settings.max_days)
            except AtlanError as error:
                yield Violation(
                    f"the age of placeholders is unknown, because Atlan did not return them ({error})", first
                )
                continue
            for each in found:
                yield Violation(_problem(each), by_mark.get(each.mark, first))


stale_placeholders = StalePlaceholders()


def _mark(props: Mapping[str, object]) -> str | None:
    mark = props.get("managed_by")
    return mark if isinstance(mark, str) else None


def _find(stack: str, max_days: int) -> list[StalePlaceholder]:
    """Return the stale placeholders of a stack; none without a tenant."""
    with tenant_client() as client:
        return find_stale_placeholders(client, stack, max_days) if client else []


def _problem(stale: StalePlaceholder) -> str:
    return stale_line(str(stale.key), 1, stale.days)
