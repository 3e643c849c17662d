"""`lineage_of`: the lineage of a warehouse resource that carries its SQL, such as a view."""

from __future__ import annotations

from typing import Any

import pulumi
from typing_extensions import Unpack

from atlan_pulumi.dynamic.program import AtlanResource
from atlan_pulumi.resources._edge import ProcessArgs
from atlan_pulumi.resources.literals import DeleteType, MissingAssetHandling
from atlan_pulumi.resources.process_set import ProcessSet
from atlan_pulumi.resources.references import AssetReference, UnresolvedReferenceError
from atlan_pulumi.resources.resource_assets import asset_of, has_asset, sql_in, view_columns_in
from atlan_pulumi.resources.sql_context import SqlContext, view_context


def lineage_of(
    resource: pulumi.Resource,
    *,
    connection: AtlanResource | pulumi.Input[str],
    context: SqlContext | None = None,
    outputs: list[AssetReference] | None = None,
    process_id: str | None = None,
    name: pulumi.Input[str] | None = None,
    missing_assets: pulumi.Input[MissingAssetHandling] | None = None,
    wait_seconds: pulumi.Input[float] | None = None,
    adopt: pulumi.Input[bool] | None = None,
    delete_type: pulumi.Input[DeleteType] | None = None,
    force_destroy: pulumi.Input[bool] | None = None,
    opts: pulumi.ResourceOptions | None = None,
    **attributes: Unpack[ProcessArgs],
) -> ProcessSet:
    """Declare the lineage of a resource of another package, from the SQL in its outputs.

    It creates a `ProcessSet` with one process, named `<name of the resource>-lineage`: the tables that the
    SQL reads, the view or table that the resource creates, and their columns. Needs the extra `sql`.

    Built in are the views, materialized views, dynamic tables, and tasks of `pulumi_snowflake`, the views and
    transfers of `pulumi_gcp.bigquery`, the views of `pulumi_databricks` and `pulumi_aws.glue`, the statements
    of `pulumi_aws.redshiftdata`, and those of Flink in `pulumi_confluentcloud`. `register_asset_type` adds
    others.

    Args:
        resource: The resource, such as a `snowflake.View`. The lineage is created after it.
        connection: The connection in Atlan whose crawler reads the source: a resource, or a qualifiedName.
        context: What the names in the SQL mean, and the tables of the program that it may read.
        outputs: What the SQL writes. Default: what the resource creates; for a resource without an asset,
            such as a task, what the SQL says.
        process_id: The id of the process within the connection. Default: the name of the resource.
        name: The display name of the process. Default: `process_id`.
        missing_assets: What to do about tables and columns that Atlan does not have: `error`, `partial`, or
            `wait`. Default: the setting `atlan:missingAssets`.
        wait_seconds: Maximum wait for missing assets, in seconds. Default: 600.
        adopt: Adopt existing entities with the same qualified names.
        delete_type: Deletion mode: `PURGE` (permanent, the default), `HARD`, or `SOFT` (archived).
        force_destroy: Delete the process together with column processes of other writers.
        opts: Resource options of the `ProcessSet`.
        **attributes: Attributes of the process, as of a `Process`. `sql` replaces that of the resource.

    Raises:
        ResourceError: It is not known where the kind of the resource keeps its SQL; or the extra `sql` is not
            installed.

    Example:
        ```python
        import atlan_pulumi as atlan
        import pulumi


        class View(pulumi.ComponentResource):
            def __init__(self, resource_name: str, path: list[str], query: str) -> None:
                super().__init__("shop:warehouse:View", resource_name)
                self.path, self.query = path, query


        def asset(view: View) -> tuple[str, list[str]]:
            return "Table", view.path


        atlan.register_asset_type(View, asset, sql=lambda view: view.query)
        orders = View(
            "mart-orders",
            ["MART", "PUBLIC", "ORDERS"],
            "select ID as ORDER_ID, AMOUNT - DISCOUNT as NET from RAW.PUBLIC.ORDERS",
        )
        atlan.lineage_of(orders, connection="default/snowflake/1657025257")
        ```
    """
    text = attributes.get("sql", sql_in(resource))
    if text is None:
        raise UnresolvedReferenceError(_no_sql(resource))
    made: Any = outputs
    if outputs is None and has_asset(resource):
        made = [asset_of(resource, connection=(context and context.connection) or connection)]
    process = {**attributes, "name": name, "outputs": made, "sql": _known_text(text)}
    process_id = process_id or resource.pulumi_resource_name
    return ProcessSet(
        f"{resource.pulumi_resource_name}-lineage",
        connection=connection,
        processes={process_id: {key: value for key, value in process.items() if value is not None}},
        derive=view_context(context, view_columns_in(resource)),
        missing_assets=missing_assets,
        wait_seconds=wait_seconds,
        adopt=adopt,
        delete_type=delete_type,
        force_destroy=force_destroy,
        opts=opts,
    )


def _known_text(sql: Any) -> Any:
    """Return the SQL; an empty text for a resource without one, such as a table, which is then refused."""
    return sql.apply(lambda known: known or "") if isinstance(sql, pulumi.Output) else sql


def _no_sql(resource: pulumi.Resource) -> str:
    name, kind = resource.pulumi_resource_name, resource.pulumi_resource_type
    return (
        f"the resource {name!r} has the type {kind!r}, whose SQL is not known: pass sql=…, or register it "
        "with atlan.register_asset_type(…, sql=…)"
    )
