"""Statements with what is derived from them, by kind. An edge is `target.column < source.column`."""

from __future__ import annotations

from typing import Any


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
    ("select (a + b) from t", {}, "(a + b) < t.a, (a + b) < t.b"),
    ("select b, a + 1 from t", given("hive", t="a b"), "b < t.b, _c1 < t.a"),
    ("select b, a + 1 from t", given("trino", t="a b"), "b < t.b, _col1 < t.a"),
    ("select a::date from t", given("postgres", t="a"), "a < t.a"),
    ("select x.a, y.b from ((t as x join s as y on x.k = y.k))", {}, "a < t.a, b < s.b"),
    (
        "select q.a, q.b from (t join s on t.k = s.k) as q",
        given("postgres", t="k a", s="k b"),
        "a < t.a, b < s.b",
    ),
    ("select m.t.a, t.b from m.t as x", {}, "a < m.t.a, b < m.t.b"),
    ("select t.* from m.t as x", {"schema": {"m.t": ["a", "b"]}}, "a < m.t.a, b < m.t.b"),
    ("select to_json(x) as j from t as x", given(t="a b"), "j < t.a, j < t.b"),
    ("select (x).a from t as x", given("postgres", t="a b"), "a < t.a"),
    ("select a + 1 as n from t, s order by n", given(t="a", s="b"), "n < t.a"),
    ("select t.n as n from t, s order by n", {}, "n < t.n"),
    ("select * ilike 'a%' from t", given("snowflake", T="AB ID AC"), "AB < T.AB, AC < T.AC"),
    ("select columns('^a') from t", given("duckdb", t="ab id ac"), "ab < t.ab, ac < t.ac"),
    ("select max(columns(* exclude (id))) from t", given("duckdb", t="a id"), "a < t.a"),
    ("select level, a from t connect by prior a = b", given("oracle", T="A B"), "A < T.A"),
    ("select ids.nextval as id, a from t", given("snowflake", T="A"), "A < T.A"),
    ("select x.a from t as x, lateral (select x.a) l", given(t="a"), "a < t.a"),
    (
        "with (select max(v) from s) as m select a + m as z from t",
        given("clickhouse", t="a", s="v"),
        "z < t.a, z < s.v",
    ),
    ("select a from t final", given("clickhouse", t="a"), "a < t.a"),
    (
        "select dictGet(d.prices, 'net', id) as net from t",
        given("clickhouse", t="id"),
        "net < d.prices.net, net < t.id",
    ),
    ("select a (title 'A'), b (named c) from t", {"dialect": "teradata"}, "a < t.a, c < t.b"),
    ("locking row for access select a from t", {"dialect": "teradata"}, "a < t.a"),
    ("select a, `b` from t", {}, "a < t.a, b < t.b"),
    (
        "select region from semantic_view(m.sales metrics net dimensions region)",
        {"dialect": "snowflake"},
        "REGION < M.SALES.REGION",
    ),
    (
        "select transform(a, b) using 'x.py' as (p, q) from t",
        given("spark", t="a b"),
        "p < t.a, p < t.b, q < t.a, q < t.b",
    ),
    (
        """select * from t match_recognize (
             partition by k order by o
             measures x.v as low, last(y.v) as high
             one row per match after match skip to next row
             pattern (x y+) within interval '1' hour subset z = (x, y)
             define y as y.w > x.w
           ) as m""",
        given(t="k o v w"),
        "k < t.k, low < t.v, high < t.v",
    ),
    (
        """select * from t match_recognize (
             order by o measures count(*) as n all rows per match pattern (x) define x as true
           )""",
        given("snowflake", T="O V"),
        "O < T.O, V < T.V",
    ),
    (
        """with recursive r as (
             select x, y, z from t union all select y, z, x from r
           ) select x from r""",
        given(t="x y z"),
        "x < t.x, x < t.y, x < t.z",
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
    (
        "select p, c from t lateral view posexplode(arr) e as p, c",
        {"dialect": "spark"},
        "p < t.arr, c < t.arr",
    ),
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
    (
        "select i.sku from t, unnest(t.items) as i",
        {"dialect": "bigquery", "schema": {"t": ["items", "items.sku"]}},
        "sku < t.items.sku",
    ),
    ("select e from t array join tags as e", given("clickhouse", t="tags"), "e < t.tags"),
    ("select w from t, lateral table(words(a)) as x(w)", given("flink", t="a"), "w < t.a"),
    (
        "select a, w from t left join lateral table(words(a)) on true",
        given("flink", t="a"),
        "a < t.a, w < t.a",
    ),
    (
        "select * from table(tumble(table t, descriptor(ts), interval '5' minutes))",
        given("flink", t="a ts"),
        "a < t.a, ts < t.ts, window_start < t.ts, window_end < t.ts, window_time < t.ts",
    ),
    (
        "select x.p from t, json_table(t.j, '$' columns (p int path '$.p')) x",
        given("mysql", t="j"),
        "p < t.j",
    ),
    ("select value from t cross apply string_split(t.a, ',')", given("tsql", t="a"), "value < t.a"),
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
        "ID < T.ID, N < T.A, N < T.B, V < T.A, V < T.B",
    ),
    (
        "select * from t unpivot(v for n in (a, b)) as u(i, name, value)",
        given("snowflake", T="ID A B"),
        "I < T.ID, NAME < T.A, NAME < T.B, VALUE < T.A, VALUE < T.B",
    ),
    (
        "unpivot t on a, b into name n value v",
        given("duckdb", t="k a b"),
        "k < t.k, n < t.a, n < t.b, v < t.a, v < t.b",
    ),
    (
        "select n2, v2 from t unpivot(v1 for n1 in (a, b)) unpivot(v2 for n2 in (c, d))",
        given("snowflake", T="A B C D"),
        "N2 < T.C, N2 < T.D, V2 < T.C, V2 < T.D",
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
    ("alter view v as select a from t", {}, "v.a < t.a"),
    ("create table m as t with data", given("teradata", t="a b"), "m.a < t.a, m.b < t.b"),
    ("create view v as select a from t with check option", {}, "v.a < t.a"),
    (
        "create materialized view v engine = Log populate as select a from t",
        {"dialect": "clickhouse"},
        "v.a < t.a",
    ),
    ("insert into m table t", given("spark", m="x y", t="a b"), "m.x < t.a, m.y < t.b"),
    ("insert into m partition (`day` = '1') (x) select a from t", {}, "m.x < t.a"),
    ("insert overwrite directory '/d' using parquet select a from t", {"dialect": "spark"}, "/d.a < t.a"),
    ("replace into m (x) select a from t", {"dialect": "mysql"}, "m.x < t.a"),
    (
        "insert into m (k, v) select k, a from t on conflict (k) do update set v = excluded.v + m.n",
        given("postgres", m="k v n", t="k a"),
        "m.k < t.k, m.v < t.a, m.v < m.n",
    ),
    (
        "insert into m (k) select k from t on duplicate key update v = values(k) + t.b",
        given("mysql", m="k v", t="k b"),
        "m.k < t.k, m.v < t.k, m.v < t.b",
    ),
    (
        "insert all into m (x) values (a) into n values (b) select a, b from t",
        given("oracle", M="X", N="Y", T="A B"),
        "M.X < T.A, N.Y < T.B",
    ),
    ("with q as (select a from t) from q insert into m select a", given("hive", m="x", t="a"), "m.x < t.a"),
    (
        "update t join s on t.k = s.k set t.x = s.a, s.y = t.b",
        given("mysql", t="k x b", s="k a y"),
        "t.x < s.a, s.y < t.b",
    ),
    ("with q as (select k, x from m) update q set x = k", given("tsql", m="k x"), "m.x < m.k"),
    (
        "merge into m using s on m.k = s.k when not matched then insert row",
        given("bigquery", m="k v", s="k v"),
        "m.k < s.k, m.v < s.v",
    ),
    (
        "merge with schema evolution into m using s on m.k = s.k when matched then update set *",
        given("databricks", m="k v", s="k v"),
        "m.k < s.k, m.v < s.v",
    ),
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
    ("cache table c as select a from t; insert into m select a from c", given("spark", m="x"), "m.x < t.a"),
    (
        "declare @c table (b int); insert into @c select a from t; insert into m (x) select b from @c",
        {"dialect": "tsql"},
        "m.x < t.a",
    ),
    (
        "insert into m (x) select a from t\ngo\ninsert into n (y) select b from s\ngo",
        {"dialect": "tsql"},
        "m.x < t.a, n.y < s.b",
    ),
    ("alter session set x = 1; insert into m (x) select a from t", {"dialect": "oracle"}, "M.X < T.A"),
    ("create temp table c as select a as b from t", {}, "c.b < t.a"),
    ("create temp table c as select a from t; create temp table d as select a as b from c", {}, "d.b < t.a"),
    (
        "create procedure p()\nbegin\ninsert into m (x) select a from t;\nend",
        {"dialect": "bigquery"},
        "m.x < t.a",
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
    ("select * from `d.t$20240101`", {"dialect": "bigquery", "schema": {"d.t": ["x"]}}, "x < d.t.x"),
    ("select x from `d.t$__UNPARTITIONED__`", {"dialect": "bigquery"}, "x < d.t.x"),
    (
        "select * from `d.t_2024*`",
        {"dialect": "bigquery", "schema": {"d.t_yyyymmdd": ["x"]}},
        "x < d.t_yyyymmdd.x",
    ),
    ("select * from `p.d.t_20240101`", {"dialect": "bigquery", "schema": {"p.d.t": ["x"]}}, "x < p.d.t.x"),
    (
        "select column_name from p.d.INFORMATION_SCHEMA.COLUMNS",
        {"dialect": "bigquery"},
        "column_name < p.d.INFORMATION_SCHEMA.COLUMNS.column_name",
    ),
]
KINDS = {
    "select": SELECTS,
    "arrays": ARRAYS,
    "pivot": PIVOTS,
    "write": WRITES,
    "script": SCRIPTS,
    "names": NAMES,
}
ALL = [case for cases in KINDS.values() for case in cases]
