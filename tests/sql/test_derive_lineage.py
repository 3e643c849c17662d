"""What is read, written, and derived, by kind of statement. An edge is `target.column < source.column`."""

from __future__ import annotations

from typing import Any

import pytest
from sqlglot import exp

from atlan_pulumi.sql import DerivedLineage, Transformation, _derive, derive_lineage


def edges(found: DerivedLineage) -> set[str]:
    """Return the edges as text; the target of a bare SELECT has no table."""
    return {
        f"{f'{table}.' if table else ''}{column} < {source}.{name}"
        for (table, column), sources in found.columns.items()
        for source, name in sources
    }


def derived(sql: str, **options: Any) -> set[str]:
    found = derive_lineage(sql, **options)
    assert found.problems == (), [str(each) for each in found.problems]
    return edges(found)


def given(dialect: str | None = None, **tables: str) -> dict[str, Any]:
    """Return options with tables and their columns, such as `t="a b"`."""
    options: dict[str, Any] = {"schema": {name: text.split() for name, text in tables.items()}}
    return options | ({"dialect": dialect} if dialect else {})


Case = tuple[str, dict[str, Any], str]
"""SQL, options, and the edges, separated by commas."""

SELECTS: list[Case] = [
    ("select a from t", {}, "a < t.a"),
    ("select t.a as b from t", {}, "b < t.a"),
    ("select x.a from s.t as x", {}, "a < s.t.a"),
    ("select a + b as c, 1 as d from t", {}, "c < t.a, c < t.b"),
    ("select t.k as k from t, s order by k", given(t="k", s="k"), "k < t.k"),
    ("select * from t left semi join s on t.k = s.k", given("spark", t="k a", s="k b"), "k < t.k, a < t.a"),
    ("select t.k from t, s group by k", given(t="k", s="k"), "k < t.k"),
    ("select count(*) as n, count(t.a) as m from t", {}, "m < t.a"),
    ("select case when a > 1 then b else c end as d from t", {}, "d < t.a, d < t.b, d < t.c"),
    ("select sum(a) filter (where b > 1) as s from t", {}, "s < t.a, s < t.b"),
    ("select rank() over (partition by a order by b) as r from t", {}, "r < t.a, r < t.b"),
    ("select a from t where b > 1 group by c having max(d) > 1 order by e", {}, "a < t.a"),
    ("select (select max(s.v) from s where s.k = t.k) as m from t", {}, "m < s.v"),
    ("select exists (select 1 from s where s.k = t.k) as m from t", {}, ""),
    ("select a in (select b from s) as c from t", {}, "c < t.a, c < s.b"),
    ("select q.b from (select a as b from t) q", {}, "b < t.a"),
    ("with c as (select a as b from t), d as (select b as e from c) select e from d", {}, "e < t.a"),
    ("with C as (select a from t) select a from c", {}, "a < t.a"),
    ("with c(x, y) as (select a, b from t) select y from c", {}, "y < t.b"),
    ("select a from t union all select b from s", {}, "a < t.a, a < s.b"),
    ("select a from t except select b from s", {}, "a < t.a, a < s.b"),
    ("select a + 1 as b, b * 2 as c from t", given(t="a"), "b < t.a, c < t.a"),
    ("select * from t", given(t="a b"), "a < t.a, b < t.b"),
    ("select * from t", {}, "* < t.*"),
    (
        "select x.* from t x join s on x.k = s.k",
        given(t="k a", s="k"),
        "k < t.k, a < t.a",
    ),
    (
        "select * from t join s using (k)",
        given(t="k a", s="k b"),
        "k < t.k, k < s.k, a < t.a, b < s.b",
    ),
    (
        "select * from t natural join s",
        given(t="k a", s="k b"),
        "k < t.k, k < s.k, a < t.a, b < s.b",
    ),
    (
        "select a, b from t join s on t.k = s.k",
        given(t="k a", s="k b"),
        "a < t.a, b < s.b",
    ),
    ("select a from t join s on t.k = s.k", given(s="k"), "a < t.a"),
    ("select * except (b) from t", given("bigquery", t="a b"), "a < t.a"),
    (
        "select * replace (b + 1 as a) from t",
        given("bigquery", t="a b"),
        "a < t.b, b < t.b",
    ),
    (
        "select * exclude (b) rename (a as c) from t",
        given("snowflake", T="A B"),
        "C < T.A",
    ),
    ("select v from (values (1), (2)) as q(v)", {}, ""),
    ("select t.a from t, lateral (select s.b from s where s.k = t.k) l", {}, "a < t.a"),
    ("select l.b from t, lateral (select s.b from s where s.k = t.k) l", {}, "b < s.b"),
    (
        """with recursive r as (
             select id, boss from t union all select t.id, r.boss from t join r on t.boss = r.id
           ) select * from r""",
        given(t="id boss"),
        "id < t.id, boss < t.boss",
    ),
    (
        """with recursive r(a, b) as (
             select x, y from t union all select b, z from r join s on true
           ) select * from r""",
        given(t="x y", s="z"),
        "a < t.x, a < t.y, a < s.z, b < t.y, b < s.z",
    ),
]
ARRAYS: list[Case] = [
    ("select c from t, unnest(t.arr) as c", {"dialect": "bigquery"}, "c < t.arr"),
    (
        "select a, b, o from t, unnest(t.x, t.y) with ordinality as u(a, b, o)",
        {"dialect": "presto"},
        "a < t.x, b < t.y",
    ),
    ("select c, o from t, unnest(t.arr) as c with offset as o", {"dialect": "bigquery"}, "c < t.arr"),
    ("select c from t lateral view explode(arr) e as c", {"dialect": "spark"}, "c < t.arr"),
    ("select p, c from t lateral view posexplode(arr) e as p, c", {"dialect": "spark"}, "c < t.arr"),
    (
        "select f.value:n::string as n, f.index as i from t, lateral flatten(input => t.j) f",
        {"dialect": "snowflake"},
        "N < T.J",
    ),
    (
        "select s.addr.city as city from t s",
        given("bigquery", t="addr"),
        "city < t.addr",
    ),
    (
        "select s.addr.city as c from t s",
        {"schema": {"t": ["id", "addr.city", "addr.zip"]}},
        "c < t.addr.city",
    ),
    ("select addr.city as c from t", {"schema": {"t": ["addr", "addr.city"]}}, "c < t.addr.city"),
    ("select transform(arr, x -> x + y) as z from t", {"dialect": "spark"}, "z < t.arr, z < t.y"),
]
PIVOTS: list[Case] = [
    (
        "select * from t pivot(sum(x) for m in ('a', 'b')) as p(k, first, second)",
        given("snowflake", T="K M X"),
        "K < T.K, FIRST < T.X, SECOND < T.X",
    ),
    (
        "select * from t unpivot(v for n in (a, b))",
        given("snowflake", T="ID A B"),
        "ID < T.ID, V < T.A, V < T.B",
    ),
    (
        "select * from t unpivot(v for n in (a, b)) as u(i, name, value)",
        given("snowflake", T="ID A B"),
        "I < T.ID, VALUE < T.A, VALUE < T.B",
    ),
]
WRITES: list[Case] = [
    ("create table m as select a as b from t", {}, "m.b < t.a"),
    ("create view m (x, y) as select a, b from t", {}, "m.x < t.a, m.y < t.b"),
    ("create or replace materialized view m as select a from t", {}, "m.a < t.a"),
    ("create materialized view v to w as select a from t", {"dialect": "clickhouse"}, "w.a < t.a"),
    ("select a into m from t", {"dialect": "tsql"}, "m.a < t.a"),
    ("insert into m (y, x) select a, b from t", {}, "m.y < t.a, m.x < t.b"),
    ("insert into m select a, b from t", given(m="x y"), "m.x < t.a, m.y < t.b"),
    ("with c as (select a from t) insert into m (x) select a from c", {}, "m.x < t.a"),
    ("insert into m (x) with c as (select a from t) select a from c", {}, "m.x < t.a"),
    ("insert into m values (1)", given(m="x"), ""),
    (
        "insert into m select * from (select g, sum(v), 5 from s group by g) q",
        given(m="a b c", s="g v"),
        "m.a < s.g, m.b < s.v",
    ),
    (
        "insert overwrite table m partition (day = 1, hour) select a, b from t",
        given("spark", m="x day hour"),
        "m.x < t.a, m.hour < t.b",
    ),
    (
        "from t insert into m select a insert overwrite table n select b",
        given("hive", m="x", n="y"),
        "m.x < t.a, n.y < t.b",
    ),
    ("update m set x = s.a from s where s.k = m.k", {}, "m.x < s.a"),
    ("update x set x.v = s.a from m x join s on s.k = x.k", {"dialect": "tsql"}, "m.v < s.a"),
    (
        "update m set x = (select max(s.v) from s where s.k = m.k), y = m.y + 1",
        given(m="k x y", s="k v"),
        "m.x < s.v, m.y < m.y",
    ),
    ("update m set (x, y) = (select a, b from s)", {"dialect": "postgres"}, "m.x < s.a, m.y < s.b"),
    (
        """merge into m using s on m.k = s.k
           when matched then update set m.v = s.w
           when not matched then insert (k, v) values (s.k, s.w + s.x)""",
        {},
        "m.v < s.w, m.v < s.x, m.k < s.k",
    ),
    (
        "merge into m using s on m.k = s.k when matched then update set * when not matched then insert *",
        given("databricks", m="k v", s="k v more"),
        "m.k < s.k, m.v < s.v",
    ),
    ("delete from m using s where m.k = s.k", {"dialect": "postgres"}, ""),
]
SCRIPTS: list[Case] = [
    ("create temp table c as select a from t; insert into m (x) select a from c", {}, "m.x < t.a"),
    ("create table c as select a as b from t; insert into m (x) select b from c", {}, "c.b < t.a, m.x < c.b"),
    ("create view c as select a as b from t; insert into m (x) select b from c", {}, "m.x < t.a"),
    (
        "create temporary table c (b int); insert into c select a from t; insert into m (x) select b from c",
        {},
        "m.x < t.a",
    ),
    ("create table c (b int); insert into c select a from t", {}, "c.b < t.a"),
    ("use warehouse w; set x = 1; insert into m (x) select a from t; drop table t", {}, "m.x < t.a"),
    (
        "create procedure p() as begin insert into m (x) select a from t; end",
        {"dialect": "oracle"},
        "M.X < T.A",
    ),
    (
        """create procedure p(n number) as declare v number := 0;
           begin if n is null then n := 0; end if; insert into m (x) select a from t; commit; end""",
        {"dialect": "oracle"},
        "M.X < T.A",
    ),
]
NAMES: list[Case] = [
    (
        "select Id from Raw.Orders",
        {"dialect": "snowflake", "schema": {"RAW.ORDERS": ["ID"]}},
        "ID < RAW.ORDERS.ID",
    ),
    (
        'select "Id", amount from t',
        given("postgres", t="Id amount"),
        "Id < t.Id, amount < t.amount",
    ),
    ("select a from t", {"default_database": "db", "default_schema": "s"}, "a < db.s.t.a"),
    ("select a from x.t", {"default_database": "db", "default_schema": "s"}, "a < db.x.t.a"),
    (
        "select a from t",
        {"default_schema": "s", "schema": {"DB.S.T": ["A"]}, "default_database": "db"},
        "a < DB.S.T.A",
    ),
    (
        "select * from `p.d.events_20240101`",
        {"dialect": "bigquery", "schema": {"p.d.events_*": ["x"]}},
        "x < p.d.events_*.x",
    ),
]
ALL = [*SELECTS, *ARRAYS, *PIVOTS, *WRITES, *SCRIPTS, *NAMES]


