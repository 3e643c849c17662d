"""`Process`: lineage between assets, such as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import pulumi
from typing_extensions import Unpack

from atlan_pulumi.dynamic.program import AtlanResource, named_after
from atlan_pulumi.naming import ConnectionName
from atlan_pulumi.resources._edge import EdgeLifecycle, ProcessArgs, ProcessAttributes, edge_attributes
from atlan_pulumi.resources.references import AssetReference, qualified_name_of, references

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity


class ProcessInputs(ProcessAttributes):
    """The inputs of a `Process`, validated."""

    other_level = (frozenset({"Column"}), "ColumnProcess")

    connection: ConnectionName


class ProcessLifecycle(EdgeLifecycle):
    """The lifecycle of a `Process`."""

    type_name = "Process"
    model = ProcessInputs

    def dependents_of(self, client: AtlanClient, entity: Entity) -> list[Entity]:
        """Atlan keeps a Process's column processes when it goes: they would be ghosts."""
        children = entity.related("columnProcesses", drop_archived=True)
        found = [client.entities.get(child.guid) for child in children if child.guid]
        return [child for child in found if child is not None and child.status == "ACTIVE"]


class Process(AtlanResource):
    """Lineage from some assets to others: inputs → process → outputs.

    The assets must exist. `inputs` and `outputs` are sets: their order never matters.

    Args:
        resource_name: The resource's name in the stack.
        name: What Atlan shows.
        connection: The connection that the process runs in, as a `Connection`, an
            `OpenLineageConnection` or a qualifiedName. It decides
            who may see the process and which icon it has: the source's when that pushes, the target's when
            that pulls, or that of the engine in between. A change replaces the process.
        process_id: The process's own id within the connection, such as the id of a DAG. A change replaces
            the process. Default: `resource_name`, which is as stable as the program; the id that Atlan's SDK
            would derive is `sdk_process_id`.
        inputs: The assets it reads, at least one.
        outputs: The assets it writes, at least one.
        reads_own_output: Whether an asset may be both input and output, as with MERGE, INSERT OVERWRITE, or
            an incremental load. Without it, that is an error. The policies that look for circles allow it.
        adopt: Take over a process of this qualifiedName that others made; without it, that is an error. The
            preview shows what it changes.
        delete_type: How it goes: `PURGE` (for good, the default), `HARD`, or `SOFT` (archived: it can be
            restored, and its name stays taken), as Atlan's own SDK names them.
        force_destroy: Remove the column processes that hang on it together with it; without it, that is an
            error which lists them.
        opts: Pulumi's options.
        **attributes: See `ProcessArgs` and `AssetArgs`. What is given is managed: shown when it drifts,
            cleared when it is no longer given. What was never given is left to others.

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
            process_id="dag_123",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
            sql="insert into MART.PUBLIC.ORDERS select * from RAW.PUBLIC.ORDERS",
            source_url="https://orchestrator.example.com/dags/123",
        )
        ```
    """

    atlan_type: ClassVar[str] = "Process"

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        connection: AtlanResource | pulumi.Input[str],
        inputs: pulumi.Input[Sequence[pulumi.Input[AssetReference] | AtlanResource]],
        outputs: pulumi.Input[Sequence[pulumi.Input[AssetReference] | AtlanResource]],
        process_id: pulumi.Input[str] | None = None,
        reads_own_output: pulumi.Input[bool] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        delete_type: pulumi.Input[str] | None = None,
        force_destroy: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **attributes: Unpack[ProcessArgs],
    ) -> None:
        props = {
            "name": name,
            "connection": qualified_name_of(connection),
            **named_after(resource_name, "process_id", process_id),
            "inputs": references(inputs),
            "outputs": references(outputs),
            "reads_own_output": reads_own_output,
            "adopt": adopt,
            "delete_type": delete_type,
            "force_destroy": force_destroy,
        }
        super().__init__(resource_name, {**props, **edge_attributes("Process", attributes)}, opts)
