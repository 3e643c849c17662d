"""Find the asset of a dataset, or create a partial asset if the connection allows it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from atlan_pulumi.local.graph import BulkFlags, Payload, Session, upsert_entities
from atlan_pulumi.local.openlineage._run import Dataset
from atlan_pulumi.local.store import StoredEntity
from atlan_pulumi.naming import connector_of_namespace
from atlan_pulumi.naming.asset_types import is_a

#: Types of partial assets that are not tables.
_TYPES = {"s3": "S3Object", "gcs": "GCSObject", "adls": "ADLSObject", "kafka": "KafkaTopic"}
_PATHS = frozenset({"s3", "gcs", "adls", "file", "hdfs", "dbfs"})  # the names of their datasets are paths
_JOB_TYPES = frozenset({"SparkJob", "FlowControlOperation", "AirflowDag", "AirflowTask"})
#: Systems without column lineage in generic OpenLineage (Atlan's event conventions).
_WITHOUT_COLUMN_LINEAGE = _PATHS | {"kafka"}
_TABLE_LEVELS = 3
_ACTIVE_CONNECTION = "type_name = 'Connection' AND status = 'ACTIVE' "
_OF_CONNECTOR = f"{_ACTIVE_CONNECTION} AND json_extract(attributes, '$.connectorName') = ?"


class Assets:
    """Finds or creates the assets of the datasets of one job."""

    def __init__(self, session: Session, connection: StoredEntity, *, partial: bool) -> None:
        """Set up the lookup.

        Args:
            session: the write.
            connection: the connection that receives the events.
            partial: whether to create unknown assets as partial assets in this connection.
        """
        self._session = session
        self._connection = connection
        self._partial = partial

    def find_or_create(self, dataset: Dataset) -> StoredEntity | None:
        """Return the asset of a dataset, or None."""
        connector = connector_of_namespace(dataset.namespace)
        path = dataset.name.strip("/") if connector in _PATHS else dataset.name.replace(".", "/")
        return self._find_existing(dataset.namespace, connector, path) or self._find_or_create_partial(
            connector, path
        )

    def find_or_create_column(self, asset: StoredEntity, field: str) -> StoredEntity | None:
        """Return a column of an asset, or None. Only partial assets get new columns."""
        name = f"{asset.qualified_name}/{field}"
        known = self._find(name, "Column")
        if known is not None or not asset.attributes.get("isPartial"):
            return known
        attributes = {**self._inherited_attributes(), "name": field}
        if not is_a(asset.type_name, "Table"):
            return self._create("Column", name, attributes)
        attributes |= {"tableName": asset.name, "tableQualifiedName": asset.qualified_name}
        return self._create("Column", name, attributes, {"table": {"typeName": "Table", "guid": asset.guid}})

    def _find_existing(self, namespace: str, connector: str, path: str) -> StoredEntity | None:
        """Return the asset at this path in a connection to the system in the namespace."""
        connections = self._session.store.entities.where(_OF_CONNECTOR, (connector,), "ORDER BY create_time")
        host = urlsplit(namespace).netloc
        connections.sort(key=lambda one: one.attributes.get("host") not in (host, host.partition(":")[0]))
        names = [f"{one.qualified_name}/{path}" for one in connections if _matches_host(one, host)]
        return next((found for name in names if (found := self._find(name, "Catalog"))), None)

    def _find_or_create_partial(self, connector: str, path: str) -> StoredEntity | None:
        name = f"{self._connection.qualified_name}/{path}"
        known = self._find(name, "Catalog")
        if known is not None or not self._partial:
            return known
        *parents, name_in_parent = path.split("/")
        attributes = {**self._inherited_attributes(), "name": name_in_parent}
        type_name = _TYPES.get(connector, "Table")
        if type_name == "Table" and len(parents) == _TABLE_LEVELS - 1:
            attributes |= dict(zip(("databaseName", "schemaName"), parents, strict=True))
        return self._create(type_name, name, attributes)

    def _inherited_attributes(self) -> dict[str, Any]:
        connection = self._connection
        return {
            "isPartial": True,
            "connectorName": connection.attributes.get("connectorName"),
            "connectionQualifiedName": connection.qualified_name,
        }

    def _create(
        self,
        type_name: str,
        name: str,
        attributes: dict[str, Any],
        relationships: dict[str, Any] | None = None,
    ) -> StoredEntity | None:
        payload = Payload(
            type_name, "-1", "ACTIVE", {**attributes, "qualifiedName": name}, relationships or {}
        )
        return self._session.get(upsert_entities(self._session, [payload], BulkFlags())["-1"])

    def _find(self, name: str, type_name: str) -> StoredEntity | None:
        """Return the active asset of this type with this qualifiedName, ignoring case."""
        found = self._session.store.entities.where(
            "qualified_name = ? COLLATE NOCASE AND status = 'ACTIVE'", (name,)
        )
        matching = [
            one for one in found if is_a(one.type_name, type_name) and one.type_name not in _JOB_TYPES
        ]
        matching.sort(key=lambda one: one.qualified_name != name)
        return self._session.get(matching[0].guid) if matching else None


def is_relational_namespace(namespace: str) -> bool:
    """Check whether a namespace refers to a relational system."""
    return connector_of_namespace(namespace) not in _WITHOUT_COLUMN_LINEAGE


def _matches_host(connection: StoredEntity, host: str) -> bool:
    """Check whether a connection can belong to this host. Without a host, it always can."""
    own = connection.attributes.get("host")
    return not own or not host or own in (host, host.partition(":")[0])
