"""`ColumnProcess`: lineage between columns, below a `Process` between their tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

import pulumi
from typing_extensions import Unpack

from atlan_pulumi.dynamic.program import AtlanResource, named_after
from atlan_pulumi.lifecycle import UNKNOWN, InvalidInputError, Props, ReferenceInputs, has_unknown
from atlan_pulumi.naming import connection_of
from atlan_pulumi.resources._edge import EdgeLifecycle, ProcessArgs, ProcessAttributes, edge_attributes
from atlan_pulumi.resources.literals import DeleteType, MissingAssetHandling
from atlan_pulumi.resources.process import reads_own_output_of
from atlan_pulumi.resources.references import AssetReference, qualified_name_of, reference, references

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient


class ColumnProcessInputs(ProcessAttributes):
    """The validated inputs of a `ColumnProcess`."""

    kinds = ProcessAttributes.kinds | {"process": "Process"}
    references = frozenset(kinds)
    refer_with = "column"
    other_level = (
        frozenset({"Table", "View", "MaterialisedView", "TablePartition", "Schema", "Database"}),
        "Process",
    )

    process: ReferenceInputs


class ColumnProcessLifecycle(EdgeLifecycle):
    """The lifecycle of a `ColumnProcess`."""

    type_name = "ColumnProcess"
    model = ColumnProcessInputs
    named_by = ("connection", "process_id", "process")

    def identify(self, declared: Props, olds: Props, tenant: Callable[[], AtlanClient] | None) -> Props:
        """Return the qualifiedName as for a Process. The connection defaults to that of `process`."""
        implied = {} if "connection" in declared else {"connection": _connection_of(declared["process"])}
        return implied | super().identify(declared | implied, olds, tenant)


def _connection_of(process: Props) -> object:
    if has_unknown(process):
        return UNKNOWN
    if "qualified_name" not in process:
        raise InvalidInputError("connection", "is required where process is given by its GUID")
    return connection_of(process["qualified_name"])


class ColumnProcess(AtlanResource):
    """Lineage between columns, shown when a `Process` between their tables is opened.

    Args:
        resource_name: The resource's name in the stack.
        name: Display name.
        process: The process between the columns' tables: a `Process`, an `OpenLineageJob`, a qualifiedName,
            or `asset("Process", guid=…)`.
        inputs: The columns that are read; at least one. A set.
        outputs: The columns that are written; at least one. A set.
        reads_own_output: Whether a column may be both input and output. Default: as for `process` if it is a
            `Process` of this program; otherwise false.
        connection: As for a `Process`. Changing this forces replacement. Default: the connection of
            `process`.
        process_id: The id within the connection. Changing this forces replacement. Default: `resource_name`.
            It may equal the id of a `Process`, since Atlan identifies entities by type and name.
        missing_assets: What to do about inputs and outputs that Atlan does not have: `error` (the default),
            `partial`, which creates placeholders that a crawl makes full assets, or `wait`, which waits for
            them. Default: the setting `atlan:missingAssets`.
        wait_seconds: Maximum wait for missing assets, in seconds. Default: 600.
        adopt: Adopt an existing column process with the same qualifiedName. Without it, an existing column
            process is an error.
        delete_type: Deletion mode: `PURGE` (permanent, the default), `HARD`, or `SOFT` (archived: the entity
            can be restored, and its name stays taken).
        opts: Resource options.
        **attributes: See `ProcessArgs` and `AssetArgs`; managed as for a `Process`.

    Attributes:
        qualified_name: `<connection>/<process_id>`; also the Pulumi id.
        guid: The GUID in Atlan.
        managed_by: The ownership mark in Atlan; see `docs/ownership.md`.

    Example:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        load = atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        atlan.ColumnProcess(
            "load-orders-id",
            name="ID -> ORDER_ID",
            process=load,
            inputs=[atlan.column(f"{warehouse}/RAW/PUBLIC/ORDERS/ID")],
            outputs=[atlan.column(f"{warehouse}/MART/PUBLIC/ORDERS/ORDER_ID")],
        )
        ```
    """

    atlan_type: ClassVar[str] = "ColumnProcess"

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        process: AtlanResource | pulumi.Input[str] | pulumi.Input[AssetReference],
        inputs: pulumi.Input[Sequence[pulumi.Input[AssetReference]]],
        outputs: pulumi.Input[Sequence[pulumi.Input[AssetReference]]],
        connection: AtlanResource | pulumi.Input[str] | None = None,
        process_id: pulumi.Input[str] | None = None,
        reads_own_output: pulumi.Input[bool] | None = None,
        missing_assets: pulumi.Input[MissingAssetHandling] | None = None,
        wait_seconds: pulumi.Input[float] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        delete_type: pulumi.Input[DeleteType] | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **attributes: Unpack[ProcessArgs],
    ) -> None:
        props = {
            "name": name,
            "connection": None if connection is None else qualified_name_of(connection),
            "process": reference(process, of_type="Process"),
            **named_after(resource_name, "process_id", process_id),
            "inputs": references(inputs),
            "outputs": references(outputs),
            "reads_own_output": reads_own_output_of(process)
            if reads_own_output is None
            else reads_own_output,
            "missing_assets": missing_assets,
            "wait_seconds": wait_seconds,
            "adopt": adopt,
            "delete_type": delete_type,
        }
        super().__init__(resource_name, {**props, **edge_attributes("ColumnProcess", attributes)}, opts)
