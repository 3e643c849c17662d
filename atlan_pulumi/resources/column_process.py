"""`ColumnProcess`: lineage between columns, below a `Process` between their tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi
from typing_extensions import Unpack

from atlan_pulumi.dynamic.program import AtlanResource, named_after
from atlan_pulumi.lifecycle import UNKNOWN, InvalidInputError, Props, ReferenceInputs, has_unknown
from atlan_pulumi.naming import connection_of
from atlan_pulumi.resources._edge import EdgeLifecycle, ProcessArgs, ProcessAttributes, edge_attributes
from atlan_pulumi.resources.process import Process
from atlan_pulumi.resources.references import AssetReference, qualified_name_of, reference, references

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient


class ColumnProcessInputs(ProcessAttributes):
    """The inputs of a `ColumnProcess`, validated."""

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
        """As for a Process; the connection defaults to that of the process above."""
        implied = {} if "connection" in declared else {"connection": _connection_of(declared["process"])}
        return implied | super().identify(declared | implied, olds, tenant)


def _connection_of(process: Props) -> object:
    if has_unknown(process):
        return UNKNOWN
    if "qualified_name" not in process:
        raise InvalidInputError("connection", "is required where process is given by its GUID")
    return connection_of(process["qualified_name"])


def _of(process: object) -> Any:
    """Whether a `Process` of this program reads what it writes."""
    return process.given("reads_own_output") if isinstance(process, Process) else None


class ColumnProcess(AtlanResource):
    """Lineage from some columns to others, shown when a `Process` between their tables is opened.

    Args:
        resource_name: The resource's name in the stack.
        name: What Atlan shows.
        process: The process between the tables that the columns lie in: a `Process`, an
            `OpenLineageJob`, a qualifiedName, or
            `asset("Process", guid=…)`.
        inputs: The columns it reads, at least one; a set.
        outputs: The columns it writes, at least one; a set.
        reads_own_output: Whether a column may be both input and output. Default: as for `process`, where that
            is a `Process` of this program; else not.
        connection: As for a `Process`. Default: the connection of `process`. A change replaces.
        process_id: The column process's own id within the connection. A change replaces. Default:
            `resource_name`. It may equal the id of a `Process`: Atlan keeps the two types apart.
        adopt: Take over a column process of this qualifiedName that exists already; without it, an error.
        delete_type: How it goes: `PURGE` (for good, the default), `HARD`, or `SOFT` (archived: it can be
            restored, and its name stays taken), as Atlan's own SDK names them.
        opts: Pulumi's options.
        **attributes: See `ProcessArgs` and `AssetArgs`; managed as for a `Process`.

    Attributes:
        qualified_name: `<connection>/<process_id>`; also the Pulumi id.
        guid: The GUID that Atlan gave it.
        managed_by: The mark of ownership that it carries in Atlan; see `docs/ownership.md`.

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
        adopt: pulumi.Input[bool] | None = None,
        delete_type: pulumi.Input[str] | None = None,
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
            "reads_own_output": _of(process) if reads_own_output is None else reads_own_output,
            "adopt": adopt,
            "delete_type": delete_type,
        }
        super().__init__(resource_name, {**props, **edge_attributes("ColumnProcess", attributes)}, opts)
