"""`Process`: lineage between assets, such as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi
from typing_extensions import Unpack

from atlan_pulumi.dynamic.program import AtlanResource, named_after
from atlan_pulumi.naming import ConnectionName
from atlan_pulumi.resources._edge import EdgeLifecycle, ProcessArgs, ProcessAttributes, edge_attributes
from atlan_pulumi.resources._sql_lineage import SqlLineage
from atlan_pulumi.resources._sql_tables import Wait
from atlan_pulumi.resources.literals import DeleteType, MissingAssetHandling
from atlan_pulumi.resources.references import (
    AssetReference,
    UnresolvedReferenceError,
    qualified_name_of,
    references,
)
from atlan_pulumi.resources.sql_context import SqlContext, context_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity


class ProcessInputs(ProcessAttributes):
    """The validated inputs of a `Process`."""

    other_level = (frozenset({"Column"}), "ColumnProcess")

    connection: ConnectionName


class ProcessLifecycle(EdgeLifecycle):
    """The lifecycle of a `Process`."""

    type_name = "Process"
    model = ProcessInputs

    def dependents_of(self, client: AtlanClient, entity: Entity) -> list[Entity]:
        """Return the column processes. Atlan keeps them when their Process is deleted."""
        children = entity.related("columnProcesses", drop_archived=True)
        found = [client.entities.get(child.guid) for child in children if child.guid]
        return [child for child in found if child is not None and child.status == "ACTIVE"]


def derived_from(process: object, name: str) -> SqlLineage:
    """Return the lineage of the SQL of a `Process` of this program, which decides a mapping of columns.

    Args:
        process: The process, as the author passed it.
        name: The name of the resource that declares the columns.

    Raises:
        ResourceError: It is no `Process` of this program with `sql`, or the extra `sql` is not installed.
    """
    lineage = process.sql_lineage() if isinstance(process, Process) else None
    if lineage is None:
        raise UnresolvedReferenceError(
            f"ColumnLineage {name!r}: set columns, or pass a Process of this program with sql"
        )
    return lineage


def reads_own_output_of(process: object) -> Any:
    """Return `reads_own_output` of a `Process` of this program; None for other values."""
    return process.given("reads_own_output") if isinstance(process, Process) else None


class Process(AtlanResource):
    """Lineage between assets: inputs → process → outputs.

    The assets must exist. `inputs` and `outputs` are sets: their order does not matter.

    Args:
        resource_name: The resource's name in the stack.
        name: Display name.
        connection: The connection in which the process runs: a `Connection`, an `OpenLineageConnection`, or a
            qualifiedName. It decides who can see the process and which icon is shown. Use the source's
            connection if the source pushes, the target's if the target pulls, or that of the engine in
            between. Changing this forces replacement.
        process_id: The id within the connection, such as the id of a DAG. Changing this forces replacement.
            Default: `resource_name`. `sdk_process_id` returns the id that Atlan's SDK would use.
        inputs: The assets that the process reads; at least one. Default: those that `sql` reads.
        outputs: The assets that the process writes; at least one. Default: those that `sql` writes.
        derive: How `sql` is read where it decides inputs or outputs, or the columns of a `ColumnLineage`: a
            `SqlContext`; True for one with its defaults, also if nothing is to be derived: what is passed is
            then compared with the SQL. Default: only what is not passed is derived. Needs the extra `sql`.
        reads_own_output: Whether an asset may be both input and output, as with MERGE, INSERT OVERWRITE, or
            an incremental load. Without it, such an asset is an error, unless both are derived from `sql`.
            Policies that look for cycles allow it.
        missing_assets: What to do about inputs and outputs that Atlan does not have: `error` (the default),
            `partial`, which creates placeholders that a crawl makes full assets, or `wait`, which waits for
            them. Default: the setting `atlan:missingAssets`.
        wait_seconds: Maximum wait for missing assets, in seconds. Default: 600.
        adopt: Adopt an existing process with the same qualifiedName. Without it, an existing process is an
            error. The preview shows what changes.
        delete_type: Deletion mode: `PURGE` (permanent, the default), `HARD`, or `SOFT` (archived: the entity
            can be restored, and its name stays taken).
        force_destroy: Delete the process together with the column processes that still depend on it. Without
            it, such column processes are an error that lists them.
        opts: Resource options.
        **attributes: See `ProcessArgs` and `AssetArgs`. Attributes that are set are managed: drift is
            reported, and an attribute that is no longer set is cleared. Attributes that were never set are
            left alone.

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
        inputs: pulumi.Input[Sequence[pulumi.Input[AssetReference] | AtlanResource]] | None = None,
        outputs: pulumi.Input[Sequence[pulumi.Input[AssetReference] | AtlanResource]] | None = None,
        process_id: pulumi.Input[str] | None = None,
        derive: SqlContext | bool | None = None,
        reads_own_output: pulumi.Input[bool] | None = None,
        missing_assets: pulumi.Input[MissingAssetHandling] | None = None,
        wait_seconds: pulumi.Input[float] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        delete_type: pulumi.Input[DeleteType] | None = None,
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
            "missing_assets": missing_assets,
            "wait_seconds": wait_seconds,
            "adopt": adopt,
            "delete_type": delete_type,
            "force_destroy": force_destroy,
        }
        props |= edge_attributes("Process", attributes)
        self._context, self._opts = context_of(derive, f"Process {resource_name!r}: "), opts
        self._sql_lineage: SqlLineage | None = None
        if derive or (props.get("sql") is not None and None in (inputs, outputs) and derive is not False):
            props |= self._derived(resource_name, props)
        super().__init__(resource_name, props, opts)

    def _derived(self, resource_name: str, props: Mapping[str, Any]) -> dict[str, Any]:
        """Return the properties that the SQL decides."""
        lineage = self._sql_lineage = self._derive_from(resource_name, props)
        missing = [side for side in ("inputs", "outputs") if props[side] is None]
        found: dict[str, Any] = {"sql": lineage.sql(), **{side: lineage.side(side) for side in missing}}
        if missing and props["reads_own_output"] is None:
            found["reads_own_output"] = lineage.reads_own_output()
        return found

    def _derive_from(self, resource_name: str, props: Mapping[str, Any]) -> SqlLineage:
        if props.get("sql") is None:
            raise UnresolvedReferenceError(f"Process {resource_name!r}: derive needs sql")
        given = {side: props[side] for side in ("inputs", "outputs")}
        return SqlLineage(
            self,
            resource_name,
            sql=props["sql"],
            context=self._context,
            connection=props["connection"],
            given=given,
            wait=Wait(props.get("missing_assets"), props.get("wait_seconds")),
            opts=self._opts,
        )

    def sql_lineage(self) -> SqlLineage | None:
        """Return the lineage of the SQL, derived when first needed; None without SQL."""
        if self._sql_lineage is None and self.given("sql") is not None:
            names = ("sql", "connection", "inputs", "outputs", "missing_assets", "wait_seconds")
            props = {name: self.given(name) for name in names}
            self._sql_lineage = self._derive_from(self.pulumi_resource_name, props)
        return self._sql_lineage
