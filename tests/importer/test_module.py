"""The Python program: it agrees with the import file, and is readable."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importer.entities import edge, inputs_in_file, plan_of, process, run
from importer.test_expressions import TEXTS
from support.atlan import WAREHOUSE, table_name

from atlan_pulumi.client import Entity
from atlan_pulumi.importer import ImportPlan, module
from atlan_pulumi.importer.code._module import comment

AIRFLOW = "default/airflow/1700000000"
SQL = "insert into \"MART\"\nselect *,\n\t'a'\nfrom RAW -- why \n"


def connection(qualified_name: str = AIRFLOW, **attributes: Any) -> Entity:
    own = {"name": "Air flow", "qualifiedName": qualified_name, "adminRoles": [], "adminUsers": ["ann"]}
    return Entity.model_validate(
        {"typeName": "Connection", "guid": "g", "attributes": {**own, **attributes}, "createdBy": "bob"}
    )


def column(id_: str, above: str, connection_: str = AIRFLOW, source: int = 0, **attributes: Any) -> Entity:
    return process(
        f"{connection_}/{id_}",
        type_name="ColumnProcess",
        inputs=[edge("Column", f"{table_name(source)}/A"), edge("Column", f"{table_name(source)}/B")],
        outputs=[edge("Column", f"{table_name(1)}/A")],
        related={"process": edge("Process", above)},
        **attributes,
    )


def example() -> ImportPlan:
    """Return a plan with every kind of section."""
    lines = {"sql": SQL, "description": "Loads the orders of the day. " * 8}
    script = "spark-submit --deploy-mode cluster --conf spark.executor.memory=8g s3://jobs/load.py"
    return plan_of(
        connection(),
        process(f"{AIRFLOW}/load-orders", name="Load orders", **lines),
        column("load-orders-a", f"{AIRFLOW}/load-orders"),
        column("elsewhere", f"{AIRFLOW}/load-orders", WAREHOUSE, name="a -> a"),
        column("orphan", f"{AIRFLOW}/not-imported"),
        process(f"{WAREHOUSE}/list", name='List "all"', code=script, assetTags=["x"] * 3),
        process(
            f"{WAREHOUSE}/a0427209221340a5e997701256e982ea",
            name="Many",
            code=script,
            inputs=[edge("Table", table_name(n)) for n in (0, 2, 3, 4, 5)],
            outputs=[
                edge("S3Object", f"default/s3/1/bucket/{'long' * 30}.csv"),
                edge("View", f"{table_name(1)}V"),
            ],
            related={"adfActivity": edge("AdfActivity", f"{WAREHOUSE}/adf")},
        ),
        process(f"{WAREHOUSE}/bad", inputs=[]),
        titles={WAREHOUSE: "Warehouse", AIRFLOW: "Air flow"},
    )


def test_the_program_and_the_import_file_agree() -> None:
    plan = example()
    assert len(plan.resources) == 7
    assert run(plan) == inputs_in_file(plan)


READABLE = '''\
"""Lineage in Atlan, written by `atlan-pulumi import`: 1 connection, 1 process, 1 column process.

Comments above a resource list what it does not manage.
Comments at the end list what could not be imported.
"""

import atlan_pulumi as atlan

# Qualified names
AIR_FLOW = "default/airflow/1700000000"
WAREHOUSE = "default/snowflake/1657025257"
T0 = f"{WAREHOUSE}/DB/S/T0"
T1 = f"{WAREHOUSE}/DB/S/T1"

# Connections

air_flow = atlan.Connection(
    "Air-flow",
    name="Air flow",
    connector="airflow",
    qualified_name=AIR_FLOW,
    admin_users=["ann"],
)

# In Air flow: default/airflow/1700000000

# Not managed: attribute assetTags
load_orders = atlan.Process(
    "load-orders",
    name="Load orders",
    connection=air_flow,
    inputs=[atlan.table(T0)],
    outputs=[atlan.table(T1)],
    sql="""\\
