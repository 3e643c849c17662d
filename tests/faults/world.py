"""What is in Atlan, read by plain REST, to be compared with what a program declares."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx
from support.atlan import WAREHOUSE

_EDGES = ("Process", "ColumnProcess")
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, order=True)
class Edge:
    """A piece of lineage, as a program declares it and as Atlan shows it; `process` names the parent."""

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
        """The line of a program that declares it."""
        where = f"process=made[{self.process!r}]" if self.process else "connection=WAREHOUSE"
        sides = f"inputs={self._side(self.inputs)}, outputs={self._side(self.outputs)}"
        arguments = f"{self.name!r}, name={self.name!r}, {where}, {sides}, sql={self.sql!r}"
        return f"made[{self.name!r}] = atlan.{self.kind}({arguments})\n"

    def _side(self, names: tuple[str, ...]) -> list[dict[str, str]]:
        of = "Column" if self.kind == "ColumnProcess" else "Table"
        return [{"type_name": of, "qualified_name": name} for name in names]


def program(edges: Iterable[Edge]) -> str:
    """A program that declares these."""
    return "made = {}\n" + "".join(edge.declared() for edge in edges)


@dataclass(frozen=True)
class World:
    """Everything in an Atlan: the lineage, and the rest, which nobody is to touch."""

    edges: tuple[Edge, ...]
    others: frozenset[tuple[str, ...]]
    archived: tuple[str, ...]

    @property
    def twice(self) -> list[str]:
        """The names that more than one entity has."""
        counted = Counter((edge.kind, edge.name) for edge in self.edges)
        return [f"{kind} {name}" for (kind, name), times in counted.items() if times > 1]

    def edge(self, name: str) -> Edge | None:
        """The edge of a name."""
        return next((edge for edge in self.edges if edge.name == name), None)


class Reader:
    """Reads a local Atlan as another user would, by GUID, so that two of one name are two."""

    def __init__(self, base_url: str, api_key: str) -> None:
        headers = {"authorization": f"Bearer {api_key}"}
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=30)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def world(self) -> World:
        """Everything, as it is now."""
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
        return World(tuple(sorted(live)), others, archived)

    def faults(self) -> list[dict[str, Any]]:
        """The script of faults, with what has happened of it."""
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
            answer = self._http.get(path, params=parameters)
            if answer.status_code != _TOO_MANY_REQUESTS:
                return answer.raise_for_status().json()
            time.sleep(float(answer.headers["retry-after"]))  # the local Atlan's own limit counts us too


def _live(stubs: Any) -> tuple[str, ...]:
    """The names of what a relationship leads to, without the edges that were removed."""
    listed = stubs if isinstance(stubs, list) else [stubs] if stubs else []
    live = (stub for stub in listed if stub["relationshipStatus"] == "ACTIVE")
    return tuple(sorted(stub["uniqueAttributes"]["qualifiedName"] for stub in live))
