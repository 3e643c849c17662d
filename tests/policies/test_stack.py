"""The resources of a stack: which references mean the same asset, and which process has which columns."""

from __future__ import annotations

import pytest
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, columns, process, resource, tables

from atlan_pulumi.declared import DATASET, SECRET, Asset, Declared, from_engine
from atlan_pulumi.policies import Stack
from atlan_pulumi.policies._stack import parent_names

GUID = "495b1516-aaaf-4390-8cfd-b11ade7a7799"
SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"
TABLE = f"{WAREHOUSE}/RAW/P/A"


def stack(*resources):
    return Stack([Declared(each.urn, each.kind, from_engine(each.props)) for each in resources])


def job(name, source, target, columns=None, namespace=SNOWFLAKE):
    return resource(
        "OpenLineageJob",
        name,
        connection="default/spark/1657025400",
        job_name=name,
        inputs=[{"namespace": namespace, "name": source}],
        outputs=[{"namespace": namespace, "name": target}],
        columns=columns or {},
    )


def dataset(name, namespace=SNOWFLAKE):
    found = Asset.of({"namespace": namespace, "name": name})
    assert found is not None
    return found


def field(name):
    dataset, _, own = name.rpartition("/")
    found = Asset.of({"namespace": SNOWFLAKE, "name": dataset, "field": own})
    assert found is not None
    return found


def column_process(name, parent, **changed):
    given = {"inputs": columns("RAW/P/A/ID"), "outputs": columns("MART/P/A/ID"), **changed}
    return resource(
        "ColumnProcess", name, name=name, connection=WAREHOUSE, process_id=name, process=parent, **given
    )


LOAD = process("load", "RAW/P/A", "MART/P/A")
NAMELESS = resource(
    "Process",
    "nameless",
    name="nameless",
    connection=ENGINE_UNKNOWN,
    process_id="nameless",
    inputs=tables("RAW/P/A"),
    outputs=tables("MART/P/B"),
)


def names(edges):
    return [edge.declared["name"] for edge in edges]


# -- several names of one asset ------------------------------------------------------------------------


def test_the_key_of_an_asset_is_its_qualified_name():
    asset = Asset("Table", TABLE, "raw/p/a")

    assert stack(LOAD).key(asset) == TABLE
    assert stack(LOAD).qualified_name(asset) == TABLE


def test_a_dataset_is_the_only_asset_with_its_path():
    whole = stack(LOAD, job("job", "raw.p.a", "X.Y.Z"))

    assert whole.key(dataset("raw.p.a")) == TABLE
    assert whole.qualified_name(dataset("RAW.P.A")) == TABLE


def test_the_table_of_a_column_is_an_asset_of_the_stack():
    parent = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/elsewhere"}
    whole = stack(column_process("id", parent), job("job", "RAW.P.A", "X.Y.Z"))

    assert whole.key(dataset("RAW.P.A")) == TABLE


def test_the_key_of_a_dataset_is_case_insensitive():
    whole = stack(job("job", "RAW.P.A", "X.Y.Z"))

    assert whole.key(dataset("RAW.P.A")) == whole.key(dataset("raw.p.a")) != whole.key(dataset("X.Y.Z"))
    assert whole.qualified_name(dataset("RAW.P.A")) is None


def test_an_ambiguous_path_of_a_dataset_is_not_resolved():
    lake = resource(
        "Process",
        "lake",
        name="lake",
        connection=WAREHOUSE,
        process_id="lake",
        inputs=[{"type_name": "Table", "qualified_name": "default/databricks/1657025999/RAW/P/A"}],
        outputs=tables("O/P/Q"),
    )
    there = job("there", "RAW.P.A", "X.Y.Z")
    elsewhere = job("elsewhere", "RAW.P.A", "X.Y.Z", namespace="snowflake://another")

    for whole in (stack(LOAD, lake, there), stack(LOAD, there, elsewhere)):
        assert whole.qualified_name(dataset("RAW.P.A")) is None


def test_a_field_is_the_column_with_its_path():
    parent = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
    there = job("job", "RAW.P.A", "X.Y.Z", {"X.Y.Z.ID": ["RAW.P.A.id"]})
    whole = stack(LOAD, column_process("id", parent), there)

    assert whole.key(field("RAW.P.A/id")) == f"{TABLE}/ID"
    assert whole.qualified_name(field("X.Y.Z/ID")) is None


def test_a_field_of_an_ambiguous_dataset_is_not_resolved():
    parent = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
    lake = resource(
        "Process",
        "lake",
        name="lake",
        connection=WAREHOUSE,
        process_id="lake",
        inputs=[{"type_name": "Table", "qualified_name": "default/databricks/1657025999/RAW/P/A"}],
        outputs=tables("O/P/Q"),
    )
    there = job("job", "RAW.P.A", "X.Y.Z", {"X.Y.Z.ID": ["RAW.P.A.ID"]})

    assert stack(LOAD, lake, column_process("id", parent), there).qualified_name(field("RAW.P.A/ID")) is None


def test_a_guid_is_not_a_qualified_name():
    assert stack(LOAD).qualified_name(Asset("Table", GUID, "")) is None


def test_a_lower_case_dataset_is_not_an_asset():
    small = Asset(DATASET, "s3://lake/a", "a", "s3://lake")

    assert stack(LOAD).qualified_name(small) is None


# -- processes and their columns -----------------------------------------------------------------------


def test_a_process_is_found_by_name_and_after_deployment_by_guid():
    deployed = LOAD._replace(props={**LOAD.props, "guid": GUID})
    by_name, by_guid = Asset("Process", f"{WAREHOUSE}/load", "load"), Asset("Process", GUID, "")

    assert stack(LOAD).process(by_name) is not None
    assert stack(LOAD).process(by_guid) is None
    assert stack(deployed).process(by_guid) is not None
    assert stack(LOAD).process(Asset("Process", f"{WAREHOUSE}/other", "other")) is None
    assert stack(LOAD).process(None) is None


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ({"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}, ["load"]),
        ({"type_name": "Process", "qualified_name": f"{WAREHOUSE}/elsewhere"}, []),
        ({"type_name": "Process", "qualified_name": ENGINE_UNKNOWN}, ["nameless"]),
        ({"type_name": "Process", "guid": ENGINE_UNKNOWN}, ["load", "nameless"]),
        (ENGINE_UNKNOWN, ["load", "nameless"]),
        (SECRET, ["load", "nameless"]),
    ],
)
def test_the_possible_parents_of_column_lineage(reference, expected):
    below = column_process("id", ENGINE_UNKNOWN)
    whole = stack(LOAD, NAMELESS, below._replace(props={**below.props, "process": reference}))
    (below,) = [each for each in whole.resources if each.kind == "ColumnProcess"]

    assert names(whole.parents(below)) == expected


def test_the_column_lineage_of_a_set_belongs_to_its_processes():
    processes = {
        name: {"inputs": "RAW/P/A", "outputs": "MART/P/A", "columns": {"ID": "ID"}} for name in ("a", "b")
    }
    whole = stack(LOAD, resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes))
    (own,) = [each for each in whole.resources if each.kind == "ProcessSet"]

    assert names(whole.parents(own)) == ["a", "b"]


def test_parent_names_are_listed_from_the_nearest():
    assert list(parent_names("a/b/c")) == ["a/b", "a"]
    assert list(parent_names("a")) == []
