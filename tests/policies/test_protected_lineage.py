"""`protected-lineage`: what must stay bears Pulumi's `protect`."""

from __future__ import annotations

from typing import get_args

import pytest
from policies.judging import UNKNOWN_YET, WAREHOUSE, process, resource, violations

from atlan_pulumi.lifecycle._registry import LIFECYCLES
from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.protected_lineage import Kind, protected_lineage

LOAD = process("load", "RAW/P/A", "MART/P/A")


def told(*resources, **settings):
    return violations(protected_lineage, *resources, **settings)


def protected(resource, *, force_destroy=None):
    props = resource.props if force_destroy is None else {**resource.props, "force_destroy": force_destroy}
    return resource._replace(protect=True, props=props)


def lineage(**columns):
    full = {
        f"{WAREHOUSE}/MART/P/A/{target}": f"{WAREHOUSE}/RAW/P/A/{source}"
        for target, source in columns.items()
    }
    above = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
    return resource("ColumnLineage", "columns", process=above, columns=full)


def process_set(*names):
    processes = {name: {"inputs": "RAW/P/A", "outputs": "MART/P/A"} for name in names}
    return resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)


def connection(**changed):
    given = {"name": "etl", "connector": "airflow", "admin_roles": ["$admin"], **changed}
    return resource("Connection", "etl", **given)


# -- what is right, what is not ------------------------------------------------------------------------


def test_what_is_protected_passes():
    assert told(protected(LOAD), patterns=["*"], kinds=["Process"]) == []


def test_what_is_not_protected_fails():
    (line,) = told(LOAD, patterns=["*/load"])

    assert line == (
        f"load: Process 'load': protect: '{WAREHOUSE}/load' must stay, and it is not protected: "
        "give it opts=pulumi.ResourceOptions(protect=True)"
    )


def test_what_no_setting_names_passes():
    assert told(LOAD, patterns=["*/other"], kinds=["Connection"]) == []
    assert told(LOAD) == []


def test_a_forced_removal_fails_though_it_is_protected():
    (line,) = told(protected(LOAD, force_destroy=True), patterns=["*/load"])

    assert line == (
        f"load: Process 'load': force_destroy: '{WAREHOUSE}/load' must stay, and this lets it go together "
        "with what hangs on it: leave force_destroy out"
    )
    assert told(protected(LOAD, force_destroy=False), patterns=["*/load"]) == []


def test_both_faults_are_told():
    forced = LOAD._replace(props={**LOAD.props, "force_destroy": True})

    assert [line.split(": ")[2] for line in told(forced, patterns=["*"])] == ["protect", "force_destroy"]


# -- kinds of resources --------------------------------------------------------------------------------


def test_a_kind_is_named_whatever_the_names_are():
    (line,) = told(LOAD, connection(), kinds=["Connection"])

    assert line == (
        "etl: Connection 'etl': protect: what is of the kind 'Connection' must stay, and it is not "
        "protected: give it opts=pulumi.ResourceOptions(protect=True)"
    )


def test_a_name_or_a_kind_will_do():
    assert len(told(LOAD, connection(), kinds=["Connection"], patterns=["*/load"])) == 2


def test_a_connection_is_named_by_its_qualified_name():
    made = connection(qualified_name="default/airflow/1657025300")

    assert len(told(made, patterns=["default/airflow/1657025300"])) == 1
    assert told(made, patterns=["default/spark/*"]) == []


def test_a_set_is_named_by_any_of_its_processes():
    assert len(told(process_set("load", "other"), patterns=["*/load"])) == 1
    assert told(process_set("other"), patterns=["*/load"]) == []
    assert told(protected(process_set("load")), patterns=["*/load"]) == []


def test_column_lineage_is_named_by_any_of_its_columns():
    (line,) = told(lineage(ID="ID", NET="AMOUNT"), patterns=["*/load/column/NET"])

    assert line.startswith(f"columns: ColumnLineage 'columns': protect: '{WAREHOUSE}/load/column/NET' ")
    assert told(lineage(ID="ID"), patterns=["*/load/column/NET"]) == []


def test_a_job_is_named_by_its_process():
    dataset = {"namespace": "s3://lake", "name": "a"}
    job = resource(
        "OpenLineageJob",
        "job",
        connection="default/spark/1657025400",
        job_name="nightly",
        inputs=[dataset],
        outputs=[{**dataset, "name": "b"}],
    )

    assert len(told(job, patterns=["*/nightly/process"])) == 1
    assert len(told(job, kinds=["OpenLineageJob"])) == 1


def test_a_set_of_thousands_is_told_once():
    assert len(told(process_set(*(f"p{number}" for number in range(2000))), patterns=["*"])) == 1


def test_every_kind_of_resource_can_be_named():
    assert set(get_args(Kind)) == {kind for kind, _ in LIFECYCLES}


# -- what is not known yet -----------------------------------------------------------------------------


def test_what_is_named_is_judged_though_its_edges_are_unknown():
    assert len(told(process("load", UNKNOWN_YET, UNKNOWN_YET), patterns=["*/load"])) == 1


def test_an_unknown_name_matches_no_pattern_and_its_kind_counts_all_the_same():
    unknown = process("load", "RAW/P/A", "MART/P/A", connection=UNKNOWN_YET)

    assert told(unknown, patterns=["*"]) == []
    assert len(told(unknown, kinds=["Process"])) == 1


def test_an_unknown_force_destroy_is_passed_over():
    assert told(protected(LOAD, force_destroy=UNKNOWN_YET), patterns=["*"]) == []


# -- settings ------------------------------------------------------------------------------------------


def test_a_file_names_what_must_stay():
    lines = told(LOAD, connection(), file={"patterns": ["*/load"], "kinds": ["Connection"]})

    assert [line.split(": ")[0] for line in lines] == ["load", "etl"]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"patterns": "*"}, "patterns: must be a valid list"),
        ({"patterns": [""]}, "patterns[0]: string should have at least 1 character"),
        ({"kinds": ["Proces"]}, "kinds[0]: must be 'Connection', 'OpenLineageConnection', 'Process'"),
        ({"kinds": ["LineageMap"]}, "kinds[0]: must be 'Connection'"),
        ({"pattern": ["*"]}, "pattern: there is no such setting; did you mean 'patterns'?"),
    ],
)
def test_a_setting_that_cannot_be_right(settings, reason):
    with pytest.raises(PolicyError) as caught:
        protected_lineage(**settings)

    assert str(caught.value).startswith(f"the rule 'protected-lineage' cannot be set up: {reason}")
