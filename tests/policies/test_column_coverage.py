"""`column-coverage`: most columns of each table that a process writes have column lineage."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, columns, process, resource, tables, violations

from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.column_coverage import column_coverage

MART = f"{WAREHOUSE}/MART/P/A"
PARENT = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
LOAD = process("load", "RAW/P/A", "MART/P/A")
SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"
KEY = "a-key-that-must-not-show"
SEARCH, PING = "POST /api/meta/search/indexsearch", "GET /api/service/whoami"


def check(*resources, **settings):
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


def test_enough_mapped_columns_pass():
    assert check(LOAD, lineage("A", "B", "C", "D"), columns={MART: ["A", "B", "C", "D", "E"]}) == []


def test_too_few_mapped_columns_fail():
    (line,) = check(LOAD, lineage("A", "B"), columns={MART: ["D", "A", "C", "B"]})

    assert line == (
        f"load: Process '{WAREHOUSE}/load': outputs: Table '{MART}': 2 of 4 columns have lineage (50%), "
        "below the threshold of 80%: map C, D, or lower the threshold"
    )


def test_columns_that_the_loader_fills_do_not_count():
    loaded = ["A", "_LOADED_AT", "_fivetran_synced"]

    assert check(LOAD, lineage("A"), columns={MART: loaded}) == []
    assert check(LOAD, columns={MART: ["_LOADED_AT"]}) == []
    (line,) = check(LOAD, lineage("A"), columns={MART: [*loaded, "B"]})
    assert "1 of 2 columns have lineage (50%), below the threshold of 80%: map B" in line


def test_what_dbt_adds_to_a_snapshot_needs_no_lineage() -> None:
    columns = ["A", "dbt_scd_id", "dbt_valid_from", "dbt_valid_to"]
    assert check(LOAD, lineage("A"), columns={MART: columns}) == []


def test_columns_that_do_not_count_are_a_setting():
    (line,) = check(LOAD, lineage("A"), columns={MART: ["A", "_ID", "ETL_TIME"]}, ignore_columns=["ETL_*"])

    assert "1 of 2 columns have lineage (50%), below the threshold of 80%: map _ID" in line


def test_a_table_without_column_lineage_fails():
    (line,) = check(LOAD, columns={MART: ["A"]})

    assert "0 of 1 columns have lineage (0%)" in line


@given(st.integers(0, 12), st.integers(1, 12), st.integers(0, 100))
def test_the_threshold_is_the_minimum_share(covered, total, percent):
    covered = min(covered, total)
    names = [f"C{number:02}" for number in range(total)]
    below = [lineage(*names[:covered])] if covered else []

    lines = check(LOAD, *below, columns={MART: names}, threshold=percent / 100)

    assert bool(lines) == (covered * 100 < percent * total)


def test_a_share_is_never_rounded_up_to_the_threshold():
    names = [f"C{number:03}" for number in range(1000)]

    (line,) = check(LOAD, lineage(*names[:799]), columns={MART: names})

    assert "(79%), below the threshold of 80%" in line


def test_the_first_few_missing_columns_are_named():
    (line,) = check(LOAD, columns={MART: [f"C{number}" for number in range(9)]})

    assert "map C0, C1, C2, C3, C4, 4 more, or" in line


def test_column_names_are_case_insensitive():
    assert check(LOAD, lineage("ID"), columns={MART: ["id"]}) == []


def test_the_columns_of_two_processes_with_the_same_output_are_combined():
    other = process("other", "RAW/P/B", "MART/P/A")
    theirs = lineage("B", parent={**PARENT, "qualified_name": f"{WAREHOUSE}/other"}, name="theirs")

    assert check(LOAD, other, lineage("A"), theirs, columns={MART: ["A", "B"]}) == []
    assert len(check(LOAD, other, lineage("A"), columns={MART: ["A", "B"]})) == 1


def test_only_outputs_are_checked():
    assert check(LOAD, lineage("A"), columns={f"{WAREHOUSE}/RAW/P/A": ["A", "B"]}, ask_atlan=False) == []


def test_a_nested_column_covers_its_parent():
    assert check(LOAD, lineage("PRICE/NET"), columns={MART: ["PRICE"]}) == []


def test_a_column_of_a_table_with_a_similar_name_does_not_count():
    beside = lineage("ID", table="MART/P/AB")

    assert len(check(LOAD, beside, columns={MART: ["ID"]})) == 1


# -- kinds of resources --------------------------------------------------------------------------------


def test_single_column_processes_count():
    single = resource(
        "ColumnProcess",
        "id",
        name="id",
        process_id="id",
        process=PARENT,
        inputs=columns("RAW/P/A/ID"),
        outputs=columns("MART/P/A/ID"),
    )

    assert check(LOAD, single, columns={MART: ["ID"]}) == []


def test_each_table_of_a_set_is_checked():
    processes = {
        "good": {"inputs": "RAW/P/A", "outputs": "MART/P/A", "columns": {"ID": "ID"}},
        "bad": {"inputs": "RAW/P/A", "outputs": "MART/P/B"},
    }
    whole = resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)

    (line,) = check(whole, columns={MART: ["ID"], f"{WAREHOUSE}/MART/P/B": ["ID"]})

    assert line.startswith(f"set: Process '{WAREHOUSE}/bad': outputs: Table '{WAREHOUSE}/MART/P/B': ")


def test_columns_come_from_the_schema_facet_of_a_job():
    assert check(job({"ID": ["ID"]}, schema=schema("ID"))) == []
    (line,) = check(job({"ID": ["ID"]}, schema=schema("ID", "NET")))

    assert line.startswith("job: Process 'default/spark/1657025400/job/process': outputs: Dataset ")
    assert "1 of 2 columns have lineage (50%), below the threshold of 80%: map NET" in line


def test_the_column_lineage_facet_of_a_job_counts():
    source = {"namespace": SNOWFLAKE, "name": "RAW.P.A", "field": "ID"}
    mapped = {"fields": {"ID": {"inputFields": [source]}}}

    assert check(job(schema=schema("ID"), columnLineage=mapped)) == []
    assert len(check(job(schema=schema("ID", "NET"), columnLineage=mapped))) == 1


def test_settings_take_precedence_over_the_schema_facet():
    assert (
        check(job({"ID": ["ID"]}, schema=schema("ID", "NET")), columns={f"{SNOWFLAKE}/MART.P.A": ["ID"]})
        == []
    )


def test_a_dataset_and_its_table_are_the_same():
    with_schema = job({"ID": ["ID"]}, schema=schema("ID", "NET"))

    assert check(with_schema, LOAD, lineage("NET")) == []
    (line,) = check(with_schema, LOAD)
    assert "map NET" in line


# -- selected tables -----------------------------------------------------------------------------------


def test_tables_outside_the_globs_are_skipped():
    names = {MART: ["A", "B"]}

    assert check(LOAD, columns=names, tables=["*/GOLD/*"]) == []
    assert len(check(LOAD, columns=names, tables=["*/GOLD/*", "*/MART/*"])) == 1


def test_a_table_with_unknown_columns_is_skipped():
    assert check(LOAD, columns={}) == []
    assert check(LOAD, columns={MART: []}) == []
    assert check(job()) == []
    assert check(job(schema={"fields": []})) == []


# -- unknown values ------------------------------------------------------------------------------------


def test_known_outputs_are_checked_next_to_an_unknown_one():
    partly_known = process("load", ENGINE_UNKNOWN, [ENGINE_UNKNOWN, "MART/P/A"])

    assert len(check(partly_known, columns={MART: ["A"]})) == 1


def test_tables_with_partly_unknown_column_lineage_are_skipped():
    unknown_source = resource(
        "ColumnLineage",
        "columns",
        process=PARENT,
        columns={f"{MART}/A": ENGINE_UNKNOWN, f"{MART}/B": f"{WAREHOUSE}/RAW/P/A/B"},
    )
    unknown_output = resource(
        "ColumnProcess",
        "id",
        name="id",
        process_id="id",
        process=PARENT,
        inputs=columns("RAW/P/A/ID"),
        outputs=[ENGINE_UNKNOWN],
    )
    other = process("other", "RAW/P/A", "MART/P/B")
    names = {MART: ["A", "B"], f"{WAREHOUSE}/MART/P/B": ["A"]}

    for below in (unknown_source, unknown_output):
        (line,) = check(LOAD, other, below, columns=names)
        assert line.startswith("other: ")


def test_column_lineage_with_an_unknown_parent_skips_all_tables():
    unknown = resource(
        "ColumnProcess",
        "id",
        name="id",
        connection=WAREHOUSE,
        process_id="id",
        process={"type_name": "Process", "guid": ENGINE_UNKNOWN},
        inputs=columns("RAW/P/A/ID"),
        outputs=[ENGINE_UNKNOWN],
    )

    assert check(LOAD, unknown, columns={MART: ["A"]}) == []


def test_an_unknown_schema_facet_is_ignored():
    assert check(job(schema={"fields": [{"name": ENGINE_UNKNOWN}, {"name": "ID"}]})) == []


# -- settings ------------------------------------------------------------------------------------------


def test_a_file_configures_the_rule():
    file = {"threshold": 0.5, "columns": {MART: ["A", "B"]}, "tables": ["*"], "askAtlan": False}

    assert check(LOAD, lineage("A"), file=file) == []
    assert len(check(LOAD, lineage("A"), file={**file, "threshold": 1.0})) == 1


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"threshold": 80}, "threshold: must be less than or equal to 1"),
        ({"threshold": -0.1}, "threshold: must be greater than or equal to 0"),
        ({"tables": []}, "tables: list should have at least 1 item"),
        ({"columns": {"x": "ID"}}, "columns.x: must be a valid list"),
        ({"columns": ["ID"]}, "columns: must be a valid dictionary"),
        ({"ask_atlan": "perhaps"}, "ask_atlan: must be a valid boolean"),
        ({"treshold": 0.5}, "treshold: unknown setting; did you mean 'threshold'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
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
    """Configure the local Atlan as the tenant of the environment."""
    monkeypatch.setenv("ATLAN_BASE_URL", local_atlan.base_url)
    monkeypatch.setenv("ATLAN_API_KEY", local_atlan.api_key)
    return local_atlan


seeded = pytest.mark.local_atlan(seed=seed())


@seeded
def test_atlan_is_asked_for_the_columns(tenant):
    (line,) = check(LOAD, lineage("ID"))

    assert "1 of 2 columns have lineage (50%), below the threshold of 80%: map NET" in line
    assert check(LOAD, lineage("ID", "NET")) == []


@seeded
def test_the_stack_configuration_takes_precedence_over_the_environment(local_atlan, monkeypatch):
    monkeypatch.setenv("ATLAN_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("ATLAN_API_KEY", "another")
    config = {"atlan:baseUrl": local_atlan.base_url, "atlan:apiKey": local_atlan.api_key}
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(config))

    (line,) = check(LOAD, lineage("ID"))

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

    (line,) = check(load, lineage("ID", table=f"MART/P/{name}"))

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
def test_nested_columns_do_not_count(tenant):
    assert check(LOAD, lineage("ID", "NET"), threshold=1) == []


@seeded
def test_atlan_is_asked_for_a_dataset_whose_table_is_in_the_stack(tenant):
    reader = process("reader", "MART/P/A", "GOLD/P/A")

    (line,) = check(job({"ID": ["ID"]}), reader)

    assert line.startswith("job: ")
    assert "map NET" in line


@seeded
def test_tables_that_are_not_in_atlan_are_skipped(tenant):
    assert check(process("load", "RAW/P/A", "MART/P/NEW")) == []


@pytest.mark.local_atlan(seed=seed(250))
def test_many_tables_take_few_requests(tenant):
    processes = {
        f"p{number:03}": {"inputs": "RAW/P/A", "outputs": f"MART/P/T{number:03}"} for number in range(250)
    }
    whole = resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)

    lines = check(whole)

    assert lines[-1] == "set: … and 240 more like these"
    assert tenant.stats()["requests"] == {
        PING: 1,
        SEARCH: 6,
    }  # three batches, each with an empty last page


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
def test_no_request_is_sent_if_all_columns_are_known(tenant, settings):
    assert check(LOAD, lineage("ID"), **settings) == []
    assert tenant.stats()["requests"] == {}


@seeded
def test_disabled_preview_checks_send_no_request(tenant, monkeypatch):
    monkeypatch.setenv("ATLAN_PREVIEW_CHECKS", "false")

    assert check(LOAD) == []
    assert tenant.stats()["requests"] == {}


@seeded
@pytest.mark.parametrize("missing", ["ATLAN_BASE_URL", "ATLAN_API_KEY"])
def test_without_a_tenant_no_request_is_sent(tenant, monkeypatch, missing):
    monkeypatch.delenv(missing)

    assert check(LOAD) == []
    assert tenant.stats()["requests"] == {}


# -- Atlan does not respond ----------------------------------------------------------------------------


def test_an_unreachable_atlan_is_one_violation(monkeypatch):
    with LocalAtlan() as stopped:
        address = stopped.base_url
    monkeypatch.setenv("ATLAN_BASE_URL", address)
    monkeypatch.setenv("ATLAN_API_KEY", KEY)
    other = process("other", "RAW/P/A", "MART/P/B")

    lines = check(LOAD, other, columns={f"{WAREHOUSE}/MART/P/B": ["ID"]})

    assert len(lines) == 2
    assert lines[0].startswith(
        f"load: Process '{WAREHOUSE}/load': outputs: the column coverage of a table is unknown, because "
        "Atlan did not return the columns ("
    )
    assert lines[0].endswith("): set `columns`, or set `askAtlan` to false")
    assert "no connection" in lines[0]
    assert lines[1].startswith("other: ")
    assert KEY not in "".join(lines)


@seeded
def test_an_invalid_key_is_reported_without_the_key(tenant, monkeypatch):
    monkeypatch.setenv("ATLAN_API_KEY", KEY)

    (line,) = check(LOAD)

    assert "401" in line
    assert "check atlan:apiKey" in line
    assert KEY not in line


@seeded
def test_a_refused_search_is_one_violation_for_all_tables(tenant):
    tenant.fault({"path": "/api/meta/search/indexsearch", "status": 400, "times": None})

    (line,) = check(LOAD, process("other", "RAW/P/A", "MART/P/B"))

    assert "the column coverage of 2 tables is unknown" in line


@pytest.mark.parametrize("key", ["Bearer x", f"{KEY}\nX: y"])
def test_invalid_client_settings_are_reported_without_the_key(monkeypatch, key):
    monkeypatch.setenv("ATLAN_BASE_URL", "https://tenant.example.com")
    monkeypatch.setenv("ATLAN_API_KEY", key)

    (line,) = check(LOAD)

    assert "The Atlan API key" in line
    assert key not in line
    assert KEY not in line


# -- columns that the SQL writes ---------------------------------------------------------------------------


def with_sql(sql):
    return process("load", "RAW/P/A", "MART/P/A", sql=sql)


def test_columns_of_the_sql_count_before_atlan_has_them():
    sql = "insert into MART.P.A (A, B, C, D) select A, B, C, D from RAW.P.A"
    (line,) = check(with_sql(sql), lineage("A", "B"), askAtlan=False)
    assert "2 of 4 columns have lineage (50%), below the threshold of 80%: map C, D" in line
    assert check(with_sql(sql), lineage("A", "B", "C", "D"), askAtlan=False) == []


def test_constants_need_no_lineage_unless_a_column_is_undecided():
    sql = "create view A as select A, 1 as ONE, current_date as DAY, count(*) as N from RAW.P.A"
    assert check(with_sql(sql), lineage("A"), askAtlan=False) == []
    undecided = "create view A as select r.A, 1 as ONE, B from RAW.P.A r join RAW.P.B s on r.A = s.A"
    (line,) = check(with_sql(undecided), lineage("A"), askAtlan=False)
    assert "1 of 3 columns have lineage" in line


@pytest.mark.parametrize(
    "sql",
    [
        "insert into MART.P.A select A, B from RAW.P.A",
        "create view A as select * from RAW.P.A",
        "selec A from RAW.P.A",
        "insert into OTHER.P.A (X) select A from RAW.P.A",
        ENGINE_UNKNOWN,
    ],
)
def test_columns_that_the_sql_leaves_open_are_not_measured(sql):
    assert check(with_sql(sql), askAtlan=False) == []
