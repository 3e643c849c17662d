"""`lineage-cycle`: no asset is its own source, through any path."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, Resource, process, resource, tables, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.lineage_cycle import lineage_cycle

SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"
LAKE = "default/databricks/1657025999"


def check(*resources, **settings):
    return violations(lineage_cycle, *resources, **settings)


def chain(*names):
    """Return a process from each table to the next one, named after the two."""
    return [process(f"{source}-{target}", f"P/{source}", f"P/{target}") for source, target in pairwise(names)]


def cycle_in(line):
    """Return the tables of the cycle in a line, without their paths."""
    path = line.partition("its own source: ")[2].rpartition(": ")[0].partition(" (and ")[0]
    return [name.rpartition("/")[2] for name in path.split(" → ")]


def lineage(name, parent, mapping, **more):
    full = {f"{WAREHOUSE}/{target}": f"{WAREHOUSE}/{source}" for target, source in mapping.items()}
    reference = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/{parent}"}
    return resource("ColumnLineage", name, process=reference, columns=full, **more)


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


def test_acyclic_lineage_passes():
    assert check(*chain("A", "B", "C"), *chain("A", "C"), *chain("B", "D", "C")) == []


def test_a_cycle_of_two_fails():
    (line,) = check(*chain("A", "B", "A"))

    assert line == (
        f"B-A: Process '{WAREHOUSE}/B-A': inputs: an asset is its own source: "
        f"{WAREHOUSE}/P/A → {WAREHOUSE}/P/B → {WAREHOUSE}/P/A: reverse or remove one of "
        f"Process '{WAREHOUSE}/A-B', Process '{WAREHOUSE}/B-A'"
    )


def test_a_cycle_is_reported_once_on_its_last_resource():
    cycle = chain("A", "B", "C", "A")

    (line,) = check(*cycle)

    assert line.startswith("C-A: ")
    assert cycle_in(line) == ["A", "B", "C", "A"]
    assert check(*reversed(cycle)) == [line]


def test_each_cycle_is_reported():
    lines = check(*chain("A", "B", "A"), *chain("B", "X"), *chain("X", "Y", "X"))

    assert [cycle_in(line) for line in lines] == [["A", "B", "A"], ["X", "Y", "X"]]


def test_connected_cycles_are_one_violation_with_the_shortest_cycle():
    (line,) = check(*chain("A", "B", "C", "A"), *chain("A", "D", "A"))

    assert cycle_in(line) == ["A", "D", "A"]
    assert " (and 2 more in cycles with these)" in line


def test_a_long_cycle_is_shortened():
    names = [f"T{number:02}" for number in range(40)]

    (line,) = check(*chain(*names, names[0]))

    assert cycle_in(line) == ["T00", "T01", "T02", "T03", "T04", "T05", "T06", "… 33 more …", "T00"]
    assert line.endswith(", 35 more")


def test_one_input_and_output_of_a_wide_process_close_a_cycle():
    wide = process("wide", ["P/A", "P/B", "P/C"], ["P/X", "P/Y", "P/Z"])

    (line,) = check(wide, process("back", "P/Y", "P/B"))

    assert cycle_in(line) == ["B", "Y", "B"]


def test_all_kinds_of_resources_are_followed():
    one = resource(
        "ProcessSet", "one", connection=WAREHOUSE, processes={"x": {"inputs": "DB/S/A", "outputs": "DB/S/B"}}
    )
    two = process("two", "DB/S/B", "DB/S/C")

    (line,) = check(one, two, job("three", "DB.S.C", "DB.S.A"))

    assert line.startswith("one: ")
    assert cycle_in(line) == ["A", "B", "C", "A"]


# -- datasets ------------------------------------------------------------------------------------------


def test_a_dataset_is_the_table_with_its_path_in_any_case():
    (line,) = check(
        job("job", "raw.public.orders", "MART.PUBLIC.ORDERS"),
        process("back", "MART/PUBLIC/ORDERS", "RAW/PUBLIC/ORDERS"),
    )

    assert f"{WAREHOUSE}/MART/PUBLIC/ORDERS → {WAREHOUSE}/RAW/PUBLIC/ORDERS" in line


def test_a_dataset_with_an_ambiguous_path_is_not_resolved():
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

    assert len(check(there, back)) == 1
    assert check(there, back, other) == []


def test_datasets_with_the_same_path_in_two_systems_are_different():
    there = job("there", "A.B.C", "X.Y.Z")
    back = job("back", "X.Y.Z", "A.B.C", namespace="snowflake://another")

    assert check(there, back) == []
    assert check(there, back, process("on", "A/B/C", "O/P/Q")) == []


def test_jobs_alone_can_form_a_cycle():
    (line,) = check(job("there", "A.B.C", "X.Y.Z"), job("back", "x.y.z", "a.b.c"))

    assert f"{SNOWFLAKE}/A.B.C → " in line or f"{SNOWFLAKE}/a.b.c → " in line


# -- columns -------------------------------------------------------------------------------------------


def test_a_cycle_of_columns_fails_without_their_tables():
    (line,) = check(
        lineage("one", "there", {"P/B/ID": "P/A/ID"}), lineage("two", "back", {"P/A/ID": "P/B/ID"})
    )

    assert line.startswith(f"two: ColumnProcess '{WAREHOUSE}/back/column/ID': inputs: ")
    assert f"{WAREHOUSE}/P/A/ID → {WAREHOUSE}/P/B/ID → {WAREHOUSE}/P/A/ID" in line


def test_a_cycle_of_columns_within_a_cycle_of_tables_is_not_reported():
    both = [lineage("one", "A-B", {"P/B/ID": "P/A/ID"}), lineage("two", "B-A", {"P/A/ID": "P/B/ID"})]

    (line,) = check(*chain("A", "B", "A"), *both)

    assert line.startswith("B-A: Process ")


def test_a_cycle_of_columns_across_two_cycles_of_tables_is_reported():
    across = [lineage("one", "x", {"P/C/ID": "P/A/ID"}), lineage("two", "y", {"P/A/ID": "P/C/ID"})]

    lines = check(*chain("A", "B", "A"), *chain("C", "D", "C"), *across)

    assert [cycle_in(line) for line in lines] == [["ID", "ID", "ID"], ["A", "B", "A"], ["C", "D", "C"]]


def test_a_cycle_of_columns_in_one_table_fails():
    (line,) = check(lineage("one", "load", {"P/A/X": "P/A/Y", "P/A/Y": "P/A/X"}))

    assert "/P/A/X → " in line


def test_columns_that_go_back_and_forth_without_a_cycle_pass():
    assert check(lineage("one", "load", {"P/A/X": "P/B/X", "P/B/Y": "P/A/Y"})) == []


def test_a_field_is_the_column_with_its_path():
    there = job(
        "job",
        "RAW.PUBLIC.ORDERS",
        "MART.PUBLIC.ORDERS",
        {"MART.PUBLIC.ORDERS.NET": ["RAW.PUBLIC.ORDERS.AMOUNT"]},
    )
    back = lineage("back", "elsewhere", {"RAW/PUBLIC/ORDERS/AMOUNT": "MART/PUBLIC/ORDERS/NET"})
    other = lineage("back", "elsewhere", {"RAW/PUBLIC/ORDERS/AMOUNT": "MART/PUBLIC/ORDERS/GROSS"})

    (line,) = check(there, back)

    assert f"{WAREHOUSE}/MART/PUBLIC/ORDERS/NET" in line
    assert check(there, other) == []


# -- unknown values ------------------------------------------------------------------------------------


def test_known_assets_close_a_cycle_next_to_an_unknown_one():
    assert len(check(process("there", [ENGINE_UNKNOWN, "P/A"], "P/B"), process("back", "P/B", "P/A"))) == 1


def test_unknown_assets_close_no_cycle():
    assert check(process("there", "P/A", ENGINE_UNKNOWN), process("back", "P/B", "P/A")) == []


def test_a_process_of_unknown_name_closes_a_cycle():
    nameless = resource(
        "Process",
        "nameless",
        name="nameless",
        connection=ENGINE_UNKNOWN,
        process_id="nameless",
        inputs=tables("P/A"),
        outputs=tables("P/B"),
    )

    (line,) = check(nameless, process("back", "P/B", "P/A"))

    assert "Process 'nameless'" in line


# -- settings ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["in Python", "in a file"])
def test_a_cycle_through_an_ignored_asset_passes(how):
    ignored = {"ignore": ["*/P/B"]}
    given = {"file": ignored} if how == "in a file" else ignored

    assert check(*chain("A", "B", "A"), **given) == []
    assert check(*chain("A", "C", "A"), *chain("A", "B", "A"), **given) != []


def test_ignoring_a_table_ignores_its_columns():
    both = [lineage("one", "x", {"P/B/ID": "P/A/ID"}), lineage("two", "y", {"P/A/ID": "P/B/ID"})]

    assert check(*both, ignore=["*/P/B"]) == []
    assert check(*both, ignore=["*/P/B/ID"]) == []
    assert check(*both, ignore=["*/P/B/OTHER"]) != []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"ignore": "*"}, "ignore: must be a valid list"),
        ({"ignore": [""]}, "ignore[0]: string should have at least 1 character"),
        ({"ignored": ["*"]}, "ignored: unknown setting; did you mean 'ignore'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        lineage_cycle(**settings)

    assert str(caught.value) == f"the rule 'lineage-cycle' cannot be set up: {reason}"


# -- compared with a naive reference, and at size ------------------------------------------------------

TABLES = "ABCDEFG"
sides = st.sets(st.sampled_from(TABLES), min_size=1, max_size=3)
edges = st.lists(st.tuples(sides, sides).filter(lambda edge: not edge[0] & edge[1]), max_size=12)


def reached(links):
    """Return the transitive closure of the links, by repetition."""
    found = defaultdict(set, {name: set(targets) for name, targets in links.items()})
    while True:
        longer = {name: found[name].union(*(found[each] for each in found[name])) for name in TABLES}
        if longer == found:
            return longer
        found = defaultdict(set, longer)


@given(edges)
def test_cycles_match_reachability(drawn):
    links = defaultdict(set)
    for inputs, outputs in drawn:
        for name in inputs:
            links[name] |= outputs
    closure = reached({name: links[name] for name in TABLES})
    expected = {
        frozenset(other for other in closure[name] if name in closure[other])
        for name in TABLES
        if name in closure[name]
    }

    lines = check(
        *(
            process(
                f"p{number}",
                [f"P/{name}" for name in sorted(inputs)],
                [f"P/{name}" for name in sorted(outputs)],
            )
            for number, (inputs, outputs) in enumerate(drawn)
        )
    )

    found = [cycle_in(line) for line in lines]
    assert {next(group for group in expected if cycle[0] in group) for cycle in found} == expected
    assert len(found) == len(expected)
    for cycle in found:
        assert cycle[0] == cycle[-1]
        assert len(set(cycle[:-1])) == len(cycle) - 1
        assert all(target in links[source] for source, target in pairwise(cycle))


@pytest.mark.timeout(120)  # takes a second; a search from each node would take minutes
def test_ten_thousand_edges_in_one_cycle_are_checked_in_linear_time():
    last = 10_000
    processes = {
        f"p{number:05}": {"inputs": f"P/T{number:05}", "outputs": f"P/T{(number + 1) % last:05}"}
        for number in range(last)
    }
    whole = resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes)

    (line,) = check(whole)

    assert "… 9,993 more …" in line


@pytest.mark.timeout(120)  # takes a second; four hundred million links would fill the memory
def test_a_wide_process_is_not_expanded_to_pairs():
    sides = {
        side: tables([f"P/{side[0].upper()}{number}" for number in range(20_000)])
        for side in ("inputs", "outputs")
    }
    named = {"name": "wide", "connection": WAREHOUSE, "qualified_name": f"{WAREHOUSE}/wide"}
    wide = Resource("Process", "wide", {**named, **sides})

    (line,) = check(wide, process("back", "P/O7", "P/I7"))

    assert cycle_in(line) == ["I7", "O7", "I7"]


# -- reads_own_output -----------------------------------------------------------------------------------


def test_reads_own_output_closes_no_cycle():
    merge = process("merge", ["P/A", "P/B"], "P/B", reads_own_output=True)

    assert check(merge) == []


def test_a_cycle_through_a_process_with_reads_own_output_is_reported():
    merge = process("merge", ["P/A", "P/B"], ["P/B", "P/C"], reads_own_output=True)

    assert [cycle_in(line) for line in check(merge, *chain("B", "D", "A"))] == [["A", "B", "D", "A"]]
    assert [cycle_in(line) for line in check(merge, *chain("C", "B"))] == [["B", "C", "B"]]


@pytest.mark.parametrize("columns", [{"P/T/A": "P/T/A"}, {"P/T/A": "P/T/B", "P/T/B": "P/T/A"}])
def test_columns_with_reads_own_output_close_no_cycle(columns):
    assert check(lineage("cols", "merge", columns, reads_own_output=True)) == []