@pytest.mark.parametrize(
    ("sql", "options", "expected"), ALL, ids=lambda it: it[:60] if isinstance(it, str) else ""
)
def test_columns(sql: str, options: dict[str, Any], expected: str) -> None:
    assert derived(sql, **options) == set(filter(None, expected.split(", ")))


def test_tables_are_in_the_order_of_the_sql() -> None:
    found = derive_lineage(
        "insert into b select x from z join a on z.k = a.k; insert into a select y from c",
        schema={"z": ["x", "k"], "a": ["k"]},
    )
    assert (found.inputs, found.outputs) == (("z", "a", "c"), ("b", "a"))


def test_a_target_is_an_input_only_if_it_is_read_in_from() -> None:
    assert derive_lineage("update m set x = s.a from s where m.k = s.k").inputs == ("s",)
    assert derive_lineage("merge into m using s on m.k = s.k when matched then delete").inputs == ("s",)
    assert derive_lineage("insert into m select x from m").inputs == ("m",)


def test_a_target_in_from_stays_an_input_if_an_earlier_statement_reads_it() -> None:
    update = "update t set x = o.x from s t join o on o.k = t.k"
    assert derive_lineage(update, dialect="tsql").inputs == ("o",)
    assert derive_lineage(f"insert into a (x) select x from s; {update}", dialect="tsql").inputs == ("s", "o")


