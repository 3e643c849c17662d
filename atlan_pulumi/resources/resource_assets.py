"""References to the assets that other resources of the program create, such as a table in Snowflake.

The reference is built from the resource's outputs. A process that uses it is therefore created after the
resource, and the name is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource
from atlan_pulumi.naming import TYPES_WITH_COLUMNS, asset_of_resource, below_connection, sql_of_resource
from atlan_pulumi.resources.references import AssetReference, UnresolvedReferenceError, qualified_name_of

AssetFunction = Callable[[Any], tuple[pulumi.Input[str], pulumi.Input[Sequence[pulumi.Input[str]]]]]
"""Returns Atlan's typeName and the path below the connection, such as database, schema, and table, of a
resource's asset."""


class _Kind(NamedTuple):
    """What the program has registered about a kind of resource."""

    asset: AssetFunction
    columns: Callable[[Any], Any] | None = None
    sql: Callable[[Any], Any] | None = None


_registered: dict[str | type[pulumi.Resource], _Kind] = {}


def register_asset_type(
    resource: str | type[pulumi.Resource],
    function: AssetFunction,
    *,
    columns: Callable[[Any], pulumi.Input[Sequence[pulumi.Input[str]]]] | None = None,
    sql: Callable[[Any], pulumi.Input[str]] | None = None,
) -> None:
    """Tell `asset_of`, `table_of`, and `column_of` which asset a kind of resource creates.

    Args:
        resource: Pulumi's type token, such as `shop:warehouse:Table`, or the class of the resource.
            Subclasses are included. It replaces what is built in.
        function: Gets a resource, and returns Atlan's typeName and the path below the connection. Each part
            may be an Output of the resource.
        columns: Gets a resource, and returns the names of the columns of its table, in their order. A
            `SqlContext` with the resource then knows them before a crawl.
        sql: Gets a resource, and returns its SQL, for `lineage_of`.

    Example:
        ```python
        import atlan_pulumi as atlan
        import pulumi


        class WarehouseTable(pulumi.ComponentResource):
            def __init__(self, resource_name: str, schema: str, table: str) -> None:
                super().__init__("shop:warehouse:Table", resource_name)
                self.path = [schema, "PUBLIC", table]


        atlan.register_asset_type(WarehouseTable, lambda made: ("Table", made.path))

        warehouse = "default/snowflake/1657025257"
        raw, mart = (WarehouseTable(f"{schema}-orders", schema, "ORDERS") for schema in ("RAW", "MART"))
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            inputs=[atlan.table_of(raw, connection=warehouse)],
            outputs=[atlan.table_of(mart, connection=warehouse)],
        )
        ```
    """
    _registered[resource] = _Kind(function, columns, sql)


def asset_of(resource: pulumi.Resource, *, connection: AtlanResource | pulumi.Input[str]) -> AssetReference:
    """Refer to the asset that a resource of another package creates in its source.

    Built in are the tables, views, stages, pipes, and streams of `pulumi_snowflake`, the tables of
    `pulumi_gcp.bigquery`, `pulumi_databricks`, and `pulumi_aws.glue`, the buckets and objects of
    `pulumi_aws.s3`, the buckets of `pulumi_gcp.storage`, and the topics of `pulumi_kafka` and
    `pulumi_confluentcloud`. `register_asset_type` adds others, and has a complete example.

    Args:
        resource: The resource, such as a `snowflake.Table`. What refers to it is created after it.
        connection: The connection in Atlan whose crawler reads the source: a resource, or a qualifiedName.

    Raises:
        ResourceError: The kind of the resource is not known.
    """
    type_name, path = _asset_of(resource)
    return _reference(type_name, connection, path, resource)


def table_of(resource: pulumi.Resource, *, connection: AtlanResource | pulumi.Input[str]) -> AssetReference:
    """Refer to the table or view that a resource of another package creates, as `asset_of` does."""
    return asset_of(resource, connection=connection)


