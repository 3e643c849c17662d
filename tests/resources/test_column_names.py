"""Columns in short form, and the ids of their column processes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.naming._column_names import Tables, column_ids, ordered, split

CONNECTION = "default/snowflake/1657025257"
# Few letters, so that tables are often called the same in several schemas.
SEGMENTS = st.text("AB", min_size=1, max_size=2) | st.sampled_from(["ORDERS", "ÄÖ ü", "a.b", "column"])
TABLES = st.lists(SEGMENTS, min_size=1, max_size=4).map(lambda path: "/".join([CONNECTION, *path]))
MANY = st.lists(TABLES, min_size=1, max_size=6, unique=True)


def columns_of(tables: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.builds("{}/{}".format, st.sampled_from(tables), SEGMENTS), unique=True, max_size=12)


TABLES_WITH_COLUMNS = MANY.flatmap(lambda tables: st.tuples(st.just(tables), columns_of(tables)))


@given(TABLES_WITH_COLUMNS)
def test_the_short_form_tells_the_column(given_: tuple[list[str], list[str]]) -> None:
    names, columns = given_
    tables = Tables(names)
    assert [tables.long(tables.short(each)) for each in columns] == columns
    assert len({tables.short(each) for each in columns}) == len(columns)


@given(TABLES_WITH_COLUMNS)
def test_a_column_of_the_first_table_is_its_name_and_others_are_led_by_the_table(
    given_: tuple[list[str], list[str]],
) -> None:
    names, columns = given_
    tables = Tables(names)
    for each in columns:
        short = tables.short(each)
        assert ("/" in short) == (split(each)[0] != names[0])
        assert f"/{each}".endswith(f"/{short}")


@given(TABLES_WITH_COLUMNS, TABLES)
def test_a_table_that_joins_changes_no_short_form(given_: tuple[list[str], list[str]], more: str) -> None:
    names, columns = given_
    before, after = Tables(names), Tables(ordered({*names, more}, names))
    assert [after.short(each) for each in columns] == [before.short(each) for each in columns]


@given(TABLES_WITH_COLUMNS)
def test_a_column_in_full_is_found_as_itself(given_: tuple[list[str], list[str]]) -> None:
    names, columns = given_
    assert all(Tables(names).find(each) == [each] for each in columns)
    assert all(Tables([]).find(each) == ([each] if each.count("/") >= 4 else []) for each in columns)


def test_a_table_whose_name_ends_like_another_whole_name_does_not_hide_it() -> None:
    inner = f"{CONNECTION}/T"
    assert Tables([f"other/api/1/{inner}", inner]).find(f"{inner}/ID") == [f"{inner}/ID"]


@given(MANY, SEGMENTS)
def test_a_name_alone_may_be_of_any_of_the_tables(names: list[str], name: str) -> None:
    assert Tables(names).find(name) == [f"{each}/{name}" for each in names]


@pytest.mark.parametrize("text", ["T/ID", "S/T/ID", "DB/S/T/ID", f"{CONNECTION}/DB/S/T/ID"])
def test_a_column_may_be_led_by_as_much_of_its_table_as_one_likes(text: str) -> None:
    tables = Tables([f"{CONNECTION}/DB/S/T", f"{CONNECTION}/DB/S/XT"])
    assert tables.find(text) == [f"{CONNECTION}/DB/S/T/ID"]


@given(st.lists(TABLES, max_size=6), st.lists(TABLES, max_size=6, unique=True))
def test_tables_that_were_there_keep_their_order(used: list[str], former: list[str]) -> None:
    names = ordered(used, former)
    assert set(names) == set(used)
    kept = [each for each in former if each in used]
    assert names[: len(kept)] == kept
    assert names[len(kept) :] == sorted(set(used) - set(kept))


@given(TABLES_WITH_COLUMNS.flatmap(lambda pair: st.tuples(st.just(pair[1]), st.permutations(pair[1]))))
def test_ids_are_unique_and_the_same_in_any_order(given_: tuple[list[str], list[str]]) -> None:
    columns, shuffled = given_
    ids = column_ids(columns)
    assert ids.keys() == set(columns)
    assert len(set(ids.values())) == len(columns)
    assert column_ids(shuffled) == ids
    assert all(f"/{column}".endswith(f"/{id_}") for column, id_ in ids.items())


@given(TABLES_WITH_COLUMNS, TABLES, SEGMENTS)
def test_an_id_depends_on_the_columns_of_the_same_name_alone(
    given_: tuple[list[str], list[str]], table: str, name: str
) -> None:
    before, after = column_ids(given_[1]), column_ids(dict.fromkeys([*given_[1], f"{table}/{name}"]))
    assert all(after[each] == id_ for each, id_ in before.items() if split(each)[1] != name)


def test_columns_of_one_name_are_told_apart_by_their_tables() -> None:
    one, two, three = (f"{CONNECTION}/DB/{path}/ID" for path in ("S/ORDERS", "S/ITEMS", "OLD/ITEMS"))
    assert column_ids([one]) == {one: "ID"}
    assert column_ids([one, two]) == {one: "ORDERS/ID", two: "ITEMS/ID"}
    assert column_ids([two, three]) == {two: "S/ITEMS/ID", three: "OLD/ITEMS/ID"}