def test_a_view_that_nothing_reads_is_an_output() -> None:
    found = derive_lineage("create view v as select a from t")
    assert (found.outputs, edges(found)) == (("v",), {"v.a < t.a"})
    used = derive_lineage("create view v as select a from t; create table m as select a from v")
    assert (used.outputs, used.inputs) == (("m",), ("t",))


# -- how ----------------------------------------------------------------------------------------------------


def how(sql: str, **options: Any) -> dict[str, str]:
    found = derive_lineage(sql, **options)
    return {
        f"{column} < {source}.{name}": kind.name
        for (_, column), sources in found.transformations.items()
        for (source, name), kind in sources.items()
    }


def test_each_edge_knows_how_it_is_derived() -> None:
    sql = (
        "select a, b as c, d + 1 as e, sum(f) as g, case when h then i end as j, "
        "row_number() over (order by k) as l from t"
    )
    assert how(sql) == {
        "a < t.a": "IDENTITY",
        "c < t.b": "IDENTITY",
        "e < t.d": "TRANSFORMATION",
        "g < t.f": "AGGREGATION",
        "j < t.i": "TRANSFORMATION",
        "j < t.h": "CONDITIONAL",
        "l < t.k": "WINDOW",
    }


def test_in_a_chain_the_strongest_transformation_counts() -> None:
    assert how("select s + 1 as x, a as y from (select sum(v) as s, a from t group by a) q") == {
        "x < t.v": "AGGREGATION",
        "y < t.a": "IDENTITY",
    }


