"""`allowed-connections`: processes lie only in the connections that a stack may write to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import Declared
from atlan_pulumi.policies._groups import from_mapping
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import Glob, Settings, matches
from atlan_pulumi.policies._stack import connections_of


class StackConnections(Settings):
    """The connections that stacks may write to."""

    stack: Annotated[Glob, Field(description="A glob of the stacks' names.")]
    connections: Annotated[
        list[Glob], Field(min_length=1, description="Globs of the connections' qualifiedNames.")
    ]


class AllowedConnectionsSettings(Settings):
    """The settings of `allowed-connections`."""

    connections: Annotated[
        list[Glob], Field(description="Globs of the connections that every stack may write to.")
    ] = Field(default_factory=list)
    stacks: Annotated[
        list[StackConnections],
        from_mapping("stack", "connections"),
        Field(
            description="What single stacks may write to besides: globs of stacks, with globs of connections."
        ),
    ] = Field(default_factory=list)

    def of(self, stack: str) -> list[str]:
        """What a stack may write to; empty where nothing is said of it."""
        own = [each.connections for each in self.stacks if matches((stack,), [each.stack])]
        return [*self.connections, *(glob for globs in own for glob in globs)]


class AllowedConnections(ResourceRule[AllowedConnectionsSettings]):
    """Processes lie only in the connections that their stack may write to, and no other ones are made.

    Why: the connection of a process decides who sees it and who may change it. With a key that reaches all of
    a tenant, a slip in a name writes lineage into the connection of another team.
    A stack of which the settings say nothing is passed over; to limit the others too, give `connections`, or
    an entry for the stack `*`. Where the assets lie that a process reads and writes is another question: for
    `environment-boundary`.

    Passes:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="load_orders",
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
            name="Load orders",
            connection="default/airflow/1657025999",
            process_id="load_orders",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        ```

    Configuration:
        ```json
        {
          "allowed-connections": {
            "enforcementLevel": "mandatory",
            "connections": ["default/snowflake/1657025257"],
            "stacks": [
              {"stack": "prod", "connections": ["default/airflow/1657025300"]},
              {"stack": "dev-*", "connections": ["default/airflow/1657025301"]}
            ]
          }
        }
        ```
    """

    settings = AllowedConnectionsSettings
    description = "Processes lie only in the connections that their stack may write to."
    severity = Severity.HIGH
    needs = ("connections", "stacks")

    def check(self, resource: Declared, settings: AllowedConnectionsSettings) -> Iterator[str]:
        """Each connection that the resource writes to, or makes, and that is none of the allowed ones."""
        allowed = settings.of(resource.stack)
        for name, told_of, place in connections_of(resource) if allowed else ():
            if not matches((name,), allowed):
                what = f"{name!r} is none that the stack {resource.stack!r} may write to"
                advice = "take one of these, or have it allowed"
                yield f"{told_of}: {place}: {what} ({', '.join(allowed)}): {advice}"


allowed_connections = AllowedConnections()