def column_of(
    resource: pulumi.Resource, name: pulumi.Input[str], *, connection: AtlanResource | pulumi.Input[str]
) -> AssetReference:
    """Refer to a column of the table or view that a resource of another package creates.

    Args:
        resource: The resource of the table or view.
        name: The column's name.
        connection: The connection in Atlan whose crawler reads the source: a resource, or a qualifiedName.

    Raises:
        ResourceError: The kind of the resource is not known, or has no columns.
    """
    type_name, path = _asset_of(resource)
    if isinstance(type_name, str) and type_name not in TYPES_WITH_COLUMNS:
        raise UnresolvedReferenceError(
            f"the resource {resource.pulumi_resource_name!r} is a {type_name} in Atlan, which has no columns"
        )
    column_path = pulumi.Output.all(path, name).apply(lambda known: [*known[0], known[1]])
    return _reference("Column", connection, column_path, resource)


def _reference(
    type_name: pulumi.Input[str],
    connection: AtlanResource | pulumi.Input[str],
    path: Any,
    resource: pulumi.Resource,
) -> AssetReference:
    """Return the reference. It depends on the resource, also if all names are plain text."""
    parts: Any = pulumi.Output.all(qualified_name_of(connection), path, resource.urn)
    name = parts.apply(lambda known: below_connection(known[0], "/".join(known[1])))
    return {"type_name": type_name, "qualified_name": name}


def _asset_of(resource: Any) -> tuple[pulumi.Input[str], Any]:
    """Return the typeName and the path of a resource's asset."""
    if not isinstance(resource, pulumi.Resource):
        raise UnresolvedReferenceError(
            f"asset_of, table_of, and column_of take a resource, not {type(resource).__name__}; "
            "to refer to an asset by its name, use atlan.table(…)"
        )
    if (own := _kind_of(resource)) is not None:
        return own.asset(resource)
    found = asset_of_resource(resource.pulumi_resource_type)
    if found is None:
        raise UnresolvedReferenceError(_unknown(resource))
    values = _outputs(resource, found.outputs)
    type_name = found.type_name if isinstance(found.type_name, str) else values.apply(found.type_name)
    return type_name, values.apply(found.path)


def has_asset(resource: Any) -> bool:
    """Return whether it is known which asset a resource creates. A task, for example, creates none."""
    return _kind_of(resource) is not None or asset_of_resource(resource.pulumi_resource_type) is not None


def columns_in(resource: Any) -> pulumi.Output[Any]:
    """Return the names of the columns in a resource's outputs, in their order; None if there are none."""
    if (own := _kind_of(resource)) is not None:
        return pulumi.Output.from_input(own.columns(resource) if own.columns else None)
    found = sql_of_resource(resource.pulumi_resource_type)
    if found is None:
        return pulumi.Output.from_input(None)
    return _outputs(resource, found.outputs).apply(found.columns)


def view_columns_in(resource: Any) -> pulumi.Output[Any] | None:
    """Return the names that a resource gives to the columns of its SQL, by position; None without any."""
    if (own := _kind_of(resource)) is not None:
        return columns_in(resource) if own.columns else None
    found = sql_of_resource(resource.pulumi_resource_type)
    return columns_in(resource) if found and found.lists_columns else None


def sql_in(resource: Any) -> pulumi.Output[Any] | None:
    """Return the SQL in a resource's outputs; None for a kind of resource that has none."""
    if (own := _kind_of(resource)) is not None:
        return pulumi.Output.from_input(own.sql(resource)) if own.sql else None
    found = sql_of_resource(resource.pulumi_resource_type)
    return _outputs(resource, found.outputs).apply(found.sql) if found else None


def _kind_of(resource: Any) -> _Kind | None:
    """Return what the program has registered about the kind of a resource."""
    kinds = (*type(resource).__mro__, resource.pulumi_resource_type)
    return next((_registered[kind] for kind in kinds if kind in _registered), None)


def _outputs(resource: Any, names: Sequence[str]) -> pulumi.Output[Any]:
    return pulumi.Output.all(**{name: getattr(resource, name, None) for name in names})


def _unknown(resource: pulumi.Resource) -> str:
    name, kind = resource.pulumi_resource_name, resource.pulumi_resource_type
    return (
        f"the resource {name!r} has the type {kind!r}, whose assets are not known; register them with "
        "atlan.register_asset_type(…), or refer to the asset by its name with atlan.table(…)"
    )
