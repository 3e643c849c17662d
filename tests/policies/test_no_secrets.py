"""`no-secrets`: messages name the place and the type of a secret, but never the secret."""

from __future__ import annotations

import json
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, process, resource, violations

from atlan_pulumi.leaks._detectors import DETECTORS
from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.no_secrets import no_secrets

PASSWORD = "hunter2"
SQL = f"create user jane password '{PASSWORD}'"
URL = f"https://jane:{PASSWORD}@example.com/dags/1"
SIDES = {"inputs": "RAW/P/A", "outputs": "MART/P/A"}
WHAT = (
    "seems to contain a secret (Password or Key): remove it, or replace it with <redacted>; "
    "everyone who sees the asset in Atlan could read it"
)
SPARK = "default/spark/1657025400"


def check(*resources, **settings):
    """Return the messages of the rule. None contains the secret of these tests."""
    lines = violations(no_secrets, *resources, **settings)
    assert not any(PASSWORD in line for line in lines)
    return lines


def places(lines):
    return [line.split(": ")[2] for line in lines]


def load(**more):
    return process("load", "RAW/P/A", "MART/P/A", **more)


def connection(kind="Connection", **more):
    return resource(kind, "etl", name="etl", connector="spark", admin_roles=["$admin"], **more)


def job(**more):
    given = {
        side: [{"namespace": "snowflake://abc", "name": f"{side}.P.A"}] for side in ("inputs", "outputs")
    }
    return resource("OpenLineageJob", "job", connection=SPARK, job_name="load", **{**given, **more})


def test_text_without_secrets_passes():
    sql = "insert into MART.P.A select ID, PASSWORD_HASH from RAW.P.A"
    sets = {"load": {**SIDES, "sql": sql, "columns": {"PASSWORD": ["PWD", "SECRET"]}}}

    assert (
        check(
            load(sql=sql, source_url="https://example.com/dags/1", description="Copies."),
            connection(
                description="Ours.", host="db.example.com", query_preview_config={"Table": "select 1"}
            ),
            resource("ProcessSet", "set", connection=WAREHOUSE, processes=sets),
            job(job_facets={"sql": {"query": sql}}, columns={"ID": ["ID"]}),
        )
        == []
    )


@pytest.mark.parametrize(
    "name",
    [
        "sql",
        "code",
        "ast",
        "additional_etl_context",
        "source_url",
        "source_embed_url",
        "description",
        "user_description",
        "display_name",
        "source_owners",
    ],
)
def test_every_text_property_is_searched(name):
    (line,) = check(load(**{name: f"one\ntwo\n{SQL}"}))

    assert line == f"load: Process 'load': {name}: line 3 {WHAT}"


def test_messages_of_certificates_and_announcements_are_searched():
    given = {
        "certificate_status": "DRAFT",
        "certificate_status_message": URL,
        "announcement_type": "issue",
        "announcement_title": "Broken",
        "announcement_message": SQL,
    }

    assert places(check(load(**given))) == ["announcement_message", "certificate_status_message"]


def test_each_line_of_each_property_is_reported_in_order():
    lines = check(load(sql=f"{SQL}\n\n{URL}", code=SQL))

    assert [line.split(": ", 2)[2].split(" seems")[0] for line in lines] == [
        "code: line 1",
        "sql: line 1",
        "sql: line 3",
    ]


@pytest.mark.parametrize("kind", ["Connection", "OpenLineageConnection"])
def test_the_texts_of_connections_are_searched(kind):
    config = {"password": PASSWORD, "query": SQL, "timeout": "30"}

    lines = check(connection(kind, query_config=json.dumps(config), query_preview_config=config))
    assert places(lines) == [
        "query_config",
        "query_preview_config['password']",
        "query_preview_config['query']",
    ]


def test_the_processes_of_a_set_are_searched_with_the_sql_of_their_columns():
    lots = {
        "b": {**SIDES, "sql": SQL},
        "a": {**SIDES, "columns": {"ID": "ID"}, "column_sql": {"ID": SQL}, "source_url": URL},
    }

    lines = check(resource("ProcessSet", "set", connection=WAREHOUSE, processes=lots))
    assert places(lines) == [
        "processes['a']['column_sql']['ID']",
        "processes['a']['source_url']",
        "processes['b']['sql']",
    ]
    assert lines[0].startswith("set: ProcessSet 'set': processes['a']")


def test_the_sql_of_a_column_lineage_is_searched_but_not_its_column_names():
    lineage = resource(
        "ColumnLineage",
        "columns",
        process={"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"},
        columns={"PASSWORD": "USER_PWD", "TOKEN": "TOKEN1234567890ABCDEF", "ID": "ID"},
        sql={"PASSWORD": "USER_PWD", "ID": SQL},
        input_tables=[f"{WAREHOUSE}/RAW/P/A"],
        output_tables=[f"{WAREHOUSE}/MART/P/A"],
    )

    assert places(check(lineage)) == ["sql['ID']"]


