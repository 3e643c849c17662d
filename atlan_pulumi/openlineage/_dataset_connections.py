"""Which connection in Atlan has the datasets of a namespace."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from atlan_pulumi.errors import OpenLineageError
from atlan_pulumi.naming import CONNECTION_SEGMENTS
from atlan_pulumi.openlineage._job_lineage import DatasetName
from atlan_pulumi.text import counted, printable


def key_of(namespace: str, keys: Collection[str]) -> str | None:
    """Return the key that covers a namespace: the namespace, or the longest beginning of it with a `*`.

    Example:
        >>> key_of("s3://lake", ["s3://*", "s3://la*", "file"])
        's3://la*'
    """
    if namespace in keys:
        return namespace
    patterns = [key for key in keys if key.endswith("*") and namespace.startswith(key[:-1])]
    return max(patterns, key=len, default=None)


def used_keys(datasets: Iterable[DatasetName], keys: Collection[str]) -> frozenset[str]:
    """Return the keys that cover some of the datasets."""
    return frozenset(key for each in datasets if (key := key_of(each.namespace, keys)))


def left_out(dataset: DatasetName, connections: Mapping[str, object]) -> bool:
    """Return whether the datasets of a namespace are left out."""
    key = key_of(dataset.namespace, connections)
    return key is not None and connections[key] is None


def refuse_uncovered(datasets: Iterable[DatasetName], keys: Collection[str]) -> None:
    """Check that each dataset has a connection.

    Raises:
        OpenLineageError: A namespace is not covered. The message lists all of them.
    """
    often: dict[str, set[str]] = {}
    for each in datasets:
        if key_of(each.namespace, keys) is None:
            often.setdefault(each.namespace, set()).add(each.name)
    if often:
        listed = ", ".join(f"{each!r} ({counted(len(often[each]), 'dataset')})" for each in sorted(often))
        what = f"connections has no connection for {counted(len(often), 'namespace')}: {listed}"
        remedy = "map each to a connection's qualifiedName, or to None to leave its datasets out"
        raise OpenLineageError(printable(f"{what}; {remedy}"))


def refuse_connection(namespace: str, value: str) -> None:
    """Check that a value is the qualifiedName of a connection, or of an asset in one.

    Raises:
        OpenLineageError: It is not.
    """
    segments = value.split("/")
    if len(segments) < CONNECTION_SEGMENTS or not all(each and each == each.strip() for each in segments):
        what = f"connections[{namespace!r}]: {value!r} is not the qualifiedName of a connection"
        example = "such as 'default/snowflake/1657025257', or of a database in it"
        raise OpenLineageError(printable(f"{what}, {example}"))
