"""The asset in Atlan that an OpenLineage dataset is.

Sources: OpenLineage's specification of dataset names (OpenLineage/spec/Naming.md), and the qualifiedNames
that Atlan's own SDK creates (pyatlan 11.6).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from atlan_pulumi.openlineage._datasets import NAME_FORMS
from atlan_pulumi.openlineage._events import DatasetType

_TABLE = "Table"
_PART = re.compile(r'"(?:[^"]|"")*"(?=\.|\Z)|`(?:[^`]|``)*`(?=\.|\Z)|[^.]*')
"""A part of a dotted name. A quoted part may contain dots."""
_GLUE_CATALOG = "AwsDataCatalog"
"""The catalog that contains the databases of Glue, as Atlan names it."""


class AssetPath(NamedTuple):
    """A type, and a path below a connection or below a database in it."""

    type_name: str
    path: str


class DatasetNameError(ValueError):
    """The name of a dataset does not have the form that its system requires."""


def asset_path_of(
    namespace: str, name: str, kind: DatasetType | None = None, *, extra: int = 0, is_table: bool = False
) -> AssetPath:
    """Return the type and the path of the asset that a dataset is.

    Args:
        namespace: The system that stores the dataset.
        name: Its name in the system.
        kind: What its `datasetType` facet says.
        extra: The number of segments between the connection and the path, such as 1 below a database.
        is_table: Whether it is a table, also in a namespace of files, such as that of Spark's own catalog.

    Raises:
        DatasetNameError: The name has too few or too many parts for its system.

    Example:
        >>> asset_path_of("s3://lake", "in/orders.csv")
        AssetPath(type_name='S3Object', path='arn:aws:s3:::lake/in/orders.csv')
        >>> asset_path_of("snowflake://abc-de", 'RAW.PUBLIC."a.b"')
        AssetPath(type_name='Table', path='RAW/PUBLIC/a.b')
    """
    scheme, _, rest = namespace.partition(":")
    stored = _STORES.get(scheme.lower())
    if stored and not is_table:
        return stored(rest.removeprefix("//").strip("/"), name.strip("/"))
    return AssetPath(_table_type(kind), _table_path(namespace, name, extra))


def _table_type(kind: DatasetType | None) -> str:
    if kind is None or kind.dataset_type.upper() != "VIEW":
        return _TABLE
    return "MaterialisedView" if (kind.sub_type or "").upper() == "MATERIALIZED" else "View"


def _table_path(namespace: str, name: str, extra: int) -> str:
    if namespace.startswith("arn:") and name.startswith("table/"):  # of Glue
        path = name.removeprefix("table/")
        return path if extra else f"{_GLUE_CATALOG}/{path}"
    scheme = namespace.partition(":")[0].lower()
    form = NAME_FORMS.get(scheme)
    if form is None and "/" in name:
        return name.strip("/")
    parts = _parts(name)
    if form:
        parts = _fitting(parts, form, scheme, name, extra)
    return "/".join(parts)


def _parts(name: str) -> list[str]:
    """Return the parts of a dotted name, without quotes."""
    found, at = [], 0
    while at <= len(name):
        match = _PART.match(name, at)
        part = match[0] if match else ""
        found.append(_unquoted(part))
        at += len(part) + 1
    return found


def _unquoted(part: str) -> str:
    quote = part[:1]
    if len(part) > 1 and quote in ('"', "`") and part.endswith(quote):
        return part[1:-1].replace(quote * 2, quote)
    return part


def _fitting(parts: list[str], form: str, scheme: str, name: str, extra: int) -> list[str]:
    """Return the parts, if they are as many as the form has, without those that the connection names.

    Raises:
        DatasetNameError: A part is blank, or there are too few or too many.
    """
    wanted = form.count(".") + 1
    if scheme == "bigquery" and len(parts) > wanted:  # a project of a domain, such as example.com:shop
        parts = [".".join(parts[: 1 - wanted]), *parts[1 - wanted :]]
    if len(parts) > wanted or not all(part.strip() for part in parts):
        raise DatasetNameError(f"{name!r} is not a {scheme} dataset name of the form {form}")
    if len(parts) + extra < wanted:
        missing = (
            f"{name!r} has no {form.split('.', maxsplit=1)[0].lower()} ({scheme} names have the form {form})"
        )
        raise DatasetNameError(f"{missing}; in connections, map its namespace to <connection>/<database>")
    return parts


def _s3(bucket: str, key: str) -> AssetPath:
    arn = f"arn:aws:s3:::{bucket}"
    return AssetPath("S3Object", f"{arn}/{key}") if key else AssetPath("S3Bucket", arn)


def _gcs(bucket: str, key: str) -> AssetPath:
    return AssetPath("GCSObject", f"{bucket}/{key}") if key else AssetPath("GCSBucket", bucket)


def _adls(authority: str, key: str) -> AssetPath:
    container, _, host = authority.rpartition("@")
    path = f"{host.partition('.')[0]}/{container}"
    return AssetPath("ADLSObject", f"{path}/{key}") if key else AssetPath("ADLSContainer", path)


def _kafka(_servers: str, topic: str) -> AssetPath:
    return AssetPath("KafkaTopic", f"topic/{topic}")


def _file(_host: str, path: str) -> AssetPath:
    if not path:
        raise DatasetNameError("the root of a file system is not a dataset")
    return AssetPath("File", path)


_STORES: dict[str, Callable[[str, str], AssetPath]] = {
    **dict.fromkeys(("s3", "s3a", "s3n"), _s3),
    "gs": _gcs,
    **dict.fromkeys(("abfs", "abfss", "wasb", "wasbs"), _adls),
    "kafka": _kafka,
    **dict.fromkeys(("file", "hdfs", "dbfs"), _file),
}
