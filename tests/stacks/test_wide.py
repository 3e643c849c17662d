"""`stacks/wide` at a tenth of its size with the real engine: the same result with and without faults."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from faults.processes import kill_at
from support.fixtures import engine
from support.stack import Stack

from atlan_pulumi.local import LocalAtlan

__all__ = ["engine"]

pytestmark = pytest.mark.engine

FOLDER = Path(__file__).parents[2] / "stacks" / "wide"
TABLES, COLUMNS = 20, 50
EDGES = TABLES * COLUMNS
MOST_STATE = 200
"""Bytes per edge."""
BLOCK = 2
BULK = {"method": "POST", "path": "/api/meta/entity/bulk"}

Edges = dict[str, tuple[str, frozenset[str], frozenset[str]]]


def load_catalog() -> Any:
    """Load the stack's module by path, since it is in no package."""
    spec = importlib.util.spec_from_file_location("wide_catalog", FOLDER / "catalog.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CATALOG = load_catalog()
CONNECTION: str = CATALOG.CONNECTION


def declared(changed: int = 0) -> Edges:
    """Return every entity of the program: type, inputs, and outputs, by qualifiedName."""
    edges: Edges = {}
    for process_id, process in CATALOG.processes(TABLES, COLUMNS, changed).items():
        sides = [
            frozenset(f"{CONNECTION}/{each}" for each in process[side]) for side in ("inputs", "outputs")
        ]
        edges[f"{CONNECTION}/{process_id}"] = ("Process", *sides)
        for target, sources in process["columns"].items():
            (source_table,), (target_table,) = sides
            edges[f"{CONNECTION}/{process_id}/column/{target}"] = (
                "ColumnProcess",
                frozenset(f"{source_table}/{source}" for source in sources),
                frozenset([f"{target_table}/{target}"]),
            )
    return edges


class WideStack:
    """A local Atlan with the catalog, and the stack."""

    def __init__(self, server: LocalAtlan, stack: Stack) -> None:
        self.server, self.stack = server, stack
        self._http = httpx.Client(
            base_url=server.base_url, headers={"authorization": f"Bearer {server.api_key}"}, timeout=60
        )

    def close(self) -> None:
        self._http.close()

    def edges(self) -> Edges:
        """Return every active process, read by REST as another user."""
        kinds = {"terms": {"__typeName.keyword": ["Process", "ColumnProcess"]}}
        body = {
            "dsl": {"from": 0, "size": 2 * EDGES, "query": kinds},
            "attributes": ["qualifiedName", "inputs", "outputs"],
            "relationAttributes": ["qualifiedName"],
        }
        answer = self._http.post("/api/meta/search/indexsearch", json=body).raise_for_status().json()
        found: Edges = {}
        for entity in answer.get("entities", []):
            attributes = entity["attributes"]
            assert entity["status"] == "ACTIVE"
            assert attributes["qualifiedName"] not in found, "two entities with the same name"
            sides = [_names(attributes[side]) for side in ("inputs", "outputs")]
            found[attributes["qualifiedName"]] = (entity["typeName"], *sides)
        return found

    def change(self, edges: int) -> None:
        """Add a second source to a number of edges."""
        self.stack.run("config", "set", "changed", str(edges)).check()

    def requests(self) -> dict[str, int]:
        """Return the number of requests by kind."""
        found: dict[str, int] = self.server.stats()["requests"]
        return found

    def blocked(self) -> int:
        """Return the number of responses with 429."""
        return int(self.server.stats()["answers"].get("429", 0))


def _names(edges: list[dict[str, Any]]) -> frozenset[str]:
    return frozenset(edge["attributes"]["qualifiedName"] for edge in edges)


@pytest.fixture
def wide(tmp_path: Path, engine: dict[str, str]) -> Iterator[WideStack]:
    with LocalAtlan(seed=CATALOG.seed(TABLES, COLUMNS)) as server:
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
        stack = Stack(tmp_path / "stack", engine, environ=tenant)
        stack.copy(FOLDER, "__main__.py", "catalog.py")
        stack.run("config", "set", "tables", str(TABLES)).check()
        stack.run("config", "set", "columns", str(COLUMNS)).check()
        wide = WideStack(server, stack)
        yield wide
        wide.close()


@pytest.mark.soak
def test_the_wide_stack_from_up_to_destroy_takes_few_requests(wide: WideStack) -> None:
    stack, server = wide.stack, wide.server
    stack.up()
    assert wide.edges() == declared()
    made = wide.requests()
    assert made["POST /api/meta/entity/bulk"] <= 1.1 * (EDGES // 50) + 1
    state = json.loads(stack.run("stack", "export").check().output)["deployment"]["resources"]
    kept = sum(len(json.dumps(each)) for each in state if "dynamic/atlan:" in each["type"])
    assert kept <= MOST_STATE * EDGES

    before = server.stats()["entities_written"]
    stack.settled()
    stack.up()
    assert server.stats()["entities_written"] == before
    wide.change(10)
    preview = stack.preview()
    assert preview.changes == {"update": 1}
    assert preview.step("wide").diffs == ("processes",)
    assert any(
        "ColumnProcess 'load-t000/column/C00': name: 'C00 -> C00' ->" in each for each in preview.notes
    )
    assert any("… and 5 more like it" in each for each in preview.notes)
    assert wide.edges() == declared(), "a preview writes nothing"
    stack.up()
    assert server.stats()["entities_written"] == before + 10
    assert wide.edges() == declared(10)
    stack.settled()
    stack.destroy()
    assert wide.edges() == {}


@pytest.mark.soak
def test_a_429_a_503_and_a_lost_response_are_retried(wide: WideStack) -> None:
    """A 429 with a block of two seconds, a 503 after a completed write, and a truncated response."""
    stack, server = wide.stack, wide.server
    server.fault(
        {**BULK, "after": 3, "status": 429, "headers": {"retry-after": str(BLOCK)}},
        {**BULK, "after": 3, "status": 503, "commit": True},
        {**BULK, "after": 3, "drop": "after"},
    )
    stack.up()
    assert wide.blocked() == 1, "all requests wait for the block"
    assert wide.edges() == declared()
    server.clear_faults()
    stack.settled()
    stack.destroy()
    assert wide.edges() == {}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds processes in /proc")
@pytest.mark.soak
@pytest.mark.parametrize("victim", ["engine", "provider"])
def test_a_killed_run_converges_with_the_next(wide: WideStack, victim: str) -> None:
    stack, server = wide.stack, wide.server
    assert kill_at(stack, server, victim, {**BULK, "after": 12}, carried_out=True) == []
    between = wide.edges()
    assert 0 < len(between) < len(declared()), "the run was killed midway"
    if victim == "engine":
        stack.run("cancel", "--yes").check()
    stack.up()
    assert wide.edges() == declared()
    stack.refresh(*(["--clear-pending-creates"] if victim == "engine" else []))
    assert stack.preview().changes == {"same": 1}
    stack.destroy()
    assert wide.edges() == {}
