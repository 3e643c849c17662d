"""Which asset a dataset is: one that Atlan knows, else a partial one where the connection allows it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from atlan_pulumi.local.graph import BulkFlags, Payload, Session, upsert
from atlan_pulumi.local.openlineage._run import Dataset
from atlan_pulumi.local.store import Entity
from atlan_pulumi.naming import connector_of_namespace
from atlan_pulumi.naming.asset_types import is_a

#: What a partial asset is, where it is not a table.
_TYPES = {"s3": "S3Object", "gcs": "GCSObject", "adls": "ADLSObject", "kafka": "KafkaTopic"}
_PATHS = frozenset({"s3", "gcs", "adls", "file", "hdfs", "dbfs"})  # names there are paths
_JOBS = frozenset({"SparkJob", "FlowControlOperation", "AirflowDag", "AirflowTask"})
#: Systems of whose columns generic OpenLineage makes no lineage (Atlan's event conventions).
_NOT_RELATIONAL = _PATHS | {"kafka"}
_TABLE_LEVELS = 3
_LIVE_CONNECTION = "type_name = 'Connection' AND status = 'ACTIVE' "
_OF_CONNECTOR = f"{_LIVE_CONNECTION} AND json_extract(attributes, '$.connectorName') = ?"


class Assets:
    """The assets of one job's datasets."""

    def __init__(self, session: Session, connection: Entity, *, partial: bool) -> None:
        """Set up.

        Args:
            session: the write in progress.
            connection: the connection that takes the events.
            partial: whether what Atlan does not know is made, as partial assets in that connection.
        """
        self._session = session
        self._connection = connection
        self._partial = partial

    def of(self, dataset: Dataset) -> Entity | None:
        """The asset of a dataset; None where there is none."""
        connector = connector_of_namespace(dataset.namespace)
        path = dataset.name.strip("/") if connector in _PATHS else dataset.name.replace(".", "/")
        return self._known(dataset.namespace, connector, path) or self._made(connector, path)

    def column(self, asset: Entity, field: str) -> Entity | None:
        """A column of such an asset; None where there is none, and none may be made."""
        name = f"{asset.qualified_name}/{field}"
        known = self._find(name, "Column")
        if known is not None or not asset.attributes.get("isPartial"):
            return known
        attributes = {**self._inherited(), "name": field}
        if not is_a(asset.type_name, "Table"):
            return self._make("Column", name, attributes)
        attributes |= {"tableName": asset.name, "tableQualifiedName": asset.qualified_name}
        return self._make("Column", name, attributes, {"table": {"typeName": "Table", "guid": asset.guid}})

    def _known(self, namespace: str, connector: str, path: str) -> Entity | None:
        """The asset of that path in a connection of the system that the namespace names."""
        connections = self._session.store.entities.where(_OF_CONNECTOR, (connector,), "ORDER BY create_time")
        host = urlsplit(namespace).netloc
        connections.sort(key=lambda one: one.attributes.get("host") not in (host, host.partition(":")[0]))
        names = [f"{one.qualified_name}/{path}" for one in connections if _may_be(one, host)]
        return next((found for name in names if (found := self._find(name, "Catalog"))), None)

    def _made(self, connector: str, path: str) -> Entity | None:
        name = f"{self._connection.qualified_name}/{path}"
        known = self._find(name, "Catalog")
        if known is not None or not self._partial:
            return known
        *above, own = path.split("/")
        attributes = {**self._inherited(), "name": own}
        type_name = _TYPES.get(connector, "Table")
        if type_name == "Table" and len(above) == _TABLE_LEVELS - 1:
            attributes |= dict(zip(("databaseName", "schemaName"), above, strict=True))
        return self._make(type_name, name, attributes)

    def _inherited(self) -> dict[str, Any]:
        connection = self._connection
        return {
            "isPartial": True,
            "connectorName": connection.attributes.get("connectorName"),
            "connectionQualifiedName": connection.qualified_name,
        }

    def _make(
        self,
        type_name: str,
        name: str,
        attributes: dict[str, Any],
        relationships: dict[str, Any] | None = None,
    ) -> Entity | None:
        payload = Payload(
            type_name, "-1", "ACTIVE", {**attributes, "qualifiedName": name}, relationships or {}
        )
        return self._session.get(upsert(self._session, [payload], BulkFlags())["-1"])

    def _find(self, name: str, kind: str) -> Entity | None:
        """The live asset of that kind with this qualifiedName, whatever the case."""
        found = self._session.store.entities.where(
            "qualified_name = ? COLLATE NOCASE AND status = 'ACTIVE'", (name,)
        )
        fitting = [one for one in found if is_a(one.type_name, kind) and one.type_name not in _JOBS]
        fitting.sort(key=lambda one: one.qualified_name != name)
        return self._session.get(fitting[0].guid) if fitting else None


def is_relational(namespace: str) -> bool:
    """Whether a namespace names a system of tables."""
    return connector_of_namespace(namespace) not in _NOT_RELATIONAL


def _may_be(connection: Entity, host: str) -> bool:
    """Whether a connection may be the system of that host: where it names its own, that decides."""
    own = connection.attributes.get("host")
    return not own or not host or own in (host, host.partition(":")[0])
