"""Snapshots of a local Atlan over plain REST, to compare with what a program declares."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx
from support.atlan import WAREHOUSE
from support.network import WITHOUT_TLS

_EDGES = ("Process", "ColumnProcess")
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, order=True)
class Edge:
    """A process or column process, declared and in Atlan; `process` is the name of the parent."""

    kind: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    sql: str
    process: str | None = None

    @property
    def qualified_name(self) -> str:
        """The qualifiedName."""
        return f"{WAREHOUSE}/{self.name}"

    def declared(self) -> str:
        """Return the line of a program that declares it."""
        where = f"process=made[{self.process!r}]" if self.process else "connection=WAREHOUSE"
        sides = f"inputs={self._side(self.inputs)}, outputs={self._side(self.outputs)}"
        arguments = f"{self.name!r}, name={self.name!r}, {where}, {sides}, sql={self.sql!r}"
        return f"made[{self.name!r}] = atlan.{self.kind}({arguments})\n"

    def _side(self, names: tuple[str, ...]) -> list[dict[str, str]]:
        of = "Column" if self.kind == "ColumnProcess" else "Table"
        return [{"type_name": of, "qualified_name": name} for name in names]


def program(edges: Iterable[Edge]) -> str:
    """Return a program that declares these edges."""
    return "made = {}\n" + "".join(edge.declared() for edge in edges)


@dataclass(frozen=True)
class Snapshot:
    """The content of an Atlan: the lineage, and the other assets, which must not change."""

    edges: tuple[Edge, ...]
    others: frozenset[tuple[str, ...]]
    archived: tuple[str, ...]

    @property
    def duplicates(self) -> list[str]:
        """The names of several entities."""
        counted = Counter((edge.kind, edge.name) for edge in self.edges)
        return [f"{kind} {name}" for (kind, name), times in counted.items() if times > 1]

    def edge(self, name: str) -> Edge | None:
        """Return the edge with a name."""
        return next((edge for edge in self.edges if edge.name == name), None)


class Reader:
    """Reads a local Atlan as another user, by GUID, so that duplicates are visible."""

    def __init__(self, base_url: str, api_key: str) -> None:
        headers = {"authorization": f"Bearer {api_key}"}
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=30, verify=WITHOUT_TLS)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def snapshot(self) -> Snapshot:
        """Return the present content."""
        listed = self._get("/_local/assets", limit=1000)
        assert listed["total"] == len(listed["assets"])
        assets = listed["assets"]
        edges = [asset for asset in assets if asset["typeName"] in _EDGES]
        others = frozenset(
            (asset["typeName"], asset["qualifiedName"], asset["guid"], asset["status"])
            for asset in assets
            if asset["typeName"] not in _EDGES
        )
        live = [self._edge(asset["guid"]) for asset in edges if asset["status"] == "ACTIVE"]
        archived = tuple(asset["qualifiedName"] for asset in edges if asset["status"] != "ACTIVE")
        return Snapshot(tuple(sorted(live)), others, archived)

    def faults(self) -> list[dict[str, Any]]:
        """Return the fault script with the number of hits."""
        found: list[dict[str, Any]] = self._get("/_local/faults")["faults"]
        return found

    def _edge(self, guid: str) -> Edge:
        entity = self._get(f"/api/meta/entity/guid/{guid}", ignoreRelationships=False)["entity"]
        related, attributes = entity["relationshipAttributes"], entity["attributes"]
        inputs, outputs, parents = (_live(related.get(side)) for side in ("inputs", "outputs", "process"))
        assert attributes["qualifiedName"] == f"{WAREHOUSE}/{attributes['name']}"
        parent = parents[0].removeprefix(f"{WAREHOUSE}/") if parents else None
        return Edge(entity["typeName"], attributes["name"], inputs, outputs, attributes["sql"], parent)

    def _get(self, path: str, **parameters: Any) -> Any:
        while True:
            response = self._http.get(path, params=parameters)
            if response.status_code != _TOO_MANY_REQUESTS:
                return response.raise_for_status().json()
            time.sleep(float(response.headers["retry-after"]))  # the rate limit applies here, too


def _live(stubs: Any) -> tuple[str, ...]:
    """Return the names of related entities, without removed edges."""
    listed = stubs if isinstance(stubs, list) else [stubs] if stubs else []
    live = (stub for stub in listed if stub["relationshipStatus"] == "ACTIVE")
    return tuple(sorted(stub["uniqueAttributes"]["qualifiedName"] for stub in live))
