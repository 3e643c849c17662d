"""Types, attributes, and relationships."""

from __future__ import annotations

import pytest
from pyatlan.model import assets as sdk_assets

from atlan_pulumi.local._schema import (
    attribute_type,
    attribute_types,
    is_closed,
    is_same_value,
    normalize_value,
    unset_value,
)
from atlan_pulumi.naming.asset_types import is_a, is_asset_type, subtypes, supertypes, type_names
from atlan_pulumi.naming.relationships import ends_of, find_end, fits_end, relationship


def test_supertypes_are_known_types():
    for name in type_names():
        assert supertypes(name) <= set(type_names()), name
        assert name not in supertypes(name)
        assert "Referenceable" in supertypes(name) or name == "Referenceable"


def test_every_type_of_atlans_sdk_is_known():
    names = [name for name in dir(sdk_assets) if not name.startswith("_")]
    assert len(names) > 500
    assert [name for name in names if not is_asset_type(name)] == []


@pytest.mark.parametrize(
    ("type_name", "base", "expected"),
    [
        ("Table", "Catalog", True),
        ("ColumnProcess", "Process", True),
        ("Process", "Process", True),
        ("Process", "Catalog", False),
        ("Connection", "Catalog", False),
        ("GCSObject", "Catalog", True),
        ("AirflowTask", "Process", False),
        ("DbtColumnProcess", "ColumnProcess", True),
        ("DbtColumnProcess", "Catalog", True),
        ("Nope", "Asset", False),
    ],
)
def test_subtypes_are_recognized(type_name, base, expected):
    assert is_a(type_name, base) is expected


def test_subtypes_are_listed():
    expected = {"ColumnProcess", "BIProcess", "DbtProcess", "DbtColumnProcess"}
    assert expected <= subtypes("Process")
    assert "Process" not in subtypes("Process")
    assert subtypes("TablePartition") == frozenset()


@pytest.mark.parametrize("value", [None, 5, [], "table", ""])
def test_other_values_are_not_types(value):
    assert not is_asset_type(value)


def test_attributes_are_inherited():
    assert attribute_type("ColumnProcess", "sql") == "string"
    assert attribute_type("ColumnProcess", "ownerUsers") == "array<string>"
    assert attribute_type("Column", "databaseName") == "string"
    assert attribute_type("Table", "sql") is None
    assert "port" in attribute_types("Connection")
    assert "port" not in attribute_types("Process")


def test_only_connections_and_processes_are_closed():
    closed = {name for name in type_names() if is_closed(name)}
    assert closed == {"Connection", "Process", "ColumnProcess", "BIProcess"}


def test_all_attribute_types_can_be_normalized():
    for name in ("Process", "Connection", "Column"):
        for attribute, kind in attribute_types(name).items():
            assert normalize_value(None, kind) is None, attribute
            assert is_same_value(None, unset_value(kind), kind), attribute


@pytest.mark.parametrize(
    ("left", "right", "kind", "same"),
    [
        (["a", "b"], ["b", "a"], "array<string>", True),
        (["a"], ["a", "b"], "array<string>", False),
        (None, [], "array<string>", True),
        (None, {}, "map<string,string>", True),
        ({"a": "1"}, {"a": "2"}, "map<string,string>", False),
        (None, False, "boolean", True),
        (None, True, "boolean", False),
        (None, 0, "date", True),
        (None, "", "string", False),
        (None, 0, "long", False),
    ],
)
def test_equal_values_are_recognized(left, right, kind, same):
    assert is_same_value(left, right, kind) is same
    assert is_same_value(right, left, kind) is same


def test_ends_are_symmetric():
    for name in type_names():
        for end in ends_of(name):
            assert end.other.other == end
            assert fits_end(name, end.type_name)
            assert is_asset_type(end.other.type_name)


def test_an_attribute_belongs_to_one_relationship():
    for name in type_names():
        attributes = [end.attribute for end in ends_of(name)]
        assert len(attributes) == len(set(attributes)), name


def test_ends_have_cardinalities():
    end = find_end("ColumnProcess", "process")
    assert (end.relationship.name, end.many, end.other.many) == ("column_lineage", False, True)
    assert find_end("Table", "process") is None
    assert relationship("catalog_process_inputs").type2 == "Catalog"


COMMON = (
    "Column",
    "ColumnProcess",
    "DbtModel",
    "DremioColumn",
    "FlowControlOperation",
    "SparkJob",
    "TableauDatasource",
)
EVERY = tuple(name for name in dir(sdk_assets) if not name.startswith("_"))


def sdk_relationships(names):
    """Return the relationship attributes of the SDK: type, attribute, other type, and cardinality."""
    for name in names:
        attributes = getattr(getattr(sdk_assets, name), "Attributes", None)
        for field in attributes.__fields__.values() if attributes else ():
            if isinstance(field.type_, type) and issubclass(field.type_, sdk_assets.Referenceable):
                yield name, field.alias, field.type_.__name__, field.outer_type_ is not field.type_


@pytest.mark.parametrize(
    ("names", "least"),
    [(COMMON, 250), pytest.param(EVERY, 10_000, marks=pytest.mark.soak)],
    ids=["common", "all"],
)
def test_every_relationship_of_atlans_sdk_is_known(names, least):
    every = list(sdk_relationships(names))
    assert len(every) > least
    ends = {(name, attribute): find_end(name, attribute) for name, attribute, _, _ in every}
    assert [key for key, end in ends.items() if end is None] == []
    wrong = [
        (name, attribute)
        for name, attribute, other, many in every
        if (end := ends[name, attribute]).many is not many
        or not (fits_end(other, end.other.type_name) or is_a(end.other.type_name, other))
    ]
    assert wrong == []


def test_relationships_have_attributes_at_both_ends():
    end = find_end("DbtModel", "dbtModelSqlAssets")
    assert (end.other.attribute, end.other.type_name, end.other.many) == ("dbtModels", "SQL", True)
    assert find_end("Table", "dbtModels") == end.other
    assert find_end("AtlasGlossaryTerm", "assignedEntities").other.attribute == "meanings"
