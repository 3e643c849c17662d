"""Look-ups by name: connections and assets, and what is said when there is none or more than one."""

from __future__ import annotations

import pulumi
import pytest
from support.recorder import Recorder, declared

import atlan_pulumi as atlan
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources import lookups

WAREHOUSE = "default/snowflake/1657025257"
TABLES = [{"name": name} for name in ("ORDERS", "CUSTOMERS", "Rates", "RATES")]
SEED = {
    "connections": [
        {
            "name": "warehouse",
            "connector": "snowflake",
            "qualified_name": WAREHOUSE,
            "databases": [
                {
                    "name": "RAW",
                    "schemas": [
                        {"name": "PUBLIC", "tables": TABLES},
                        {"name": "OLD", "tables": [{"name": "ORDERS"}], "views": [{"name": "DAILY"}]},
                    ],
                }
            ],
        },
        {"name": "twice", "connector": "snowflake", "qualified_name": "default/snowflake/1"},
        {"name": "twice", "connector": "snowflake", "qualified_name": "default/snowflake/2"},
        {"name": "warehouse", "connector": "postgres", "qualified_name": "default/postgres/1"},
    ]
}


@pytest.fixture(scope="module")
def server():
    with LocalAtlan(seed=SEED) as running:
        yield running


@pytest.fixture
def _tenant(server, monkeypatch):
    """Look up in the local Atlan. Other tests of the process leave Pulumi's mocks behind."""
    monkeypatch.setattr(lookups, "get_monitor", lambda: None)
    monkeypatch.setenv("ATLAN_BASE_URL", server.base_url)
    monkeypatch.setenv("ATLAN_API_KEY", server.api_key)


@pytest.mark.usefixtures("_tenant")
def test_a_connection_is_found_by_connector_and_name():
    found = atlan.get_connection(connector="snowflake", name="warehouse")
    assert found == found.qualified_name == WAREHOUSE
    assert f"{found}/RAW" == f"{WAREHOUSE}/RAW"
    assert (found.connector, len(found.guid)) == ("snowflake", 36)


@pytest.mark.usefixtures("_tenant")
def test_an_asset_is_found_by_type_and_name():
    found = atlan.find_asset(type_name="View", name="DAILY", connection=WAREHOUSE)
    assert found == {"type_name": "View", "qualified_name": f"{WAREHOUSE}/RAW/OLD/DAILY"}


@pytest.mark.usefixtures("_tenant")
@pytest.mark.parametrize("name", ["OLD/ORDERS", "RAW/OLD/ORDERS", f"{WAREHOUSE}/RAW/OLD/ORDERS"])
def test_the_end_of_the_qualified_name_tells_assets_of_one_name_apart(name):
    found = atlan.find_asset(type_name="Table", name=name, connection=WAREHOUSE)
    assert found["qualified_name"] == f"{WAREHOUSE}/RAW/OLD/ORDERS"


@pytest.mark.usefixtures("_tenant")
@pytest.mark.parametrize("name", ["Rates", "RATES"])
def test_the_case_of_a_name_counts(name):
    found = atlan.find_asset(type_name="Table", name=name, connection=WAREHOUSE)
    assert found["qualified_name"] == f"{WAREHOUSE}/RAW/PUBLIC/{name}"


def refusal(function, **arguments):
    with pytest.raises(ResourceError) as refused:
        function(**arguments)
    assert isinstance(refused.value, pulumi.RunError)  # Pulumi prints its text, without a traceback
    return str(refused.value)


CONNECTIONS = {
    (
        "snowflake",
        "warehuose",
    ): "no connection named 'warehuose' of the connector 'snowflake'; did you mean 'warehouse'?",
    (
        "snowflake",
        "Warehouse",
    ): "no connection named 'Warehouse' of the connector 'snowflake'; did you mean 'warehouse'?",
    (
        "postgres",
        "etl",
    ): "no connection named 'etl' of the connector 'postgres'; there is 'warehouse' (default/postgres/1)",
    ("airflow", "etl"): "no connection named 'etl' of the connector 'airflow'",
    (
        "snowflake",
        "twice",
    ): "2 connections named 'twice' of the connector 'snowflake': default/snowflake/1 and "
    "default/snowflake/2; to use one of them, write its qualifiedName instead",
}


@pytest.mark.usefixtures("_tenant")
@pytest.mark.parametrize(("connector", "name"), CONNECTIONS)
def test_no_or_several_connections_are_one_line_with_the_candidates(connector, name):
    expected = f"Atlan has {CONNECTIONS[connector, name]}"
    assert refusal(atlan.get_connection, connector=connector, name=name) == expected


TABLES_NAMED = {
    "ORDRES": f"no Table named 'ORDRES' in '{WAREHOUSE}'; did you mean 'ORDERS'?",
    "orders": f"no Table named 'orders' in '{WAREHOUSE}'; did you mean 'ORDERS'?",
    "ORDERS": f"2 Tables named 'ORDERS' in '{WAREHOUSE}': {WAREHOUSE}/RAW/OLD/ORDERS and "
    f"{WAREHOUSE}/RAW/PUBLIC/ORDERS; to use one of them, write its qualifiedName instead",
}


@pytest.mark.usefixtures("_tenant")
@pytest.mark.parametrize("name", TABLES_NAMED)
def test_no_or_several_assets_are_one_line_with_the_candidates(name):
    expected = f"Atlan has {TABLES_NAMED[name]}"
    assert refusal(atlan.find_asset, type_name="Table", name=name, connection=WAREHOUSE) == expected


@pytest.mark.usefixtures("_tenant")
def test_a_refused_key_is_one_line(monkeypatch):
    monkeypatch.setenv("ATLAN_API_KEY", "wrong")
    assert "API key" in refusal(atlan.get_connection, connector="snowflake", name="warehouse")


def test_mocks_answer_for_atlan():
    asked = []

    class Answers(Recorder):
        def answer(self, token, arguments):
            asked.append((token, dict(arguments)))
            return {"qualified_name": "default/snowflake/7", "guid": "g"}

    found = []

    def program():
        found.append(atlan.get_connection(connector="snowflake", name="x"))
        found.append(atlan.find_asset(type_name="Table", name="T", connection=found[0]))

    declared(program, Answers())
    assert found == [
        "default/snowflake/7",
        {"type_name": "Table", "qualified_name": "default/snowflake/7"},
    ]
    assert asked == [
        ("atlan:index:getConnection", {"connector": "snowflake", "name": "x"}),
        ("atlan:index:findAsset", {"type_name": "Table", "name": "T", "connection": "default/snowflake/7"}),
    ]
