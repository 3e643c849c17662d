"""Recover a lost state: the original program has an empty preview, and nothing is removed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from importer.command import run_import
from importer.programs import COMPACT, COMPONENT, ETL, SPARK
from support.stack import NewStack, Run, Stack

from atlan_pulumi.client import AtlanClient, Entity

pytestmark = pytest.mark.engine

PAGE = (Path(__file__).parents[2] / "docs" / "recovery.md").read_text("utf-8")
TYPES = ("Connection", "Process", "ColumnProcess", "SparkJob")


def made(client: AtlanClient) -> dict[tuple[str, str], Entity]:
    """Return all entities in Atlan that programs can create."""
    found = {}
    for type_name in TYPES:
        listed = client.search.live({"term": {"__typeName.keyword": type_name}}, attributes=["qualifiedName"])
        for each in client.entities.get_many([str(each.guid) for each in listed]).values():
            found[type_name, each.qualified_name] = each
    return found


def unchanged(before: dict[tuple[str, str], Entity], after: dict[tuple[str, str], Entity]) -> None:
    """Assert that nothing was removed, replaced, or written."""
    assert {key: (each.guid, each.update_time) for key, each in after.items()} == {
        key: (each.guid, each.update_time) for key, each in before.items()
    }


def shell(stack: Stack, script: str) -> str:
    """Run commands of a page in the stack's folder."""
    path = os.pathsep.join([str(Path(sys.executable).parent), stack.environ.get("PATH", os.environ["PATH"])])
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=stack.folder,
        env={**os.environ, **stack.environ, "PATH": path, "PULUMI_SKIP_CONFIRMATIONS": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def nothing_to_do(*runs: Run) -> None:
    """Assert that runs are empty, the ownership mark included; columns and datasets have several forms."""
    for run in runs:
        assert set(run.changes) == {"same"}, run.output
        differing = {name for step in run.steps for name in step.diffs}
        assert differing <= {"columns", "sql", "processes", "inputs", "outputs"}, run.output


@pytest.mark.soak
def test_the_commands_on_the_page_recover_a_lost_state(new_stack: NewStack, client: AtlanClient) -> None:
    stack = new_stack(COMPACT)
    stack.run("stack", "init", "prod").check()
    stack.up()
    before = made(client)
    report = run_import(stack, "--connection", ETL, "--code", "there.py", "--file", "there.json")
    assert "import these only if that state is lost" not in report.stdout, "the mark is of this stack"
    stack.run("stack", "rm", "prod", "--force", "--yes").check()

    (script,) = re.findall(r"```sh\n(pulumi stack init prod.*?)```", PAGE, re.DOTALL)
    output = shell(stack, script)
    assert "warning" not in output
    assert "import these only if that state is lost" in output
    nothing_to_do(stack.refresh(), stack.preview())
    unchanged(before, made(client))
    assert stack.destroy().changes == {"delete": 6}
    assert set(made(client)) == {("Connection", "default/snowflake/1657025257")}


@pytest.mark.soak
@pytest.mark.parametrize("form", [None, "column-lineage", "lineage-map", "column-process"])
def test_the_program_can_be_restored_after_an_import_in_any_form(
    new_stack: NewStack, client: AtlanClient, form: str | None
) -> None:
    stack = new_stack(COMPACT)
    stack.up()
    before = made(client)
    stack.run("state", "delete", "--all", "--yes").check()
    options = ["--as", form] if form else []
    done = run_import(stack, "--connection", ETL, "--connection", SPARK, *options)
    assert done.returncode == 0, done.stderr
    imported = stack.run(
        "import", "--file", "import.json", "--generate-code=false", "--protect=false", "--yes"
    )
    assert "warning" not in imported.check().output
    stack.write("import lineage\n")
    if form != "lineage-map":  # single processes get the mark of the map
        nothing_to_do(stack.preview(), stack.refresh(), stack.preview())
    stack.up()
    nothing_to_do(stack.refresh(), stack.preview())

    stack.write(COMPACT)
    preview = stack.preview()
    assert "replace" not in preview.changes
    stack.up()
    after = made(client)
    assert {key: each.guid for key, each in after.items()} == {key: each.guid for key, each in before.items()}
    nothing_to_do(stack.refresh(), stack.preview())
    stack.destroy()
    assert set(made(client)) == {("Connection", "default/snowflake/1657025257")}


@pytest.mark.soak
def test_resources_below_components_are_recovered_unchanged(new_stack: NewStack, client: AtlanClient) -> None:
    stack = new_stack(COMPACT + COMPONENT)
    stack.up()
    before = made(client)
    stack.run("stack", "rm", "test", "--force", "--yes").check()
    stack.run("stack", "init", "test").check()
    assert run_import(stack, "--connection", ETL, "--connection", SPARK).returncode == 0
    options = ("--generate-code=false", "--protect=false", "--yes")
    assert "warning" not in stack.run("import", "--file", "import.json", *options).check().output
    for program in ("import lineage\n", COMPACT + COMPONENT):
        stack.write(program)
        nothing_to_do(stack.preview())
        stack.up()
        nothing_to_do(stack.refresh(), stack.preview())
        unchanged(before, made(client))


@pytest.mark.soak
def test_a_job_survives_an_import_as_single_resources(new_stack: NewStack, client: AtlanClient) -> None:
    stack = new_stack(COMPACT)
    stack.up()
    before = made(client)
    stack.run("state", "delete", "--all", "--yes").check()
    options = ("--as", "column-process", "--no-openlineage")
    assert run_import(stack, "--connection", ETL, "--connection", SPARK, *options).returncode == 0
    stack.run("import", "--file", "import.json", "--generate-code=false", "--protect=false", "--yes").check()
    stack.up()
    after = made(client)
    assert {key: each.guid for key, each in after.items()} == {key: each.guid for key, each in before.items()}