def test_the_facets_of_a_job_are_searched_key_by_key():
    schema = {"schema": {"fields": [{"name": "password", "type": "string"}]}}
    lines = check(
        job(
            inputs=[{"namespace": "snowflake://abc", "name": "RAW.P.A", "facets": schema}],
            outputs=[
                {"namespace": "snowflake://abc", "name": "MART.P.A", "facets": {"mine": {"urls": ["x", URL]}}}
            ],
            job_facets={"sql": {"query": f"-- load\n{SQL}"}, "mine": {"deep": {"client_secret": PASSWORD}}},
            run_facets={"mine": {"api_key": "abcd1234abcd1234", "note": "none"}},
            producer=URL,
        )
    )

    assert places(lines) == [
        "job_facets['mine']['deep']['client_secret']",
        "job_facets['sql']['query']",
        "outputs[0]['facets']['mine']['urls'][1]",
        "producer",
        "run_facets['mine']['api_key']",
    ]
    assert "line 2 seems" in lines[1]


def test_a_secret_in_a_key_is_reported_but_not_shown():
    lines = check(job(run_facets={"mine": {URL: "x", "ok": {"b": SQL}}}))

    assert places(lines) == ["run_facets['mine']['…']", "run_facets['mine']['ok']['b']"]


def test_a_secret_in_the_name_of_the_resource_is_not_shown():
    named = process(URL, "RAW/P/A", "MART/P/A", process_id="load", name="load", sql=SQL)

    lines = violations(no_secrets, named)
    assert lines == [f"{URL}: Process: sql: line 1 {WHAT}"]


def test_a_secret_in_an_id_is_reported_for_the_id_and_the_qualified_name():
    (first, second) = check(load(process_id=URL))

    assert places([first, second]) == ["process_id", "qualified_name"]


def test_pulumi_secrets_are_searched_too():
    """A policy sees the values of secrets, and Atlan shows them."""
    assert len(check(load(sql=SQL))) == 1
    assert check(load(sql="[secret]", code="password = '[secret]'")) == []


def test_unknown_values_are_skipped_and_known_ones_are_checked():
    assert check(load(sql=ENGINE_UNKNOWN)) == []
    lines = check(
        process(
            "load", ENGINE_UNKNOWN, [ENGINE_UNKNOWN], connection=ENGINE_UNKNOWN, sql=SQL, code=ENGINE_UNKNOWN
        )
    )
    assert places(lines) == ["sql"]
    parts = {"a": ENGINE_UNKNOWN, "b": {**SIDES, "inputs": ENGINE_UNKNOWN, "sql": SQL}}
    assert places(check(resource("ProcessSet", "set", connection=WAREHOUSE, processes=parts))) == [
        "processes['b']['sql']"
    ]
    assert places(
        check(job(job_facets={"sql": ENGINE_UNKNOWN, "mine": {"a": ENGINE_UNKNOWN, "b": SQL}}))
    ) == ["job_facets['mine']['b']"]


def test_ignored_values_pass():
    demo = load(sql="create user jane password 'demo-1'")

    assert len(check(demo)) == 1
    assert check(demo, ignore=["demo-[0-9]"]) == []
    assert check(demo, file={"ignore": ["demo-[0-9]"]}) == []
    assert len(check(demo, ignore=["demo-[0-9]"], file={"ignore": ["other"]})) == 1
    assert check(load(sql="create user jane password '<redacted>'"), file={"ignore": ["other"]}) == []


def test_violations_are_limited_to_ten():
    lines = check(load(sql="\n".join([SQL] * 100)))

    assert len(lines) == 11
    assert lines[-1] == "load: … and 90 more like these"


@settings(deadline=None)
@given(st.text("QVWXYZ0123456789!#+~", min_size=6, max_size=30))
def test_no_message_contains_a_part_of_a_secret(text):
    found = f"q7{text}7q"
    lines = violations(
        no_secrets,
        load(
            sql=f"alter user jane set password = '{found}'\n\nidentified by '{found}'",
            source_url=f"https://jane:{found}@example.com",
            description=f"x\ny ?token={found}",
        ),
        job(run_facets={"mine": {f"password='{found}'": {"secret": found}}}),
    )

    assert len(lines) >= 5
    parts = {found[start : start + 5] for start in range(len(found) - 4)}
    assert not [line for line in lines for part in parts if part in line]


def test_an_error_does_not_show_the_text(monkeypatch):
    def fails(self, string):
        raise ValueError(f"cannot read {string}")

    monkeypatch.setattr(type(DETECTORS[0]), "analyze_string", fails)
    policy = no_secrets(None)

    with pytest.raises(PolicyError) as caught:
        check(load(sql=SQL))

    assert str(caught.value) == "the rule 'no-secrets' failed on a text (ValueError)"
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))
    assert PASSWORD not in repr(policy)


def test_without_detect_secrets_the_error_says_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("detect_secrets")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.startswith("atlan_pulumi.leaks")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "detect_secrets", None)
    no_secrets("mandatory")  # the library is needed only for a check

    with pytest.raises(PolicyError) as caught:
        check(load(sql="select 1"))

    needs = "the rule 'no-secrets' needs detect-secrets, which is not installed"
    assert str(caught.value) == f"{needs}: pip install 'atlan-pulumi[policy]'"


def test_the_rule_is_thread_safe():
    resources = [load(sql=SQL), load(sql="select 1"), job(producer=URL), connection(description=SQL)] * 20
    alone = [violations(no_secrets, each) for each in resources]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda each: violations(no_secrets, each), resources)) == alone


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"ignore": ["("]}, "ignore[0]: not a regular expression: "),
        ({"ignore": [""]}, "ignore[0]: string should have at least 1 character"),
        ({"ignore": "x"}, "ignore: must be a valid list"),
        ({"ignored": ["x"]}, "ignored: unknown setting; did you mean 'ignore'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        no_secrets(None, **settings)

    assert reason in str(caught.value)
