"""Lineage that the SQL of a process decides, under the real engine."""

from __future__ import annotations

from threading import Timer

import pytest
from pyatlan.model.assets import ColumnProcess, Process, Table
from support.atlan import SEED, WAREHOUSE, Witness, seed_of, table_name
from support.stack import NewStack

from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

QN = f"{WAREHOUSE}/load"
CONTEXT = "shop = atlan.SqlContext(default_database='DB', default_schema='S')\n"


def load(sql: str, name: str = "load", **given: object) -> str:
    """Return a program with a process and its columns, both derived."""
    every = {"name": name, "connection": WAREHOUSE, "sql": sql, **given}
    arguments = ", ".join(f"{key}={value!r}" for key, value in every.items())
    return f"{name} = atlan.Process({name!r}, derive=shop, {arguments})\n"


def columns(name: str = "load") -> str:
    return f"atlan.ColumnLineage('{name}-columns', process={name})\n"


def tables(*names: str) -> list[dict[str, str]]:
    return [{"type_name": "Table", "qualified_name": f"{WAREHOUSE}/{name}"} for name in names]


def test_everything_comes_from_the_sql(new_stack: NewStack, witness: Witness) -> None:
    sql = "insert into T2 select s.ID, s.A + t.B, 1 from T0 s join DB.S.T1 t on s.ID = t.ID"
    stack = new_stack(CONTEXT + load(sql) + columns())
    preview = stack.preview()
    assert preview.step("load").new["inputs"] == tables("DB/S/T0", "DB/S/T1")
    assert preview.step("load").new["outputs"] == tables("DB/S/T2")
    assert preview.step("load-columns").new["columns"] == {"ID": "ID", "A": ["A", "T1/B"]}
    assert witness.find(Process, QN) is None, "a preview writes nothing"

    assert stack.up().changes == {"create": 2}
    assert witness.names(Process, QN, "inputs") == {table_name(0), table_name(1)}
    assert witness.names(Process, QN, "outputs") == {table_name(2)}
    assert witness.names(ColumnProcess, f"{QN}/column/A", "inputs") == {
        f"{table_name(0)}/A",
        f"{table_name(1)}/B",
    }
    stack.settled()

    stack.write(CONTEXT + load(sql.replace("s.A + t.B", "s.A")) + columns())
    changed = stack.preview()
    assert changed.step("load-columns").diffs == ("columns", "input_tables")
    assert changed.step("load").diffs == ("sql",)
    stack.up()
    assert witness.names(ColumnProcess, f"{QN}/column/A", "inputs") == {f"{table_name(0)}/A"}
    stack.settled()
    stack.destroy()
    assert witness.find(Process, QN) is None


@pytest.mark.soak
def test_a_process_that_reads_its_own_output(new_stack: NewStack, witness: Witness) -> None:
    sql = "merge into T1 using T0 on T0.ID = T1.ID when matched then update set T1.A = T1.A + T0.A"
    stack = new_stack(CONTEXT + load(sql) + columns())
    stack.up()
    assert witness.names(Process, QN, "inputs") == {table_name(0), table_name(1)}
    assert witness.names(ColumnProcess, f"{QN}/column/A", "inputs") == {
        f"{table_name(0)}/A",
        f"{table_name(1)}/A",
    }
    stack.settled()


def test_what_is_passed_wins_and_differences_are_warnings(new_stack: NewStack) -> None:
    sql = "select ID, A from T0"
    stack = new_stack(CONTEXT + load(sql, outputs=tables("DB/S/T3")) + columns())
    preview = stack.preview()
    assert preview.step("load").new["inputs"] == tables("DB/S/T0")
    assert preview.step("load-columns").new["columns"] == {"ID": "ID", "A": "A"}
    assert preview.warnings == []

    stack.write(CONTEXT + load(sql, inputs=tables("DB/S/T1"), outputs=tables("DB/S/T3")))
    assert stack.preview().warnings == [
        f"the SQL of 'load' does not read '{table_name(1)}', which is declared",
        f"the SQL of 'load' also reads '{table_name(0)}', which is not declared",
    ]


REFUSED = [
    ("insert into T1 select ID from OPS.ORDERS.X.T0", "has more parts than database, schema, and table"),
    ("selec ID from T0", "line 1, column 10: this cannot be parsed"),
    ("insert into T1 values (1)", "the SQL reads no table: set inputs, or leave the lineage out"),
    ("select ID from T0", "the SQL only selects: set outputs to the one table or view that it defines"),
    ("insert into T1 select * from {{ ref('T0') }}", "line 1, column 30: the SQL is a template"),
]


