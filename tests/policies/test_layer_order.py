"""`layer-order`: none is skipped, and nothing flows back."""

from __future__ import annotations

import pytest
from policies.judging import UNKNOWN_YET, WAREHOUSE, process, resource, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.layer_order import layer_order

LAYERS = {"raw": ["*/RAW/*"], "silver": ["*/SILVER/*"], "gold": ["*/GOLD/*"]}
SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"


def told(*resources, **settings):
    return violations(layer_order, *resources, **{"layers": LAYERS, **settings})


def lineage(columns):
    """A `ColumnLineage` between columns that are given by their paths in the warehouse."""
    full = {f"{WAREHOUSE}/{target}": f"{WAREHOUSE}/{source}" for target, source in columns.items()}
    parent = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
    return resource("ColumnLineage", "columns", process=parent, columns=full)


def job(source, target, columns=None):
    return resource(
        "OpenLineageJob",
        "job",
        connection="default/spark/1657025400",
        job_name="job",
        inputs=[{"namespace": SNOWFLAKE, "name": source}],
        outputs=[{"namespace": SNOWFLAKE, "name": target}],
        columns=columns or {},
    )


@pytest.mark.parametrize(
    ("source", "target"),
    [("RAW", "SILVER"), ("SILVER", "GOLD"), ("RAW", "RAW"), ("OTHER", "GOLD"), ("RAW", "OTHER")],
)
def test_the_next_layer_its_own_and_none_pass(source, target):
    assert told(process("load", f"{source}/P/A", f"{target}/P/B")) == []


def test_a_skipped_layer_fails():
    (line,) = told(process("load", "RAW/P/A", "GOLD/P/B"))

    assert line == (
        f"load: Process '{WAREHOUSE}/load': inputs: Table '{WAREHOUSE}/GOLD/P/B' of the layer 'gold' reads "
        f"Table '{WAREHOUSE}/RAW/P/A' of the layer 'raw': go by way of 'silver'"
    )


def test_a_skipped_layer_passes_where_that_is_allowed():
    assert told(process("load", "RAW/P/A", "GOLD/P/B"), allow_skips=True) == []


@pytest.mark.parametrize("allow_skips", [True, False])
@pytest.mark.parametrize(("source", "target"), [("GOLD", "RAW"), ("GOLD", "SILVER"), ("SILVER", "RAW")])
def test_what_flows_back_fails_in_any_case(source, target, allow_skips):
    (line,) = told(process("load", f"{source}/P/A", f"{target}/P/B"), allow_skips=allow_skips)

    assert f"of the layer {source.lower()!r}, which comes after it" in line
    assert line.endswith("turn the edge around, or move one of the two")


def test_each_pair_of_an_input_and_an_output_is_judged():
    lines = told(process("load", ["RAW/P/A", "SILVER/P/A"], ["SILVER/P/B", "GOLD/P/B"]))

    assert len(lines) == 1
    assert "GOLD/P/B" in lines[0]
    assert "RAW/P/A" in lines[0]


def test_of_two_layers_that_match_the_first_one_counts():
    layers = {"raw": ["*/RAW/*"], "silver": ["*"], "gold": ["*/GOLD/*"]}

    assert told(process("load", "RAW/P/A", "GOLD/P/B"), layers=layers) == []


def test_without_layers_nothing_is_checked():
    assert violations(layer_order, process("load", "GOLD/P/A", "RAW/P/B")) == []


# -- kinds of resources --------------------------------------------------------------------------------


def test_a_column_is_of_the_layer_of_its_table():
    (line,) = told(lineage({"GOLD/P/B/ID": "RAW/P/A/ID"}))

    assert line.startswith(f"columns: ColumnProcess '{WAREHOUSE}/load/column/ID': inputs: Column ")
    assert told(lineage({"SILVER/P/B/ID": "RAW/P/A/ID"})) == []


def test_a_pattern_of_tables_covers_their_columns():
    layers = {"raw": ["*/RAW/P/A"], "silver": ["*/SILVER/*"], "gold": ["*/GOLD/P/B"]}

    assert len(told(lineage({"GOLD/P/B/ID": "RAW/P/A/ID"}), layers=layers)) == 1


def test_a_column_process_of_its_own_is_judged_like_the_rest():
    single = resource(
        "ColumnProcess",
        "id",
        name="id",
        process_id="id",
        process={"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"},
        inputs=[{"type_name": "Column", "qualified_name": f"{WAREHOUSE}/GOLD/P/A/ID"}],
        outputs=[{"type_name": "Column", "qualified_name": f"{WAREHOUSE}/RAW/P/A/ID"}],
    )

    assert len(told(single)) == 1


