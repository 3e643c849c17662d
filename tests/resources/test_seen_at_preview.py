"""Refusals and notes of a preview under the real engine: before any write, on the resource, in one line."""

from __future__ import annotations

import pytest
from pyatlan.model.assets import Process, Table
from support.atlan import SEED, WAREHOUSE, Witness, table_name
from support.stack import NewStack, Stack

from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

NAMES = """
def t(n): return atlan.table(f"{WAREHOUSE}/DB/S/{n}")
def c(path): return atlan.column(f"{WAREHOUSE}/DB/S/{path}")
def load(name="load", source="T0", target="T1", connection=WAREHOUSE, **more):
    sides = {"inputs": [t(source)], "outputs": [t(target)]}
    return atlan.Process(name, name="Load", connection=connection, **sides, **more)
def col(parent, source="T0/A", target="T1/B", **more):
    sides = {"inputs": [c(source)], "outputs": [c(target)]}
    return atlan.ColumnProcess("col", name="A", process=parent, **sides, **more)
"""

MISTAKES = {
    "a missing table": (
        "load(source='T9')",
        "inputs",
        f"Atlan has no Table '{WAREHOUSE}/DB/S/T9'",
    ),
    "a missing column": ("col(load(), source='T0/X')", "inputs", f"Atlan has no Column '{table_name(0)}/X'"),
    "a missing parent": (
        "col(WAREHOUSE + '/nightly')",
        "process",
        f"Atlan has no Process '{WAREHOUSE}/nightly'",
    ),
    "another type": (
        "t = lambda n: atlan.view(f'{WAREHOUSE}/DB/S/{n}')\nload()",
        "inputs",
        "there is a Table of that name: refer to it as asset('Table', …)",
    ),
    "a missing connection": (
        "load(connection='default/snowflake/1')",
        "connection",
        "Atlan has no Connection 'default/snowflake/1'",
    ),
    "one name twice": (
        "load('a', process_id='x'); load('b', 'T2', process_id='x')",
        "process_id",
        f"Process '{WAREHOUSE}/x' is declared by 'a' already",
    ),
    "one lineage twice": ("load('a'); load('b')", "inputs", "'a' declares the same inputs and outputs"),
    "anothers name": ("load('theirs')", "process_id", "exists in Atlan already (last written by alice at 20"),
    "a name without an order": (
        "load(); col(WAREHOUSE + '/load')",
        "process",
        "will be created by 'load' of this program",
    ),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, engine: dict[str, str]) -> tuple[LocalAtlan, Stack]:
    """One server and one stack for all previews: they write nothing."""
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        witness = Witness(server.base_url, "key-of-alice")
        witness.make_process(WAREHOUSE, "theirs", 2, 3)
        witness.close()
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
        yield server, Stack(tmp_path_factory.mktemp("seen") / "project", engine, environ=tenant)


#: The others are found by the same checks, which have fast tests of their own.
FIRST = {"a missing table", "one name twice", "anothers name"}


@pytest.mark.parametrize(
    "problem", [each if each in FIRST else pytest.param(each, marks=pytest.mark.soak) for each in MISTAKES]
)
def test_invalid_references_are_refused_at_preview(place: tuple[LocalAtlan, Stack], problem: str) -> None:
    server, stack = place
    program, name, reason = MISTAKES[problem]
    stack.write(NAMES + program)
    written = server.stats()["entities_written"]
    refused = stack.operate("preview")
    refused.assert_refused(name, reason)
    assert all("has a problem" in error for error in refused.errors), refused.output
    assert server.stats()["entities_written"] == written


OTHERS = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

class Provider(ResourceProvider):
    def create(self, props):
        return CreateResult("the-id", props)

class Thing(Resource):
    def __init__(self, name):
        super().__init__(Provider(), name, {})

pulumi.runtime.register_resource_transform(lambda args: None)
for number in range(20):
    Thing(f"before-{number}")
load(source="T9")
for number in range(20):
    Thing(f"after-{number}")
