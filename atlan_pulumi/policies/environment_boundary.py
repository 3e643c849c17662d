"""`environment-boundary`: lineage does not cross environments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pulumi_policy import Severity

from atlan_pulumi.declared import Asset, Declared, Edge
from atlan_pulumi.policies._groups import EnvironmentBoundarySettings
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._stack import connections_of

_ADVICE = "stay in one environment, or add this direction to `allowed`"


class EnvironmentBoundary(ResourceRule[EnvironmentBoundarySettings]):
    """Lineage does not cross environments, such as from dev to prod.

    Why: production that reads from a development environment breaks when someone cleans up there. A
    development environment that writes to production is an accident. Both come from a name that was copied
    from another stack. The rule checks the inputs and outputs of a process, and its connection, through which
    the data flows. With `stacks`, each stack has an environment too: everything that the stack reads and
    writes must be in that environment, or be reached in an allowed direction. The rule skips names that no
    pattern matches; if several patterns match, the first environment counts.

    Passes:
        ```python
        import atlan_pulumi as atlan

        prod = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=prod,
            process_id="load_orders",
            inputs=[atlan.table(f"{prod}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{prod}/MART/PUBLIC/ORDERS")],
        )
        ```

    Fails:
        ```python
        import atlan_pulumi as atlan

        prod, dev = "default/snowflake/1657025257", "default/snowflake/1657025258"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=prod,
            process_id="load_orders",
            inputs=[atlan.table(f"{dev}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{prod}/MART/PUBLIC/ORDERS")],
        )
        ```

    Configuration:
        ```json
        {
          "environment-boundary": {
            "enforcementLevel": "mandatory",
            "environments": [
              {"name": "prod", "patterns": ["default/snowflake/1657025257/*"]},
              {"name": "dev", "patterns": ["default/snowflake/1657025258/*"]}
            ],
            "allowed": [{"from": "prod", "to": "dev"}]
          }
        }
        ```
    """

    settings = EnvironmentBoundarySettings
    description = "Lineage must not cross environments."
    severity = Severity.HIGH
    needs = ("environments",)

    def check(self, resource: Declared, settings: EnvironmentBoundarySettings) -> Iterator[str]:
        """Yield each crossing of environments once."""
        stack = _Member("the stack", resource.stack, settings.of_stack(resource.stack))
        for name, label, property_ in connections_of(resource):
            connection = _Member("the connection", name, settings.of_connection(name))
            if connection.differs_from(stack):
                yield f"{label}: {property_}: {connection} is not for {stack}: {_ADVICE}"
        for edge in resource.edges:
            for crossing in _crossings(edge, stack, settings):
                yield f"{edge}: {crossing}"


environment_boundary = EnvironmentBoundary()


class _Member(NamedTuple):
    """An asset, connection, or stack, with its environment, if it has one."""

    kind: str
    name: str
    environment: str | None

    def differs_from(self, other: _Member) -> bool:
        """Return whether the two are in different environments."""
        return None not in (self.environment, other.environment) and self.environment != other.environment

    def __str__(self) -> str:
        return f"{self.kind} {self.name!r} of the environment {self.environment!r}"


def _crossings(edge: Edge, stack: _Member, settings: EnvironmentBoundarySettings) -> Iterator[str]:
    """Yield the crossings from input to output, or else between these and the connection or the stack."""
    sources, targets = (_members(side, settings) for side in (edge.inputs, edge.outputs))
    reported = set()
    for target in targets:
        for source in sources:
            if not settings.allows(source.environment, target.environment):
                reported |= {source, target}
                yield f"inputs: {source} is read for {target}: {_ADVICE}"
    for between in (*_connection_of(edge, settings), stack):
        for source in sources:
            if source not in reported and not settings.allows(source.environment, between.environment):
                reported.add(source)
                yield f"inputs: {source} is read by {between}: {_ADVICE}"
        for target in targets:
            if target not in reported and not settings.allows(between.environment, target.environment):
                reported.add(target)
                yield f"outputs: {target} is written by {between}: {_ADVICE}"


def _members(assets: Iterable[Asset], settings: EnvironmentBoundarySettings) -> list[_Member]:
    return [_Member(each.type_name, each.name, settings.of_asset(each)) for each in assets]


def _connection_of(edge: Edge, settings: EnvironmentBoundarySettings) -> Iterator[_Member]:
    if isinstance(name := edge.declared.get("connection"), str):
        yield _Member("the connection", name, settings.of_connection(name))
