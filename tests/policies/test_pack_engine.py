"""The pack under the real engine: what violations stop, where they are reported, and what is not affected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.atlan import table_name
from support.stack import Run, Stack

from atlan_pulumi import policies

pytestmark = pytest.mark.engine

PACK = str(Path(policies.__file__).parent / "pack")
#: The tables T0 and T1 are raw, T2 and T3 silver, T4 and T5 gold.
LAYERS = [
    {"name": name, "patterns": [f"*/T{number}", f"*/T{number + 1}"]}
    for number, name in ((0, "raw"), (2, "silver"), (4, "gold"))
]
ONLY_LAYERS = {"all": "disabled", "layer-order": {"enforcementLevel": "mandatory", "layers": LAYERS}}


def process(name: str, source: int, target: int, more: str = "") -> str:
    return (
        f"{name} = atlan.Process({name!r}, name={name!r}, connection=WAREHOUSE, process_id='p-{name}', "
        f"inputs=[atlan.table({table_name(source)!r})], "
        f"outputs=[atlan.table({table_name(target)!r})], {more})\n"
    )


CLEAN, SKIPPING = process("clean", 0, 2), process("skipping", 1, 4)


def configured(stack: Stack, config: dict[str, Any]) -> list[str]:
    """Return the options for the pack with a configuration."""
    file = stack.folder / "policies.json"
    file.write_text(json.dumps(config))
    return ["--policy-pack", PACK, "--policy-pack-config", str(file)]


def violations(run: Run) -> list[tuple[str, str, str]]:
    """Return the level, the rule, and the resource of each violation."""
    found = [event["policyEvent"] for event in run.events if "policyEvent" in event]
    return sorted(
        (each["enforcementLevel"], each["policyName"], each["resourceUrn"].split("::")[-1]) for each in found
    )


def written(server) -> int:
    return httpx.get(f"{server.base_url}/_local/stats").json()["entities_written"]


def test_a_mandatory_violation_fails_the_preview(new_stack, server) -> None:
    stack = new_stack(CLEAN + SKIPPING)
    before = written(server)

    run = stack.operate("preview", *configured(stack, ONLY_LAYERS))

    assert run.code != 0
    assert violations(run) == [("mandatory", "layer-order", "skipping")]
    assert "read from the layer 'silver' instead" in run.output
    assert "Traceback" not in run.output
    assert written(server) == before


def test_a_deployment_without_a_preview_does_not_write_a_mandatory_violation(new_stack, server) -> None:
    stack = new_stack(CLEAN + SKIPPING)

    run = stack.operate("up", "--yes", "--skip-preview", *configured(stack, ONLY_LAYERS))

    assert run.code != 0
    assert violations(run) == [("mandatory", "layer-order", "skipping")]
    assert "skipping" not in stack.resources()


@pytest.mark.soak
def test_advisory_violations_do_not_stop_a_deployment(new_stack) -> None:
    lots = {f"p{number}": {"inputs": table_name(1), "outputs": table_name(4)} for number in range(3)}
    stack = new_stack(
        CLEAN + SKIPPING + f"atlan.ProcessSet('lots', connection=WAREHOUSE, processes={lots!r})\n"
    )
    advice = {**ONLY_LAYERS, "layer-order": {**ONLY_LAYERS["layer-order"], "enforcementLevel": "advisory"}}

    run = stack.operate("up", "--yes", "--skip-preview", *configured(stack, advice))

    assert run.code == 0
    assert violations(run) == [("advisory", "layer-order", "lots")] * 3 + [
        ("advisory", "layer-order", "skipping")
    ]
    assert stack.resources().keys() == {"clean", "skipping", "lots"}


@pytest.mark.soak
def test_a_mandatory_rule_checks_the_known_values_of_a_preview(new_stack) -> None:
    stack = new_stack(CLEAN + process("skipping", 1, 4, "description=clean.guid"))

    run = stack.operate("preview", *configured(stack, ONLY_LAYERS))

    assert run.code != 0
    assert violations(run) == [("mandatory", "layer-order", "skipping")]
    assert run.step("clean").operation == "create"


def test_policies_do_not_run_on_resources_that_fail_provider_checks(new_stack) -> None:
    named = "qualified_name='default/airflow/1700000000', connector='airflow', admin_users=['alice']"
    stack = new_stack(f"atlan.Connection('etl', name='etl', port=70000, {named})\n")
    rule = {"enforcementLevel": "mandatory", "requiredGroups": ["data"]}

    run = stack.operate("preview", *configured(stack, {"all": "disabled", "connection-admins": rule}))

    assert run.code != 0
    assert violations(run) == []
    assert [error for error in run.errors if "65535" in error]


@pytest.mark.soak
def test_a_remediation_is_deployed_and_the_next_preview_is_empty(new_stack, server) -> None:
    stack = new_stack(process("clean", 0, 2, "description='Cleans.'"))
    rule = {"enforcementLevel": "remediate", "defaultOwnerUsers": ["alice"]}
    options = configured(stack, {"all": "disabled", "owner-and-description": rule})

    stack.up(None, *options)

    assert stack.resources()["clean"]["inputs"]["owner_users"] == ["alice"]
    again = stack.preview(*options)
    assert set(again.changes) == {"same"}


def test_protected_lineage_is_not_deleted_by_one_change_or_two(new_stack) -> None:
    kept = process("kept", 0, 2, "opts=pulumi.ResourceOptions(protect=True)")
    stack = new_stack(kept)
    rule = {"enforcementLevel": "mandatory", "patterns": ["*/p-kept"]}
    options = configured(stack, {"all": "disabled", "protected-lineage": rule})
    stack.up(None, *options)

    stack.write(process("kept", 0, 2))  # first without its protection, to delete it next time
    run = stack.operate("up", "--yes", "--skip-preview", *options)
    assert run.code != 0
    assert violations(run) == [("mandatory", "protected-lineage", "kept")]

    stack.write("")  # or at once
    run = stack.operate("preview", *options)
    assert run.code != 0
    assert "cannot be deleted" in run.output
    assert stack.resources().keys() == {"kept"}


def test_the_pack_checks_every_kind_of_resource(new_stack) -> None:
    program = f"""
