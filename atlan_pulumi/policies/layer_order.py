"""`layer-order`: data flows from layer to layer, without skipping one or flowing back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pulumi_policy import Severity
from pydantic import AfterValidator, Field

from atlan_pulumi.declared import Asset, Declared, Edge
from atlan_pulumi.policies._groups import AssetGroup, AssetGroups, group_of
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import Settings


def _refuse_single_layer(layers: list[AssetGroup]) -> list[AssetGroup]:
    if len(layers) == 1:
        raise ValueError("must have at least two layers")
    return layers


class LayerOrderSettings(Settings):
    """The settings of `layer-order`."""

    layers: Annotated[
        AssetGroups,
        AfterValidator(_refuse_single_layer),
        Field(description="The layers from first to last, each with globs of qualifiedNames."),
    ] = Field(default_factory=list)
    allow_skips: Annotated[
        bool, Field(description="Whether a layer may read any earlier layer, not only the previous one.")
    ] = False


class LayerOrder(ResourceRule[LayerOrderSettings]):
    """Data flows from layer to layer: gold must not read raw, and raw must not read gold.

    Why: a process that skips a layer reads data that is not cleaned yet. Data that flows back makes a cycle.
    The rule skips assets that no layer matches; if several layers match, the first counts.

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
            "report-orders",
            name="Report orders",
            connection=warehouse,
            process_id="report_orders",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/BI/PUBLIC/ORDERS")],
        )
        ```

    Configuration:
        ```json
        {
          "layer-order": {
            "enforcementLevel": "mandatory",
            "layers": [
              {"name": "raw", "patterns": ["*/RAW/*"]},
              {"name": "mart", "patterns": ["*/MART/*"]},
              {"name": "bi", "patterns": ["*/BI/*"]}
            ]
          }
        }
        ```
    """

    settings = LayerOrderSettings
    description = "Data must flow from layer to layer, without skipping one or flowing back."
    severity = Severity.HIGH
    needs = ("layers",)

    def check(self, resource: Declared, settings: LayerOrderSettings) -> Iterator[str]:
        """Yield each pair of an input and an output whose layers are in the wrong order."""
        for edge in resource.edges:
            for problem in _problems(edge, settings):
                yield f"{edge}: inputs: {problem}"


layer_order = LayerOrder()


def _problems(edge: Edge, settings: LayerOrderSettings) -> Iterator[str]:
    sources = [(read, group_of(read, settings.layers)) for read in edge.inputs]
    for written in edge.outputs:
        target = group_of(written, settings.layers)
        for read, source in sources:
            if problem := _problem(read, source, written, target, settings):
                yield problem


def _problem(
    read: Asset, source: int | None, written: Asset, target: int | None, settings: LayerOrderSettings
) -> str | None:
    if source is None or target is None or source in (target, target - 1):
        return None
    names = [layer.name for layer in settings.layers]
    what = f"{written} of the layer {names[target]!r} reads {read} of the layer {names[source]!r}"
    if source > target:
        return f"{what}, a later layer: reverse the edge, or move one of the two"
    return None if settings.allow_skips else f"{what}: read from the layer {names[target - 1]!r} instead"
