"""`inputs-and-outputs`: an edge leads from something to something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import Asset, Declared, Edge
from atlan_pulumi.naming import flat
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import Glob, Settings, matches

_CONNECTION = re.compile(r"[^/\s]+/[^/\s]+/\d+")
_SIDES = ("inputs", "outputs")
_OWN_SOURCE = "cannot be its own source"


class InputsAndOutputsSettings(Settings):
    """The settings of `inputs-and-outputs`."""

    ignore: Annotated[
        list[Glob],
        Field(
            description="Globs of the qualifiedNames that may be on both sides, such as incremental models."
        ),
    ] = Field(default_factory=list)


class InputsAndOutputs(ResourceRule[InputsAndOutputsSettings]):
    """An edge has inputs and outputs, and nothing is both.

    Why: an asset that is its own source makes a circle, which hides where its data come from; an edge without
    an end shows nothing. The resources themselves refuse this where it is plain. This rule also sees that two
    references mean one asset: their case does not count, nor whether one calls a `View` what the other calls
    a `Table`, nor how a dataset joins the segments of its name. An edge that is declared with
    `reads_own_output` may have an asset on both sides. And it sees what a refresh has found: a side
    of which nothing is left in Atlan.

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
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="dag_123",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/orders")],
        )
        ```

    Configuration:
        ```json
        {
          "inputs-and-outputs": {
            "enforcementLevel": "mandatory",
            "ignore": ["*/MART/SNAPSHOTS/*"]
          }
        }
        ```
    """

    settings = InputsAndOutputsSettings
    description = "An edge has inputs and outputs, and nothing is both."
    severity = Severity.HIGH

    def check(self, resource: Declared, settings: InputsAndOutputsSettings) -> Iterator[str]:
        """Each side that is empty, and each asset that is on both."""
        for edge in resource.edges:
            yield from (f"{edge}: {reason}" for reason in _empty(edge))
            if not edge.reads_own_output:
                yield from (f"{edge}: inputs: {reason}" for reason in _on_both(edge, settings.ignore))


inputs_and_outputs = InputsAndOutputs()


def _empty(edge: Edge) -> Iterator[str]:
    for side in _SIDES:
        if not getattr(edge, side) and side not in edge.unknown:
            yield f"{side}: are empty: give at least one asset, or remove the edge"


def _on_both(edge: Edge, ignore: list[Glob]) -> Iterator[str]:
    both = [(read, other) for read in edge.inputs for other in edge.outputs if _is_same(read, other)]
    told = [(read, other) for read, other in both if not matches((*read.names, *other.names), ignore)]
    if len(told) > 1 and len(told) == len(edge.inputs) == len(edge.outputs) and not edge.unknown:
        yield f"are the same as the outputs: an asset {_OWN_SOURCE}: name what it is made of"
        return
    for read, other in told:
        also = "" if read == other else f", as {other}"
        yield f"{read} is also an output{also}: it {_OWN_SOURCE}: take it out of one of the two"


def _is_same(one: Asset, other: Asset) -> bool:
    """Whether two references mean one asset.

    One path in two connections is two assets, as where a database is copied into a warehouse; but a dataset
    does not tell the connection that its asset lies in.
    """
    if one.path != other.path:
        return False
    return _is_anywhere(one) != _is_anywhere(other) or flat(one.name) == flat(other.name)


def _is_anywhere(asset: Asset) -> bool:
    """Whether it is a dataset whose connection only Atlan knows; a refresh tells that of undeclared ones."""
    return bool(asset.namespace) and not _CONNECTION.fullmatch(asset.namespace)