def test_the_kinds_are_those_of_openlineage() -> None:
    found = derive_lineage("select sum(a) as s from t")
    ((kind,),) = [list(each.values()) for each in found.transformations.values()]
    assert (kind.type, kind.subtype) == ("DIRECT", "AGGREGATION")


def test_columns_that_only_filter_join_group_or_sort_are_kept_apart() -> None:
    found = derive_lineage(
        "insert into m (x) select max(t.a) from t join s on t.k = s.k where s.f = 1 group by t.g order by t.o"
    )
    indirect = {
        f"{source}.{name}": sorted(kind.name for kind in kinds)
        for (source, name), kinds in found.indirect["m"].items()
    }
    assert indirect == {
        "t.k": ["JOIN"],
        "s.k": ["JOIN"],
        "s.f": ["FILTER"],
        "t.g": ["GROUP_BY"],
        "t.o": ["SORT"],
    }
    assert edges(found) == {"m.x < t.a"}


def test_a_number_stands_for_a_column_of_the_select_list() -> None:
    found = derive_lineage("select a, sum(b) as s from t group by 1 order by 2")
    assert {name: sorted(kind.name for kind in kinds) for (_, name), kinds in found.indirect[""].items()} == {
        "a": ["GROUP_BY"],
        "b": ["SORT"],
    }


def test_a_statement_that_fails_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    analyze = _derive.analyze

    def failing(node: Any, context: Any) -> Any:
        if node.find(exp.Delete):
            raise KeyError("unexpected")
        return analyze(node, context)

    monkeypatch.setattr(_derive, "analyze", failing)
    found = derive_lineage("delete from t; insert into m (x) select a from t")
    assert edges(found) == {"m.x < t.a"}
    (problem,) = found.problems
    assert problem.message == "a statement cannot be analyzed (KeyError): please report it, with the SQL"


# -- what cannot be decided ---------------------------------------------------------------------------------


def problems(sql: str, **options: Any) -> list[str]:
    return [str(each) for each in derive_lineage(sql, **options).problems]


