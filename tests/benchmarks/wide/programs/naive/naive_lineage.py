"""A dynamic provider in the style of Pulumi's documentation: one resource, one request, one entity.

Two improvements over the documentation: the provider is in a separate module, so that it is pickled by
reference (by value, it raises RecursionError at about a thousand resources), and keeps its connection open.
"""

from __future__ import annotations

import os
from typing import Any

import httpx
from pulumi import Input, ResourceOptions
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult

_CLIENT = httpx.Client(
    base_url=os.environ["ATLAN_BASE_URL"],
    headers={"authorization": f"Bearer {os.environ['ATLAN_API_KEY']}"},
    timeout=60,
    trust_env=False,
)
_FIELDS = ("name", "type_name", "inputs", "outputs", "parent", "sql")


class LineageProvider(ResourceProvider):
    """Write an entity with a POST, and delete it with a DELETE."""

    serialize_as_secret_always = False

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        return DiffResult(changes=any(_olds.get(field) != _news.get(field) for field in _FIELDS))

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult(id_=props["qualified_name"], outs={**props, "guid": _write(props)})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        return UpdateResult(outs={**_news, "guid": _write(_news)})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        query = {"guid": _props["guid"], "deleteType": "PURGE"}
        _CLIENT.delete("/api/meta/entity/bulk", params=query).raise_for_status()


class Edge(Resource):
    """A process or a column process."""

    def __init__(self, name: str, props: dict[str, Input[Any]], opts: ResourceOptions | None = None) -> None:
        super().__init__(LineageProvider(), name, {**props, "guid": None}, opts)


def _write(props: dict[str, Any]) -> str:
    kind = "Column" if props.get("parent") else "Table"
    attributes: dict[str, Any] = {
        "qualifiedName": props["qualified_name"],
        "name": props["name"],
        "connectorName": "snowflake",
        "connectionQualifiedName": "/".join(props["qualified_name"].split("/")[:3]),
        **{side: [_reference(kind, name) for name in props[side]] for side in ("inputs", "outputs")},
    }
    if props.get("sql"):
        attributes["sql"] = props["sql"]
    if props.get("parent"):
        attributes["process"] = _reference("Process", props["parent"])
    entity = {"typeName": props["type_name"], "attributes": attributes, "guid": "-1"}
    answer = _CLIENT.post("/api/meta/entity/bulk", json={"entities": [entity]}).raise_for_status().json()
    return str(
        answer["mutatedEntities"]["CREATE" if "CREATE" in answer["mutatedEntities"] else "UPDATE"][0]["guid"]
    )


def _reference(type_name: str, qualified_name: str) -> dict[str, Any]:
    return {"typeName": type_name, "uniqueAttributes": {"qualifiedName": qualified_name}}
