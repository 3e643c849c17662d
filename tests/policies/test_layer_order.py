"""`layer-order`: data flows from layer to layer, without skipping one or flowing back."""

from __future__ import annotations

import pytest
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, process, resource, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.layer_order import layer_order

LAYERS = {"raw": ["*/RAW/*"], "silver": ["*/SILVER/*"], "gold": ["*/GOLD/*"]}
SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"


def check(*resources, **settings):
    return violations(layer_order, *resources, **{"layers": LAYERS, **settings})


def lineage(columns):
    """Return a `ColumnLineage` between columns, by their paths in the warehouse."""
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
def test_the_next_layer_the_same_and_none_pass(source, target):
    assert check(process("load", f"{source}/P/A", f"{target}/P/B")) == []


def test_a_skipped_layer_fails():
    (line,) = check(process("load", "RAW/P/A", "GOLD/P/B"))

    assert line == (
        f"load: Process '{WAREHOUSE}/load': inputs: Table '{WAREHOUSE}/GOLD/P/B' of the layer 'gold' reads "
        f"Table '{WAREHOUSE}/RAW/P/A' of the layer 'raw': read from the layer 'silver' instead"
    )


def test_a_skipped_layer_passes_with_allow_skips():
    assert check(process("load", "RAW/P/A", "GOLD/P/B"), allow_skips=True) == []


@pytest.mark.parametrize("allow_skips", [True, False])
@pytest.mark.parametrize(("source", "target"), [("GOLD", "RAW"), ("GOLD", "SILVER"), ("SILVER", "RAW")])
def test_data_that_flows_back_always_fails(source, target, allow_skips):
    (line,) = check(process("load", f"{source}/P/A", f"{target}/P/B"), allow_skips=allow_skips)

    assert f"of the layer {source.lower()!r}, a later layer" in line
    assert line.endswith("reverse the edge, or move one of the two")


def test_each_pair_of_an_input_and_an_output_is_checked():
    lines = check(process("load", ["RAW/P/A", "SILVER/P/A"], ["SILVER/P/B", "GOLD/P/B"]))

    assert len(lines) == 1
    assert "GOLD/P/B" in lines[0]
    assert "RAW/P/A" in lines[0]


def test_the_first_matching_layer_counts():
    layers = {"raw": ["*/RAW/*"], "silver": ["*"], "gold": ["*/GOLD/*"]}

    assert check(process("load", "RAW/P/A", "GOLD/P/B"), layers=layers) == []


def test_without_layers_nothing_is_checked():
    assert violations(layer_order, process("load", "GOLD/P/A", "RAW/P/B")) == []


# -- kinds of resources --------------------------------------------------------------------------------


def test_a_column_has_the_layer_of_its_table():
    (line,) = check(lineage({"GOLD/P/B/ID": "RAW/P/A/ID"}))

    assert line.startswith(f"columns: ColumnProcess '{WAREHOUSE}/load/column/ID': inputs: Column ")
    assert check(lineage({"SILVER/P/B/ID": "RAW/P/A/ID"})) == []


def test_a_pattern_of_tables_covers_their_columns():
    layers = {"raw": ["*/RAW/P/A"], "silver": ["*/SILVER/*"], "gold": ["*/GOLD/P/B"]}

    assert len(check(lineage({"GOLD/P/B/ID": "RAW/P/A/ID"}), layers=layers)) == 1


def test_a_single_column_process_is_checked():
    single = resource(
        "ColumnProcess",
        "id",
        name="id",
        process_id="id",
        process={"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"},
        inputs=[{"type_name": "Column", "qualified_name": f"{WAREHOUSE}/GOLD/P/A/ID"}],
        outputs=[{"type_name": "Column", "qualified_name": f"{WAREHOUSE}/RAW/P/A/ID"}],
    )

    assert len(check(single)) == 1


def test_each_process_and_column_of_a_set_is_checked():
    processes = {
        "good": {"inputs": "RAW/P/A", "outputs": "SILVER/P/A", "columns": {"ID": "ID"}},
        "bad": {"inputs": "RAW/P/A", "outputs": "GOLD/P/A", "columns": {"ID": "ID"}},
    }
    lines = check(resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes))

    assert [line.split(": ")[1] for line in lines] == [
        f"Process '{WAREHOUSE}/bad'",
        f"ColumnProcess '{WAREHOUSE}/bad/column/ID'",
    ]


def test_violations_of_a_set_are_limited_to_ten():
    processes = {
        f"p{number:04}": {"inputs": "RAW/P/A", "outputs": f"GOLD/P/T{number}"} for number in range(2000)
    }
    lines = check(resource("ProcessSet", "set", connection=WAREHOUSE, processes=processes))

    assert len(lines) == 11
    assert lines[-1] == "set: … and 1,990 more like these"


def test_dataset_names_match_patterns_with_slashes():
    (line,) = check(job("RAW.P.A", "GOLD.P.B"))

    assert line.startswith("job: Process 'default/spark/1657025400/job/process': inputs: Dataset ")
    assert check(job("RAW.P.A", "SILVER.P.B")) == []


def test_fields_have_the_layer_of_their_dataset():
    lines = check(job("RAW.P.A", "GOLD.P.B", {"GOLD.P.B.ID": ["RAW.P.A.ID"]}))

    assert len(lines) == 2
    assert f"Column '{SNOWFLAKE}/RAW.P.A/ID' of the layer 'raw'" in lines[1]


def test_connections_are_skipped():
    etl = resource("Connection", "etl", name="etl", connector="airflow", admin_roles=["$admin"])

    assert check(etl) == []


# -- unknown values ------------------------------------------------------------------------------------


def test_known_inputs_are_checked_next_to_an_unknown_one():
    assert len(check(process("load", [ENGINE_UNKNOWN, "RAW/P/A"], "GOLD/P/B"))) == 1


@pytest.mark.parametrize(("inputs", "outputs"), [(ENGINE_UNKNOWN, "GOLD/P/B"), ("RAW/P/A", ENGINE_UNKNOWN)])
def test_unknown_sides_are_skipped(inputs, outputs):
    assert check(process("load", inputs, outputs)) == []


# -- settings ------------------------------------------------------------------------------------------


def test_a_file_has_the_layers_as_an_ordered_list():
    file = {
        "layers": [{"name": name, "patterns": patterns} for name, patterns in LAYERS.items()],
        "allowSkips": True,
    }
    forth, back = process("forth", "RAW/P/A", "GOLD/P/B"), process("back", "GOLD/P/A", "RAW/P/B")

    (line,) = violations(layer_order, forth, back, file=file)

    assert line.startswith("back: ")


def test_layers_may_be_a_list_in_python():
    layers = [{"name": "gold", "patterns": ["*/GOLD/*"]}, {"name": "raw", "patterns": ["*/RAW/*"]}]

    assert check(process("load", "GOLD/P/A", "RAW/P/B"), layers=layers) == []


def test_a_file_overrides_settings():
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
        ({"layers": [{"name": "raw", "patterns": ["*"]}] * 2}, "layers: duplicate 'raw'"),
        ({"layers": "raw"}, "layers: must be a valid list"),
        ({"allow_skip": True}, "allow_skip: unknown setting; did you mean 'allowSkips'?"),
        ({"allow_skips": "perhaps"}, "allow_skips: must be a valid boolean"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        layer_order(**settings)

    assert str(caught.value).startswith(f"the rule 'layer-order' cannot be set up: {reason}")
