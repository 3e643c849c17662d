"""`allowed-connections`: stacks write only to their allowed connections."""

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
    """The allowed connections of stacks."""

    stack: Annotated[Glob, Field(description="Glob of stack names.")]
    connections: Annotated[
        list[Glob], Field(min_length=1, description="Globs of qualifiedNames of connections.")
    ]


class AllowedConnectionsSettings(Settings):
    """The settings of `allowed-connections`."""

    connections: Annotated[
        list[Glob], Field(description="Globs of connections that every stack may write to.")
    ] = Field(default_factory=list)
    stacks: Annotated[
        list[StackConnections],
        from_mapping("stack", "connections"),
        Field(description="Additional connections per stack: globs of stacks, with globs of connections."),
    ] = Field(default_factory=list)

    def of(self, stack: str) -> list[str]:
        """Return the globs of a stack's allowed connections; empty if no setting mentions the stack."""
        own = [each.connections for each in self.stacks if matches((stack,), [each.stack])]
        return [*self.connections, *(glob for globs in own for glob in globs)]


class AllowedConnections(ResourceRule[AllowedConnectionsSettings]):
    """A stack creates and writes to its allowed connections only.

    Why: the connection of a process decides who can see and change it. With a key for the whole tenant, a
    typo in a name writes lineage into another team's connection. The rule skips stacks that the settings do
    not mention. To limit these too, set `connections`, or add an entry for the stack `*`. The rule does not
    check the connections of inputs and outputs; `environment-boundary` does.

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
    description = "Stacks must create and write to their allowed connections only."
    severity = Severity.HIGH
    needs = ("connections", "stacks")

    def check(self, resource: Declared, settings: AllowedConnectionsSettings) -> Iterator[str]:
        """Yield each connection that the resource creates or writes to, and that is not allowed."""
        allowed = settings.of(resource.stack)
        for name, label, property_ in connections_of(resource) if allowed else ():
            if not matches((name,), allowed):
                what = f"the stack {resource.stack!r} may not write to {name!r}"
                advice = f"use an allowed connection ({', '.join(allowed)}), or allow this one"
                yield f"{label}: {property_}: {what}: {advice}"


allowed_connections = AllowedConnections()
