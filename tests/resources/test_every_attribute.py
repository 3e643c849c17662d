"""Every attribute of every resource under the real engine: set, changed, drifted, and cleared.

One stack has one resource per attribute, so that a few engine runs test them all.
"""

from __future__ import annotations

from typing import Any

import pytest
from pyatlan.model.assets import Asset, ColumnProcess, Connection, Process
from support.atlan import WAREHOUSE, Witness, table_name
from support.stack import NewStack, Stack

from atlan_pulumi.lifecycle import AssetInputs
from atlan_pulumi.resources.column_process import ColumnProcessInputs
from atlan_pulumi.resources.connection import ConnectionInputs
from atlan_pulumi.resources.process import ProcessInputs

pytestmark = pytest.mark.engine

Values = dict[str, tuple[Any, Any]]


def refs(type_name: str, *qualified_names: str) -> list[dict[str, str]]:
    return [{"type_name": type_name, "qualified_name": name} for name in qualified_names]


EXTRAS = {
    "AirflowTask": [f"{WAREHOUSE}/airflow-task-{n}" for n in (1, 2)],
    "SparkJob": [f"{WAREHOUSE}/spark-job-{n}" for n in (1, 2)],
    "Procedure": [f"{WAREHOUSE}/DB/S/procedure-{n}" for n in (1, 2)],
    "Function": [f"{WAREHOUSE}/DB/S/function-{n}" for n in (1, 2)],
    **{
        kind: [f"{WAREHOUSE}/{kind}-{n}" for n in (1, 2)]
        for kind in (
            "BigqueryRoutine",
            "FabricActivity",
            "AdfActivity",
            "MatillionComponent",
            "FivetranConnector",
            "PowerBIDataflow",
            "FlowControlOperation",
        )
    },
}

ASSET: Values = {
    "display_name": ("Shown", "Shown too"),
    "description": ("What it is", "What it is now"),
    "user_description": ("What people say", ""),
    "owner_users": (["bob", "ann"], ["ann", "eve"]),
    "owner_groups": (["group2"], []),
    "certificate_status": ("DRAFT", "VERIFIED"),
    "announcement_type": ("information", "warning"),
    "source_url": ("https://example.com/1", "https://example.com/2"),
    "source_embed_url": ("https://example.com/e1", "https://example.com/e2"),
    "source_created_by": ("ann", "bob"),
    "source_updated_by": ("ann", "bob"),
    "source_created_at": (1_700_000_000_000, 1_700_000_000_001),
    "source_updated_at": (1_700_000_000_000, 1_700_000_000_001),
    "source_owners": ("ann", "bob"),
    "sub_type": ("one", "two"),
    "lexicographical_sort_order": ("0|aaaaaa:", "0|bbbbbb:"),
    "is_discoverable": (True, False),
    "is_editable": (False, True),
}
#: Attributes that only go together with another one.
DEPENDENT: dict[str, dict[str, str]] = {
    "certificate_status_message": {"certificate_status": "DRAFT"},
    "announcement_title": {"announcement_type": "issue"},
    "announcement_message": {"announcement_type": "issue"},
}
ASSET |= dict.fromkeys(DEPENDENT, ("first", "second"))

EDGE: Values = ASSET | {
    "sql": ("select 1", "select 'ü'\n-- \"quoted\""),
    "code": ("print(1)", "print(2)"),
    "ast": ("(1)", "(2)"),
    "additional_etl_context": ("one", "two"),
    "parent_connection_process_qualified_name": ([f"{WAREHOUSE}/p1"], [f"{WAREHOUSE}/p1", f"{WAREHOUSE}/p2"]),
    "is_pass_through": (True, False),
    "ai_dataset_type": ("TRAINING", "INFERENCE"),
    "process_derivation": ("STATIC", "RUNTIME"),
    **{
        name: (refs(kind, *EXTRAS[kind]), refs(kind, EXTRAS[kind][1]))
        for name, kind in {
            "airflow_tasks": "AirflowTask",
            "spark_jobs": "SparkJob",
            "sql_procedures": "Procedure",
            "sql_functions": "Function",
            "bigquery_routines": "BigqueryRoutine",
            "fabric_activities": "FabricActivity",
        }.items()
    },
    **{
        name: tuple(refs(kind, qualified_name)[0] for qualified_name in EXTRAS[kind])
        for name, kind in {
            "adf_activity": "AdfActivity",
            "matillion_component": "MatillionComponent",
            "fivetran_connector": "FivetranConnector",
            "power_bi_dataflow": "PowerBIDataflow",
            "flow_orchestrated_by": "FlowControlOperation",
        }.items()
    },
}
CONNECTION: Values = ASSET | {
    "admin_users": (["jsmith"], ["alice", "jsmith"]),
    "admin_groups": (["group2"], []),
    "viewer_users": (["jsmith"], ["alice"]),
    "viewer_groups": (["group2"], []),
    "category": ("warehouse", "lake"),
    "query_preview_config": ({"a": "1"}, {"a": "2", "b": "3"}),
    "connection_workflow_configuration": ({"a": "1"}, {"a": "2", "b": "3"}),
    "port": (5432, 5433),
    "query_timeout": (60, 90),
    "row_limit": (1000, 2000),
    "popularity_insights_timeframe": (30, 60),
    "object_storage_upload_threshold": (100, 200),
    "query_username_strategy": ("connectionUsername", "atlanUsername"),
    "connection_dbt_environments": (["prod"], ["dev", "prod"]),
    "default_credential_guid": (
        "8b579147-6054-4a4c-8137-463cd349b393",
        "8b579147-6054-4a4c-8137-463cd349b394",
    ),
    "connection_sso_credential_guid": (
        "8b579147-6054-4a4c-8137-463cd349b393",
        "8b579147-6054-4a4c-8137-463cd349b394",
    ),
    **dict.fromkeys(
        [
            "allow_query",
            "allow_query_preview",
            "is_sample_data_preview_enabled",
            "has_popularity_insights",
            "use_object_storage",
            "connection_is_dq_enabled",
            "vector_embeddings_enabled",
        ],
        (True, False),
    ),
    **dict.fromkeys(
        [
            "sub_category",
            "connection_source_account_identifier",
            "connection_reverse_sync_strategy",
            "host",
            "query_config",
            "credential_strategy",
            "preview_credential_strategy",
            "policy_strategy",
            "policy_strategy_for_sample_preview",
            "connector_icon",
            "connector_image",
            "source_logo",
        ],
        ("one", "two"),
    ),
}

