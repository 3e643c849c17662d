"""Where a job's events go: whether they are accepted, which datasets Atlan knows.

`docs/openlineage.md` has the sources, and says how sure each fact is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from atlan_pulumi.naming import asset_path, normalize_path

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_BATCH = 100
_SPARK = "SparkJob"
_JOB_TYPES = {"spark": _SPARK, "generic-openlineage": "FlowControlOperation"}
_AIRFLOW = frozenset({"airflow", "airflow-astronomer", "airflow-cloud-composer", "airflow-mwaa"})
#: Namespaces of systems that are not relational: generic OpenLineage makes no lineage of their columns.
_NOT_RELATIONAL = frozenset(
    {"s3", "s3a", "s3n", "gs", "abfs", "abfss", "wasb", "wasbs", "kafka", "hdfs", "file"}
)
GENERIC = "generic-openlineage"


class Destination:
    """The connection that receives a job's events, and its credential. Each is read once, when first used."""

    def __init__(self, client: AtlanClient, qualified_name: str) -> None:
        """Set the connection.

        Args:
            client: The tenant.
            qualified_name: The qualifiedName of the connection.
        """
        self._client = client
        self._qualified_name = qualified_name

    @cached_property
    def connection(self) -> Entity | None:
        """The connection, or None if it does not exist or is archived."""
        found = self._client.entities.get_by_qualified_name("Connection", self._qualified_name)
        return found if found is not None and found.status == "ACTIVE" else None

    @cached_property
    def credential(self) -> dict[str, Any] | None:
        """The credential with which it accepts events, as in `credential_for_events`."""
        return credential_for_events(self._client, self.connection) if self.connection else None


def credential_for_events(client: AtlanClient, connection: Entity) -> dict[str, Any] | None:
    """Return the credential with which a connection accepts events, or None.

    It is empty if the API key may not read credentials. The connection is then assumed to accept events.
    """
    from atlan_pulumi.client.errors import (  # noqa: PLC0415 - not needed by programs that only declare
        PermissionDeniedError,
    )

    guid = connection.attributes.get("defaultCredentialGuid")
    try:
        credential = client.credentials.get(guid) if guid else None
    except PermissionDeniedError:
        return {}
    if credential is None or "events.urlPath" not in (credential.get("extra") or {}):
        return None
    return credential


def makes_partial_assets(credential: Mapping[str, Any]) -> bool:
    """Check whether Atlan creates partial assets for unknown datasets."""
    return bool((credential.get("extra") or {}).get("events.enable-partial-assets"))


def unknown_names(client: AtlanClient, names: Iterable[str]) -> set[str]:
    """Return the dataset names without an active asset in any connection."""
    wanted = list(names)
    known = known_assets(client, wanted)
    return {name for name in wanted if normalize_path(name) not in known}


def known_assets(client: AtlanClient, names: Iterable[str]) -> dict[str, list[Entity]]:
    """Return the active assets that the names of datasets or columns may refer to, in any connection.

    Args:
        client: The tenant.
        names: Such as `DB.SCHEMA.TABLE`.

    Returns:
        The assets, by their names in the form of `naming.normalize_path`.
    """
    wanted = {normalize_path(name) for name in names}
    last = sorted({path.rpartition("/")[2] for path in wanted})
    known: dict[str, list[Entity]] = defaultdict(list)
    for start in range(0, len(last), _BATCH):
        named = {"terms": {"name.keyword": last[start : start + _BATCH]}}
        for entity in client.search.live(named, attributes=["qualifiedName", "isPartial"]):
            if (path := normalize_path(asset_path(entity.qualified_name))) in wanted:
                known[path].append(entity)
    return dict(known)


def job_types(connector: str) -> tuple[str, ...]:
    """Return the types that a job entity may have: the one that Atlan creates, and that of earlier releases.

    Example:
        >>> job_types("spark")
        ('SparkJob',)
        >>> job_types("generic-openlineage")
        ('FlowControlOperation', 'SparkJob')
    """
    return tuple(dict.fromkeys((_JOB_TYPES.get(connector, _SPARK), _SPARK)))


def connector_problem(connector: str) -> str | None:
    """Return why a job cannot be declared in a connection with this connector, or None."""
    if connector in _JOB_TYPES:
        return None
    instead = "declare a Process instead, or send the events with `atlan-pulumi openlineage emit`"
    if connector in _AIRFLOW:
        made = f"events of an {connector} connection create an AirflowDag or an AirflowTask in Atlan"
        return f"{made}, with undocumented names: {instead}"
    return f"Atlan does not document what the events of a {connector!r} connection create: {instead}"


def is_relational(namespace: str) -> bool:
    """Check whether a dataset's namespace belongs to a relational system."""
    return namespace.partition(":")[0].lower() not in _NOT_RELATIONAL
