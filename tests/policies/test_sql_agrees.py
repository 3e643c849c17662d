"""`sql-agrees`: the declared column lineage of a process is that of its SQL."""

from __future__ import annotations

import pytest
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, process, resource, violations
from policies.programs import resources_of
from policies.test_examples import code, configured
from support.atlan import seed_of

from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.policies import sql_agrees

PARENT = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
SQL = "insert into MART.P.A (ID, NET) select ID, AMOUNT - DISCOUNT from RAW.P.A"
END = "correct the columns, or derive them from the SQL"
BEGIN = f"load: Process '{WAREHOUSE}/load': columns: "


def load(sql=SQL, name="load", inputs="RAW/P/A", **more):
    return process(name, inputs, "MART/P/A", sql=sql, **more)


def mapping(parent=PARENT, **columns):
    full = {
        f"{WAREHOUSE}/MART/P/A/{target}": [f"{WAREHOUSE}/RAW/P/A/{each}" for each in sources.split()]
        for target, sources in columns.items()
    }
    return resource("ColumnLineage", "columns", process=parent, columns=full)


def check(*resources, **settings):
    return violations(sql_agrees, *resources, **settings)


def test_columns_that_agree_pass():
    assert check(load(), mapping(ID="ID", NET="AMOUNT DISCOUNT")) == []


def test_case_does_not_matter():
    assert check(load(SQL.lower()), mapping(id="Id", Net="AMOUNT discount")) == []


def test_edges_on_both_sides_are_named():
    (line,) = check(load(), mapping(ID="ID CODE", NET="AMOUNT"))
    also, lacks = "the SQL also has 1 edge (A.DISCOUNT → A.NET)", "does not have 1 edge (A.CODE → A.ID)"
    assert line == f"{BEGIN}{also}; the SQL {lacks}: {END}"


def test_many_edges_are_counted():
    wide = "insert into MART.P.A (ID, B, C, D, E, F) select ID, B, C, D, E, F from RAW.P.A"
    (line,) = check(load(wide), mapping(ID="ID"))
    assert f"the SQL also has 5 edges (A.B → A.B, A.C → A.C, A.D → A.D and 2 more): {END}" in line


def test_a_set_is_checked_process_by_process():
    data = {"inputs": "RAW/P/A", "outputs": "MART/P/A", "columns": {"ID": "CODE"}}
    good = {**data, "columns": {"ID": "ID", "NET": ["AMOUNT", "DISCOUNT"]}, "sql": SQL}
    processes = {"good": good, "bad": {**data, "sql": SQL}, "other": data}
    (line,) = check(resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes))
    assert line.startswith(f"set: Process '{WAREHOUSE}/bad': columns: the SQL also has 3 edges")


@pytest.mark.parametrize(
    "resources",
    [
        [load()],
        [load(sql=None), mapping(ID="CODE")],
        [load(sql="create procedure {{ broken }}"), mapping(ID="CODE")],
        [load(sql=ENGINE_UNKNOWN), mapping(ID="CODE")],
        [load(), resource("ColumnLineage", "columns", process=PARENT, columns=ENGINE_UNKNOWN)],
        [load(inputs=ENGINE_UNKNOWN), mapping(ID="CODE")],
    ],
)
def test_what_cannot_be_compared_passes(resources):
    assert check(*resources) == []


def test_an_undecided_column_may_be_declared():
    """Without the catalog, `AMOUNT` may be of either table."""
    sql = "insert into MART.P.A (ID, NET) select a.ID, AMOUNT from RAW.P.A a join RAW.P.B b on a.ID = b.ID"
    two = load(sql, inputs=["RAW/P/A", "RAW/P/B"])
    assert check(two, mapping(ID="ID", NET="AMOUNT")) == []
    (line,) = check(two, mapping(NET="AMOUNT"))
    assert line == f"{BEGIN}the SQL also has 1 edge (A.ID → A.ID): {END}"


def test_defaults_complete_the_names():
    short = "insert into A (ID) select ID from RAW.P.A"
    (line,) = check(load(short), mapping(ID="CODE"), default_database="MART", default_schema="P")
    assert "the SQL also has 1 edge (A.ID → A.ID)" in line


def test_the_columns_of_stars_come_from_atlan(monkeypatch):
    names = [{"name": name} for name in ("ID", "NET")]
    tables = [{"name": "A", "columns": names}]
    seed = seed_of(tables)
    seed["connections"][0]["databases"] = [
        {"name": name, "schemas": [{"name": "P", "tables": tables}]} for name in ("RAW", "MART")
    ]
    with LocalAtlan(seed=seed) as server:
        monkeypatch.setenv("ATLAN_BASE_URL", server.base_url)
        monkeypatch.setenv("ATLAN_API_KEY", server.api_key)
        star = load("insert into MART.P.A select * from RAW.P.A")
        assert check(star, mapping(ID="ID", NET="NET")) == []
        (line,) = check(star, mapping(ID="ID"))
        assert "the SQL also has 1 edge (A.NET → A.NET)" in line
        before = len(server.requests())
        assert check(star, mapping(ID="ID"), ask_atlan=False) == []
        assert len(server.requests()) == before


def test_an_atlan_that_does_not_respond_is_a_violation(monkeypatch):
    monkeypatch.setenv("ATLAN_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("ATLAN_API_KEY", "key")
    monkeypatch.setenv("ATLAN_DEADLINE_SECONDS", "1")
    (line,) = check(load(), mapping(ID="CODE"))
    assert line.startswith(f"{BEGIN}the SQL is not compared with them (")


def test_the_examples():
    failing = resources_of(code(sql_agrees, "Fails"))
    (line,) = violations(sql_agrees, *failing, file=configured(sql_agrees))
    assert "the SQL also has 1 edge (ORDERS.DISCOUNT → ORDERS.NET)" in line
    assert violations(sql_agrees, *resources_of(code(sql_agrees, "Passes"))) == []