insert into "MART"
select *,
\t'a'
from RAW -- why\\x20
""",
)

atlan.ColumnProcess(
    "load-orders-a",
    name="Load",
    process=load_orders,
    inputs=[atlan.column(f"{T0}/A"), atlan.column(f"{T0}/B")],
    outputs=[atlan.column(f"{T1}/A")],
)

# Not imported, and unchanged in Atlan:
# - Process 'default/airflow/1700000000/bad': inputs is required
'''


def test_the_program_is_readable() -> None:
    code = module(plan_of(
        connection(),
        process(f"{AIRFLOW}/load-orders", name="Load orders", sql=SQL, assetTags=["x"]),
        column("load-orders-a", f"{AIRFLOW}/load-orders"),
        process(f"{AIRFLOW}/bad", inputs=[]),
        titles={WAREHOUSE: "Warehouse", AIRFLOW: "Air flow"},
    ))  # fmt: skip
    assert code == READABLE


@pytest.mark.soak
def test_the_program_passes_ruff_and_mypy(tmp_path: Path) -> None:
    path = tmp_path / "lineage.py"
    path.write_text(module(example()), encoding="utf-8")
    here = [sys.executable, "-m"]
    for command in (
        ["ruff", "format", "--isolated", "--check", "--diff"],
        ["ruff", "check", "--isolated", "--select", "E,F,I,UP,W,B,RUF", "--ignore", "E501", "--no-cache"],
        ["mypy", "--strict"],
    ):
        done = subprocess.run(
            [*here, *command, str(path)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path if command[0] == "ruff" else Path(__file__).parents[2],
        )
        assert done.returncode == 0, done.stdout + done.stderr
    long = [line for line in path.read_text().splitlines() if len(line) > 110]
    assert all(line.strip().startswith(('f"', 'qualified_name=f"', 'qualified_name="')) for line in long), (
        long
    )


def test_repeated_texts_and_names_become_constants() -> None:
    code = module(example()).partition("# Not imported")[0]
    assert code.count("default/snowflake/1657025257/") == 0, "uses the constant"
    assert code.count(f"{table_name(0)!r}") == 0
    assert code.count("spark-submit") == 1
    assert "MANY_CODE = (" in code
    assert code.count("code=MANY_CODE") == 2


def test_names_are_readable() -> None:
    """No unused constants, and no names that are hashes or end with a number."""
    hashes = [f"{number:032x}" for number in range(0xA427209, 0xA427209 + 6)]
    above = [f"{AIRFLOW}/{hashes[0]}", f"{AIRFLOW}/{hashes[1]}"]
    plan = plan_of(
        process(above[0], name="Load"),
        process(above[1], name="Load", outputs=[edge("Table", table_name(2))]),
        *(column(each, above[n // 2], source=n, name="A -> A") for n, each in enumerate(hashes[2:])),
        column("elsewhere-1", f"{AIRFLOW}/{hashes[5]}"),
        column("elsewhere-2", f"{AIRFLOW}/{hashes[5]}"),
    )
    code = module(plan)
    defined = re.findall(r"^([A-Z_0-9]+) = ", code, re.MULTILINE)
    assert defined
    assert [name for name in defined if len(re.findall(rf"\b{name}\b", code)) < 2] == []
    assert [name for name in defined if name.startswith("_")] == []
    assert [each.name for each in plan.resources if each.kind == "Process"] == ["Load", "Load-T2"]
    assert run(plan) == inputs_in_file(plan)


def test_assets_with_the_same_name_get_distinct_constants() -> None:
    names = [f"{WAREHOUSE}/{schema}/ORDERS" for schema in ("RAW", "MART")]
    more = [
        process(f"{WAREHOUSE}/p{n}", inputs=[edge("Table", names[0])], outputs=[edge("Table", names[1])])
        for n in (1, 2)
    ]
    code = module(plan_of(*more))
    assert 'RAW_ORDERS = f"{SNOWFLAKE_1657025257}/RAW/ORDERS"' in code
    assert "inputs=[atlan.table(RAW_ORDERS)]" in code


def test_connections_with_the_same_name_get_distinct_constants() -> None:
    others = ["default/airflow/1", "default/airflow/2", "default/spark/3"]
    plan = plan_of(
        *(process(f"{name}/p{n}") for name in others for n in (1, 2)), titles=dict.fromkeys(others, "prod")
    )
    code = module(plan)
    for line in (
        'PROD = "default/airflow/1"',
        'PROD_AIRFLOW = "default/airflow/2"',
        'PROD_SPARK = "default/spark/3"',
    ):
        assert line in code
    assert run(plan) == inputs_in_file(plan)


ESCAPE = 'x\n__import__("os")._exit(1)\r\u2028#"""\\'