def test_sql_without_lineage_is_one_line_each(new_stack: NewStack, witness: Witness) -> None:
    program = "".join(load(sql, f"load{n}") for n, (sql, _) in enumerate(REFUSED))
    preview = new_stack(CONTEXT + program).operate("preview")
    for _, reason in REFUSED:
        assert sum(reason in line for error in preview.errors for line in error.splitlines()) == 1, (
            reason,
            preview.output,
        )
    assert "Traceback" not in preview.output
    assert "not derived" not in preview.output


@pytest.mark.soak
def test_an_incomplete_name_lists_the_tables_of_that_name(new_stack: NewStack) -> None:
    program = "shop = atlan.SqlContext()\n" + load("insert into t1\nselect ID from DB.S.T0")
    preview = new_stack(program).operate("preview")
    assert preview.code != 0
    assert (
        "sql: its lineage cannot be derived: line 1, column 13: table 'T1' has no database and schema: "
        "set default_database and default_schema; Atlan has DB/S/T1\n"
    ) in preview.output


@pytest.mark.soak
def test_a_misspelled_table_is_refused(new_stack: NewStack) -> None:
    preview = new_stack(CONTEXT + load("insert into T1 select ID from T00")).operate("preview")
    assert preview.code != 0
    assert f"property inputs: Atlan has no Table '{WAREHOUSE}/DB/S/T00'" in preview.output


@pytest.mark.soak
def test_undecided_columns_are_warnings(new_stack: NewStack) -> None:
    sql = "insert into T3 (ID, A) select T1.ID, ORDERED from T0 join T1 on T0.ID = T1.ID"
    preview = new_stack(CONTEXT + load(sql) + columns()).preview()
    assert preview.step("load-columns").new["columns"] == {"ID": "ID"}
    (warning,) = preview.warnings
    assert warning == (
        "the SQL of 'load': line 1, column 38: no table of the query has a column 'ORDERED': "
        "check the schema; columns without lineage are left out"
    )


MAKER = """
class Maker(pulumi.dynamic.ResourceProvider):
    def create(self, props):
        return pulumi.dynamic.CreateResult(props["name"], props)
class Made(pulumi.dynamic.Resource):
    name: pulumi.Output[str]
    columns: pulumi.Output[list]
    def __init__(self, name, columns):
        super().__init__(Maker(), name, {"name": name, "columns": columns})
atlan.register_asset_type(
    Made, lambda made: ("View", ["DB", "S", made.name]), columns=lambda made: made.columns
)
"""


@pytest.mark.soak
def test_tables_that_the_program_creates_are_known_before_a_crawl(
    new_stack: NewStack, witness: Witness, server: LocalAtlan
) -> None:
    context = (
        "new = Made('NEW', ['ID', 'N'])\n"
        "shop = atlan.SqlContext(default_database='DB', default_schema='S', tables=[new])\n"
    )
    program = MAKER + context + load("insert into T1 (ID, A) select * from NEW", missing_assets="partial")
    program += "atlan.ColumnLineage('load-columns', process=load, missing_assets='partial')\n"
    stack = new_stack(program)
    preview = stack.preview()
    assert preview.step("load").new["inputs"] == [
        {"type_name": "View", "qualified_name": f"{WAREHOUSE}/DB/S/NEW"}
    ]
    stack.up()
    assert witness.names(ColumnProcess, f"{QN}/column/A", "inputs") == {f"{WAREHOUSE}/DB/S/NEW/N"}
    urn = next(each for each in stack.resources()["load"]["dependencies"] if each.endswith("::NEW"))
    assert urn, "the process is created after the view"
    stack.settled()
    assert witness.find(Table, table_name(1)) is not None


@pytest.mark.soak
def test_a_typo_next_to_a_table_of_the_program_is_refused(new_stack: NewStack) -> None:
    context = (
        "new = Made('NEW', ['ID', 'N'])\n"
        "shop = atlan.SqlContext(default_database='DB', default_schema='S', tables=[new])\n"
    )
    sql = "insert into T1 (ID) select n.ID from NEW n join T00 t on t.ID = n.ID"
    preview = new_stack(MAKER + context + load(sql, missing_assets="partial")).operate("preview")
    assert preview.code != 0
    assert f"Atlan has no Table '{WAREHOUSE}/DB/S/T00'" in preview.output


