"""A property that the author made a secret stays one: in each step, in the state, in every message."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pyatlan.model.assets import Process
from secrecy.searching import CANARY, hits_below, hits_in
from support.atlan import WAREHOUSE, Witness, table_name
from support.stack import NewStack, Run, Stack

from atlan_pulumi.local import LocalAtlan

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("secrecy")]

QN = f"{WAREHOUSE}/load"
FIRST, SECOND, THEIRS = "Secr-1/first+sql=7", "Secr-2/second+sql=8", "Secr-3/theirs+sql=9"
SIDES = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})]"


def program(more: str = "") -> str:
    """A process whose SQL, description and owner come from a secret; what follows from them is exported."""
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
    """Atlan's own SDK, as Alice; the process is gone when the test begins, and when it ends."""
    witness = Witness(guarded.base_url, "key-of-alice")
    for _ in range(2):
        if witness.find(Process, QN) is not None:
            witness.purge(Process, QN)
        if _ == 0:
            yield witness
    witness.close()


@pytest.fixture
def stack(new_stack: NewStack, guarded: LocalAtlan) -> Stack:
    """A stack with the first secret."""
    stack = new_stack(program(), ATLAN_BASE_URL=guarded.base_url, ATLAN_API_KEY=CANARY)
    set_secret(stack, FIRST)
    return stack


def set_secret(stack: Stack, text: str) -> None:
    """Not by Pulumi's configuration: what that holds is filtered out of all output by the engine itself."""
    stack.environ["ITS_SQL"] = text


def assert_unseen(run: Run, stack: Stack) -> None:
    """None of the secrets is in what a run said, nor in any file."""
    for secret in (FIRST, SECOND, THEIRS):
        assert hits_in(run.output, secret) == [], run.output
        assert list(hits_below(stack.folder, secret)) == []


def assert_shown_as_secret(run: Run, *names: str) -> None:
    """The properties are shown without what they are."""
    for name in names:
        assert re.search(rf"{name} *: \[secret\]", run.output), run.output


def test_through_a_whole_life(stack: Stack, witness: Witness) -> None:
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
    mended = stack.up(None, "--diff")
    assert mended.changes == {"update": 1}
    assert_unseen(mended, stack)
    assert witness.find(Process, QN).sql == SECOND
    assert_unseen(stack.destroy("--diff"), stack)


def test_in_an_adoption(stack: Stack, witness: Witness) -> None:
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


def test_in_a_mistake(stack: Stack, witness: Witness) -> None:
    stack.write(program("certificate_status=sql, source_created_at=sql, process_derivation=sql"))
    failed = stack.operate("preview", "--diff")
    assert failed.code != 0
    assert any("certificate_status" in error for error in failed.errors)
    assert_unseen(failed, stack)
    assert witness.find(Process, QN) is None


def test_when_the_server_refuses_what_was_sent(stack: Stack, guarded: LocalAtlan, witness: Witness) -> None:
    refusal = {"status": 400, "body": {"message": "no"}}
    guarded.fault({"method": "POST", "path": "/api/meta/entity/bulk*", **refusal})
    failed = stack.operate("up", "--yes", "--skip-preview", "--diff")
    guarded.clear_faults()
    assert failed.code != 0
    assert_unseen(failed, stack)
    assert witness.find(Process, QN) is None
