"""`environment-boundary`: no edge leads from one environment to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pulumi_policy import Severity

from atlan_pulumi.declared import Asset, Declared, Edge
from atlan_pulumi.policies._groups import EnvironmentBoundarySettings
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._stack import connections_of

_ADVICE = "keep to one environment, or have this way allowed"


class EnvironmentBoundary(ResourceRule[EnvironmentBoundarySettings]):
    """No edge leads from one environment to another, such as from dev to prod.

    Why: production that reads from a playground breaks when somebody tidies up there; a playground that
    writes to production is an accident. Both come of a name that was copied from one stack to the next.
    What counts is what a process reads and writes, and the connection that it runs in: data pass through it.
    With `stacks`, each stack has an environment too, and all that it touches must be of that one, or lie at
    the other end of an allowed way. What no pattern matches is passed over; where several match, the first
    environment counts.

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
    description = "No edge leads from one environment to another."
    severity = Severity.HIGH
    needs = ("environments",)

    def check(self, resource: Declared, settings: EnvironmentBoundarySettings) -> Iterator[str]:
        """Each place at which a resource leaves its environment, once."""
        stack = _Place("the stack", resource.stack, settings.of_stack(resource.stack))
        for name, told_of, place in connections_of(resource):
            connection = _Place("the connection", name, settings.of_connection(name))
            if connection.is_elsewhere_than(stack):
                yield f"{told_of}: {place}: {connection} is not for {stack}: {_ADVICE}"
        for edge in resource.edges:
            for line in _crossings(edge, stack, settings):
                yield f"{edge}: {line}"


environment_boundary = EnvironmentBoundary()


class _Place(NamedTuple):
    """Something that is in an environment, or in none."""

    kind: str
    name: str
    environment: str | None

    def is_elsewhere_than(self, other: _Place) -> bool:
        """Whether the two are in different environments."""
        return None not in (self.environment, other.environment) and self.environment != other.environment

    def __str__(self) -> str:
        return f"{self.kind} {self.name!r} of the environment {self.environment!r}"


def _crossings(edge: Edge, stack: _Place, settings: EnvironmentBoundarySettings) -> Iterator[str]:
    """Where data cross: from input to output; else at the connection, or at the stack, between them."""
    sources, targets = (_placed(side, settings) for side in (edge.inputs, edge.outputs))
    told = set()
    for target in targets:
        for source in sources:
            if not settings.may_go(source.environment, target.environment):
                told |= {source, target}
                yield f"inputs: {source} is read for {target}: {_ADVICE}"
    for between in (*_connection_of(edge, settings), stack):
        for source in sources:
            if source not in told and not settings.may_go(source.environment, between.environment):
                told.add(source)
                yield f"inputs: {source} is read by {between}: {_ADVICE}"
        for target in targets:
            if target not in told and not settings.may_go(between.environment, target.environment):
                told.add(target)
                yield f"outputs: {target} is written by {between}: {_ADVICE}"


def _placed(assets: Iterable[Asset], settings: EnvironmentBoundarySettings) -> list[_Place]:
    return [_Place(each.type_name, each.name, settings.of_asset(each)) for each in assets]


def _connection_of(edge: Edge, settings: EnvironmentBoundarySettings) -> Iterator[_Place]:
    if isinstance(name := edge.declared.get("connection"), str):
        yield _Place("the connection", name, settings.of_connection(name))
