"""Tables in short form: paths below a base."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.resources.process_forms import TablePaths, as_list, one_or_many, qualified_names_in

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
def test_short_forms_identify_tables_in_every_connection(base: str, reference: Any) -> None:
    paths = TablePaths(base)
    assert paths.reference(paths.short(reference)) == reference


@given(BASES, PATHS)
def test_a_table_below_the_base_is_a_path(base: str, path: str) -> None:
    paths = TablePaths(base)
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
    assert TablePaths(CONNECTION).reference(given_) == table
    assert TablePaths(CONNECTION).reference(view) == {"type_name": "View", "qualified_name": name}


def test_a_reference_by_guid_stays_as_it_is() -> None:
    by_guid = {"type_name": "Table", "guid": "495b1516-aaaf-4390-8cfd-b11ade7a7799"}
    assert TablePaths(CONNECTION).short(by_guid) == by_guid == TablePaths(CONNECTION).reference(by_guid)
    assert qualified_names_in([by_guid, {"type_name": "Table", "qualified_name": "x"}]) == ["x"]


def test_single_tables_need_no_list() -> None:
    assert as_list("T") == ["T"] == as_list(["T"])
    assert as_list(None) == []
    assert one_or_many(["T"]) == "T"
    assert one_or_many(["T", "U"]) == ["T", "U"]
    assert one_or_many([UNKNOWN]) == [UNKNOWN]
