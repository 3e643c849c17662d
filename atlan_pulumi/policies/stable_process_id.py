"""`stable-process-id`: processes have an id that stays the same from run to run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import Declared
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import Regex, Settings
from atlan_pulumi.policies._stack import PROCESS_ID, DeclaredId, ids_of

_ADVICE = "unless it stays the same from run to run, set a stable one, such as the name of the DAG or model"
#: A qualifiedName in an id contains the time at which its connection was created, which does not change.
_CONNECTION = re.compile(r"[\w-]+/[\w-]+/\d{10}(?=/|$)")
#: Patterns of ids that are probably new in each run, with a description for messages.
_UNSTABLE = {
    r"[0-9a-f]{32}": (
        "is 32 hexadecimal digits, like the ids that Atlan's SDK derives from the name, inputs, and outputs, "
        "and that change with each of these"
    ),
    r".*(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f]).*": (
        "contains a UUID"
    ),
    r".*(?<![0-9A-Za-z])(?=\d*[A-Fa-f])(?=[A-Fa-f]*\d)[0-9A-Fa-f]{16,}(?![0-9A-Za-z]).*": "contains a digest",
    r".*(?<!\d)20\d\d([-_./]?)(0[1-9]|1[0-2])\1(0[1-9]|[12]\d|3[01])(\d{4}|\d{6})?(?!\d).*": (
        "contains a date"
    ),
    r".*(?<!\d)[0-2]\d:[0-5]\d:[0-5]\d(?!\d).*": "contains a time",
    r".*(?<!\d)1[5-9]\d{8}(\d{3}|\d{6}|\d{9})?(?!\d).*": "contains a Unix timestamp",
    r".*-(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{7}": "ends in 7 random digits, like Pulumi's auto-generated names",
}


class StableProcessIdSettings(Settings):
    """The settings of `stable-process-id`."""

    allow_resource_name: Annotated[
        bool, Field(description="Whether the id may be the resource name, which is its default.")
    ] = False
    unstable_patterns: Annotated[
        list[Regex] | None,
        Field(
            description="Regular expressions of unstable ids; each must match the whole id. They replace the "
            "built-in ones, which find UUIDs, digests, dates, times, and random suffixes."
        ),
    ] = None
    ignore: Annotated[
        list[Regex],
        Field(description="Regular expressions of stable ids; each must match the whole id."),
    ] = Field(default_factory=list)


class StableProcessId(ResourceRule[StableProcessIdSettings]):
    """A process has an explicit id that stays the same from run to run.

    Why: the id is part of the qualifiedName in Atlan. A new id creates a new process, and deletes the
    previous one with everything that users added to it. Without `process_id`, the id is the resource name,
    which changes when the program is refactored. An id with a time or a random number changes with each run.
    The keys of a `ProcessSet` are ids, too. A `job_name` may be the resource name.

    Passes:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="dag_123",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        ```

    Fails:
        ```python
        import datetime

        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id=f"dag_123-{datetime.date.today()}",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        ```

    Configuration:
        ```json
        {
          "stable-process-id": {
            "enforcementLevel": "mandatory",
            "allowResourceName": true
          }
        }
        ```
    """

    settings = StableProcessIdSettings
    description = "Processes must have an explicit id that stays the same from run to run."
    severity = Severity.HIGH

    def check(self, resource: Declared, settings: StableProcessIdSettings) -> Iterator[str]:
        """Yield each id that is only the resource name, or that is probably new in each run."""
        for each in ids_of(resource):
            if problem := _problem(each, resource, settings):
                yield f"{each.label}: {each.property}: {problem}"


stable_process_id = StableProcessId()


def _problem(declared: DeclaredId, resource: Declared, settings: StableProcessIdSettings) -> str | None:
    if any(re.fullmatch(pattern, declared.value) for pattern in settings.ignore):
        return None
    if reason := _why_unstable(_CONNECTION.sub("", declared.value), settings.unstable_patterns):
        return f"{reason}: {_ADVICE}"
    if settings.allow_resource_name or resource.kind == "ProcessSet" or declared.property != PROCESS_ID:
        return None
    if declared.value == resource.name:
        why = "is the resource name, which is its default: renaming the resource would replace the process"
        return f"{why}: {_ADVICE}"
    return None


def _why_unstable(id_: str, patterns: list[str] | None) -> str | None:
    """Return why an id is probably unstable; None if it seems stable."""
    if patterns is None:
        return next((what for pattern, what in _UNSTABLE.items() if re.fullmatch(pattern, id_)), None)
    found = next((pattern for pattern in patterns if re.fullmatch(pattern, id_)), None)
    return f"matches {found!r}, a pattern of unstable ids" if found is not None else None