@pytest.mark.parametrize(
    ("sql", "options", "start"),
    [
        (
            "select a\nfrom t join s on t.k = s.k",
            {},
            "line 1, column 8: column 'a' may be of any of the tables t, s",
        ),
        (
            "select k from t, s",
            given(t="k", s="k"),
            "line 1, column 8: column 'k' is ambiguous: it is in t, s",
        ),
        (
            "select x from t",
            given(t="a"),
            "line 1, column 8: no table of the query has a column 'x'",
        ),
        ("select t.x from t", given(t="a"), "line 1, column 10: 't' has no column 'x'"),
        ("insert into m select * from t", given(m="x y"), ""),
        (
            "insert into m (x, y) select * from t",
            {},
            "line 1, column 13: * of t, whose columns are not known",
        ),
        ("insert into m (x, y) select a from t", {}, "line 1, column 13: 1 columns are written into 2"),
        (
            "select a from t union select a, b from t",
            given(t="a b"),
            "line 1, column 8: the sides of UNION",
        ),
        ("select\n a,\n from where", {}, "line 3, column "),
        ("select {{ ref('x') }} from t", {}, "line 1, column 8: the SQL is a template"),
        ("select a from t", {"dialect": "nosuch"}, "Unknown dialect 'nosuch'"),
    ],
)
def test_what_cannot_be_decided_is_a_problem_with_its_place(
    sql: str, options: dict[str, Any], start: str
) -> None:
    found = problems(sql, **options)
    if not start:
        assert found == []
        return
    assert found[0].startswith(start), found
    assert all("\n" not in each for each in found)


def test_a_statement_that_cannot_be_parsed_does_not_hide_the_others() -> None:
    found = derive_lineage(
        "insert into m (x) select a from t; select from from; insert into n (y) select b from t"
    )
    assert edges(found) == {"m.x < t.a", "n.y < t.b"}
    assert len(found.problems) == 1


@pytest.mark.parametrize(
    ("name", "dialect"),
    [("postgresql", "postgres"), ("mssql", "tsql"), ("SparkSQL", "spark"), ("ansi", None)],
)
def test_dialects_have_other_names(name: str, dialect: str | None) -> None:
    sql = "insert into M select Amount from T"
    assert derive_lineage(sql, dialect=name) == derive_lineage(sql, dialect=dialect) != DerivedLineage()


def test_columns_that_are_named_after_the_query_are_a_problem() -> None:
    found = derive_lineage("insert into m select a as x from t")
    assert (edges(found), found.guessed) == ({"m.x < t.a"}, ("m",))
    (problem,) = found.problems
    named = "the columns of m are not known, and are named after those of the query"
    assert str(problem) == f"line 1, column 13: {named}: list them, or give them in the schema"
    merge = "merge into m using t on m.k = t.k when not matched then insert values (t.a, t.b)"
    assert derive_lineage(merge).guessed == ("m",)
    for known in ("insert into m (x) select a from t", "insert into m select * from t"):
        assert derive_lineage(known).guessed == ()


@pytest.mark.parametrize(
    ("sql", "dialect", "problem"),
    [
        ("use database other; insert into m (x) select a from t", "snowflake", "USE changes what names mean"),
        ("use other; insert into m (x) select a from t", "mysql", "USE changes what names mean"),
        ("set search_path to x; insert into m (x) select a from t", "postgres", "SET changes what names"),
        ("create table n as select a from t; alter table m swap with n", "snowflake", "another name"),
        ("create table n as select a from t; alter table n rename to m", "snowflake", "another name"),
        ("insert into m (x) select a from t; call p()", "snowflake", "CALL is not known to the parser"),
        ("insert into m (x) select a from identifier('t')", "snowflake", "IDENTIFIER"),
        ("insert into m (x) select a from table('t')", "snowflake", "TABLE"),
    ],
)
def test_what_hides_tables_is_a_problem(sql: str, dialect: str, problem: str) -> None:
    assert any(
        problem in each.message for each in derive_lineage(sql, dialect=dialect).problems if each.hides_tables
    )


def test_what_create_makes() -> None:
    made = ("view v", "materialized view w", "table n")
    script = "; ".join(f"create {each} as select a from t" for each in made)
    assert derive_lineage(script).kinds == {"v": "view", "w": "materialized view"}


def test_a_clone_is_a_copy() -> None:
    found = derive_lineage("create table m clone t", dialect="snowflake", schema={"T": ["A", "B"]})
    assert edges(found) == {"M.A < T.A", "M.B < T.B"}


