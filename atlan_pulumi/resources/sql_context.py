"""`SqlContext`: what the names in a process's SQL mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource
from atlan_pulumi.resources.references import AssetReference, UnresolvedReferenceError


@dataclass(frozen=True)
class SqlContext:
    """What the names in SQL mean, for resources whose lineage is derived from it.

    One context serves all processes that run in the same place. Deriving lineage needs the extra `sql`.

    Args:
        dialect: The dialect, such as `snowflake` or `tsql`, as [sqlglot](https://sqlglot.com) names it.
            Default: that of the connector; standard SQL if it has none.
        default_database: The database of names that lack one.
        default_schema: The schema of names that lack one.
        connection: The connection whose catalog has the tables. Default: that of the process.
        tables: Tables that the program declares: resources such as a `snowflake.Table`, whose columns are
            then known before a crawl, or references. A name in the SQL refers to the table whose path ends
            with it; the process is then created after the resource.

    Example:
        ```python
        import atlan_pulumi as atlan

        shop = atlan.SqlContext(dialect="snowflake", default_database="MART", default_schema="PUBLIC")
        load = atlan.Process(
            "load-orders",
            name="Load orders",
            connection="default/snowflake/1657025257",
            sql="insert into ORDERS (ORDER_ID, NET) select ID, AMOUNT - DISCOUNT from RAW.PUBLIC.ORDERS",
            derive=shop,
        )
        atlan.ColumnLineage("load-orders-columns", process=load)
        ```
    """

    dialect: pulumi.Input[str] | None = None
    default_database: pulumi.Input[str] | None = None
    default_schema: pulumi.Input[str] | None = None
    connection: AtlanResource | pulumi.Input[str] | None = None
    tables: Sequence[pulumi.Resource | AssetReference] = ()


@dataclass(frozen=True)
class ViewContext(SqlContext):
    """The context of the SQL of a resource that lists the columns of its view.

    Args:
        view_columns: The names of the columns, by position; None for those in the SQL.
    """

    view_columns: pulumi.Input[Sequence[str] | None] = None


def view_context(context: SqlContext | None, columns: pulumi.Input[Sequence[str] | None]) -> SqlContext:
    """Return a context with the columns of a view."""
    return ViewContext(**vars(context or SqlContext()), view_columns=columns)


def context_of(derive: object, place: str = "") -> SqlContext:
    """Return the context in the argument `derive`; the default one for True, False, and None.

    Args:
        derive: The argument.
        place: The beginning of the message if it is none of these, such as `Process 'load': `.

    Raises:
        ResourceError: It is none of these.
    """
    if not isinstance(derive, (SqlContext, bool, type(None))):
        raise UnresolvedReferenceError(f"{place}derive: use True, or a SqlContext")
    return derive if isinstance(derive, SqlContext) else SqlContext()
