"""Importing many processes takes few requests. The program does not depend on their order."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from importer import deploy
from importer.entities import assert_no_changes, edge
from support.atlan import WAREHOUSE, seed_of, table_name
from support.stack import NewStack, Stack

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.importer import Selection, Shape, import_file, module, plan_import
from atlan_pulumi.local import LocalAtlan

READ = "GET /api/meta/entity/bulk/uniqueAttribute/type/{typeName}"
SEARCH = "POST /api/meta/search/indexsearch"
SQL = "insert into MART.ORDERS\nselect *\nfrom RAW.ORDERS\nwhere day = {}\n"


def fill(client: AtlanClient, count: int, *, columns: int = 0) -> None:
    """Create processes, each with column processes, 50 per request."""
    made = []
    for number in range(count):
        name = f"{WAREHOUSE}/pipelines/dag-{number:05}"
        made.append(
            _edge(
                "Process",
                name,
                [edge("Table", table_name(number % 3))],
                [edge("Table", table_name(4))],
                number,
            )
        )
        made += [
            _edge(
                "ColumnProcess",
                f"{name}/column-{index}",
                [edge("Column", f"{table_name(number % 3)}/A")],
                [edge("Column", f"{table_name(4)}/B")],
                number,
                process={"typeName": "Process", "uniqueAttributes": {"qualifiedName": name}},
            )
            for index in range(columns)
        ]
    for type_name in ("Process", "ColumnProcess"):
        chosen = [entity for entity in made if entity.type_name == type_name]
        for start in range(0, len(chosen), 50):
            client.entities.upsert(chosen[start : start + 50])


def _edge(type_name: str, name: str, inputs: object, outputs: object, number: int, **more: object) -> Entity:
    attributes = {
        "qualifiedName": name,
        "name": f"Pipeline {number}",
        "sql": SQL.format(number),
        "ownerUsers": ["ann", "bob"],
        "inputs": _plain(inputs),
        "outputs": _plain(outputs),
        **more,
    }
    return Entity(type_name=type_name, attributes=attributes)


def _plain(edges: object) -> list[dict[str, object]]:
    assert isinstance(edges, list)
    return [{"typeName": each["typeName"], "uniqueAttributes": each["uniqueAttributes"]} for each in edges]


def requests(server: LocalAtlan) -> dict[str, int]:
    return dict(server.stats()["requests"])


def test_two_hundred_processes_take_few_requests(client: AtlanClient, server: LocalAtlan) -> None:
    fill(client, 200, columns=1)
    before = requests(server)
    plan = plan_import(client, Selection(connections=[WAREHOUSE], with_connections=False))
    sent = {path: count - before.get(path, 0) for path, count in requests(server).items()}
    assert plan.count() == {"Process": 200, "ColumnProcess": 200}
    assert sent[SEARCH] <= 4, "300 per page, and one for declared assets"
    assert sent[READ] <= 14, "limited by the length of URLs"
    assert sum(sent.values()) <= 21
    code = module(plan)
    assert code.count("atlan.Process(") == 200
    assert code == module(
        plan_import(client, Selection(processes=[each.qualified_name for each in reversed(plan.resources)]))
    )


WIDE = [f"C{number}" for number in range(10)]


def make_map(client: AtlanClient, count: int) -> None:
    """Deploy a map of processes with ten columns each, in the warehouse."""
    tables = {"inputs": "DB/S/SOURCE", "outputs": "DB/S/TARGET", "columns": {name: name for name in WIDE}}
    processes = {f"dag-{number:05}": tables for number in range(count)}
    deploy.make(
        client,
        "ProcessSet",
        "wide",
        parent="atlan:index:LineageMap",
        connection=WAREHOUSE,
        processes=processes,
    )


def wide() -> dict[str, object]:
    """Return a seed with two tables of ten columns."""
    columns = [{"name": name, "data_type": "NUMBER"} for name in WIDE]
    return seed_of([{"name": name, "columns": columns} for name in ("SOURCE", "TARGET")])


@pytest.mark.parametrize(
    ("form", "expected"),
    [(None, {"LineageMap": 1}), ("column-lineage", {"Process": 50, "ColumnLineage": 50})],
)
def test_five_hundred_edges_take_few_requests(form: str | None, expected: dict[str, int]) -> None:
    with (
        LocalAtlan(seed=wide()) as server,
        AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0)) as client,
    ):
        make_map(client, 50)
        before = sum(requests(server).values())
        selection = Selection(connections=[WAREHOUSE], with_connections=False)
        plan = plan_import(client, selection, shape=Shape(form, stack=deploy.STACK))
        assert plan.count() == expected
        assert sum(requests(server).values()) - before <= 20
        assert module(plan).count('"C7": "C7"') == 50
        assert_no_changes(client, plan, deploy.STACK)


@pytest.mark.soak
@pytest.mark.engine
@pytest.mark.timeout(1800)
def test_ten_thousand_edges(engine: dict[str, str], tmp_path: Path) -> None:
    with (
        LocalAtlan(seed=wide()) as server,
        AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0)) as client,
    ):
        make_map(client, 1000)
        begun = time.perf_counter()
        selection = Selection(connections=[WAREHOUSE], with_connections=False)
        plan = plan_import(client, selection, shape=Shape(stack=deploy.STACK))
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
        stack = Stack(tmp_path / "project", engine, "import lineage\n", environ=tenant)
        (stack.folder / "lineage.py").write_text(module(plan))
        (stack.folder / "import.json").write_text(import_file(plan, deploy.STACK))
        planned = time.perf_counter() - begun
        print(f"planned and written in {planned:.1f} s")
        assert planned < 120
        options = ("--generate-code=false", "--protect=false", "--yes", "--skip-preview")
        for arguments in (("import", "--file", "import.json", *options), ("preview",)):
            begun = time.perf_counter()
            done = stack.run(*arguments, "--suppress-progress").check()
            print(f"pulumi {arguments[0]}: {time.perf_counter() - begun:.1f} s")
        assert "3 unchanged" in done.output


@pytest.mark.soak
@pytest.mark.engine
@pytest.mark.timeout(1800)
def test_five_thousand_processes(client: AtlanClient, server: LocalAtlan, new_stack: NewStack) -> None:
    fill(client, 5000)
    before, begun = sum(requests(server).values()), time.perf_counter()
    plan = plan_import(client, Selection(connections=[WAREHOUSE], with_connections=False))
    stack = new_stack("import lineage\n", PULUMI_SKIP_CHECKPOINTS="true")
    (stack.folder / "lineage.py").write_text(module(plan))
    (stack.folder / "import.json").write_text(import_file(plan))
    print(f"planned and written in {time.perf_counter() - begun:.1f} s")
    assert sum(requests(server).values()) - before < 300
    for arguments in (
        (
            "import",
            "--file",
            "import.json",
            "--generate-code=false",
            "--protect=false",
            "--yes",
            "--skip-preview",
        ),
        ("preview",),
    ):
        begun = time.perf_counter()
        done = stack.run(*arguments, "--suppress-progress").check()
        print(f"pulumi {arguments[0]}: {time.perf_counter() - begun:.1f} s")
    assert "5001 unchanged" in done.output