@pytest.mark.soak
def test_unknown_sql_is_derived_during_the_deployment(new_stack: NewStack, witness: Witness) -> None:
    program = MAKER + CONTEXT + "late = Made('LATE', ['ID'])\n"
    program += "load = atlan.Process('load', name='load', connection=WAREHOUSE, derive=shop,\n"
    program += "    sql=late.id.apply(lambda _: 'insert into T1 select * from T0'))\n"
    stack = new_stack(program + columns())
    preview = stack.preview()
    later = "the SQL of 'load' is not known yet; the deployment derives its lineage"
    assert preview.notes.count(later) == 1, preview.output
    stack.up()
    assert witness.names(Process, QN, "inputs") == {table_name(0)}
    assert witness.names(ColumnProcess, f"{QN}/column/B", "inputs") == {f"{table_name(0)}/B"}
    stack.settled()


def test_secret_sql_is_not_in_a_message(new_stack: NewStack) -> None:
    program = CONTEXT + "load = atlan.Process('load', name='load', connection=WAREHOUSE, derive=shop,\n"
    program += "    sql=pulumi.Output.secret('insert into SECRETS select x y z from T0'))\n"
    preview = new_stack(program).operate("preview")
    assert preview.code != 0
    assert (
        "its lineage cannot be derived: the SQL is a secret, so that the problem is not shown"
        in preview.output
    )
    assert "SECRETS" not in preview.output


SQL = "insert into DB.S.T1 (ID) select ID from DB.S.T0"
NO_TABLE = "SqlContext: tables: 'DB/S/T0' is neither a resource nor a reference: use atlan.table('…')"
MISTAKES = [
    (f"sql={SQL!r}, derive='snowflake'", "Process 'x': derive: use True, or a SqlContext"),
    (f"sql={SQL!r}, derive=atlan.SqlContext(tables=['DB/S/T0'])", NO_TABLE),
    (
        f"sql={SQL!r}, derive=atlan.SqlContext(tables=atlan.table('a'))",
        "SqlContext: tables: put it in a list",
    ),
    ("derive=True", "Process 'x': derive needs sql"),
    (f"sql={SQL!r}, outputs=[{{'qualified_name': 'x'}}]", "outputs"),
]


@pytest.mark.soak
@pytest.mark.parametrize(("arguments", "reason"), MISTAKES)
def test_a_mistake_in_an_argument_is_one_line(new_stack: NewStack, arguments: str, reason: str) -> None:
    program = f"atlan.Process('x', name='x', connection=WAREHOUSE, {arguments})\n"
    preview = new_stack(program).operate("preview")
    assert preview.code != 0
    assert reason in preview.output
    assert "Traceback" not in preview.output


@pytest.mark.soak
def test_other_mistakes_are_one_line_too(new_stack: NewStack) -> None:
    stack = new_stack(f"atlan.Process('x', name='x', connection='snowflake', sql={SQL!r})\n")
    preview = stack.operate("preview")
    assert "'snowflake' is not a connection's qualifiedName" in preview.output
    assert "Traceback" not in preview.output
    stack.write("atlan.ColumnLineage('x', process=f'{WAREHOUSE}/load')\n")
    preview = stack.operate("preview")
    assert "'x': set columns, or pass a Process of this program with sql" in preview.output
    assert "Traceback" not in preview.output


@pytest.mark.soak
def test_secret_names_of_tables_stay_secret(new_stack: NewStack) -> None:
    program = (
        "table = atlan.table(pulumi.Output.secret(f'{WAREHOUSE}/DB/S/T4'))\n"
        "shop = atlan.SqlContext(default_database='DB', default_schema='S', tables=[table])\n"
        "load = atlan.Process('load', name='load', connection=WAREHOUSE, derive=shop,\n"
        "    sql=pulumi.Output.secret('insert into T5 (ID) select ID from T4'),\n"
        "    outputs=[atlan.table(f'{WAREHOUSE}/DB/S/T3')])\n"
    )
    stack = new_stack(program)
    preview = stack.preview()
    (warning,) = preview.warnings
    assert warning == (
        "the SQL of 'load' reads or writes other tables than the declared inputs and outputs; they are not "
        "named here, since the SQL is a secret"
    )
    assert "T4" not in preview.output
    stack.up()
    assert "DB/S/T4" not in stack.run("stack", "export").check().output


