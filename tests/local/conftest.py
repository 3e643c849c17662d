"""One local Atlan for all tests in this folder, reset before each test, and REST helpers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from support.network import WITHOUT_TLS

from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.local.seed import create_seed_entities, load_seed
from atlan_pulumi.local.store import Store

CONNECTION = "default/snowflake/1657025257"
SCHEMA = f"{CONNECTION}/OPS/DEFAULT"
TABLES = ("A", "B", "C", "D", "E")

SEED: dict[str, Any] = {
    "tags": ["PII", "B"],
    "customMetadata": {"CM": {"a": "int", "b": "int"}, "Other": {"z": "int"}},
    "connections": [
        {
            "name": "warehouse",
            "connector": "snowflake",
            "qualified_name": CONNECTION,
            "databases": [
                {
                    "name": "OPS",
                    "schemas": [
                        {
                            "name": "DEFAULT",
                            "tables": [
                                {
                                    "name": name,
                                    "columns": [{"name": "ID", "data_type": "NUMBER"}, {"name": "TOTAL"}],
                                }
                                for name in TABLES
                            ],
                            "views": [{"name": "V", "columns": [{"name": "ID"}]}],
                        }
                    ],
                }
            ],
        }
    ],
}

Json = dict[str, Any]


class Rest:
    """REST helpers for a local Atlan. All methods except `raw` and `post` require the status 200."""

    connection = CONNECTION

    def __init__(self, server: LocalAtlan, key: str) -> None:
        self.raw = httpx.Client(
            base_url=server.base_url,
            headers={"authorization": f"Bearer {key}"},
            timeout=10,
            verify=WITHOUT_TLS,
        )
        self.server = server

    @staticmethod
    def ok(response: httpx.Response) -> Any:
        assert response.status_code == 200, response.text
        return response.json()

    @staticmethod
    def ref(name: str, type_name: str = "Table") -> Json:
        return {"typeName": type_name, "uniqueAttributes": {"qualifiedName": f"{SCHEMA}/{name}"}}

    @staticmethod
    def process(name: str = "load", inputs: str | None = "A", outputs: str | None = "B", **more: Any) -> Json:
        """Return a Process payload. Inputs and outputs are names of tables, separated by spaces."""
        lists = {"inputs": inputs, "outputs": outputs}
        attributes = {
            "name": name,
            "qualifiedName": f"{CONNECTION}/{name}",
            **{
                key: [Rest.ref(one) for one in words.split()]
                for key, words in lists.items()
                if words is not None
            },
        }
        top = {key: more.pop(key) for key in ("guid", "status", "relationshipAttributes") if key in more}
        return {"typeName": "Process", "attributes": {**attributes, **more}, **top}

    @staticmethod
    def column_process(name: str = "load", parent: str | None = "load", **more: Any) -> Json:
        attributes = {
            "name": name,
            "qualifiedName": f"{CONNECTION}/{name}",
            "inputs": [Rest.ref("A/ID", "Column")],
            "outputs": [Rest.ref("B/ID", "Column")],
            **more,
        }
        if parent is not None:
            unique = {"qualifiedName": f"{CONNECTION}/{parent}"}
            attributes["process"] = {"typeName": "Process", "uniqueAttributes": unique}
        return {"typeName": "ColumnProcess", "attributes": attributes}

    @staticmethod
    def connection_payload(number: int = 1, **attributes: Any) -> Json:
        values = {
            "name": "etl",
            "qualifiedName": f"default/spark/{number}",
            "connectorName": "spark",
            **attributes,
        }
        return {"typeName": "Connection", "attributes": values}

    def post(self, *entities: Json, **params: Any) -> httpx.Response:
        return self.raw.post("/api/meta/entity/bulk", json={"entities": list(entities)}, params=params)

    def save(self, *entities: Json, **params: Any) -> Json:
        return self.ok(self.post(*entities, **params))

    def create(self, entity: Json) -> str:
        """Create an entity, and return its GUID."""
        (guid,) = self.save(entity)["guidAssignments"].values()
        return guid

    def get(self, guid: str, **params: Any) -> Json:
        return self.ok(self.raw.get(f"/api/meta/entity/guid/{guid}", params=params))["entity"]

    def seeded(self, name: str, type_name: str = "Table") -> Json:
        """Return a seeded entity in the schema by name."""
        return self.by_name(f"{SCHEMA}/{name}", type_name)

    def by_name(self, qualified_name: str, type_name: str) -> Json:
        params = {"attr:qualifiedName": qualified_name}
        return self.ok(self.raw.get(f"/api/meta/entity/uniqueAttribute/type/{type_name}", params=params))[
            "entity"
        ]

    def delete(self, *guids: str, how: str | None = "PURGE") -> Json:
        params: Json = {"guid": list(guids)}
        if how is not None:
            params["deleteType"] = how
        return self.ok(self.raw.delete("/api/meta/entity/bulk", params=params))

    def search(self, query: Json, **dsl: Any) -> Json:
        body = {"dsl": {"from": 0, "size": 100, "query": query, **dsl}}
        return self.ok(self.raw.post("/api/meta/search/indexsearch", json=body))

    def names(self, answer: Json, operation: str) -> list[str]:
        """Return the sorted names of the entities in one list of mutatedEntities."""
        return sorted(
            one["attributes"]["name"] for one in answer.get("mutatedEntities", {}).get(operation, ())
        )

    def active_names(self, guid: str, attribute: str) -> list[str]:
        """Return the sorted names of the active entities in a relationship attribute."""
        stubs = self.get(guid)["relationshipAttributes"][attribute]
        return sorted(one["displayText"] for one in stubs if one["relationshipStatus"] == "ACTIVE")


@pytest.fixture
def store() -> Iterator[Store]:
    """A store without a server, with the tables A to D."""
    opened = Store()
    tables = [{"typeName": "Table", "qualifiedName": f"t/{name}"} for name in "ABCD"]
    with opened.transaction():
        create_seed_entities(opened, load_seed(tables))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def _server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED, users={"ann-key": "ann"}) as server:
        yield server


@pytest.fixture(scope="session")
def _rest(_server: LocalAtlan) -> Iterator[Rest]:
    rest = Rest(_server, _server.api_key)
    with rest.raw:
        yield rest


@pytest.fixture
def atlan(_rest: Rest) -> Rest:
    """REST helpers of the default user for a newly seeded local Atlan."""
    assert _rest.raw.post("/_local/reset").status_code == 200
    return _rest


@pytest.fixture
def ann(atlan: Rest) -> Iterator[Rest]:
    """REST helpers of another user for the same local Atlan."""
    rest = Rest(atlan.server, "ann-key")
    with rest.raw:
        yield rest


@pytest.fixture(scope="session")
def rest_to() -> Any:
    """Returns REST helpers for another local Atlan."""
    return lambda server, key="local": Rest(server, key)


@pytest.fixture(scope="module")
def _sdk(_server: LocalAtlan) -> Iterator[Any]:
    from pyatlan.client.atlan import AtlanClient

    client = AtlanClient(base_url=_server.base_url, api_key=_server.api_key)
    yield client
    client._session.close()


@pytest.fixture
def sdk(_sdk: Any, atlan: Rest) -> Any:
    """Atlan's SDK, on the data of `atlan`."""
    return _sdk
