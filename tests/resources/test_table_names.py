"""Tables in short form: by their path below a base."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.resources.process_forms import Paths, as_given, names_of, one_or_many

CONNECTION = "default/snowflake/1657025257"
SEGMENTS = st.text("AB", min_size=1, max_size=2) | st.sampled_from(
    ["api", "snowflake", "default", "1657025257"]
)
PATHS = st.lists(SEGMENTS, min_size=1, max_size=5).map("/".join)
NAMES = st.builds("{}/{}".format, st.sampled_from([CONNECTION, "default/api/x", "t/own/1657025300"]), PATHS)
BASES = st.just(CONNECTION) | st.builds("{}/{}".format, st.just(CONNECTION), PATHS)
TYPES = st.sampled_from(["Table", "View", "Dataset"])
REFERENCES = st.builds(lambda kind, name: {"type_name": kind, "qualified_name": name}, TYPES, NAMES)


@given(BASES, REFERENCES)
def test_the_short_form_tells_the_table_in_whatever_connection_it_lies(base: str, reference: Any) -> None:
    paths = Paths(base)
    assert paths.reference(paths.short(reference)) == reference


@given(BASES, PATHS)
def test_a_table_below_the_base_is_a_path(base: str, path: str) -> None:
    paths = Paths(base)
    short = paths.short({"type_name": "Table", "qualified_name": f"{base}/{path}"})
    assert short in (path, f"{base}/{path}")  # in full where the path begins like a connection itself
    assert paths.reference(short)["qualified_name"] == f"{base}/{path}"


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        ("RAW/ORDERS", f"{CONNECTION}/RAW/ORDERS"),
        (f"{CONNECTION}/RAW/ORDERS", f"{CONNECTION}/RAW/ORDERS"),
        ("default/databricks/1657025300/RAW/ORDERS", "default/databricks/1657025300/RAW/ORDERS"),
        ("tenant/own-connector/1657025300/RAW", "tenant/own-connector/1657025300/RAW"),
        ("RAW/snowflake/ORDERS", f"{CONNECTION}/RAW/snowflake/ORDERS"),
    ],
)
def test_what_begins_like_a_connection_is_a_qualified_name(given_: str, name: str) -> None:
    table = {"type_name": "Table", "qualified_name": name}
    view = {"type_name": "View", "qualified_name": given_}
    assert Paths(CONNECTION).reference(given_) == table
    assert Paths(CONNECTION).reference(view) == {"type_name": "View", "qualified_name": name}


def test_a_reference_by_guid_stays_as_it_is() -> None:
    by_guid = {"type_name": "Table", "guid": "495b1516-aaaf-4390-8cfd-b11ade7a7799"}
    assert Paths(CONNECTION).short(by_guid) == by_guid == Paths(CONNECTION).reference(by_guid)
    assert names_of([by_guid, {"type_name": "Table", "qualified_name": "x"}]) == ["x"]


def test_one_table_may_stand_alone() -> None:
    assert as_given("T") == ["T"] == as_given(["T"])
    assert as_given(None) == []
    assert one_or_many(["T"]) == "T"
    assert one_or_many(["T", "U"]) == ["T", "U"]
    assert one_or_many([UNKNOWN]) == [UNKNOWN]
