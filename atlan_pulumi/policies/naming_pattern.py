"""`naming-pattern`: names and ids follow a convention."""

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
_NEW_ID = "give it another one, which replaces it"


class NamingPatternSettings(Settings):
    """The settings of `naming-pattern`; each is a regular expression that has to match the whole text."""

    name: Annotated[
        Regex | None,
        Field(description="What the `name` of a process has to be like; also of those of a set."),
    ] = None
    process_id: Annotated[
        Regex | None,
        Field(description="What the `process_id` of a process has to be like; also a set's keys."),
    ] = None
    column_process_name: Annotated[
        Regex | None,
        Field(
            description="What the `name` of a column process has to be like; also where a template makes it."
        ),
    ] = None
    column_process_id: Annotated[
        Regex | None, Field(description="What the `process_id` of a `ColumnProcess` has to be like.")
    ] = None
    connection_name: Annotated[
        Regex | None, Field(description="What the `name` of a connection has to be like.")
    ] = None
    job_name: Annotated[
        Regex | None, Field(description="What the `job_name` of an `OpenLineageJob` has to be like.")
    ] = None


class NamingPattern(ResourceRule[NamingPatternSettings]):
    """Names and ids follow a convention: of processes, column processes, connections and jobs.

    Why: names are what people search for and sort by, and what scripts go by. Each setting is a regular
    expression that has to match the whole name or id. What has no setting may be called anything, so that the
    rule checks nothing until one is given.

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
    description = "Names and ids follow the patterns that are agreed on."
    severity = Severity.LOW
    needs = tuple(NamingPatternSettings.model_fields)

    def check(self, resource: Declared, settings: NamingPatternSettings) -> Iterator[str]:
        """Each name and each id that its pattern does not match."""
        for named in (*_names(resource, settings), *_ids(resource, settings)):
            if isinstance(named.text, str) and named.pattern and not re.fullmatch(named.pattern, named.text):
                what = f"{named.property}: {named.text!r} is not like {named.pattern!r}"
                yield f"{named.label}: {what}: {named.advice}"


naming_pattern = NamingPattern()


class _Named(NamedTuple):
    label: str
    property: str
    text: Any
    pattern: str | None
    advice: str


def _names(resource: Declared, settings: NamingPatternSettings) -> Iterator[_Named]:
    """The names that are shown; a job and its columns have none but the job's own."""
    if resource.is_connection:
        yield _Named(str(resource), "name", resource.props.get("name"), settings.connection_name, _RENAME)
    if not (settings.name or settings.column_process_name):
        return
    for edge in resource.edges:
        pattern = settings.column_process_name if edge.is_column_process else settings.name
        yield _Named(str(edge), "name", edge.declared.get("name"), pattern, _RENAME)


def _ids(resource: Declared, settings: NamingPatternSettings) -> Iterator[_Named]:
    of_process = {"Process": settings.process_id, "ColumnProcess": settings.column_process_id}
    for given in ids_of(resource):
        pattern = settings.job_name if given.property == JOB_NAME else of_process[given.type_name]
        yield _Named(given.label, given.property, given.value, pattern, _NEW_ID)
