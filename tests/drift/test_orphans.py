"""What a killed run left, and no state tells of: listed, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pyatlan.model.assets import Process
from support.atlan import WAREHOUSE, Witness, table_name
from support.command import ATLAN_PULUMI
from support.fixtures import client, engine, new_stack, server, witness
from support.stack import NewStack, Stack

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.drift._orphans import find_orphans, marked_text, origins_of
from atlan_pulumi.engine import require_engine
from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.lifecycle import mark
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.stack_origin import origin_of

__all__ = ["client", "engine", "new_stack", "server", "witness"]

SIDES = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})]"


def process(name: str) -> str:
    return f"atlan.Process({name!r}, name={name!r}, connection=WAREHOUSE, sql={name!r}, {SIDES})\n"


def forget(stack: Stack, *names: str) -> None:
    """What a crash leaves: the entities are there, and the state knows nothing of them."""
    state = json.loads(stack.run("stack", "export").check().output)
    kept = [item for item in state["deployment"]["resources"] if item["urn"].split("::")[-1] not in names]
    state["deployment"]["resources"] = kept
    stack.run("stack", "import", stdin=json.dumps(state)).check()


def run(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ATLAN_PULUMI, "orphans", *arguments],
        cwd=stack.folder,
        env={**os.environ, **stack.environ},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.engine
@pytest.mark.soak
def test_what_a_crash_left_and_the_program_declares_no_more(
    new_stack: NewStack, server: LocalAtlan, witness: Witness
) -> None:
    stack = new_stack(process("kept") + process("lost"))
    stack.up()
    other = new_stack(process("theirs"), name="other")
    other.run("stack", "init", "else").check()
    other.up()
    none = run(stack)
    assert (none.returncode, none.stderr) == (0, "")
    assert none.stdout == "No orphans: the state knows all that bears the mark of 'acceptance/test'.\n"

    forget(stack, "lost")
    before = server.stats()["entities_written"]
    found = run(stack)
    assert (found.returncode, found.stderr) == (2, "")
    assert f"Process {WAREHOUSE}/lost  (lost; service-account-apikey-local at 20" in found.stdout
    assert "1 orphan of the stack 'acceptance/test'." in found.stdout
    assert server.stats()["entities_written"] == before
    # The next deployment takes it up, where it is still declared.
    stack.up()
    assert run(stack).returncode == 0
    stack.destroy()
    assert witness.find(Process, f"{WAREHOUSE}/theirs") is not None
    none = run(stack)  # now that the state is empty, too
    assert (none.returncode, none.stderr) == (0, "")
    assert "the mark of 'acceptance/test'" in none.stdout
    assert run(stack, "--mark", "acceptance/test").returncode == 0
    other_stack = run(stack, "--mark", "acceptance/else")  # which has an origin of its own
    assert other_stack.returncode == 0
    assert "Not shown: 1 with the mark of another stack named 'acceptance/else'" in other_stack.stdout
    assert run(stack, "--nonsense").returncode == 1


class Answers:
    """Pulumi's answers about a stack."""

    def __init__(self, stack: str | None = "organization/shop/dev", text: str | None = None) -> None:
        self._config = {} if text is None else {"atlan:ownershipMark": {"value": text, "secret": False}}
        self._about = {"currentStack": {"fullyQualifiedName": stack} if stack else None}

    def read_json(self, command: str, *_: str) -> dict[str, Any]:
        return {"config": self._config, "about": self._about}[command]


def test_a_state_tells_the_stacks_mark() -> None:
    root = {"urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "type": "pulumi:pulumi:Stack"}
    ours = {**root, "outputs": {"managed_by": "pulumi:team/lineage#x"}}
    assert marked_text([root, ours], Answers()) == "team/lineage"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answers", "variable", "told"),
    [
        (Answers(), None, "shop/dev"),
        (Answers("acme/shop/dev"), None, "acme/shop/dev"),
        (Answers(text="team/lineage"), None, "team/lineage"),
        (Answers(text="team/lineage"), "other", "team/lineage"),
        (Answers(), "team/lineage", "team/lineage"),
        (Answers(text="true"), "team/lineage", "shop/dev"),
        (Answers(text="false"), None, "shop/dev"),
    ],
)
def test_without_a_state_the_project_and_the_configuration_tell_it(
    answers: Answers, variable: str | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable is not None:
        monkeypatch.setenv("ATLAN_OWNERSHIP_MARK", variable)
    assert marked_text([], answers) == told  # type: ignore[arg-type]


def test_without_a_selected_stack_nothing_tells_it() -> None:
    with pytest.raises(ConfigurationError, match="give --stack, or --mark"):
        marked_text([], Answers(None))  # type: ignore[arg-type]


def test_without_a_state_the_project_and_the_environment_tell_the_origin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nmain: src\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("encryptionsalt: v1:AAAA\n")
    answers: Any = Answers()
    answers.folder = tmp_path
    found = []
    for url in ("s3://a", "s3://b", "file://state"):
        monkeypatch.setenv("PULUMI_BACKEND_URL", url)
        found.append(origins_of([], answers))
        program = origin_of("shop/dev", "dev", tmp_path.resolve() / "src", os.environ)
        assert program in found[-1]
        assert origin_of("shop/dev", "dev", tmp_path.resolve(), os.environ) in found[-1]
    assert [len(each) for each in found] == [1, 1, 2]
    assert len(frozenset().union(*found)) == 4
    root = {"urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "type": "pulumi:pulumi:Stack"}
    ours = {**root, "outputs": {"managed_by": mark("shop/dev", "x", origin="0123abcd")}}
    assert origins_of([root, ours], answers) == {"0123abcd"}  # a stack that moved keeps its own
    answers._about = {"currentStack": None}
    assert origins_of([root], answers) == frozenset()


@pytest.mark.soak
@pytest.mark.engine
def test_one_that_the_index_still_lists_is_none(
    new_stack: NewStack, client: AtlanClient, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = new_stack(process("lost"))
    stack.up()
    forget(stack, "lost")
    for name, value in stack.environ.items():
        monkeypatch.setenv(name, value)
    found = find_orphans(client, stack.folder, engine=require_engine())
    assert [each.qualified_name for each in found.entities] == [f"{WAREHOUSE}/lost"]
    witness.archive(Process, f"{WAREHOUSE}/lost")
    assert find_orphans(client, stack.folder).entities == ()
