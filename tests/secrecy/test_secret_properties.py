"""Secret properties stay secret in every step, in the state, and in every message."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pyatlan.model.assets import Process
from secrecy.searching import CANARY, FIRST, SECOND, THEIRS, hits_below, hits_in
from support.atlan import WAREHOUSE, Witness, table_name
from support.stack import NewStack, Run, Stack

from atlan_pulumi.local import LocalAtlan

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("secrecy")]

QN = f"{WAREHOUSE}/load"
SIDES = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})]"


def program(more: str = "") -> str:
    """Return a program whose process has a secret SQL, description, and owner."""
    return f"""
import os
sql = pulumi.Output.secret(os.environ["ITS_SQL"])
load = atlan.Process("load", name="Load", connection=WAREHOUSE, {SIDES}, sql=sql,
    description=sql.apply(lambda text: "see " + text), owner_users=[sql], {more})
pulumi.export("guid", load.guid)
pulumi.export("name", load.qualified_name)
"""


@pytest.fixture
def witness(guarded: LocalAtlan) -> Iterator[Witness]:
    """Yield Atlan's SDK as Alice, without the process before and after the test."""
    witness = Witness(guarded.base_url, "key-of-alice")
    for _ in range(2):
        if witness.find(Process, QN) is not None:
            witness.purge(Process, QN)
        if _ == 0:
            yield witness
    witness.close()


@pytest.fixture
def stack(new_stack: NewStack, guarded: LocalAtlan) -> Stack:
    """Return a stack with the first secret."""
    stack = new_stack(program(), ATLAN_BASE_URL=guarded.base_url, ATLAN_API_KEY=CANARY)
    set_secret(stack, FIRST)
    return stack


def set_secret(stack: Stack, text: str) -> None:
    """Set a secret without Pulumi's configuration, whose secrets the engine filters out of all output."""
    stack.environ["ITS_SQL"] = text


def assert_unseen(run: Run, stack: Stack) -> None:
    """Assert that no secret is in the output of a run or in a file."""
    for secret in (FIRST, SECOND, THEIRS):
        assert hits_in(run.output, secret) == [], run.output
        assert list(hits_below(stack.folder, secret)) == []


def assert_shown_as_secret(run: Run, *names: str) -> None:
    """Assert that the properties are shown as secrets."""
    for name in names:
        assert re.search(rf"{name} *: \[secret\]", run.output), run.output


def test_secret_properties_stay_secret_from_preview_to_destroy(stack: Stack, witness: Witness) -> None:
    assert_unseen(stack.preview("--save-plan", str(stack.folder / "plan.json")), stack)
    assert_unseen(stack.up(None, "--diff"), stack)
    made = witness.find(Process, QN)
    assert (made.sql, made.description, made.owner_users) == (FIRST, f"see {FIRST}", {FIRST})

    set_secret(stack, SECOND)
    preview = stack.preview()
    assert preview.changes == {"update": 1}
    assert_shown_as_secret(preview, "sql", "description", "owner_users")
    assert_unseen(preview, stack)
    assert_unseen(stack.up(None, "--diff"), stack)
    assert witness.find(Process, QN).sql == SECOND

    edited = Process.updater(QN, "Load")
    edited.sql, edited.owner_users = THEIRS, {THEIRS}
    witness.client.asset.save(edited)
    refreshed = stack.refresh()
    assert_shown_as_secret(refreshed, "sql", "owner_users")
    assert_unseen(refreshed, stack)
    repaired = stack.up(None, "--diff")
    assert repaired.changes == {"update": 1}
    assert_unseen(repaired, stack)
    assert witness.find(Process, QN).sql == SECOND
    assert_unseen(stack.destroy("--diff"), stack)


@pytest.mark.soak
def test_secret_properties_stay_secret_in_an_adoption(stack: Stack, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "load", 0, 1)
    refused = stack.operate("preview", "--diff")
    assert refused.code != 0
    assert_unseen(refused, stack)
    stack.write(program("adopt=True"))
    preview = stack.preview()
    assert "will be taken over" in preview.output
    assert_unseen(preview, stack)
    assert_unseen(stack.up(None, "--diff"), stack)
    assert witness.find(Process, QN).sql == FIRST


def test_secret_properties_stay_secret_in_an_input_problem(stack: Stack, witness: Witness) -> None:
    stack.write(program("certificate_status=sql, source_created_at=sql, process_derivation=sql"))
    failed = stack.operate("preview", "--diff")
    assert failed.code != 0
    assert any("certificate_status" in error for error in failed.errors)
    assert_unseen(failed, stack)
    assert witness.find(Process, QN) is None


def test_secret_properties_stay_secret_if_the_server_refuses_a_write(
    stack: Stack, guarded: LocalAtlan, witness: Witness
) -> None:
    refusal = {"status": 400, "body": {"message": "no"}}
    guarded.fault({"method": "POST", "path": "/api/meta/entity/bulk*", **refusal})
    failed = stack.operate("up", "--yes", "--skip-preview", "--diff")
    guarded.clear_faults()
    assert failed.code != 0
    assert_unseen(failed, stack)
    assert witness.find(Process, QN) is None
