"""`column-coverage`: most columns of each table that a process writes have column lineage."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policies.judging import UNKNOWN_YET, WAREHOUSE, columns, process, resource, tables, violations

from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.column_coverage import column_coverage

MART = f"{WAREHOUSE}/MART/P/A"
PARENT = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
LOAD = process("load", "RAW/P/A", "MART/P/A")
SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"
KEY = "a-key-that-must-not-show"
SEARCH, PING = "POST /api/meta/search/indexsearch", "GET /api/service/whoami"


def told(*resources, **settings):
    return violations(column_coverage, *resources, **settings)


def lineage(*names, table="MART/P/A", parent=PARENT, name="columns"):
    full = {f"{WAREHOUSE}/{table}/{each}": f"{WAREHOUSE}/RAW/P/A/{each}" for each in names}
    return resource("ColumnLineage", name, process=parent, columns=full)


def datasets(*names, **facets):
    return [
        {"namespace": SNOWFLAKE, "name": each, **({"facets": facets} if facets else {})} for each in names
    ]


def schema(*names):
    return {"fields": [{"name": name} for name in names]}


def job(columns=None, name="job", **facets):
    given = {"inputs": datasets("RAW.P.A"), "outputs": datasets("MART.P.A", **facets)}
    given |= {"columns": columns} if columns else {}
    return resource("OpenLineageJob", name, connection="default/spark/1657025400", job_name=name, **given)


# -- the share -----------------------------------------------------------------------------------------


def test_enough_columns_pass():
    assert told(LOAD, lineage("A", "B", "C", "D"), columns={MART: ["A", "B", "C", "D", "E"]}) == []


def test_too_few_columns_fail():
    (line,) = told(LOAD, lineage("A", "B"), columns={MART: ["D", "A", "C", "B"]})

    assert line == (
        f"load: Process '{WAREHOUSE}/load': outputs: Table '{MART}': 2 of 4 columns have lineage (50 %), and "
        "80 % are due: map C, D, or lower the threshold"
    )


def test_a_table_without_any_column_lineage_fails():
    (line,) = told(LOAD, columns={MART: ["A"]})

    assert "0 of 1 columns have lineage (0 %)" in line


@given(st.integers(0, 12), st.integers(1, 12), st.integers(0, 100))
def test_the_threshold_is_the_least_share_that_passes(covered, total, percent):
    covered = min(covered, total)
    names = [f"C{number:02}" for number in range(total)]
    below = [lineage(*names[:covered])] if covered else []

    lines = told(LOAD, *below, columns={MART: names}, threshold=percent / 100)

    assert bool(lines) == (covered * 100 < percent * total)


def test_a_share_is_never_rounded_up_to_what_is_due():
    names = [f"C{number:03}" for number in range(1000)]

    (line,) = told(LOAD, lineage(*names[:799]), columns={MART: names})

    assert "(79 %), and 80 % are due" in line


def test_the_first_few_missing_columns_are_named():
    (line,) = told(LOAD, columns={MART: [f"C{number}" for number in range(9)]})

    assert "map C0, C1, C2, C3, C4, 4 more, or" in line


def test_names_count_without_regard_to_case():
    assert told(LOAD, lineage("ID"), columns={MART: ["id"]}) == []


def test_a_table_that_two_processes_write_is_judged_once_with_the_columns_of_both():
    other = process("other", "RAW/P/B", "MART/P/A")
    theirs = lineage("B", parent={**PARENT, "qualified_name": f"{WAREHOUSE}/other"}, name="theirs")

    assert told(LOAD, other, lineage("A"), theirs, columns={MART: ["A", "B"]}) == []
    assert len(told(LOAD, other, lineage("A"), columns={MART: ["A", "B"]})) == 1


def test_only_what_processes_write_counts():
    assert told(LOAD, lineage("A"), columns={f"{WAREHOUSE}/RAW/P/A": ["A", "B"]}, ask_atlan=False) == []


def test_a_column_within_a_column_covers_that():
    assert told(LOAD, lineage("PRICE/NET"), columns={MART: ["PRICE"]}) == []


def test_a_column_of_a_table_with_a_similar_name_does_not_count():
    beside = lineage("ID", table="MART/P/AB")

    assert len(told(LOAD, beside, columns={MART: ["ID"]})) == 1


# -- kinds of resources --------------------------------------------------------------------------------


def test_column_processes_count_one_by_one():
    single = resource(
        "ColumnProcess",
        "id",
        name="id",
        process_id="id",
        process=PARENT,
        inputs=columns("RAW/P/A/ID"),
        outputs=columns("MART/P/A/ID"),
    )

    assert told(LOAD, single, columns={MART: ["ID"]}) == []


def test_each_table_of_a_set_is_judged():
    processes = {
        "good": {"inputs": "RAW/P/A", "outputs": "MART/P/A", "columns": {"ID": "ID"}},
        "bad": {"inputs": "RAW/P/A", "outputs": "MART/P/B"},
    }
    whole = resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)

    (line,) = told(whole, columns={MART: ["ID"], f"{WAREHOUSE}/MART/P/B": ["ID"]})

    assert line.startswith(f"set: Process '{WAREHOUSE}/bad': outputs: Table '{WAREHOUSE}/MART/P/B': ")


def test_the_schema_of_a_job_tells_its_columns():
    assert told(job({"ID": ["ID"]}, schema=schema("ID"))) == []
    (line,) = told(job({"ID": ["ID"]}, schema=schema("ID", "NET")))

    assert line.startswith("job: Process 'default/spark/1657025400/job/process': outputs: Dataset ")
    assert "1 of 2 columns have lineage (50 %), and 80 % are due: map NET" in line


def test_the_facet_of_a_job_that_tells_its_column_lineage_counts():
    source = {"namespace": SNOWFLAKE, "name": "RAW.P.A", "field": "ID"}
    mapped = {"fields": {"ID": {"inputFields": [source]}}}

    assert told(job(schema=schema("ID"), columnLineage=mapped)) == []
    assert len(told(job(schema=schema("ID", "NET"), columnLineage=mapped))) == 1


def test_the_settings_go_before_the_schema():
    assert (
        told(job({"ID": ["ID"]}, schema=schema("ID", "NET")), columns={f"{SNOWFLAKE}/MART.P.A": ["ID"]}) == []
    )


def test_a_dataset_and_its_table_are_one():
    told_of = job({"ID": ["ID"]}, schema=schema("ID", "NET"))

    assert told(told_of, LOAD, lineage("NET")) == []
    (line,) = told(told_of, LOAD)
    assert "map NET" in line


# -- what is looked at ---------------------------------------------------------------------------------


def test_other_tables_are_passed_over():
    names = {MART: ["A", "B"]}

    assert told(LOAD, columns=names, tables=["*/GOLD/*"]) == []
    assert len(told(LOAD, columns=names, tables=["*/GOLD/*", "*/MART/*"])) == 1


def test_a_table_of_which_nothing_tells_the_columns_is_passed_over():
    assert told(LOAD, columns={}) == []
    assert told(LOAD, columns={MART: []}) == []
    assert told(job()) == []
    assert told(job(schema={"fields": []})) == []


# -- what is not known yet -----------------------------------------------------------------------------


def test_the_known_outputs_are_judged_beside_an_unknown_one():
    half_known = process("load", UNKNOWN_YET, [UNKNOWN_YET, "MART/P/A"])

    assert len(told(half_known, columns={MART: ["A"]})) == 1


def test_where_column_lineage_is_not_all_known_its_tables_are_passed_over():
    unknown_source = resource(
        "ColumnLineage",
        "columns",
        process=PARENT,
        columns={f"{MART}/A": UNKNOWN_YET, f"{MART}/B": f"{WAREHOUSE}/RAW/P/A/B"},
    )
    unknown_output = resource(
        "ColumnProcess",
        "id",
        name="id",
        process_id="id",
        process=PARENT,
        inputs=columns("RAW/P/A/ID"),
        outputs=[UNKNOWN_YET],
    )
    other = process("other", "RAW/P/A", "MART/P/B")
    names = {MART: ["A", "B"], f"{WAREHOUSE}/MART/P/B": ["A"]}

    for below in (unknown_source, unknown_output):
        (line,) = told(LOAD, other, below, columns=names)
        assert line.startswith("other: ")


def test_where_it_may_hang_on_any_process_all_are_passed_over():
    unknown = resource(
        "ColumnProcess",
        "id",
        name="id",
        connection=WAREHOUSE,
        process_id="id",
        process={"type_name": "Process", "guid": UNKNOWN_YET},
        inputs=columns("RAW/P/A/ID"),
        outputs=[UNKNOWN_YET],
    )

    assert told(LOAD, unknown, columns={MART: ["A"]}) == []


def test_a_schema_that_is_not_known_yet_tells_nothing():
    assert told(job(schema={"fields": [{"name": UNKNOWN_YET}, {"name": "ID"}]})) == []


# -- settings ------------------------------------------------------------------------------------------


def test_a_file_sets_it():
    file = {"threshold": 0.5, "columns": {MART: ["A", "B"]}, "tables": ["*"], "askAtlan": False}

    assert told(LOAD, lineage("A"), file=file) == []
    assert len(told(LOAD, lineage("A"), file={**file, "threshold": 1.0})) == 1


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"threshold": 80}, "threshold: must be less than or equal to 1"),
        ({"threshold": -0.1}, "threshold: must be greater than or equal to 0"),
        ({"tables": []}, "tables: list should have at least 1 item"),
        ({"columns": {"x": "ID"}}, "columns.x: must be a valid list"),
        ({"columns": ["ID"]}, "columns: must be a valid dictionary"),
        ({"ask_atlan": "perhaps"}, "ask_atlan: must be a valid boolean"),
        ({"treshold": 0.5}, "treshold: there is no such setting; did you mean 'threshold'?"),
    ],
)
def test_a_setting_that_cannot_be_right(settings, reason):
    with pytest.raises(PolicyError) as caught:
        column_coverage(**settings)

    assert str(caught.value).startswith(f"the rule 'column-coverage' cannot be set up: {reason}")


# -- asking Atlan --------------------------------------------------------------------------------------


def seed(count=1, **kinds):
    names = [{"name": name} for name in ("ID", "NET")]
    relations = {kind: [{"name": name, "columns": names} for name in given] for kind, given in kinds.items()}
    made = relations or {"tables": [{"name": f"T{number:03}", "columns": names} for number in range(count)]}
    made.setdefault("tables", []).append({"name": "A", "columns": names})
    mart = {"name": "MART", "schemas": [{"name": "P", **made}]}
    return {
        "connections": [
            {"name": "w", "connector": "snowflake", "qualified_name": WAREHOUSE, "databases": [mart]}
        ]
    }


@pytest.fixture
def tenant(local_atlan, monkeypatch):
    """A tenant that the environment names."""
    monkeypatch.setenv("ATLAN_BASE_URL", local_atlan.base_url)
    monkeypatch.setenv("ATLAN_API_KEY", local_atlan.api_key)
    return local_atlan


seeded = pytest.mark.local_atlan(seed=seed())


@seeded
def test_atlan_is_asked_for_the_columns(tenant):
    (line,) = told(LOAD, lineage("ID"))

    assert "1 of 2 columns have lineage (50 %), and 80 % are due: map NET" in line
    assert told(LOAD, lineage("ID", "NET")) == []


@seeded
def test_the_configuration_of_the_stack_goes_before_the_environment(local_atlan, monkeypatch):
    monkeypatch.setenv("ATLAN_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("ATLAN_API_KEY", "another")
    config = {"atlan:baseUrl": local_atlan.base_url, "atlan:apiKey": local_atlan.api_key}
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(config))

    (line,) = told(LOAD, lineage("ID"))

    assert "map NET" in line


@pytest.mark.local_atlan(seed=seed(views=["V"], materialised_views=["M"]))
@pytest.mark.parametrize(("type_name", "name"), [("View", "V"), ("MaterialisedView", "M")])
def test_views_have_columns_too(tenant, type_name, name):
    load = resource(
        "Process",
        "load",
        name="load",
        connection=WAREHOUSE,
        process_id="load",
        inputs=tables("RAW/P/A"),
        outputs=[{"type_name": type_name, "qualified_name": f"{WAREHOUSE}/MART/P/{name}"}],
    )

    (line,) = told(load, lineage("ID", table=f"MART/P/{name}"))

    assert f"{type_name} '{WAREHOUSE}/MART/P/{name}': 1 of 2 columns" in line


@pytest.mark.local_atlan(
    seed={
        **seed(),
        "entities": [
            {
                "typeName": "Column",
                "qualifiedName": f"{MART}/ID/INNER",
                "attributes": {"tableQualifiedName": MART, "parentColumnQualifiedName": f"{MART}/ID"},
            }
        ],
    }
)
def test_columns_within_columns_do_not_count(tenant):
    assert told(LOAD, lineage("ID", "NET"), threshold=1) == []


@seeded
def test_a_dataset_is_asked_for_where_the_stack_has_its_table(tenant):
    reader = process("reader", "MART/P/A", "GOLD/P/A")

    (line,) = told(job({"ID": ["ID"]}), reader)

    assert line.startswith("job: ")
    assert "map NET" in line


@seeded
def test_what_atlan_does_not_know_is_passed_over(tenant):
    assert told(process("load", "RAW/P/A", "MART/P/NEW")) == []


@pytest.mark.local_atlan(seed=seed(250))
def test_many_tables_take_few_requests(tenant):
    processes = {
        f"p{number:03}": {"inputs": "RAW/P/A", "outputs": f"MART/P/T{number:03}"} for number in range(250)
    }
    whole = resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)

    lines = told(whole)

    assert lines[-1] == "set: … and 240 more like these"
    assert tenant.stats()["requests"] == {
        PING: 1,
        SEARCH: 6,
    }  # three batches, each to the empty page at its end


@seeded
@pytest.mark.parametrize(
    "settings",
    [
        {"ask_atlan": False},
        {"file": {"askAtlan": False}},
        {"columns": {MART: ["ID"]}},
        {"tables": ["*/GOLD/*"]},
    ],
)
def test_where_nothing_is_to_be_asked_no_request_is_sent(tenant, settings):
    assert told(LOAD, lineage("ID"), **settings) == []
    assert tenant.stats()["requests"] == {}


@seeded
def test_look_ups_that_are_switched_off_are_off_here_too(tenant, monkeypatch):
    monkeypatch.setenv("ATLAN_PREVIEW_CHECKS", "false")

    assert told(LOAD) == []
    assert tenant.stats()["requests"] == {}


@seeded
@pytest.mark.parametrize("missing", ["ATLAN_BASE_URL", "ATLAN_API_KEY"])
def test_without_a_tenant_nothing_is_asked(tenant, monkeypatch, missing):
    monkeypatch.delenv(missing)

    assert told(LOAD) == []
    assert tenant.stats()["requests"] == {}


# -- where Atlan does not answer -----------------------------------------------------------------------


def test_an_atlan_that_cannot_be_reached_is_told_in_one_line(monkeypatch):
    with LocalAtlan() as stopped:
        address = stopped.base_url
    monkeypatch.setenv("ATLAN_BASE_URL", address)
    monkeypatch.setenv("ATLAN_API_KEY", KEY)
    other = process("other", "RAW/P/A", "MART/P/B")

    lines = told(LOAD, other, columns={f"{WAREHOUSE}/MART/P/B": ["ID"]})

    assert len(lines) == 2
    assert lines[0].startswith(
        f"load: Process '{WAREHOUSE}/load': outputs: the column coverage of a table cannot be told, since "
        "Atlan does not say which columns there are ("
    )
    assert lines[0].endswith("): give them as `columns`, or set `askAtlan` to false")
    assert "no connection" in lines[0]
    assert lines[1].startswith("other: ")
    assert KEY not in "".join(lines)


@seeded
def test_a_key_that_is_not_accepted_is_told_and_not_shown(tenant, monkeypatch):
    monkeypatch.setenv("ATLAN_API_KEY", KEY)

    (line,) = told(LOAD)

    assert "401" in line
    assert "check atlan:apiKey" in line
    assert KEY not in line


@seeded
def test_a_search_that_is_refused_is_told_once_for_all_tables(tenant):
    tenant.fault({"path": "/api/meta/search/indexsearch", "status": 400, "times": None})

    (line,) = told(LOAD, process("other", "RAW/P/A", "MART/P/B"))

    assert "the column coverage of 2 tables cannot be told" in line


@pytest.mark.parametrize("key", ["Bearer x", f"{KEY}\nX: y"])
def test_settings_that_cannot_be_right_are_told_and_the_key_is_not_shown(monkeypatch, key):
    monkeypatch.setenv("ATLAN_BASE_URL", "https://tenant.example.com")
    monkeypatch.setenv("ATLAN_API_KEY", key)

    (line,) = told(LOAD)

    assert "The Atlan API key" in line
    assert key not in line
    assert KEY not in line