def test_no_name_can_escape_from_a_comment_or_literal() -> None:
    plan = plan_of(
        connection(name=ESCAPE),
        process(f"{AIRFLOW}/p{ESCAPE}p", name=ESCAPE, sql=ESCAPE, **{ESCAPE: "value"}),
        process(f"{AIRFLOW}/q{ESCAPE}", inputs=[edge("Table", f"{WAREHOUSE}/{ESCAPE}q")]),
        process(f"{AIRFLOW}/b{ESCAPE}", inputs=[edge(ESCAPE, ESCAPE)]),
        titles={AIRFLOW: ESCAPE, WAREHOUSE: ESCAPE},
    )
    code = module(plan)
    calls = {ast.unparse(node.func) for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)}
    assert calls <= {"atlan.Connection", "atlan.Process", "atlan.table"}
    assert run(plan) == inputs_in_file(plan)
    assert len(plan.unsupported) == 1


def test_comments_are_wrapped_and_never_empty() -> None:
    lines = comment("word " * 60, first="- ", then="  ")
    assert all(len(line) <= 88 and line.startswith("# ") for line in lines)
    assert len(lines) > 1
    assert comment("") == ["#"]


SEGMENTS = st.text(st.characters(exclude_categories=("Zs", "Zl", "Zp", "Cc", "Cs")), min_size=1, max_size=5)
CONNECTIONS = st.sampled_from([WAREHOUSE, AIRFLOW, "default/x-y/1"])
PATHS = st.builds("/".join, st.tuples(CONNECTIONS, st.sampled_from(["A", "B{}", "Ü\"'"]), SEGMENTS))
EDGES = st.lists(
    st.builds(edge, st.sampled_from(["Table", "View", "S3Object"]), PATHS), min_size=1, max_size=3
)
LIVE = st.sampled_from(["", "a", "b\nc\nd", "x" * 90]) | TEXTS


@st.composite
def processes(draw: st.DrawFn) -> Entity:
    """Draw processes with usual and unusual values."""
    attributes: dict[str, Any] = {
        "name": draw(LIVE),
        "sql": draw(LIVE),
        "description": draw(LIVE),
        "ownerUsers": draw(st.lists(LIVE, max_size=3)),
        "sourceCreatedAt": draw(st.integers(0, 2**53)),
        "isPassThrough": draw(st.booleans()),
        "lastSyncWorkflowName": draw(st.none() | st.just("pulumi:a/b#load") | LIVE),
    }
    name = f"{draw(CONNECTIONS)}/{draw(LIVE | SEGMENTS)}"
    return process(name, inputs=draw(EDGES), outputs=draw(EDGES), **attributes)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(processes(), max_size=6, unique_by=lambda each: each.qualified_name),
    st.dictionaries(CONNECTIONS, LIVE),
)
def test_the_program_and_the_import_file_agree_for_random_entities(
    found: list[Entity], titles: dict[str, str]
) -> None:
    plan = plan_of(*found, titles=titles)
    assert len(plan.resources) + len(plan.unsupported) == len(found)
    assert run(plan) == inputs_in_file(plan)


@pytest.mark.parametrize("count", [0, 1])
def test_empty_sections_are_left_out(count: int) -> None:
    code = module(plan_of(*[process(f"{WAREHOUSE}/p")][:count]))
    assert "Repeated texts" not in code
    assert "Not imported" not in code
    assert "# Connections" not in code
