"""`layer-order`: data flows from layer to layer, and skips none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pulumi_policy import Severity
from pydantic import BeforeValidator, Field

from atlan_pulumi.declared import Asset, Declared
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._settings import Glob, Settings, matches


class Layer(Settings):
    """A layer, and what belongs to it."""

    name: str
    patterns: Annotated[list[Glob], Field(min_length=1)]


def _from_mapping(value: Any) -> Any:
    """In Python a mapping will do: layer -> patterns. A file has a list, since the engine sorts mappings."""
    if isinstance(value, Mapping):
        return [{"name": name, "patterns": patterns} for name, patterns in value.items()]
    return value


class LayerOrderSettings(Settings):
    """The settings of `layer-order`."""

    layers: Annotated[
        list[Layer],
        BeforeValidator(_from_mapping),
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
    needs = "layers"

    def check(self, resource: Declared, settings: LayerOrderSettings) -> Iterator[str]:
        """Each pair of an input and an output whose layers do not follow one another."""
        for edge in resource.edges:
            for output in edge.outputs:
                for read in edge.inputs:
                    if reason := _objection(read, output, settings):
                        yield f"{edge}: inputs: {reason}"


layer_order = LayerOrder()


def _objection(read: Asset, written: Asset, settings: LayerOrderSettings) -> str | None:
    source, target = _layer(read, settings.layers), _layer(written, settings.layers)
    if source is None or target is None or source in (target, target - 1):
        return None
    names = [layer.name for layer in settings.layers]
    what = f"{written} of the layer {names[target]!r} reads {read} of the layer {names[source]!r}"
    if source > target:
        return f"{what}, which comes after it: turn the edge around, or move one of the two"
    if settings.allow_skips:
        return None
    return f"{what}: go by way of {names[target - 1]!r}"


def _layer(asset: Asset, layers: list[Layer]) -> int | None:
    """The number of an asset's layer; of a column that of its table, unless a pattern names columns."""
    names = (*asset.names, *asset.table.names)
    return next((index for index, layer in enumerate(layers) if matches(names, layer.patterns)), None)