etl = atlan.Connection("etl", name="etl", connector="airflow", admin_roles=["$admin"])
load = atlan.Process("load", name="load", connection=etl, inputs=[atlan.table({table_name(0)!r})],
                     outputs=[atlan.table({table_name(2)!r})])
atlan.ColumnProcess("id", name="id", process=load, inputs=[atlan.column({table_name(0) + "/ID"!r})],
                    outputs=[atlan.column({table_name(2) + "/ID"!r})])
atlan.ColumnLineage("columns", process=load, columns={{"A": "B"}})
atlan.LineageMap("map", connection=WAREHOUSE,
                 processes={{"p": {{"inputs": "DB/S/T1", "outputs": "DB/S/T3"}}}})
spark = atlan.OpenLineageConnection("spark", name="spark", connector="spark", admin_roles=["$admin"])
atlan.OpenLineageJob("job", connection=spark, inputs=[atlan.dataset("snowflake://abc", "DB.S.T0")],
                     outputs=[atlan.dataset("snowflake://abc", "DB.S.T2")], columns={{"ID": ["ID"]}})
"""
    stack = new_stack(program)

    run = stack.operate("up", "--yes", "--skip-preview", "--policy-pack", PACK)

    assert run.code == 0, run.output
    assert {level for level, _, _ in violations(run)} == {"advisory"}
    assert ("advisory", "stable-process-id", "load") in violations(run)
    assert "can't run policy" not in run.output

    offline = analyze(stack)
    assert offline.code == 0
    assert "stable-process-id  (pulumi-python:dynamic/atlan:Process: load)" in offline.output


def analyze(stack: Stack):
    """Run the pack on the state alone, without a program and without Atlan."""
    state = stack.folder / "state.json"
    state.write_text(stack.run("stack", "export").check().output)
    stack.write("raise RuntimeError('nobody runs me')\n")
    unreachable = {"ATLAN_BASE_URL": "http://127.0.0.1:1", "PULUMI_BACKEND_URL": "file:///nowhere"}
    arguments = ["policy", "analyze", "--policy-pack", PACK, "--file", str(state)]
    return stack.run(*arguments, environ=unreachable)


@pytest.mark.soak
def test_a_custom_pack_sets_levels_and_settings(new_stack) -> None:
    stack = new_stack(CLEAN + SKIPPING)
    layers = {each["name"]: each["patterns"] for each in LAYERS}
    mine = f"all='disabled', layer_order={{'enforcement_level': 'mandatory', 'layers': {layers!r}}}"

    run = stack.operate("preview", "--policy-pack", custom_pack(stack, f"LineagePolicies('ours', {mine})\n"))

    assert run.code != 0
    assert violations(run) == [("mandatory", "layer-order", "skipping")]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (
            "LineagePolicies(layers_order='mandatory')",
            "unknown rule 'layers_order'; did you mean 'layer_order'?",
        ),
        pytest.param(
            "LineagePolicies(layer_order={'layer': {}})",
            "the rule 'layer-order' cannot be set up: layer: unknown setting",
            marks=pytest.mark.soak,
        ),
    ],
)
def test_an_invalid_pack_is_refused_in_one_line(new_stack, call, reason) -> None:
    stack = new_stack(CLEAN)

    run = stack.operate("preview", "--policy-pack", custom_pack(stack, f"{call}\n"))

    assert run.code != 0
    assert f"the policy pack 'atlan-lineage' cannot be set up: {reason}" in run.output
    assert "Traceback" not in run.output


@pytest.mark.soak
def test_an_unknown_setting_in_the_file_is_refused(new_stack) -> None:
    stack = new_stack(CLEAN)

    run = stack.operate("preview", *configured(stack, {"layer-order": {"layer": LAYERS}}))

    assert run.code != 0
    assert "layer: unknown setting; did you mean 'layers'?" in run.output
    assert "Traceback" not in run.output


def custom_pack(stack: Stack, call: str) -> str:
    folder = stack.folder / "pack"
    folder.mkdir(exist_ok=True)
    (folder / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 1.0.0\n")
    (folder / "__main__.py").write_text(f"from atlan_pulumi.policies import LineagePolicies\n{call}")
    return str(folder)