"""


def test_a_refusal_is_the_only_error_also_among_resources_of_others(place: tuple[LocalAtlan, Stack]) -> None:
    _, stack = place
    stack.write(NAMES + OTHERS)
    refused = stack.operate("preview")
    refused.assert_refused("inputs", "Atlan has no Table")
    assert len(refused.errors) == 1, refused.output


@pytest.mark.soak
def test_stray_columns_are_a_warning_an_error_or_nothing(place: tuple[LocalAtlan, Stack]) -> None:
    _, stack = place
    stack.write(NAMES + "col(load(), source='T2/A')")
    reported = (
        f"Column '{table_name(2)}/A' is not a column of any of the inputs of Process '{WAREHOUSE}/load'"
    )
    warned = stack.preview()
    assert [event for event in warned.warnings if reported in event], warned.output
    stack.operate("preview", environ={"ATLAN_STRAY_COLUMNS": "error"}).assert_refused("inputs", reported)
    assert reported not in stack.operate("preview", environ={"ATLAN_STRAY_COLUMNS": "off"}).output
    failed = stack.operate("preview", environ={"ATLAN_STRAY_COLUMNS": "loud"})
    assert (
        "atlan:strayColumns (or ATLAN_STRAY_COLUMNS) must be one of error, warning, off" in failed.errors[0]
    )


def test_lookups_can_be_turned_off(place: tuple[LocalAtlan, Stack]) -> None:
    server, stack = place
    stack.write(NAMES + "load(source='T9')")
    before = server.stats()["requests"]
    assert stack.operate("preview", environ={"ATLAN_PREVIEW_CHECKS": "0"}).changes == {"create": 1}
    assert server.stats()["requests"] == before


def test_hundreds_of_resources_take_few_requests(place: tuple[LocalAtlan, Stack]) -> None:
    server, stack = place
    loads = "loads = [load(f'load-{n}', sql=str(n)) for n in range(300)]\n"
    stack.write(NAMES + loads + "col(loads[7])")
    before = sum(server.stats()["requests"].values())
    assert stack.preview("--suppress-progress").changes == {"create": 301}
    assert sum(server.stats()["requests"].values()) - before <= 40


def test_unknown_inputs_are_skipped(place: tuple[LocalAtlan, Stack]) -> None:
    _, stack = place
    stack.write(
        NAMES
        + "etl = atlan.Connection('etl', name='etl', connector='airflow', admin_roles=['$admin'])\n"
        + "unknown = atlan.asset('Table', guid=etl.guid)\n"
        + "atlan.Process('p', name='p', connection=etl, inputs=[unknown], outputs=[t('T1')])"
    )
    assert stack.preview().changes == {"create": 2}


@pytest.mark.parametrize("pinned", ["", ", qualified_name='default/airflow/77'"])
def test_assets_of_the_program_need_not_exist(place: tuple[LocalAtlan, Stack], pinned: str) -> None:
    _, stack = place
    etl = f"etl = atlan.Connection('etl', name='etl', connector='airflow', admin_roles=['$admin']{pinned})\n"
    stack.write(NAMES + etl + "col(load(connection=etl))")
    assert stack.preview().changes == {"create": 3}


def test_a_deployment_without_a_preview_writes_nothing_either(
    new_stack: NewStack, server: LocalAtlan
) -> None:
    stack = new_stack(NAMES + "load('fine', 'T4', 'T5'); load(source='T9')")
    failed = stack.operate("up", "--yes", "--skip-preview")
    assert failed.code != 0
    assert "Atlan has no Table" in "".join(failed.errors)
    assert server.stats()["entities_written"] == 0
    assert "Traceback" not in failed.output


def test_untargeted_resources_do_not_block_others(new_stack: NewStack, server: LocalAtlan) -> None:
    """A broken neighbor and a broken child. A child alone cannot be created: the message says what to add."""
    stack = new_stack(NAMES + "load(source='T9'); col(load('parent', 'T4', 'T5'), source='T9/A')")
    alone = stack.operate("up", "--yes", "--skip-preview", "--target", "**col")
    (error,) = alone.errors
    assert "process: 'parent', which it needs, does not exist yet and is not targeted: add --target" in error
    assert server.stats()["entities_written"] == 0
    assert stack.up(None, "--target", "**parent").changes == {"create": 1, "same": 2}


@pytest.mark.soak
def test_notes_name_restorations_adoptions_and_replacements(new_stack: NewStack, witness: Witness) -> None:
    for number, name in enumerate(("gone", "theirs")):
        witness.make_process(WAREHOUSE, name, number, 4)
    witness.archive(Process, f"{WAREHOUSE}/gone")
    stack = new_stack(NAMES + "load('one', process_id='p1')")
    stack.up()
    stack.write(
        NAMES
        + "load('one', process_id='p2'); load('gone', 'T2')\n"
        + "load('theirs', 'T3', sql=pulumi.Output.secret('hush'), adopt=True)"
    )
    seen = stack.preview()
    assert (seen.changes["create"], seen.changes["replace"]) == (2, 1)
    notes = "\n".join(seen.notes)
    assert f"Process '{WAREHOUSE}/gone' is archived in Atlan (last written by alice at 20" in notes
    assert "it will be restored" in notes
    assert f"Process '{WAREHOUSE}/theirs' will be taken over (last written by alice at 20" in notes
    assert f"inputs: -'{table_name(1)}' +'{table_name(3)}'" in notes
    assert "hush" not in seen.output
    assert (
        f"process_id changed, and with it the identity: Process '{WAREHOUSE}/p2' will be made, "
        f"and then '{WAREHOUSE}/p1' removed" in notes
    )
    stack.up()
    assert witness.find(Process, f"{WAREHOUSE}/p1") is None
    assert witness.names(Process, f"{WAREHOUSE}/gone", "inputs") == {table_name(2)}
    stack.settled()


def test_assets_removed_later_do_not_block_unchanged_resources(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(NAMES + "load()")
    stack.up()
    witness.purge(Table, table_name(0))
    stack.operate("preview").assert_refused("inputs", f"Atlan has no Table '{table_name(0)}'")
    stack.destroy()
    assert witness.find(Process, f"{WAREHOUSE}/load") is None
