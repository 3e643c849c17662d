"""`naming-pattern`: names and ids match configured patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import Declared
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import Regex, Settings
from atlan_pulumi.policies._stack import JOB_NAME, ids_of

_RENAME = "rename it"
_NEW_ID = "change it, which replaces the process"


class NamingPatternSettings(Settings):
    """The settings of `naming-pattern`; each is a regular expression that must match the whole text."""

    name: Annotated[
        Regex | None,
        Field(description="Pattern of the `name` of processes, including those of a `ProcessSet`."),
    ] = None
    process_id: Annotated[
        Regex | None,
        Field(description="Pattern of the `process_id` of processes, including the keys of a `ProcessSet`."),
    ] = None
    column_process_name: Annotated[
        Regex | None,
        Field(description="Pattern of the `name` of column processes, including names from a template."),
    ] = None
    column_process_id: Annotated[
        Regex | None, Field(description="Pattern of the `process_id` of a `ColumnProcess`.")
    ] = None
    connection_name: Annotated[Regex | None, Field(description="Pattern of the `name` of connections.")] = (
        None
    )
    asset_name: Annotated[Regex | None, Field(description="Pattern of the `name` of an `Asset`.")] = None
    job_name: Annotated[
        Regex | None, Field(description="Pattern of the `job_name` of an `OpenLineageJob`.")
    ] = None


class NamingPattern(ResourceRule[NamingPatternSettings]):
    """Names and ids of processes, column processes, connections, and jobs match configured patterns.

    Why: users search and sort by names, and scripts rely on them. Each setting is a regular expression that
    must match the whole name or id. Without a setting, any name is valid; the rule checks nothing until you
    set one.

    Passes:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="orders: load",
            connection=warehouse,
            process_id="shop.load_orders",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        ```

    Fails:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="orders: load",
            connection=warehouse,
            process_id="Load orders (new)",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        ```

    Configuration:
        ```json
        {
          "naming-pattern": {
            "enforcementLevel": "mandatory",
            "processId": "(shop|crm)[.][a-z0-9_]+",
            "connectionName": "[a-z][a-z0-9-]*"
          }
        }
        ```
    """

    settings = NamingPatternSettings
    description = "Names and ids must match the configured patterns."
    severity = Severity.LOW
    needs = tuple(NamingPatternSettings.model_fields)

    def check(self, resource: Declared, settings: NamingPatternSettings) -> Iterator[str]:
        """Yield each name and id that does not match its pattern."""
        for each in (*_names(resource, settings), *_ids(resource, settings)):
            if isinstance(each.text, str) and each.pattern and not re.fullmatch(each.pattern, each.text):
                what = f"{each.property}: {each.text!r} does not match {each.pattern!r}"
                yield f"{each.label}: {what}: {each.advice}"


naming_pattern = NamingPattern()


class _TextToMatch(NamedTuple):
    """A name or id, with the pattern that it must match, if there is one."""

    label: str
    property: str
    text: Any
    pattern: str | None
    advice: str


def _names(resource: Declared, settings: NamingPatternSettings) -> Iterator[_TextToMatch]:
    """Yield the names; a job and its column lineage have no name but the `job_name`."""
    if resource.entity_type:
        pattern = settings.connection_name if resource.is_connection else settings.asset_name
        yield _TextToMatch(str(resource), "name", resource.props.get("name"), pattern, _RENAME)
    if not (settings.name or settings.column_process_name):
        return
    for edge in resource.edges:
        pattern = settings.column_process_name if edge.is_column_process else settings.name
        yield _TextToMatch(str(edge), "name", edge.declared.get("name"), pattern, _RENAME)


def _ids(resource: Declared, settings: NamingPatternSettings) -> Iterator[_TextToMatch]:
    patterns = {"Process": settings.process_id, "ColumnProcess": settings.column_process_id}
    for each in ids_of(resource):
        pattern = settings.job_name if each.property == JOB_NAME else patterns[each.type_name]
        yield _TextToMatch(each.label, each.property, each.value, pattern, _NEW_ID)
