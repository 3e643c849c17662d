"""`inputs-and-outputs`: edges have inputs and outputs, and no asset is both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import Asset, Declared, Edge
from atlan_pulumi.naming import normalize_path
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import Glob, Settings, matches

_CONNECTION = re.compile(r"[^/\s]+/[^/\s]+/\d+")
_SIDES = ("inputs", "outputs")
_OWN_SOURCE = "cannot be its own source"


class InputsAndOutputsSettings(Settings):
    """The settings of `inputs-and-outputs`."""

    ignore: Annotated[
        list[Glob],
        Field(description="Globs of qualifiedNames that may be on both sides, such as incremental models."),
    ] = Field(default_factory=list)


class InputsAndOutputs(ResourceRule[InputsAndOutputsSettings]):
    """An edge has inputs and outputs, and no asset is both.

    Why: an asset that is its own source is a cycle, which hides where its data comes from. An edge without
    inputs or outputs shows nothing. The resources refuse the plain cases. This rule also finds two references
    to the same asset: names that differ in case, a `View` and a `Table` of the same name, and datasets whose
    names have other separators. It also finds sides that are empty after a refresh, because their assets are
    gone from Atlan. An edge with `reads_own_output` may have an asset on both sides.

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
            outputs=[atlan.view(f"{warehouse}/RAW/PUBLIC/ORDERS")],  # refused by the preview, too
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
    description = "Edges must have inputs and outputs, and no asset may be both."
    severity = Severity.HIGH

    def check(self, resource: Declared, settings: InputsAndOutputsSettings) -> Iterator[str]:
        """Yield each empty side, and each asset that is on both sides."""
        for edge in resource.edges:
            yield from (f"{edge}: {problem}" for problem in _empty_sides(edge))
            if not edge.reads_own_output:
                yield from (f"{edge}: inputs: {problem}" for problem in _on_both_sides(edge, settings.ignore))


inputs_and_outputs = InputsAndOutputs()


def _empty_sides(edge: Edge) -> Iterator[str]:
    for side in _SIDES:
        if not getattr(edge, side) and side not in edge.unknown:
            yield f"{side}: are empty: add at least one asset, or remove the edge"


def _on_both_sides(edge: Edge, ignore: list[Glob]) -> Iterator[str]:
    both = [(read, other) for read in edge.inputs for other in edge.outputs if _is_same_asset(read, other)]
    found = [(read, other) for read, other in both if not matches((*read.names, *other.names), ignore)]
    if len(found) > 1 and len(found) == len(edge.inputs) == len(edge.outputs) and not edge.unknown:
        yield f"are the same as the outputs: an asset {_OWN_SOURCE}: set the assets that it reads"
        return
    for read, other in found:
        alias = "" if read == other else f", as {other}"
        yield f"{read} is also an output{alias}: it {_OWN_SOURCE}: remove it from one of the two"


def _is_same_asset(one: Asset, other: Asset) -> bool:
    """Return whether two references mean the same asset.

    The same path in two connections is two assets, such as a database and its copy in a warehouse. A dataset
    does not say which connection its asset is in.
    """
    if one.path != other.path:
        return False
    return _has_unknown_connection(one) != _has_unknown_connection(other) or normalize_path(
        one.name
    ) == normalize_path(other.name)


def _has_unknown_connection(asset: Asset) -> bool:
    """Return whether an asset is a dataset without a connection in its namespace."""
    return bool(asset.namespace) and not _CONNECTION.fullmatch(asset.namespace)