@pytest.mark.soak
def test_the_processes_of_a_map_are_derived_after_what_it_depends_on(
    new_stack: NewStack, witness: Witness, server: LocalAtlan
) -> None:
    """A deployment creates the table; its columns are known only then."""
    program = (
        "made = atlan.Table('made', name='MADE', schema=f'{WAREHOUSE}/DB/S')\n"
        "column = atlan.Column('made-id', name='ID', table=made, order=1, data_type='NUMBER')\n"
        "atlan.LineageMap('map', connection=WAREHOUSE, processes={\n"
        "    'load': {'sql': 'insert into DB.S.T1 (ID) select * from DB.S.MADE'},\n"
        "}, opts=pulumi.ResourceOptions(depends_on=[column]))\n"
    )
    stack = new_stack(program)
    preview = stack.preview()
    assert any("* of DB.S.MADE, whose columns are not known" in line for line in preview.warnings)
    stack.up()
    assert witness.names(ColumnProcess, f"{QN}/column/ID", "inputs") == {f"{WAREHOUSE}/DB/S/MADE/ID"}
    stack.settled()


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["process", "map"])
def test_columns_of_awaited_tables_are_derived_once_they_are_there(
    new_stack: NewStack, witness: Witness, server: LocalAtlan, kind: str
) -> None:
    """A crawl during the deployment brings the table, with its columns."""
    sql = "insert into DB.S.T1 (ID, A) select * from DB.S.LATE"
    if kind == "process":
        program = CONTEXT + load(sql, missing_assets="wait", wait_seconds=60)
        program += (
            "atlan.ColumnLineage('load-columns', process=load, missing_assets='wait', wait_seconds=60)\n"
        )
    else:
        program = f"atlan.LineageMap('map', connection=WAREHOUSE, processes={{'load': {{'sql': {sql!r}}}}},\n"
        program += "    missing_assets='wait', wait_seconds=60)\n"
    stack = new_stack(program)
    preview = stack.preview()
    later = "the SQL of 'load': its columns are derived during the deployment, once its tables are in Atlan"
    assert preview.notes.count(later) == 1, preview.output
    assert preview.warnings == []
    new = {"name": "LATE", "columns": [{"name": "ID"}, {"name": "N"}]}
    there = SEED["connections"][0]["databases"][0]["schemas"][0]["tables"]
    crawl = Timer(12, server.crawl, [seed_of([*there, new])])
    crawl.start()
    stack.up()
    crawl.join()
    assert witness.names(ColumnProcess, f"{QN}/column/A", "inputs") == {f"{WAREHOUSE}/DB/S/LATE/N"}
    stack.settled()


@pytest.mark.soak
def test_a_preview_says_where_changed_edges_come_from(new_stack: NewStack) -> None:
    stack = new_stack(
        "atlan.LineageMap('map', connection=WAREHOUSE,\n"
        "    processes={'load': {'sql_file': 'sql/load.sql'}},\n"
        "    derive=atlan.SqlContext(default_database='DB', default_schema='S'))\n"
    )
    file = stack.folder / "sql" / "load.sql"
    file.parent.mkdir()
    file.write_text("insert into T1 (ID, A)\nselect ID,\n  A\nfrom T0")
    preview = stack.preview()
    (note,) = [each for each in preview.notes if each.startswith("derived from")]
    assert note == 'derived from sql/load.sql: "DB/S/T1/ID" in line 2, "DB/S/T1/A" in line 3'
    stack.up()
    stack.settled()

    file.write_text("insert into T1 (ID, A)\n\nselect ID,\n  A + B\nfrom T0")
    preview = stack.preview()
    (note,) = [each for each in preview.notes if each.startswith("derived from")]
    assert note == 'derived from sql/load.sql: "DB/S/T1/A" in line 4', "a line that moves is no change"
    assert "derived from" not in stack.run("stack", "export").check().output

    file.write_text("insert into T1 (ID)\nselect ID from NOWHERE.T0 x, T2 where NET")
    refused = stack.operate("preview")
    assert refused.code != 0
    file.write_text("selec ID from T0")
    refused = stack.operate("preview")
    assert "its lineage cannot be derived: sql/load.sql: line 1, column 10: " in refused.output
