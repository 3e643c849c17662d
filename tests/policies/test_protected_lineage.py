"""`protected-lineage`: selected resources set `protect` and do not set `force_destroy`."""

from __future__ import annotations

from typing import get_args

import pytest
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, process, resource, violations

from atlan_pulumi.lifecycle._registry import LIFECYCLES, NO_ENTITIES
from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.protected_lineage import ResourceKind, protected_lineage

LOAD = process("load", "RAW/P/A", "MART/P/A")


def check(*resources, **settings):
    return violations(protected_lineage, *resources, **settings)


def protected(resource, *, force_destroy=None):
    props = resource.props if force_destroy is None else {**resource.props, "force_destroy": force_destroy}
    return resource._replace(protect=True, props=props)


def lineage(**columns):
    full = {
        f"{WAREHOUSE}/MART/P/A/{target}": f"{WAREHOUSE}/RAW/P/A/{source}"
        for target, source in columns.items()
    }
    parent = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
    return resource("ColumnLineage", "columns", process=parent, columns=full)


def process_set(*names):
    processes = {name: {"inputs": "RAW/P/A", "outputs": "MART/P/A"} for name in names}
    return resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)


def connection(**changed):
    given = {"name": "etl", "connector": "airflow", "admin_roles": ["$admin"], **changed}
    return resource("Connection", "etl", **given)


# -- protect and force_destroy -------------------------------------------------------------------------


def test_a_protected_resource_passes():
    assert check(protected(LOAD), patterns=["*"], kinds=["Process"]) == []


def test_an_unprotected_resource_fails():
    (line,) = check(LOAD, patterns=["*/load"])

    assert line == (
        f"load: Process 'load': protect: is not set, but '{WAREHOUSE}/load' must not be deleted: "
        "set opts=pulumi.ResourceOptions(protect=True)"
    )


def test_an_unselected_resource_passes():
    assert check(LOAD, patterns=["*/other"], kinds=["Connection"]) == []
    assert check(LOAD) == []


def test_force_destroy_fails_even_with_protect():
    (line,) = check(protected(LOAD, force_destroy=True), patterns=["*/load"])

    assert line == (
        f"load: Process 'load': force_destroy: deletes dependents too, but '{WAREHOUSE}/load' must not be "
        "deleted: remove force_destroy"
    )
    assert check(protected(LOAD, force_destroy=False), patterns=["*/load"]) == []


def test_both_violations_are_reported():
    forced = LOAD._replace(props={**LOAD.props, "force_destroy": True})

    assert [line.split(": ")[2] for line in check(forced, patterns=["*"])] == ["protect", "force_destroy"]


# -- kinds of resources --------------------------------------------------------------------------------


def test_a_kind_selects_resources_of_any_name():
    (line,) = check(LOAD, connection(), kinds=["Connection"])

    assert line == (
        "etl: Connection 'etl': protect: is not set, but a resource of the kind 'Connection' must not be "
        "deleted: set opts=pulumi.ResourceOptions(protect=True)"
    )


def test_a_name_or_a_kind_selects_a_resource():
    assert len(check(LOAD, connection(), kinds=["Connection"], patterns=["*/load"])) == 2


def test_a_connection_is_selected_by_its_qualified_name():
    made = connection(qualified_name="default/airflow/1657025300")

    assert len(check(made, patterns=["default/airflow/1657025300"])) == 1
    assert check(made, patterns=["default/spark/*"]) == []


def test_a_set_is_selected_by_any_of_its_processes():
    assert len(check(process_set("load", "other"), patterns=["*/load"])) == 1
    assert check(process_set("other"), patterns=["*/load"]) == []
    assert check(protected(process_set("load")), patterns=["*/load"]) == []


def test_column_lineage_is_selected_by_any_of_its_columns():
    (line,) = check(lineage(ID="ID", NET="AMOUNT"), patterns=["*/load/column/NET"])

    label = "columns: ColumnLineage 'columns'"
    assert line.startswith(f"{label}: protect: is not set, but '{WAREHOUSE}/load/column/NET' must ")
    assert check(lineage(ID="ID"), patterns=["*/load/column/NET"]) == []


def test_a_job_is_selected_by_its_process():
    dataset = {"namespace": "s3://lake", "name": "a"}
    job = resource(
        "OpenLineageJob",
        "job",
        connection="default/spark/1657025400",
        job_name="nightly",
        inputs=[dataset],
        outputs=[{**dataset, "name": "b"}],
    )

    assert len(check(job, patterns=["*/nightly/process"])) == 1
    assert len(check(job, kinds=["OpenLineageJob"])) == 1


def test_a_large_process_set_is_reported_once():
    assert len(check(process_set(*(f"p{number}" for number in range(2000))), patterns=["*"])) == 1


def test_every_kind_of_resource_can_be_selected():
    assert set(get_args(ResourceKind)) == {"Asset", *(kind for kind, _ in LIFECYCLES)} - NO_ENTITIES


# -- unknown values ------------------------------------------------------------------------------------


def test_a_selected_resource_with_unknown_edges_is_checked():
    assert len(check(process("load", ENGINE_UNKNOWN, ENGINE_UNKNOWN), patterns=["*/load"])) == 1


def test_an_unknown_name_matches_no_pattern_but_its_kind_counts():
    unknown = process("load", "RAW/P/A", "MART/P/A", connection=ENGINE_UNKNOWN)

    assert check(unknown, patterns=["*"]) == []
    assert len(check(unknown, kinds=["Process"])) == 1


def test_an_unknown_force_destroy_is_skipped():
    assert check(protected(LOAD, force_destroy=ENGINE_UNKNOWN), patterns=["*"]) == []


# -- settings ------------------------------------------------------------------------------------------


def test_a_file_selects_resources():
    lines = check(LOAD, connection(), file={"patterns": ["*/load"], "kinds": ["Connection"]})

    assert [line.split(": ")[0] for line in lines] == ["load", "etl"]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"patterns": "*"}, "patterns: must be a valid list"),
        ({"patterns": [""]}, "patterns[0]: string should have at least 1 character"),
        ({"kinds": ["Proces"]}, "kinds[0]: must be 'Connection', 'OpenLineageConnection', 'Process'"),
        ({"kinds": ["LineageMap"]}, "kinds[0]: must be 'Connection'"),
        ({"pattern": ["*"]}, "pattern: unknown setting; did you mean 'patterns'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        protected_lineage(**settings)

    assert str(caught.value).startswith(f"the rule 'protected-lineage' cannot be set up: {reason}")
