"""`Database`, `Schema`, `Table`, `View`, and `Column`: assets of databases without a crawler."""

from __future__ import annotations

from typing import ClassVar

import pulumi
from typing_extensions import Unpack

from atlan_pulumi.resources._typed_asset import AssetInConnection, Container, TypedAssetArgs, with_attributes
from atlan_pulumi.resources.asset import Asset
from atlan_pulumi.resources.references import reference


class Database(AssetInConnection):
    """A database, `<connection>/<name>`.

    Args:
        resource_name: The resource's name in the stack.
        name: The name. Changing this forces replacement.
        connection: The connection that contains it. Changing this forces replacement.
        **more: See `TypedAssetArgs` and `AssetArgs`.

    Example:
        ```python
        import atlan_pulumi as atlan

        ledger = atlan.Database("ledger", name="LEDGER", connection="default/snowflake/1657025257")
        ```
    """

    atlan_type: ClassVar[str] = "Database"


class Schema(Asset):
    """A schema, `<database>/<name>`.

    Args:
        resource_name: The resource's name in the stack.
        name: The name. Changing this forces replacement.
        database: The database that contains it. Changing this forces replacement.
        **more: See `TypedAssetArgs` and `AssetArgs`.

    Example:
        ```python
        import atlan_pulumi as atlan

        book = atlan.Schema("book", name="BOOK", database="default/snowflake/1657025257/MART")
        ```
    """

    atlan_type: ClassVar[str] = "Schema"

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        database: Container,
        **more: Unpack[TypedAssetArgs],
    ) -> None:
        parent = reference(database, of_type="Database")
        super().__init__(resource_name, type_name=self.atlan_type, name=name, parent=parent, **more)


class Table(Asset):
    """A table, `<schema>/<name>`.

    Args:
        resource_name: The resource's name in the stack.
        name: The name. Changing this forces replacement.
        schema: The schema that contains it. Changing this forces replacement.
        **more: See `TypedAssetArgs` and `AssetArgs`.

    Example:
        ```python
        import atlan_pulumi as atlan

        bookings = atlan.Table("bookings", name="BOOKINGS", schema="default/snowflake/1657025257/MART/PUBLIC")
        atlan.Column("bookings-id", name="ID", table=bookings, order=1, data_type="NUMBER")
        ```
    """

    atlan_type: ClassVar[str] = "Table"

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        schema: Container,
        **more: Unpack[TypedAssetArgs],
    ) -> None:
        parent = reference(schema, of_type="Schema")
        super().__init__(resource_name, type_name=self.atlan_type, name=name, parent=parent, **more)


class View(Asset):
    """A view, `<schema>/<name>`.

    Args:
        resource_name: The resource's name in the stack.
        name: The name. Changing this forces replacement.
        schema: The schema that contains it. Changing this forces replacement.
        definition: The SQL that defines the view.
        **more: See `TypedAssetArgs` and `AssetArgs`.

    Example:
        ```python
        import atlan_pulumi as atlan

        atlan.View(
            "open-bookings",
            name="OPEN_BOOKINGS",
            schema="default/snowflake/1657025257/MART/PUBLIC",
            definition="select * from BOOKINGS where CLOSED_AT is null",
        )
        ```
    """

    atlan_type: ClassVar[str] = "View"

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        schema: Container,
        definition: pulumi.Input[str] | None = None,
        **more: Unpack[TypedAssetArgs],
    ) -> None:
        more = with_attributes(more, definition=definition)
        parent = reference(schema, of_type="Schema")
        super().__init__(resource_name, type_name=self.atlan_type, name=name, parent=parent, **more)


class Column(Asset):
    """A column, `<table>/<name>`.

    Args:
        resource_name: The resource's name in the stack.
        name: The name. Changing this forces replacement.
        table: The `Table` that contains it, or a reference to a view or another asset with columns. A
            qualifiedName is that of a table. Changing this forces replacement.
        order: The position among the columns, from 1. Atlan requires it.
        data_type: The type in the source, such as `VARCHAR`.
        is_nullable: Whether the column may contain nulls.
        is_primary: Whether the column is a part of the primary key.
        **more: See `TypedAssetArgs` and `AssetArgs`.
    """

    atlan_type: ClassVar[str] = "Column"

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        table: Container,
        order: pulumi.Input[int],
        data_type: pulumi.Input[str] | None = None,
        is_nullable: pulumi.Input[bool] | None = None,
        is_primary: pulumi.Input[bool] | None = None,
        **more: Unpack[TypedAssetArgs],
    ) -> None:
        more = with_attributes(
            more, order=order, dataType=data_type, isNullable=is_nullable, isPrimary=is_primary
        )
        parent = reference(table, of_type="Table")
        super().__init__(resource_name, type_name=self.atlan_type, name=name, parent=parent, **more)
