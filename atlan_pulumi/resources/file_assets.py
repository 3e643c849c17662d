"""`S3Bucket`, `S3Object`, `File`, and `KafkaTopic`: files, objects, and streams without a crawler."""

from __future__ import annotations

from typing import ClassVar

import pulumi
from typing_extensions import Unpack

from atlan_pulumi.dynamic.program import AtlanResource
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
from atlan_pulumi.resources.references import qualified_name_of, reference


class S3Bucket(Asset):
    """A bucket of S3, `<connection>/<ARN>`.

    Args:
        resource_name: The resource's name in the stack.
        name: The bucket's name.
        connection: The connection that contains it. Changing this forces replacement.
        aws_arn: The bucket's ARN. Changing this forces replacement. Default: `arn:aws:s3:::<name>`.
        **more: See `TypedAssetArgs` and `AssetArgs`.

    Example:
        ```python
        import atlan_pulumi as atlan

        files = atlan.Connection("files", name="Files", connector="s3", admin_roles=["$admin"])
        landing = atlan.S3Bucket("landing", name="shop-landing", connection=files)
        atlan.S3Object("orders-file", bucket=landing, key="2026/orders.csv")
        ```
    """

    atlan_type: ClassVar[str] = "S3Bucket"

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        connection: AtlanResource | pulumi.Input[str],
        aws_arn: pulumi.Input[str] | None = None,
        **more: Unpack[TypedAssetArgs],
    ) -> None:
        arn = joined("arn:aws:s3:::", name) if aws_arn is None else aws_arn
        super().__init__(
            resource_name,
            type_name=self.atlan_type,
            name=name,
            connection=connection,
            qualified_name=joined(qualified_name_of(connection), "/", arn),
            **with_attributes(more, awsArn=arn),
        )


class S3Object(Asset):
    """An object of S3, `<bucket>/<key>`.

    Args:
        resource_name: The resource's name in the stack.
        key: The object's key. Changing this forces replacement.
        bucket: The bucket that contains it: an `S3Bucket`, or its qualifiedName. Changing this forces
            replacement.
        name: Display name. Default: the key after its last slash.
        **more: See `TypedAssetArgs` and `AssetArgs`.
    """

    atlan_type: ClassVar[str] = "S3Object"

    def __init__(
        self,
        resource_name: str,
        *,
        key: pulumi.Input[str],
        bucket: Container,
        name: pulumi.Input[str] | None = None,
        **more: Unpack[TypedAssetArgs],
    ) -> None:
        parent = reference(bucket, of_type="S3Bucket")
        super().__init__(
            resource_name,
            type_name=self.atlan_type,
            name=transformed(key, _last_segment) if name is None else name,
            parent=parent,
            qualified_name=joined(name_in(parent), "/", key),
            **with_attributes(more, s3ObjectKey=key),
        )


class File(AssetInConnection):
    """A file, `<connection>/<name>`.

    Args:
        resource_name: The resource's name in the stack.
        name: The file's name. Changing this forces replacement.
        connection: The connection that contains it. Changing this forces replacement.
        file_type: The type, such as `csv`, `json`, `xlsx`, or `pdf`.
        file_path: Where the file is stored.
        **more: See `TypedAssetArgs` and `AssetArgs`.

    Example:
        ```python
        import atlan_pulumi as atlan

        files = atlan.Connection("files", name="Files", connector="s3", admin_roles=["$admin"])
        atlan.File("rates", name="rates.csv", connection=files, file_type="csv", file_path="/landing/")
        ```
    """

    atlan_type: ClassVar[str] = "File"

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        connection: AtlanResource | pulumi.Input[str],
        file_type: pulumi.Input[str] | None = None,
        file_path: pulumi.Input[str] | None = None,
        **more: Unpack[TypedAssetArgs],
    ) -> None:
        more = with_attributes(more, fileType=file_type, filePath=file_path)
        super().__init__(resource_name, name=name, connection=connection, **more)


class KafkaTopic(Asset):
    """A topic of Kafka, `<connection>/topic/<name>`.

    Args:
        resource_name: The resource's name in the stack.
        name: The topic's name. Changing this forces replacement.
        connection: The connection that contains it. Changing this forces replacement.
        **more: See `TypedAssetArgs` and `AssetArgs`.

    Example:
        ```python
        import atlan_pulumi as atlan

        streams = atlan.Connection("streams", name="Streams", connector="kafka", admin_roles=["$admin"])
        atlan.KafkaTopic("orders-topic", name="orders", connection=streams)
        ```
    """

    atlan_type: ClassVar[str] = "KafkaTopic"

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        connection: AtlanResource | pulumi.Input[str],
        **more: Unpack[TypedAssetArgs],
    ) -> None:
        super().__init__(
            resource_name,
            type_name=self.atlan_type,
            name=name,
            connection=connection,
            qualified_name=joined(qualified_name_of(connection), "/topic/", name),
            **more,
        )


def _last_segment(key: str) -> str:
    return key.rpartition("/")[2]