def test_each_process_and_column_of_a_set_is_judged():
    processes = {
        "good": {"inputs": "RAW/P/A", "outputs": "SILVER/P/A", "columns": {"ID": "ID"}},
        "bad": {"inputs": "RAW/P/A", "outputs": "GOLD/P/A", "columns": {"ID": "ID"}},
    }
    lines = told(resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes))

    assert [line.split(": ")[1] for line in lines] == [
        f"Process '{WAREHOUSE}/bad'",
        f"ColumnProcess '{WAREHOUSE}/bad/column/ID'",
    ]


def test_the_many_edges_of_a_set_are_told_in_short():
    processes = {
        f"p{number:04}": {"inputs": "RAW/P/A", "outputs": f"GOLD/P/T{number}"} for number in range(2000)
    }
    lines = told(resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes))

    assert len(lines) == 11
    assert lines[-1] == "set: … and 1,990 more like these"


def test_the_datasets_of_a_job_are_matched_by_slashes():
    (line,) = told(job("RAW.P.A", "GOLD.P.B"))

    assert line.startswith("job: Process 'default/spark/1657025400/job/process': inputs: Dataset ")
    assert told(job("RAW.P.A", "SILVER.P.B")) == []


def test_the_fields_of_a_job_are_of_the_layers_of_their_datasets():
    lines = told(job("RAW.P.A", "GOLD.P.B", {"GOLD.P.B.ID": ["RAW.P.A.ID"]}))

    assert len(lines) == 2
    assert f"Column '{SNOWFLAKE}/RAW.P.A/ID' of the layer 'raw'" in lines[1]


def test_a_connection_has_no_layers():
    etl = resource("Connection", "etl", name="etl", connector="airflow", admin_roles=["$admin"])

    assert told(etl) == []


# -- what is not known yet -----------------------------------------------------------------------------


def test_the_known_inputs_are_judged_beside_an_unknown_one():
    assert len(told(process("load", [UNKNOWN_YET, "RAW/P/A"], "GOLD/P/B"))) == 1


@pytest.mark.parametrize(("inputs", "outputs"), [(UNKNOWN_YET, "GOLD/P/B"), ("RAW/P/A", UNKNOWN_YET)])
def test_what_is_unknown_as_a_whole_is_passed_over(inputs, outputs):
    assert told(process("load", inputs, outputs)) == []


# -- settings ------------------------------------------------------------------------------------------


def test_a_file_gives_the_layers_as_a_list_in_their_order():
    file = {
        "layers": [{"name": name, "patterns": patterns} for name, patterns in LAYERS.items()],
        "allowSkips": True,
    }
    forth, back = process("forth", "RAW/P/A", "GOLD/P/B"), process("back", "GOLD/P/A", "RAW/P/B")

    (line,) = violations(layer_order, forth, back, file=file)

    assert line.startswith("back: ")


def test_a_list_will_do_in_python_too():
    layers = [{"name": "gold", "patterns": ["*/GOLD/*"]}, {"name": "raw", "patterns": ["*/RAW/*"]}]

    assert told(process("load", "GOLD/P/A", "RAW/P/B"), layers=layers) == []


def test_the_file_has_the_last_word():
    skip = process("load", "RAW/P/A", "GOLD/P/B")

    assert violations(layer_order, skip, file={"allowSkips": True}, layers=LAYERS) == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"layers": {"raw": []}}, "layers[0].patterns: list should have at least 1 item"),
        ({"layers": {"raw": "*/RAW/*"}}, "layers[0].patterns: must be a valid list"),
        ({"layers": {"raw": [""]}}, "layers[0].patterns[0]: string should have at least 1 character"),
        ({"layers": {"": ["*"]}}, "layers[0].name: string should have at least 1 character"),
        ({"layers": [{"name": "raw"}]}, "layers[0].patterns: field required"),
        ({"layers": [{"name": "raw", "patterns": ["*"]}] * 2}, "layers: 'raw' is given twice"),
        ({"layers": "raw"}, "layers: must be a valid list"),
        ({"allow_skip": True}, "allow_skip: there is no such setting; did you mean 'allowSkips'?"),
        ({"allow_skips": "perhaps"}, "allow_skips: must be a valid boolean"),
    ],
)
def test_a_setting_that_cannot_be_right(settings, reason):
    with pytest.raises(PolicyError) as caught:
        layer_order(**settings)

    assert str(caught.value).startswith(f"the rule 'layer-order' cannot be set up: {reason}")