#: Attributes that the other tests of each resource try, since they cannot be cleared.
ELSEWHERE = {"managed_by", "name", "inputs", "outputs", "process", "admin_roles"}

KINDS: dict[str, tuple[type[AssetInputs], type[Asset], Values]] = {
    "Process": (ProcessInputs, Process, EDGE),
    "ColumnProcess": (ColumnProcessInputs, ColumnProcess, EDGE),
    "Connection": (ConnectionInputs, Connection, CONNECTION),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_contains_every_attribute(kind: str) -> None:
    model, _, values = KINDS[kind]
    assert set(values) | ELSEWHERE >= set(model.model_fields) - model.settings
    assert set(values) <= set(model.model_fields)


def declaration(kind: str, attribute: str, value: Any) -> str:
    """Return a resource named after the attribute that it tests; None leaves the attribute out."""
    given = dict(DEPENDENT.get(attribute, {}))
    if value is not None:
        given[attribute] = value
    columns = "/A" if kind == "ColumnProcess" else ""
    side = "Column" if columns else "Table"
    required = {
        "Process": f"connection=WAREHOUSE, inputs={refs(side, table_name(0) + columns)}, "
        f"outputs={refs(side, table_name(1) + columns)}",
        "ColumnProcess": f"process=parent, inputs={refs(side, table_name(0) + columns)}, "
        f"outputs={refs(side, table_name(1) + columns)}",
        "Connection": "connector='airflow', admin_roles=['$admin'], "
        f"qualified_name='default/airflow/{attribute.replace('_', '-')}'",
    }[kind]
    arguments = "".join(f", {name}={item!r}" for name, item in given.items())
    return f"atlan.{kind}({attribute!r}, name='n', {required}{arguments})\n"


def program(kind: str, values: Values, which: int | None) -> str:
    parent = (
        "parent = atlan.Process('parent', name='parent', connection=WAREHOUSE, "
        f"inputs={refs('Table', table_name(0))}, outputs={refs('Table', table_name(1))})\n"
    )
    lines = [
        declaration(kind, attribute, None if which is None else pair[which])
        for attribute, pair in values.items()
    ]
    return (parent if kind == "ColumnProcess" else "") + "".join(lines)


def assert_stored(stack: Stack, witness: Witness, kind: str) -> None:
    """Assert that Atlan has the second value of each attribute."""
    model, sdk_type, values = KINDS[kind]
    made = stack.resources()
    for attribute, (_, second) in values.items():
        stored = witness.stored(sdk_type, made[attribute]["id"], model, attribute)
        if attribute == "admin_users":  # Atlan adds the key's user, and it stays
            stored = [user for user in stored if not user.startswith("service-account")]
        assert stored == second, attribute


@pytest.mark.parametrize(
    "kind",
    # A column process has the attributes of a process.
    [pytest.param(kind, marks=pytest.mark.soak) for kind in ("Process", "Connection", "ColumnProcess")],
)
def test_every_attribute_is_set_changed_and_cleared(new_stack: NewStack, witness: Witness, kind: str) -> None:
    model, sdk_type, values = KINDS[kind]
    for type_name, names in EXTRAS.items():
        witness.post(type_name, names)
    # One edge is declared again and again here, once for each attribute.
    stack = new_stack(program(kind, values, 0), ATLAN_REPEATED_LINEAGE="off")
    parents = {"same": 1} if kind == "ColumnProcess" else {}

    stack.up()
    assert stack.up(program(kind, values, 1)).changes == {"update": len(values), **parents}
    assert_stored(stack, witness, kind)

    # Somebody puts the first values back: each is shown by its name, and nothing else is; then corrected.
    for attribute, (first, _) in values.items():
        witness.overwrite(kind, stack.resources()[attribute]["id"], model, attribute, first)
    drifted = stack.refresh()
    assert {step.name: step.diffs for step in drifted.steps if step.diffs} == {
        attribute: (attribute,) for attribute in values
    }
    assert len([note for note in drifted.notes if "; last written by alice at " in note]) == len(values)
    assert stack.up().changes == {"update": len(values), **parents}
    assert_stored(stack, witness, kind)
    assert stack.up(program(kind, values, None)).changes == {"update": len(values), **parents}
    stack.settled()
    for attribute in values:
        stored = witness.stored(sdk_type, stack.resources()[attribute]["id"], model, attribute)
        assert stored in (None, [], False, 0, {}) or attribute == "admin_users", attribute
