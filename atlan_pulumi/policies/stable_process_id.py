"""`stable-process-id`: a process has an id of its own that stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import Declared
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import Regex, Settings
from atlan_pulumi.policies._stack import PROCESS_ID, GivenId, ids_of

_ADVICE = "unless that stays from run to run, give it one that does, such as the name of its DAG or its model"
#: A qualifiedName in an id holds the time at which its connection was made: that stays.
_CONNECTION = re.compile(r"[\w-]+/[\w-]+/\d{10}(?=/|$)")
#: What looks made anew in each run, and how a message calls it.
_UNSTABLE = {
    r"[0-9a-f]{32}": (
        "is 32 hexadecimal digits, as Atlan's SDK derives an id of the name, the inputs and the outputs, "
        "with each of which it changes"
    ),
    r".*(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f]).*": "holds a UUID",
    r".*(?<![0-9A-Za-z])(?=\d*[A-Fa-f])(?=[A-Fa-f]*\d)[0-9A-Fa-f]{16,}(?![0-9A-Za-z]).*": "holds a digest",
    r".*(?<!\d)20\d\d([-_./]?)(0[1-9]|1[0-2])\1(0[1-9]|[12]\d|3[01])(\d{4}|\d{6})?(?!\d).*": "holds a date",
    r".*(?<!\d)[0-2]\d:[0-5]\d:[0-5]\d(?!\d).*": "holds a time",
    r".*(?<!\d)1[5-9]\d{8}(\d{3}|\d{6}|\d{9})?(?!\d).*": "holds a time, as a number since 1970",
    r".*-(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{7}": "ends in 7 random digits, as Pulumi's own names do",
}


class StableProcessIdSettings(Settings):
    """The settings of `stable-process-id`."""

    allow_resource_name: Annotated[
        bool, Field(description="Whether the id may be the resource's name in the program, as by default.")
    ] = False
    unstable_patterns: Annotated[
        list[Regex] | None,
        Field(
            description="Regular expressions of ids that do not stay, each of which has to match a whole id; "
            "in place of the built-in ones, which know UUIDs, digests, dates, times and random suffixes."
        ),
    ] = None
    ignore: Annotated[
        list[Regex],
        Field(description="Regular expressions of ids that do stay, each of which has to match a whole id."),
    ] = Field(default_factory=list)


class StableProcessId(ResourceRule[StableProcessIdSettings]):
    """A process has an id of its own, and that stays the same from run to run.

    Why: the id is a part of the process's name in Atlan, so that a new id makes a new process, and removes
    the former one with all that people wrote on it. An id that is the resource's name in the program, as it
    is without `process_id`, changes when the program is tidied up; one that holds a time or a random number,
    with each run. The keys of a `ProcessSet` are ids, too; a `job_name` may be the resource's name.

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
    description = "A process has an id of its own, which stays the same from run to run."
    severity = Severity.HIGH

    def check(self, resource: Declared, settings: StableProcessIdSettings) -> Iterator[str]:
        """Each id that is only the resource's name, or that looks made anew in each run."""
        for given in ids_of(resource):
            if reason := _objection(given, resource, settings):
                yield f"{given.label}: {given.property}: {reason}"


stable_process_id = StableProcessId()


def _objection(given: GivenId, resource: Declared, settings: StableProcessIdSettings) -> str | None:
    if any(re.fullmatch(pattern, given.value) for pattern in settings.ignore):
        return None
    if reason := _unstable(_CONNECTION.sub("", given.value), settings.unstable_patterns):
        return f"{reason}: {_ADVICE}"
    if settings.allow_resource_name or resource.kind == "ProcessSet" or given.property != PROCESS_ID:
        return None
    if given.value == resource.name:
        why = "is the resource's name, as without one: to rename the resource would replace the process"
        return f"{why}: {_ADVICE}"
    return None


def _unstable(id_: str, patterns: list[str] | None) -> str | None:
    """Why an id does not stay; None where it looks as if it did."""
    if patterns is None:
        return next((what for pattern, what in _UNSTABLE.items() if re.fullmatch(pattern, id_)), None)
    found = next((pattern for pattern in patterns if re.fullmatch(pattern, id_)), None)
    return f"is like {found!r}, which does not stay" if found is not None else None
