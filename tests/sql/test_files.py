"""SQL that reads or writes files: what is not read is a problem that says so, and never a table."""

from __future__ import annotations

import pytest

from atlan_pulumi.sql import TableColumn, derive_lineage

BY_HAND = "leave the statement out of the SQL, or declare the lineage by hand"
STAGES = [
    "insert into A.B.C (X) select $1 from {}",
    "insert into A.B.C select t.$1, t.$2 from {}/in.csv (file_format => 'csv') t",
    "create table A.B.C as select $1:id::int as ID, metadata$filename from {}",
    "merge into A.B.C using (select $1 ID from {}) s on C.ID = s.ID when matched then update set X = s.ID",
    "create view A.B.C as select ID from A.B.D join {} t on t.$1 = ID",
    "insert into A.B.C select * from directory({})",
]


@pytest.mark.parametrize("sql", STAGES)
@pytest.mark.parametrize("stage", ["@A.B.LANDING", "@~", "@%ORDERS"])
def test_a_stage_is_no_table(sql: str, stage: str) -> None:
    found = derive_lineage(f"select 1;\n{sql.format(stage)}", dialect="snowflake")
    assert found.outputs == ()
    assert found.columns == {}
    (problem,) = found.problems
    assert problem.hides_tables
    assert problem.line == 2
    assert problem.message.startswith(stage)
    assert problem.message.endswith(f" is a stage or a variable, not a table, and is not read: {BY_HAND}")


@pytest.mark.parametrize(
    ("dialect", "sql", "name"),
    [
        ("snowflake", "copy into A.B.C (X) from (select t.$1 from @A.B.LANDING t)", "COPY"),
        ("snowflake", "copy into @A.B.OUT from A.B.C", "COPY"),
        ("databricks", "copy into a.b.c from 's3://lake/in' fileformat = csv", "COPY"),
        ("redshift", "copy b.c from 's3://lake/in' iam_role 'loader'", "COPY"),
        ("hive", "load data inpath '/in' into table b.c", "LOAD DATA"),
        ("bigquery", "export data options(uri = 'gs://lake') as select a from b.c.d", "EXPORT"),
    ],
)
def test_a_statement_that_moves_files_is_named(dialect: str, sql: str, name: str) -> None:
    (problem,) = derive_lineage(sql, dialect=dialect).problems
    assert problem.message == f"{name} moves files, which are not read: {BY_HAND}"
    assert problem.hides_tables


def test_a_variable_is_no_table() -> None:
    (problem,) = derive_lineage("insert into b.c select id from @orders", dialect="tsql").problems
    assert problem.message.startswith("@orders is a stage or a variable")


def test_a_position_in_snowflake_is_a_column() -> None:
    sql = "insert into D.S.T (X, Y) select $2, r.$1 + 1 from D.S.RAW r"
    found = derive_lineage(sql, dialect="snowflake", schema={"D.S.RAW": ["ID", "NET"]})
    assert found.columns == {
        TableColumn("D.S.T", "X"): {("D.S.RAW", "NET")},
        TableColumn("D.S.T", "Y"): {("D.S.RAW", "ID")},
    }
    found = derive_lineage(sql, dialect="snowflake")
    assert found.columns == {}
    assert [each.message for each in found.problems] == [
        "column $2 is named by its position: write its name",
        "column $1 is named by its position: write its name",
    ]
    found = derive_lineage("insert into s.t (x) select $1 from s.raw", dialect="postgres")
    assert (found.columns, found.problems) == ({}, ())
