"""Columns in short form, and the ids of their column processes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.naming._column_names import Tables, column_ids, keep_order, split_column

CONNECTION = "default/snowflake/1657025257"
# Few letters, so that schemas often have tables with the same name.
SEGMENTS = st.text("AB", min_size=1, max_size=2) | st.sampled_from(["ORDERS", "ÄÖ ü", "a.b", "column"])
TABLES = st.lists(SEGMENTS, min_size=1, max_size=4).map(lambda path: "/".join([CONNECTION, *path]))
MANY = st.lists(TABLES, min_size=1, max_size=6, unique=True)


def columns_of(tables: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.builds("{}/{}".format, st.sampled_from(tables), SEGMENTS), unique=True, max_size=12)


TABLES_WITH_COLUMNS = MANY.flatmap(lambda tables: st.tuples(st.just(tables), columns_of(tables)))


@given(TABLES_WITH_COLUMNS)
def test_short_forms_are_unique_and_reversible(given_: tuple[list[str], list[str]]) -> None:
    names, columns = given_
    tables = Tables(names)
    assert [tables.expand(tables.shorten(each)) for each in columns] == columns
    assert len({tables.shorten(each) for each in columns}) == len(columns)


@given(TABLES_WITH_COLUMNS)
def test_only_columns_of_further_tables_have_a_table_in_the_short_form(
    given_: tuple[list[str], list[str]],
) -> None:
    names, columns = given_
    tables = Tables(names)
    for each in columns:
        short = tables.shorten(each)
        assert ("/" in short) == (split_column(each)[0] != names[0])
        assert f"/{each}".endswith(f"/{short}")


@given(TABLES_WITH_COLUMNS, TABLES)
def test_another_table_changes_no_short_form(given_: tuple[list[str], list[str]], more: str) -> None:
    names, columns = given_
    before, after = Tables(names), Tables(keep_order({*names, more}, names))
    assert [after.shorten(each) for each in columns] == [before.shorten(each) for each in columns]


@given(TABLES_WITH_COLUMNS)
def test_a_qualified_name_is_found(given_: tuple[list[str], list[str]]) -> None:
    names, columns = given_
    assert all(Tables(names).find(each) == [each] for each in columns)
    assert all(Tables([]).find(each) == ([each] if each.count("/") >= 4 else []) for each in columns)


def test_a_table_whose_name_ends_with_another_name_does_not_hide_it() -> None:
    inner = f"{CONNECTION}/T"
    assert Tables([f"other/api/1/{inner}", inner]).find(f"{inner}/ID") == [f"{inner}/ID"]


@given(MANY, SEGMENTS)
def test_a_bare_name_may_be_in_any_table(names: list[str], name: str) -> None:
    assert Tables(names).find(name) == [f"{each}/{name}" for each in names]


@pytest.mark.parametrize("text", ["T/ID", "S/T/ID", "DB/S/T/ID", f"{CONNECTION}/DB/S/T/ID"])
def test_a_column_may_have_any_part_of_its_table_in_front(text: str) -> None:
    tables = Tables([f"{CONNECTION}/DB/S/T", f"{CONNECTION}/DB/S/XT"])
    assert tables.find(text) == [f"{CONNECTION}/DB/S/T/ID"]


@given(st.lists(TABLES, max_size=6), st.lists(TABLES, max_size=6, unique=True))
def test_former_tables_keep_their_order(used: list[str], former: list[str]) -> None:
    names = keep_order(used, former)
    assert set(names) == set(used)
    kept = [each for each in former if each in used]
    assert names[: len(kept)] == kept
    assert names[len(kept) :] == sorted(set(used) - set(kept))


@given(TABLES_WITH_COLUMNS.flatmap(lambda pair: st.tuples(st.just(pair[1]), st.permutations(pair[1]))))
def test_ids_are_unique_and_independent_of_order(given_: tuple[list[str], list[str]]) -> None:
    columns, shuffled = given_
    ids = column_ids(columns)
    assert ids.keys() == set(columns)
    assert len(set(ids.values())) == len(columns)
    assert column_ids(shuffled) == ids
    assert all(f"/{column}".endswith(f"/{id_}") for column, id_ in ids.items())


@given(TABLES_WITH_COLUMNS, TABLES, SEGMENTS)
def test_an_id_depends_only_on_columns_with_the_same_name(
    given_: tuple[list[str], list[str]], table: str, name: str
) -> None:
    before, after = column_ids(given_[1]), column_ids(dict.fromkeys([*given_[1], f"{table}/{name}"]))
    assert all(after[each] == id_ for each, id_ in before.items() if split_column(each)[1] != name)


def test_columns_with_the_same_name_have_their_table_in_the_id() -> None:
    one, two, three = (f"{CONNECTION}/DB/{path}/ID" for path in ("S/ORDERS", "S/ITEMS", "OLD/ITEMS"))
    assert column_ids([one]) == {one: "ID"}
    assert column_ids([one, two]) == {one: "ORDERS/ID", two: "ITEMS/ID"}
    assert column_ids([two, three]) == {two: "S/ITEMS/ID", three: "OLD/ITEMS/ID"}
