"""`false-cartesian`: processes with several inputs and several outputs have column lineage."""

from __future__ import annotations

import pytest
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE, columns, process, resource, tables, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.false_cartesian import false_cartesian

BY = "\N{MULTIPLICATION SIGN}"
GUID = "495b1516-aaaf-4390-8cfd-b11ade7a7799"
SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"
WIDE = process("wide", ["RAW/P/A", "RAW/P/B"], ["MART/P/A", "MART/P/B"])
PARENT = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/wide"}


def check(*resources, **settings):
    return violations(false_cartesian, *resources, **settings)


def lineage(process=PARENT, columns=None):
    full = columns or {f"{WAREHOUSE}/MART/P/A/ID": f"{WAREHOUSE}/RAW/P/A/ID"}
    return resource("ColumnLineage", "columns", process=process, columns=full)


def column_process(process=PARENT):
    return resource(
        "ColumnProcess",
        "id",
        name="id",
        connection=WAREHOUSE,
        process_id="id",
        process=process,
        inputs=columns("RAW/P/A/ID"),
        outputs=columns("MART/P/A/ID"),
    )


def datasets(*names, **facets):
    return [
        {"namespace": SNOWFLAKE, "name": name, **({"facets": facets} if facets else {})} for name in names
    ]


def job(**changed):
    given = {"inputs": datasets("RAW.P.A", "RAW.P.B"), "outputs": datasets("MART.P.A", "MART.P.B"), **changed}
    return resource("OpenLineageJob", "job", connection="default/spark/1657025400", job_name="job", **given)


def process_set(**data):
    wide = {"inputs": ["RAW/P/A", "RAW/P/B"], "outputs": ["MART/P/A", "MART/P/B"], **data}
    narrow = {"inputs": "RAW/P/A", "outputs": "MART/P/A"}
    return resource("ProcessSet", "set", connection=WAREHOUSE, processes={"wide": wide, "narrow": narrow})


# -- processes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [("RAW/P/A", "MART/P/A"), (["RAW/P/A", "RAW/P/B"], "MART/P/A"), ("RAW/P/A", ["MART/P/A", "MART/P/B"])],
)
def test_one_input_or_one_output_passes(inputs, outputs):
    assert check(process("load", inputs, outputs)) == []


def test_several_inputs_and_outputs_without_column_lineage_fail():
    (line,) = check(process("wide", ["RAW/P/A", "RAW/P/B", "RAW/P/C"], ["MART/P/A", "MART/P/B"]))

    assert line == (
        f"wide: Process '{WAREHOUSE}/wide': inputs: without column lineage Atlan draws 3 {BY} 2 = 6 edges, "
        "some of which may not exist: map its columns with a ColumnLineage, or declare one process per "
        "flow"
    )


def test_column_lineage_of_the_process_passes():
    assert check(WIDE, lineage()) == []
    assert check(WIDE, column_process()) == []


def test_column_lineage_of_another_process_does_not_count():
    elsewhere = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/elsewhere"}

    assert len(check(WIDE, lineage(elsewhere), column_process(elsewhere))) == 1


def test_column_lineage_by_guid_counts_after_deployment():
    by_guid = column_process({"type_name": "Process", "guid": GUID})
    deployed = WIDE._replace(props={**WIDE.props, "guid": GUID})

    assert check(deployed, by_guid) == []
    assert len(check(WIDE, by_guid)) == 1


def test_each_process_of_a_set_is_checked():
    (line,) = check(process_set())

    assert line.startswith(f"set: Process '{WAREHOUSE}/wide': ")
    assert check(process_set(columns={f"{WAREHOUSE}/MART/P/A/ID": f"{WAREHOUSE}/RAW/P/A/ID"})) == []
    assert check(process_set(), lineage()) == []


def test_a_job_is_checked():
    (line,) = check(job())

    assert f"2 {BY} 2 = 4 edges" in line
    assert check(job(columns={"MART.P.A.ID": ["RAW.P.A.ID"]})) == []


