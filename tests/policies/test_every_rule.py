"""Unknown and secret values in any property: no rule fails, and none prints them."""

from __future__ import annotations

from typing import Any

import pytest
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, Resource, columns, process, resource, violations

from atlan_pulumi.declared import SECRET
from atlan_pulumi.policies import RULES, StackRule

SPARK = "default/spark/1657025400"
DATASET = {"namespace": "snowflake://abc"}
#: Settings with which no rule is idle.
SETTINGS: dict[str, dict[str, Any]] = {
    "layer-order": {"layers": {"raw": ["*/RAW/*"], "mart": ["*/MART/*"]}},
    "environment-boundary": {"environments": {"prod": ["*"]}},
    "allowed-connections": {"connections": [WAREHOUSE]},
    "protected-lineage": {"patterns": ["*"]},
    "naming-pattern": {"name": "x", "process_id": "x", "connection_name": "x", "job_name": "x"},
    "certificate-status": {"required": True},
    "column-coverage": {"columns": {f"{WAREHOUSE}/MART/P/A": ["ID", "NET"]}},
}
CONNECTION = {"name": "etl", "admin_users": ["ann"], "description": "x", "owner_users": ["ann"]}
KNOWN = [
    resource("Connection", "etl", **CONNECTION, connector="spark", qualified_name=SPARK),
    resource("OpenLineageConnection", "ol", **CONNECTION, connector="spark", qualified_name=SPARK),
    process("load", "RAW/P/A", "MART/P/A", sql="select 1", owner_users=["ann"], certificate_status="DRAFT"),
    resource(
        "ColumnProcess",
        "id",
        name="id",
        process={"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"},
        connection=WAREHOUSE,
        process_id="id",
        inputs=columns(["RAW/P/A/ID"]),
        outputs=columns(["MART/P/A/ID"]),
    ),
    resource(
        "ColumnLineage",
        "cols",
        process={"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"},
        columns={"ID": ["ID"]},
        sql={"ID": "ID"},
        name="{inputs} -> {output}",
        input_tables=[f"{WAREHOUSE}/RAW/P/A"],
        output_tables=[f"{WAREHOUSE}/MART/P/A"],
    ),
    resource(
        "ProcessSet",
        "set",
        connection=WAREHOUSE,
        column_name="{output}",
        processes={
            "p": {
                "inputs": ["RAW/P/A", "RAW/P/B"],
                "outputs": ["MART/P/A", "MART/P/B"],
                "columns": {"A/ID": ["A/ID"]},
                "column_sql": {"A/ID": "ID"},
                "sql": "select 1",
                "owner_users": ["ann"],
            }
        },
    ),
    resource(
        "OpenLineageJob",
        "job",
        connection=SPARK,
        job_name="nightly",
        inputs=[{**DATASET, "name": "RAW.P.A"}],
        outputs=[{**DATASET, "name": "MART.P.A", "facets": {"schema": {"fields": [{"name": "ID"}]}}}],
        columns={"ID": ["ID"]},
        job_facets={"sql": {"query": "select 1"}},
    ),
]
ODD = {"unknown": ENGINE_UNKNOWN, "secret": SECRET}


@pytest.fixture(autouse=True)
def _offline(monkeypatch):
    monkeypatch.delenv("ATLAN_BASE_URL", raising=False)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return every path in the properties at which a value may be unknown."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in items for found in [(*path, key), *places(item, (*path, key))]]


def with_odd(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """Return the properties with another value at a path."""
    if not path:
        return odd
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = with_odd(value[path[0]], path[1:], odd)
    return changed


def test_known_resources_are_checked() -> None:
    violated = {rule.name for rule in RULES for _ in violations(rule, *KNOWN, **SETTINGS.get(rule.name, {}))}

    assert violated >= {"owner-and-description", "naming-pattern", "protected-lineage", "connection-admins"}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("given", KNOWN, ids=lambda given: given.kind)
def test_no_rule_fails_on_an_unknown_or_secret_value(given: Resource, odd: str) -> None:
    for path in places(given.props):
        changed = given._replace(props=with_odd(given.props, path, ODD[odd]))
        for rule in RULES:
            around = KNOWN if isinstance(rule, StackRule) else []
            others = [each for each in around if each.urn != given.urn]
            lines = violations(rule, changed, *others, **SETTINGS.get(rule.name, {}))
            assert not [line for line in lines if SECRET in line or ENGINE_UNKNOWN in line], (path, rule.name)


@pytest.mark.parametrize("name", ["description", "sql", "owner_users"])
def test_unknown_values_do_not_change_the_violations_of_known_ones(name) -> None:
    (rule,) = [rule for rule in RULES if rule.name == "naming-pattern"]
    for given in KNOWN:
        found = [path for path in places(given.props) if path[-1] == name]
        for path in found:
            changed = given._replace(props=with_odd(given.props, path, ENGINE_UNKNOWN))
            before, after = (violations(rule, each, **SETTINGS[rule.name]) for each in (given, changed))
            assert before == after, (given.kind, path)
