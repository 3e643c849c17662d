"""The id that Atlan's SDK derives: against recorded vectors, and against the SDK."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyatlan.model.assets import Process, Table

from atlan_pulumi import sdk_process_id

CONNECTION = "default/snowflake/1657025257"


def guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


# name, parent, inputs, outputs, extra -> last segment, as the SDK answered
VECTORS = [
    ("A -> B", None, [1], [2], (), "a0427209221340a5e997701256e982ea"),
    ("A,B -> C", None, [1, 2], [3], (), "7af2a0acd4fd107635d51f3528e284d7"),
    ("A,B -> C", None, [2, 1], [3], (), "362aafa1226a737602a6134f3b0239e7"),
    ("A -> B", 7, [1], [2], (), "0554c2d3d62cd142a15fe4d206564714"),
    ("a -> b", 7, [4], [5], (), "7ebcd697b24fa79c676aff09ac259864"),
    ("a,b -> c", 7, [4, 6], [5], (), "34c4eb28dfe4a0deee522ec257d93e33"),
    ("A -> B", None, [None], [None], (), "8263f5701da30649a4aa6fbaf4fefa65"),
    ("a -> b", None, [None], [None], (), "795e8bcb01fe18997c99d0a0977be69c"),
    ("Ünï → ß", None, [1], [2], (), "19818c074db1162814a0547c88383fdf"),
    ("A -> B", None, [1], [2], ("p1",), "c7d6829e0a5b3bf9332088865d10913d"),
]


@pytest.mark.parametrize(("name", "parent", "inputs", "outputs", "extra", "expected"), VECTORS)
def test_the_recorded_vectors(
    name: str,
    parent: int | None,
    inputs: list[int | None],
    outputs: list[int | None],
    extra: tuple[str, ...],
    expected: str,
) -> None:
    derived = sdk_process_id(
        name,
        CONNECTION,
        inputs=[guid(n) if n else None for n in inputs],
        outputs=[guid(n) if n else None for n in outputs],
        parent=guid(parent) if parent else None,
        extra_hash_params=extra,
    )
    assert derived == expected


_guids = st.lists(st.integers(1, 999).map(guid), min_size=1, max_size=3)


@given(st.text(min_size=1).filter(str.strip), _guids, _guids, st.none() | st.integers(1, 9).map(guid))
def test_ids_equal_those_of_the_current_sdk(
    name: str, inputs: list[str], outputs: list[str], parent: str | None
) -> None:
    made = Process.creator(
        name=name,
        connection_qualified_name=CONNECTION,
        inputs=[Table.ref_by_guid(item) for item in inputs],
        outputs=[Table.ref_by_guid(item) for item in outputs],
        parent=Process.ref_by_guid(parent) if parent else None,
    )
    derived = sdk_process_id(name, CONNECTION, inputs=inputs, outputs=outputs, parent=parent)
    assert made.qualified_name == f"{CONNECTION}/{derived}"