def test_the_column_lineage_facet_of_a_job_counts():
    source = {"namespace": SNOWFLAKE, "name": "RAW.P.A", "field": "ID"}
    mapped = datasets("MART.P.A", columnLineage={"fields": {"ID": {"inputFields": [source]}}})

    assert check(job(outputs=[*mapped, *datasets("MART.P.B")])) == []
    assert (
        len(
            check(
                job(
                    outputs=[*datasets("MART.P.A", documentation={"description": "x"}), *datasets("MART.P.B")]
                )
            )
        )
        == 1
    )


# -- unknown values ------------------------------------------------------------------------------------


def test_known_assets_are_checked_next_to_unknown_ones():
    (line,) = check(process("wide", ["RAW/P/A", "RAW/P/B", ENGINE_UNKNOWN], ["MART/P/A", "MART/P/B"]))

    assert f"Atlan draws at least 2 {BY} 2 = 4 edges" in line
    assert check(process("wide", ["RAW/P/A", ENGINE_UNKNOWN], ["MART/P/A", "MART/P/B"])) == []
    assert check(process("wide", ENGINE_UNKNOWN, ["MART/P/A", "MART/P/B"])) == []


def test_unknown_column_lineage_counts():
    assert check(WIDE, lineage(columns={f"{WAREHOUSE}/MART/P/A/ID": ENGINE_UNKNOWN})) == []
    assert check(WIDE, lineage(columns=ENGINE_UNKNOWN)) == []
    assert check(job(columns=ENGINE_UNKNOWN)) == []
    assert check(process_set(columns=ENGINE_UNKNOWN)) == []
    assert check(process_set(columns={f"{WAREHOUSE}/MART/P/A/ID": ENGINE_UNKNOWN})) == []


def test_an_unknown_parent_may_be_any_process():
    assert check(WIDE, column_process(ENGINE_UNKNOWN)) == []
    assert check(WIDE, column_process({"type_name": "Process", "guid": ENGINE_UNKNOWN})) == []


def test_a_parent_of_unknown_name_is_not_a_process_of_known_name():
    nameless = {"type_name": "Process", "qualified_name": ENGINE_UNKNOWN}
    unnamed = resource(
        "Process",
        "unnamed",
        name="unnamed",
        connection=ENGINE_UNKNOWN,
        process_id="unnamed",
        inputs=tables(["RAW/P/A", "RAW/P/B"]),
        outputs=tables(["MART/P/A", "MART/P/B"]),
    )

    assert [line.split(":")[0] for line in check(WIDE, unnamed, column_process(nameless))] == ["wide"]
    assert [line.split(":")[0] for line in check(WIDE, unnamed, column_process())] == ["unnamed"]


# -- settings ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [{"min_inputs": 3}, {"file": {"minInputs": 3.0}}, {"min_outputs": 3}, {"file": {"minOutputs": 3.0}}],
)
def test_the_settings_define_several(given):
    larger = process("larger", ["RAW/P/A", "RAW/P/B", "RAW/P/C"], ["MART/P/A", "MART/P/B", "MART/P/C"])

    (line,) = check(WIDE, larger, **given)

    assert line.startswith("larger: ")


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"min_inputs": 1}, "min_inputs: must be greater than or equal to 2"),
        ({"min_outputs": 2.5}, "min_outputs: must be a valid integer, got a number with a fractional part"),
        (
            {"min_outputs": "many"},
            "min_outputs: must be a valid integer, unable to parse string as an integer",
        ),
        ({"inputs": 2}, "inputs: unknown setting; did you mean 'minInputs'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        false_cartesian(**settings)

    assert str(caught.value) == f"the rule 'false-cartesian' cannot be set up: {reason}"


def test_violations_of_a_set_are_limited_to_ten():
    wide = {"inputs": ["RAW/P/A", "RAW/P/B"], "outputs": ["MART/P/A", "MART/P/B"]}
    many = resource(
        "ProcessSet", "set", connection=WAREHOUSE, processes={f"p{n:03}": wide for n in range(300)}
    )

    lines = check(many)

    assert len(lines) == 11
    assert lines[-1] == "set: … and 290 more like these"