def test_tables_whose_names_differ_in_case_or_quotes_are_different() -> None:
    schema = {"ORDERS": ["ID"], "Orders": ["X"], '"[ORDERS]"': ["Y"]}
    sql = 'insert into "Orders" select ID from ORDERS; insert into "[ORDERS]" select ID from ORDERS'
    assert edges(derive_lineage(sql, dialect="snowflake", schema=schema)) == {
        "Orders.X < ORDERS.ID",
        '"[ORDERS]".Y < ORDERS.ID',
    }


def test_a_dot_in_a_name_separates_nothing() -> None:
    found = derive_lineage('insert into "a.b"."c" (x) select y from "d"."e.f"', dialect="postgres")
    assert (found.inputs, found.outputs) == (('d."e.f"',), ('"a.b".c',))
    known = derive_lineage('select * from "a.b"', dialect="postgres", schema={'"a.b"': ["y"]})
    assert edges(known) == {'y < "a.b".y'}


def test_two_dots_stand_for_the_default_schema() -> None:
    sql = "insert into M (X) select A from OTHER..T"
    defaults = {"default_database": "DB", "default_schema": "S"}
    assert derive_lineage(sql, dialect="snowflake", **defaults).inputs == ("OTHER.S.T",)
    assert derive_lineage(sql, dialect="snowflake").inputs == ("OTHER..T",)


def test_where_case_does_not_matter_a_table_keeps_the_spelling_of_its_first_use() -> None:
    first = "insert into dbo.Daily (id) select Id from dbo.Orders"
    found = derive_lineage(f"{first}; {first.upper()}", dialect="tsql")
    assert (found.inputs, found.outputs) == (("dbo.Orders",), ("dbo.Daily",))


def test_what_filters_a_view_or_temporary_table_is_kept_through_it() -> None:
    script = "create temp table n as select a from t where b > 1; create view m as select a from n"
    found = derive_lineage(script)
    assert {column: kinds for (_, column), kinds in found.indirect["m"].items()} == {
        "b": {Transformation.FILTER}
    }
    read = derive_lineage("create view v as select a from t where b > 1; insert into m select a from v")
    assert read.indirect == {"m": {("t", "b"): {Transformation.FILTER}}}


@pytest.mark.parametrize(
    ("query", "how"),
    [
        ("select distinct a, b from t", Transformation.GROUP_BY),
        ("select a, b from t union select c, d from u", Transformation.GROUP_BY),
        ("select a, b from t except select c, d from u", Transformation.FILTER),
        ("select a, b from t intersect select c, d from u", Transformation.FILTER),
    ],
)
def test_columns_of_compared_rows_decide_about_each_other(query: str, how: Transformation) -> None:
    found = derive_lineage(query)
    assert set(found.indirect[""].values()) == {frozenset({how})}
    assert set(found.indirect[""]) == {each for sources in found.columns.values() for each in sources}


def test_problems_are_returned_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert problems("vacuum full t; select from from")
    assert caplog.messages == []


@pytest.mark.parametrize("sql", ["", "  ;;  ", "-- nothing\n", "/* */"])
def test_nothing_has_no_lineage(sql: str) -> None:
    assert derive_lineage(sql) == DerivedLineage()


def test_deep_nesting_ends_in_a_problem() -> None:
    deep = "select " + "(" * 3000 + "a" + ")" * 3000 + " from t"
    assert [each for each in problems(deep) if "nested too deeply" in each]


def test_deep_nesting_after_a_statement_that_cannot_be_parsed_is_a_problem_too() -> None:
    deep = "select " + "(" * 3000 + "a" + ")" * 3000 + " from t"
    assert "nested too deeply" in problems(f"select from from; {deep}")[-1]


def test_a_script_that_is_too_long_is_refused() -> None:
    assert "1,000,000 at most" in problems("select a from t -- " + "x" * 1_000_000)[0]


def test_the_same_sql_gives_the_same_result_in_the_same_order() -> None:
    sql = "insert into m select a.x + b.y + c.z as q from a join b using (k) join c using (k)"
    schema = {"a": ["x", "k"], "b": ["y", "k"], "c": ["z", "k"]}
    one, other = (derive_lineage(sql, schema=schema) for _ in range(2))
    assert one == other
    assert [list(each) for each in one.transformations.values()] == [
        list(each) for each in other.transformations.values()
    ]
