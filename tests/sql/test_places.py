"""Where output columns and tables are in the SQL."""

from __future__ import annotations

import pytest

from atlan_pulumi.sql import derive_lineage

SCHEMA = {"raw": ["id", "b", "c"], "mart": ["x", "y"]}
SCRIPT = """insert into mart (id, net, x)
with a as (
  select id,
    b -
 c as net from raw
)
select a.*,
  (case when net > 0
 then id end) as x from a"""
MERGE = """merge into mart using raw on raw.id = mart.x when matched then update set
x = raw.b
when not matched then insert (x, y)
values (
raw.id, raw.b)"""


@pytest.mark.parametrize(
    ("sql", "lines"),
    [
        (
            SCRIPT,
            {("mart", "id"): 3, ("mart", "net"): 4, ("mart", "x"): 8},
        ),
        ("select id from raw\nunion\nselect b from raw", {("", "id"): 1}),
        ("select\n* exclude (c) from raw", {("", "id"): 2, ("", "b"): 2}),
        ("update mart set\nx = raw.id,\ny = 1 from raw", {("mart", "x"): 2}),
        (MERGE, {("mart", "x"): 2, ("mart", "y"): 5}),
        (
            "select b from raw;\ncreate table n as\nselect id, 1 as one from raw",
            {("", "b"): 1, ("n", "id"): 3},
        ),
    ],
)
def test_an_output_column_has_the_line_of_its_expression(sql: str, lines: dict[tuple[str, str], int]) -> None:
    found = derive_lineage(sql, schema=SCHEMA)
    assert found.lines == lines
    assert found.lines.keys() == found.columns.keys()


def test_a_table_has_the_place_of_its_first_reference() -> None:
    sql = 'insert into A."m m" -- RAW\n(id) select raw.id from\n  B.RAW, A."m m", (select 1 from b.raw)'
    found = derive_lineage(sql, dialect="snowflake", default_database="D")
    assert found.places == {"D.A.m m": (1, 15), "D.B.RAW": (3, 5)}
    found = derive_lineage("select x from `p.d.t`", dialect="bigquery")
    assert found.places == {"p.d.t": (1, 15)}


def test_the_columns_of_a_view_have_its_names_by_position() -> None:
    sql = "select\nid,\nb + c, count(*) from raw"
    found = derive_lineage(sql, schema=SCHEMA, view_columns=["KEY", "NET", "N"])
    assert found.columns == {("", "KEY"): {("raw", "id")}, ("", "NET"): {("raw", "b"), ("raw", "c")}}
    assert found.lines == {("", "KEY"): 2, ("", "NET"): 3}
    (problem,) = derive_lineage(sql, schema=SCHEMA, view_columns=["KEY"]).problems
    assert problem.message == "3 columns are written into 1"
    (problem,) = derive_lineage("select * from other", view_columns=["KEY"]).problems
    assert "cannot be matched by position" in problem.message


def test_columns_without_a_source_are_written_too() -> None:
    found = derive_lineage("insert into mart (x, y) select id, 1 from raw; create view v as select * from t")
    assert found.written == {"mart": ("x", "y")}
    assert found.columns.keys() == {("mart", "x"), ("v", "*")}
