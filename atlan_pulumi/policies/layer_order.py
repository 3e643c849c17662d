"""`layer-order`: data flows from layer to layer, and skips none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pulumi_policy import Severity
from pydantic import AfterValidator, Field

from atlan_pulumi.declared import Asset, Declared, Edge
from atlan_pulumi.policies._groups import Group, Groups, group_of
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import Settings


def _several(layers: list[Group]) -> list[Group]:
    if len(layers) == 1:
        raise ValueError("must be two at least: one alone is in no order")
    return layers


class LayerOrderSettings(Settings):
    """The settings of `layer-order`."""

    layers: Annotated[
        Groups,
        AfterValidator(_several),
        Field(description="The layers from the first to the last, each with globs of qualifiedNames."),
    ] = Field(default_factory=list)
    allow_skips: Annotated[
        bool, Field(description="Whether a layer may read another one than its own and the one before it.")
    ] = False


class LayerOrder(ResourceRule[LayerOrderSettings]):
    """Data flows from layer to layer: gold must not read raw, and raw must not read gold.

    Why: what reads around a layer reads data that nobody has cleaned; what flows back makes a circle.
    Assets that no layer matches are passed over; where several match, the first one counts.

    Passes:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "clean-orders",
            name="Clean orders",
            connection=warehouse,
            process_id="clean_orders",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/SILVER/PUBLIC/ORDERS")],
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
            outputs=[atlan.table(f"{warehouse}/GOLD/PUBLIC/ORDERS")],
        )
        ```

    Configuration:
        ```json
        {
          "layer-order": {
            "enforcementLevel": "mandatory",
            "layers": [
              {"name": "raw", "patterns": ["*/RAW/*"]},
              {"name": "silver", "patterns": ["*/SILVER/*"]},
              {"name": "gold", "patterns": ["*/GOLD/*"]}
            ]
          }
        }
        ```
    """

    settings = LayerOrderSettings
    description = "Data flows from layer to layer: none is skipped, and nothing flows back."
    severity = Severity.HIGH
    needs = ("layers",)

    def check(self, resource: Declared, settings: LayerOrderSettings) -> Iterator[str]:
        """Each pair of an input and an output whose layers do not follow one another."""
        for edge in resource.edges:
            for reason in _objections(edge, settings):
                yield f"{edge}: inputs: {reason}"


layer_order = LayerOrder()


def _objections(edge: Edge, settings: LayerOrderSettings) -> Iterator[str]:
    sources = [(read, group_of(read, settings.layers)) for read in edge.inputs]
    for written in edge.outputs:
        target = group_of(written, settings.layers)
        for read, source in sources:
            if reason := _objection(read, source, written, target, settings):
                yield reason


def _objection(
    read: Asset, source: int | None, written: Asset, target: int | None, settings: LayerOrderSettings
) -> str | None:
    if source is None or target is None or source in (target, target - 1):
        return None
    names = [layer.name for layer in settings.layers]
    what = f"{written} of the layer {names[target]!r} reads {read} of the layer {names[source]!r}"
    if source > target:
        return f"{what}, which comes after it: turn the edge around, or move one of the two"
    return None if settings.allow_skips else f"{what}: go by way of {names[target - 1]!r}"
