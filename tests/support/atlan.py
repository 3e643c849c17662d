"""A small warehouse, and Atlan's SDK to inspect and change it."""

from __future__ import annotations

from typing import Any

import httpx
from pyatlan.client.atlan import AtlanClient
from pyatlan.errors import NotFoundError
from pyatlan.model.assets import Asset, Process, Table

from atlan_pulumi.lifecycle import AssetInputs, wire_name
from atlan_pulumi.local import LocalAtlan
from support.network import WITHOUT_TLS

WAREHOUSE = "default/snowflake/1657025257"

#: Names that tests give as owners.
USERS, GROUPS = ("ann", "bea", "Bob", "bob", "cid", "eve"), ("group2",)

_COLUMNS = [{"name": name, "data_type": "NUMBER"} for name in ("ID", "A", "B")]


def seed_of(tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a seed with users, groups, a tag, and a warehouse with one schema of these tables."""
    databases = [{"name": "DB", "schemas": [{"name": "S", "tables": tables}]}]
    warehouse = {"name": "warehouse", "connector": "snowflake", "qualified_name": WAREHOUSE}
    principals = {"users": list(USERS), "groups": list(GROUPS)}
    return {**principals, "tags": ["PII"], "connections": [{**warehouse, "databases": databases}]}


SEED = seed_of([{"name": f"T{n}", "columns": _COLUMNS} for n in range(6)])


def table_name(number: int) -> str:
    """Return the qualifiedName of a table of the seed."""
    return f"{WAREHOUSE}/DB/S/T{number}"


def reset(server: LocalAtlan) -> None:
    """Return a local Atlan to its seed."""
    httpx.post(f"{server.base_url}/_local/reset", verify=WITHOUT_TLS).raise_for_status()


class Witness:
    """Atlan's SDK, which reads and changes entities independently of stacks."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self.client = AtlanClient(base_url=base_url, api_key=api_key, verify=WITHOUT_TLS)
        self._rest = httpx.Client(
            base_url=base_url, headers={"authorization": f"Bearer {api_key}"}, verify=WITHOUT_TLS
        )

    def close(self) -> None:
        """Close the SDK's connections, which it leaves open."""
        self.client._session.close()
        self._rest.close()

    def find(self, kind: type[Asset], qualified_name: str) -> Any:
        """Return the asset with its relationships, or None."""
        try:
            return self.client.asset.get_by_qualified_name(
                asset_type=kind, qualified_name=qualified_name, ignore_relationships=False
            )
        except NotFoundError:
            return None

    def names(self, kind: type[Asset], qualified_name: str, side: str) -> set[str]:
        """Return the qualifiedNames at one side of an edge."""
        return {edge["uniqueAttributes"]["qualifiedName"] for edge in self._edges(kind, qualified_name, side)}

    def purge(self, kind: type[Asset], qualified_name: str) -> None:
        """Purge an asset."""
        self.client.asset.purge_by_guid(self.find(kind, qualified_name).guid)

    def archive(self, kind: type[Asset], qualified_name: str) -> None:
        """Archive an asset, which can be restored."""
        self.client.asset.delete_by_guid(self.find(kind, qualified_name).guid)

    def make_process(self, connection: str, id_: str, source: int, target: int) -> None:
        """Create a process between two tables of the seed, as another writer."""
        made = Process.creator(
            name="Theirs",
            connection_qualified_name=connection,
            process_id=id_,
            inputs=[Table.ref_by_qualified_name(table_name(source))],
            outputs=[Table.ref_by_qualified_name(table_name(target))],
        )
        self.client.asset.save(made)

    def post(self, type_name: str, qualified_names: list[str]) -> None:
        """Create assets of a type by REST."""
        entities = [
            {"typeName": type_name, "attributes": {"qualifiedName": name, "name": name.rpartition("/")[2]}}
            for name in qualified_names
        ]
        self._rest.post("/api/meta/entity/bulk", json={"entities": entities}).raise_for_status()

    def overwrite(
        self, type_name: str, qualified_name: str, model: type[AssetInputs], attribute: str, value: Any
    ) -> None:
        """Change an attribute by REST."""
        if attribute in model.references:
            items = value if isinstance(value, list) else [value]
            edges = [
                {
                    "typeName": item["type_name"],
                    "uniqueAttributes": {"qualifiedName": item["qualified_name"]},
                }
                for item in items
            ]
            value = edges if isinstance(value, list) else edges[0]
        named = {"qualifiedName": qualified_name, wire_name(model, attribute): value}
        body = {"entities": [{"typeName": type_name, "attributes": {"name": "n", **named}}]}
        self._rest.post("/api/meta/entity/bulk", json=body).raise_for_status()

    def stored(self, kind: type[Asset], qualified_name: str, model: type[AssetInputs], attribute: str) -> Any:
        """Return the stored value of an attribute by REST, with sorted lists, and edges as references."""
        wire = wire_name(model, attribute)
        if attribute not in model.references:
            value = self._entity(kind, qualified_name)["attributes"].get(wire)
            return sorted(value) if isinstance(value, list) else value
        edges = self._edges(kind, qualified_name, wire)
        if not model.holds_many(attribute):
            (edge,) = edges or [None]
            name = edge and edge["uniqueAttributes"]["qualifiedName"]
            return edge and {"type_name": edge["typeName"], "qualified_name": name}
        found = sorted((edge["typeName"], edge["uniqueAttributes"]["qualifiedName"]) for edge in edges)
        return [{"type_name": type_name, "qualified_name": name} for type_name, name in found]

    def _edges(self, kind: type[Asset], qualified_name: str, wire: str) -> list[dict[str, Any]]:
        value = self._entity(kind, qualified_name)["relationshipAttributes"].get(wire) or []
        edges = value if isinstance(value, list) else [value]
        return [edge for edge in edges if edge["relationshipStatus"] == "ACTIVE"]

    def _entity(self, kind: type[Asset], qualified_name: str) -> dict[str, Any]:
        path = f"/api/meta/entity/uniqueAttribute/type/{kind.__name__}"
        answer = self._rest.get(path, params={"attr:qualifiedName": qualified_name})
        entity: dict[str, Any] = answer.raise_for_status().json()["entity"]
        return entity
