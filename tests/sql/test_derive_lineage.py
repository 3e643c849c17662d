"""What is read, written, and derived, by kind of statement. An edge is `target.column < source.column`."""

from __future__ import annotations

from typing import Any

import pytest
from sql.cases import ALL, given
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
        (
            "select x.a from t as x(a)",
            {},
            "line 1, column 17: the columns of t are not known, and cannot be named a",
        ),
        (
            "with c(a) as (select * from t) select a from c",
            {},
            "line 1, column 23: the columns of t are not known",
        ),
        (
            "select u.d from t unpivot(v for n in (a, b)) as u(d, n, v)",
            given("snowflake"),
            "line 1, column 27: the columns of T are not known, and cannot be named D, N, V",
        ),
        (
            "select * from t pivot(sum(a) for b in (any))",
            given("snowflake", T="A B"),
            "line 1, column 26: the columns that PIVOT makes depend on the data",
        ),
        (
            "pivot t on a using sum(b)",
            given("duckdb", t="a b"),
            "line 1, column 23: the columns that PIVOT makes",
        ),
        ("select * from table(words(1, a)), t", given(t="a"), ""),
        (
            "select f.* from t, lateral table(words(a)) f",
            given(t="a"),
            "line 1, column 11: the columns of f are not known",
        ),
        (
            "select if(x.a, x, y).* from t x, s y",
            given("bigquery", t="a", s="a"),
            "line 1, column 23: the fields of a struct are not known",
        ),
        (
            "select columns(c -> c like 'a%') from t",
            given("duckdb", t="a"),
            "line 1, column 15: it is not known which columns",
        ),
        (
            "with q as (select t.k, s.a from t join s on t.k = s.k) update q set k = a",
            given("tsql", t="k", s="k a"),
            "line 1, column 63: q is a query, and it is not known into which table it writes",
        ),
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


def nested(before: str, inner: str, after: str, depth: int) -> str:
    return before * depth + inner + after * depth


@pytest.mark.parametrize(
    "sql",
    [
        nested("select a from (", "select a from t", ")", 3000),
        nested("(", "select a from t", ")", 3000),
        "select " + nested("f(", "a", ")", 3000) + " from t",
        "select " + nested("case when a then b else ", "c", " end", 3000) + " from t",
        "select a from t where " + "not " * 3000 + "a",
        "(" * 20_000,
    ],
)
def test_all_kinds_of_deep_nesting_end_in_a_problem(sql: str) -> None:
    (problem,) = derive_lineage(sql).problems
    assert "nested too deeply" in problem.message
    assert problem.hides_tables


@pytest.mark.parametrize(
    "sql",
    [
        " union all ".join(["select a from t"] * 2000),
        "select " + " + ".join(["a"] * 2000) + " as a from t",
        "select a from t where " + " and ".join(["a = 1"] * 2000),
    ],
)
def test_a_chain_of_thousands_is_not_nested(sql: str) -> None:
    assert derived(sql) == {"a < t.a"}


def test_a_table_of_a_million_columns_is_a_problem() -> None:
    found = derive_lineage("select * from t", schema={"t": [f"c{index}" for index in range(1_000_000)]})
    assert edges(found) == {"* < t.*"}
    assert str(found.problems[0]).startswith("line 1, column 15: t has 1,000,000 columns")


def test_a_recursive_query_with_many_columns_ends() -> None:
    names = [f"c{index}" for index in range(100)]
    rotated = ", ".join([*names[1:], names[0]])
    sql = f"with recursive r as (select * from t union all select {rotated} from r) select c0 from r"
    found = derive_lineage(sql, schema={"t": names})
    assert edges(found) == {f"c0 < t.{name}" for name in names}


def test_a_problem_is_one_short_line_without_control_characters() -> None:
    (problem,) = derive_lineage("\x00\x1b[31m\n" * 1000).problems
    assert problem.message.isprintable()
    assert len(problem.message) < 400


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


def test_a_named_window_is_kept_apart() -> None:
    sql = "select sum(a) over w as s from t window w as (partition by b order by c)"
    found = derive_lineage(sql, schema={"t": ["a", "b", "c"]})
    assert edges(found) == {"s < t.a"}
    assert {source.column for source in found.indirect[""]} == {"b", "c"}
    assert {each for how in found.indirect[""].values() for each in how} == {Transformation.WINDOW}


def test_a_second_target_of_an_insert_is_a_problem() -> None:
    sql = "insert into m (x) output inserted.x into audit (y) select a from t"
    found = derive_lineage(sql, dialect="tsql")
    assert edges(found) == {"m.x < t.a"}
    assert [each.hides_tables for each in found.problems] == [True]
    assert "OUTPUT … INTO is not read" in found.problems[0].message
