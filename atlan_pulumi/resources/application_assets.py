"""`APISpec`, `APIPath`, `Application`, `ApplicationField`, and `CustomEntity`: assets of applications."""

from __future__ import annotations

from typing import ClassVar

import pulumi
from typing_extensions import Unpack

from atlan_pulumi.resources._typed_asset import (
    AssetInConnection,
    Container,
    TypedAssetArgs,
    joined,
    name_in,
    transformed,
    with_attributes,
)
from atlan_pulumi.resources.asset import Asset
from atlan_pulumi.resources.references import reference


class APISpec(AssetInConnection):
    """The specification of an API, `<connection>/<name>`.

    Args:
        resource_name: The resource's name in the stack.
        name: The name. Changing this forces replacement.
        connection: The connection that contains it. Changing this forces replacement.
        **more: See `TypedAssetArgs` and `AssetArgs`.

    Example:
        ```python
        import atlan_pulumi as atlan

        apis = atlan.Connection("apis", name="APIs", connector="api", admin_roles=["$admin"])
        shop = atlan.APISpec("shop-api", name="shop", connection=apis)
        atlan.APIPath("shop-orders", path="/orders", spec=shop)
        ```
    """

    atlan_type: ClassVar[str] = "APISpec"


class APIPath(Asset):
    """A path of an API, `<spec><path>`.

    Args:
        resource_name: The resource's name in the stack.
        path: The path, with a slash in front. Changing this forces replacement.
        spec: The specification that contains it: an `APISpec`, or its qualifiedName. Changing this forces
            replacement.
        name: Display name. Default: the path.
        **more: See `TypedAssetArgs` and `AssetArgs`.
    """

    atlan_type: ClassVar[str] = "APIPath"

    def __init__(
        self,
        resource_name: str,
        *,
        path: pulumi.Input[str],
        spec: Container,
        name: pulumi.Input[str] | None = None,
        **more: Unpack[TypedAssetArgs],
    ) -> None:
        parent = reference(spec, of_type="APISpec")
        super().__init__(
            resource_name,
            type_name=self.atlan_type,
            name=path if name is None else name,
            parent=parent,
            qualified_name=joined(name_in(parent), "/", transformed(path, _without_slash)),
            **with_attributes(more, apiPathRawURI=path),
        )


def _without_slash(path: str) -> str:
    return path.removeprefix("/")


class Application(AssetInConnection):
    """An application, `<connection>/<name>`.

    Args:
        resource_name: The resource's name in the stack.
        name: The name. Changing this forces replacement.
        connection: The connection that contains it. Changing this forces replacement.
        **more: See `TypedAssetArgs` and `AssetArgs`.

    Example:
        ```python
        import atlan_pulumi as atlan

        apps = atlan.Connection("apps", name="Applications", connector="app", admin_roles=["$admin"])
        billing = atlan.Application("billing", name="Billing", connection=apps)
        atlan.ApplicationField("billing-total", name="total", application=billing)
        ```
    """

    atlan_type: ClassVar[str] = "Application"


class ApplicationField(Asset):
    """A field of an application, `<application>/<name>`.

    Args:
        resource_name: The resource's name in the stack.
        name: The name. Changing this forces replacement.
        application: The application that contains it: an `Application`, or its qualifiedName. Changing this
            forces replacement.
        **more: See `TypedAssetArgs` and `AssetArgs`.
    """

    atlan_type: ClassVar[str] = "ApplicationField"

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        application: Container,
        **more: Unpack[TypedAssetArgs],
    ) -> None:
        parent = reference(application, of_type="Application")
        super().__init__(resource_name, type_name=self.atlan_type, name=name, parent=parent, **more)


class CustomEntity(AssetInConnection):
    """An asset of a source for which Atlan has no type, `<connection>/<name>`.

    Args:
        resource_name: The resource's name in the stack.
        name: The name. Changing this forces replacement.
        connection: The connection that contains it. Changing this forces replacement.
        **more: See `TypedAssetArgs` and `AssetArgs`.

    Example:
        ```python
        import atlan_pulumi as atlan

        apps = atlan.Connection("apps", name="Applications", connector="app", admin_roles=["$admin"])
        atlan.CustomEntity("tariffs", name="Tariffs", connection=apps, sub_type="spreadsheet")
        ```
    """

    atlan_type: ClassVar[str] = "CustomEntity"
