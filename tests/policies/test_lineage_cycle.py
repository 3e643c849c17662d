"""`lineage-cycle`: no asset is its own source, by whatever way."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policies.judging import UNKNOWN_YET, WAREHOUSE, Resource, process, resource, tables, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.lineage_cycle import lineage_cycle

SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"
LAKE = "default/databricks/1657025999"


def told(*resources, **settings):
    return violations(lineage_cycle, *resources, **settings)


def chain(*names):
    """A process from each table to the next one, named after the two."""
    return [process(f"{source}-{target}", f"P/{source}", f"P/{target}") for source, target in pairwise(names)]


def way_in(line):
    """The tables of the circle that a line names, by their names alone."""
    way = line.partition("its own source: ")[2].rpartition(": ")[0].partition(" (and ")[0]
    return [name.rpartition("/")[2] for name in way.split(" → ")]


def lineage(name, parent, mapping, **more):
    full = {f"{WAREHOUSE}/{target}": f"{WAREHOUSE}/{source}" for target, source in mapping.items()}
    above = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/{parent}"}
    return resource("ColumnLineage", name, process=above, columns=full, **more)


def job(name, source, target, mapping=None, *, namespace=SNOWFLAKE):
    return resource(
        "OpenLineageJob",
        name,
        connection="default/spark/1657025400",
        job_name=name,
        inputs=[{"namespace": namespace, "name": source}],
        outputs=[{"namespace": namespace, "name": target}],
        columns=mapping or {},
    )


# -- tables --------------------------------------------------------------------------------------------


def test_what_flows_on_passes():
    assert told(*chain("A", "B", "C"), *chain("A", "C"), *chain("B", "D", "C")) == []


def test_a_circle_of_two_fails():
    (line,) = told(*chain("A", "B", "A"))

    assert line == (
        f"B-A: Process '{WAREHOUSE}/B-A': inputs: an asset is its own source: "
        f"{WAREHOUSE}/P/A → {WAREHOUSE}/P/B → {WAREHOUSE}/P/A: turn around or remove one of "
        f"Process '{WAREHOUSE}/A-B', Process '{WAREHOUSE}/B-A'"
    )


def test_a_circle_is_told_once_on_its_last_resource_whatever_the_order():
    circle = chain("A", "B", "C", "A")

    (line,) = told(*circle)

    assert line.startswith("C-A: ")
    assert way_in(line) == ["A", "B", "C", "A"]
    assert told(*reversed(circle)) == [line]


def test_each_circle_is_told():
    lines = told(*chain("A", "B", "A"), *chain("B", "X"), *chain("X", "Y", "X"))

    assert [way_in(line) for line in lines] == [["A", "B", "A"], ["X", "Y", "X"]]


def test_circles_that_hang_together_are_told_as_one_with_the_shortest_way():
    (line,) = told(*chain("A", "B", "C", "A"), *chain("A", "D", "A"))

    assert way_in(line) == ["A", "D", "A"]
    assert " (and 2 more in circles with these)" in line


def test_a_long_way_is_told_in_short():
    names = [f"T{number:02}" for number in range(40)]

    (line,) = told(*chain(*names, names[0]))

    assert way_in(line) == ["T00", "T01", "T02", "T03", "T04", "T05", "T06", "… 33 more …", "T00"]
    assert line.endswith(", 35 more")


def test_a_process_of_many_ends_closes_a_circle_by_one_of_them():
    wide = process("wide", ["P/A", "P/B", "P/C"], ["P/X", "P/Y", "P/Z"])

    (line,) = told(wide, process("back", "P/Y", "P/B"))

    assert way_in(line) == ["B", "Y", "B"]


def test_all_kinds_of_resources_count():
    one = resource(
        "ProcessSet", "one", connection=WAREHOUSE, processes={"x": {"inputs": "DB/S/A", "outputs": "DB/S/B"}}
    )
    two = process("two", "DB/S/B", "DB/S/C")

    (line,) = told(one, two, job("three", "DB.S.C", "DB.S.A"))

    assert line.startswith("one: ")
    assert way_in(line) == ["A", "B", "C", "A"]


# -- datasets ------------------------------------------------------------------------------------------


def test_a_dataset_is_the_table_of_its_path_whatever_the_case():
    (line,) = told(
        job("job", "raw.public.orders", "MART.PUBLIC.ORDERS"),
        process("back", "MART/PUBLIC/ORDERS", "RAW/PUBLIC/ORDERS"),
    )

    assert f"{WAREHOUSE}/MART/PUBLIC/ORDERS → {WAREHOUSE}/RAW/PUBLIC/ORDERS" in line


def test_which_of_two_tables_of_one_path_a_dataset_is_is_not_guessed():
    back = process("back", "MART/PUBLIC/ORDERS", "RAW/PUBLIC/ORDERS")
    other = resource(
        "Process",
        "other",
        name="other",
        connection=LAKE,
        process_id="other",
        inputs=[{"type_name": "Table", "qualified_name": f"{LAKE}/RAW/PUBLIC/ORDERS"}],
        outputs=[{"type_name": "Table", "qualified_name": f"{LAKE}/X/Y/Z"}],
    )
    there = job("job", "RAW.PUBLIC.ORDERS", "MART.PUBLIC.ORDERS")

    assert len(told(there, back)) == 1
    assert told(there, back, other) == []


def test_datasets_of_one_path_in_two_systems_are_not_one():
    there = job("there", "A.B.C", "X.Y.Z")
    back = job("back", "X.Y.Z", "A.B.C", namespace="snowflake://another")

    assert told(there, back) == []
    assert told(there, back, process("on", "A/B/C", "O/P/Q")) == []


def test_jobs_close_circles_among_themselves():
    (line,) = told(job("there", "A.B.C", "X.Y.Z"), job("back", "x.y.z", "a.b.c"))

    assert f"{SNOWFLAKE}/A.B.C → " in line or f"{SNOWFLAKE}/a.b.c → " in line


# -- columns -------------------------------------------------------------------------------------------


def test_a_circle_of_columns_fails_where_the_tables_are_not_of_the_stack():
    (line,) = told(
        lineage("one", "there", {"P/B/ID": "P/A/ID"}), lineage("two", "back", {"P/A/ID": "P/B/ID"})
    )

    assert line.startswith(f"two: ColumnProcess '{WAREHOUSE}/back/column/ID': inputs: ")
    assert f"{WAREHOUSE}/P/A/ID → {WAREHOUSE}/P/B/ID → {WAREHOUSE}/P/A/ID" in line


def test_a_circle_of_columns_is_not_told_again_where_that_of_their_tables_is():
    both = [lineage("one", "A-B", {"P/B/ID": "P/A/ID"}), lineage("two", "B-A", {"P/A/ID": "P/B/ID"})]

    (line,) = told(*chain("A", "B", "A"), *both)

    assert line.startswith("B-A: Process ")


def test_a_circle_of_columns_across_two_circles_of_tables_is_told_too():
    across = [lineage("one", "x", {"P/C/ID": "P/A/ID"}), lineage("two", "y", {"P/A/ID": "P/C/ID"})]

    lines = told(*chain("A", "B", "A"), *chain("C", "D", "C"), *across)

    assert [way_in(line) for line in lines] == [["ID", "ID", "ID"], ["A", "B", "A"], ["C", "D", "C"]]


def test_a_circle_of_columns_in_one_table_fails():
    (line,) = told(lineage("one", "load", {"P/A/X": "P/A/Y", "P/A/Y": "P/A/X"}))

    assert "/P/A/X → " in line


def test_columns_that_go_back_and_forth_between_tables_without_a_circle_pass():
    assert told(lineage("one", "load", {"P/A/X": "P/B/X", "P/B/Y": "P/A/Y"})) == []


def test_a_field_is_the_column_of_its_path():
    there = job(
        "job",
        "RAW.PUBLIC.ORDERS",
        "MART.PUBLIC.ORDERS",
        {"MART.PUBLIC.ORDERS.NET": ["RAW.PUBLIC.ORDERS.AMOUNT"]},
    )
    back = lineage("back", "elsewhere", {"RAW/PUBLIC/ORDERS/AMOUNT": "MART/PUBLIC/ORDERS/NET"})
    other = lineage("back", "elsewhere", {"RAW/PUBLIC/ORDERS/AMOUNT": "MART/PUBLIC/ORDERS/GROSS"})

    (line,) = told(there, back)

    assert f"{WAREHOUSE}/MART/PUBLIC/ORDERS/NET" in line
    assert told(there, other) == []


# -- what is not known yet -----------------------------------------------------------------------------


def test_the_known_ends_close_a_circle_beside_an_unknown_one():
    assert len(told(process("there", [UNKNOWN_YET, "P/A"], "P/B"), process("back", "P/B", "P/A"))) == 1


def test_what_is_unknown_closes_none():
    assert told(process("there", "P/A", UNKNOWN_YET), process("back", "P/B", "P/A")) == []


def test_a_process_of_unknown_name_closes_a_circle_too():
    nameless = resource(
        "Process",
        "nameless",
        name="nameless",
        connection=UNKNOWN_YET,
        process_id="nameless",
        inputs=tables("P/A"),
        outputs=tables("P/B"),
    )

    (line,) = told(nameless, process("back", "P/B", "P/A"))

    assert "Process 'nameless'" in line


# -- settings ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["in Python", "in a file"])
def test_a_circle_through_what_is_ignored_passes(how):
    ignored = {"ignore": ["*/P/B"]}
    given = {"file": ignored} if how == "in a file" else ignored

    assert told(*chain("A", "B", "A"), **given) == []
    assert told(*chain("A", "C", "A"), *chain("A", "B", "A"), **given) != []


def test_what_ignores_a_table_ignores_its_columns():
    both = [lineage("one", "x", {"P/B/ID": "P/A/ID"}), lineage("two", "y", {"P/A/ID": "P/B/ID"})]

    assert told(*both, ignore=["*/P/B"]) == []
    assert told(*both, ignore=["*/P/B/ID"]) == []
    assert told(*both, ignore=["*/P/B/OTHER"]) != []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"ignore": "*"}, "ignore: must be a valid list"),
        ({"ignore": [""]}, "ignore[0]: string should have at least 1 character"),
        ({"ignored": ["*"]}, "ignored: there is no such setting; did you mean 'ignore'?"),
    ],
)
def test_a_setting_that_cannot_be_right(settings, reason):
    with pytest.raises(PolicyError) as caught:
        lineage_cycle(**settings)

    assert str(caught.value) == f"the rule 'lineage-cycle' cannot be set up: {reason}"


# -- against a naive reference, and at size ------------------------------------------------------------

TABLES = "ABCDEFG"
sides = st.sets(st.sampled_from(TABLES), min_size=1, max_size=3)
edges = st.lists(st.tuples(sides, sides).filter(lambda edge: not edge[0] & edge[1]), max_size=12)


def reached(links):
    """What each table leads to, over any number of links: the transitive closure, by repetition."""
    found = defaultdict(set, {name: set(targets) for name, targets in links.items()})
    while True:
        longer = {name: found[name].union(*(found[each] for each in found[name])) for name in TABLES}
        if longer == found:
            return longer
        found = defaultdict(set, longer)


@given(edges)
def test_it_finds_the_circles_that_reachability_finds(drawn):
    links = defaultdict(set)
    for inputs, outputs in drawn:
        for name in inputs:
            links[name] |= outputs
    closure = reached({name: links[name] for name in TABLES})
    in_circles = {
        frozenset(other for other in closure[name] if name in closure[other])
        for name in TABLES
        if name in closure[name]
    }

    lines = told(
        *(
            process(
                f"p{number}",
                [f"P/{name}" for name in sorted(inputs)],
                [f"P/{name}" for name in sorted(outputs)],
            )
            for number, (inputs, outputs) in enumerate(drawn)
        )
    )

    ways = [way_in(line) for line in lines]
    assert {next(group for group in in_circles if way[0] in group) for way in ways} == in_circles
    assert len(ways) == len(in_circles)
    for way in ways:
        assert way[0] == way[-1]
        assert len(set(way[:-1])) == len(way) - 1
        assert all(target in links[source] for source, target in pairwise(way))


@pytest.mark.timeout(120)  # it takes a second; a search from each node would take minutes
def test_ten_thousand_edges_in_one_circle_take_no_recursion_and_little_time():
    last = 10_000
    processes = {
        f"p{number:05}": {"inputs": f"P/T{number:05}", "outputs": f"P/T{(number + 1) % last:05}"}
        for number in range(last)
    }
    whole = resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)

    (line,) = told(whole)

    assert "… 9,993 more …" in line


@pytest.mark.timeout(120)  # it takes a second; four hundred million links would fill the memory
def test_a_process_of_thousands_of_ends_is_not_multiplied_out():
    sides = {
        side: tables([f"P/{side[0].upper()}{number}" for number in range(20_000)])
        for side in ("inputs", "outputs")
    }
    named = {"name": "wide", "connection": WAREHOUSE, "qualified_name": f"{WAREHOUSE}/wide"}
    wide = Resource("Process", "wide", {**named, **sides})

    (line,) = told(wide, process("back", "P/O7", "P/I7"))

    assert way_in(line) == ["I7", "O7", "I7"]


# -- what reads its own output --------------------------------------------------------------------------


def test_a_process_that_is_declared_to_read_its_output_closes_no_circle():
    merge = process("merge", ["P/A", "P/B"], "P/B", reads_own_output=True)

    assert told(merge) == []


def test_a_circle_through_such_a_process_is_still_one():
    merge = process("merge", ["P/A", "P/B"], ["P/B", "P/C"], reads_own_output=True)

    assert [way_in(line) for line in told(merge, *chain("B", "D", "A"))] == [["A", "B", "D", "A"]]
    assert [way_in(line) for line in told(merge, *chain("C", "B"))] == [["B", "C", "B"]]


@pytest.mark.parametrize("columns", [{"P/T/A": "P/T/A"}, {"P/T/A": "P/T/B", "P/T/B": "P/T/A"}])
def test_columns_of_such_a_process_close_no_circle(columns):
    assert told(lineage("cols", "merge", columns, reads_own_output=True)) == []
