"""find_orphans: entities that a killed run created and that are not in its state."""

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
from atlan_pulumi.drift._orphans import find_orphans, origins_of, stack_in_marks
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
    """Remove resources from the state, as a crash does; their entities still exist."""
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
def test_entities_of_a_crash_that_are_no_longer_declared_are_orphans(
    new_stack: NewStack, server: LocalAtlan, witness: Witness
) -> None:
    stack = new_stack(process("kept") + process("lost"))
    stack.up()
    other = new_stack(process("theirs"), name="other")
    other.run("stack", "init", "else").check()
    other.up()
    none = run(stack)
    assert (none.returncode, none.stderr) == (0, "")
    assert none.stdout == "No orphans: the state contains all entities with the mark of 'acceptance/test'.\n"

    forget(stack, "lost")
    before = server.stats()["entities_written"]
    found = run(stack)
    assert (found.returncode, found.stderr) == (2, "")
    assert f"Process {WAREHOUSE}/lost  (lost; service-account-apikey-local at 20" in found.stdout
    assert "1 orphan of the stack 'acceptance/test'." in found.stdout
    assert server.stats()["entities_written"] == before
    # The next deployment manages it if it is still declared.
    stack.up()
    assert run(stack).returncode == 0
    stack.destroy()
    assert witness.find(Process, f"{WAREHOUSE}/theirs") is not None
    none = run(stack)  # the state is empty now, too
    assert (none.returncode, none.stderr) == (0, "")
    assert "the mark of 'acceptance/test'" in none.stdout
    assert run(stack, "--mark", "acceptance/test").returncode == 0
    other_stack = run(stack, "--mark", "acceptance/else")  # with its own origin
    assert other_stack.returncode == 0
    assert "Not shown: 1 with the mark of another stack named 'acceptance/else'" in other_stack.stdout
    assert run(stack, "--nonsense").returncode == 1


class ScriptedPulumi:
    """Pulumi's output about a stack."""

    def __init__(self, stack: str | None = "organization/shop/dev", text: str | None = None) -> None:
        self._config = {} if text is None else {"atlan:ownershipMark": {"value": text, "secret": False}}
        self._about = {"currentStack": {"fullyQualifiedName": stack} if stack else None}

    def read_json(self, command: str, *_: str) -> dict[str, Any]:
        return {"config": self._config, "about": self._about}[command]


def test_the_stack_text_comes_from_marks_in_the_state() -> None:
    root = {"urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "type": "pulumi:pulumi:Stack"}
    ours = {**root, "outputs": {"managed_by": "pulumi:team/lineage#x"}}
    assert stack_in_marks([root, ours], ScriptedPulumi()) == "team/lineage"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pulumi_", "variable", "expected"),
    [
        (ScriptedPulumi(), None, "shop/dev"),
        (ScriptedPulumi("acme/shop/dev"), None, "acme/shop/dev"),
        (ScriptedPulumi(text="team/lineage"), None, "team/lineage"),
        (ScriptedPulumi(text="team/lineage"), "other", "team/lineage"),
        (ScriptedPulumi(), "team/lineage", "team/lineage"),
        (ScriptedPulumi(text="true"), "team/lineage", "shop/dev"),
        (ScriptedPulumi(text="false"), None, "shop/dev"),
    ],
)
def test_without_a_state_the_stack_text_comes_from_the_configuration(
    pulumi_: ScriptedPulumi, variable: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable is not None:
        monkeypatch.setenv("ATLAN_OWNERSHIP_MARK", variable)
    assert stack_in_marks([], pulumi_) == expected  # type: ignore[arg-type]


def test_without_a_selected_stack_the_stack_text_is_unknown() -> None:
    with pytest.raises(ConfigurationError, match="set --stack, or --mark"):
        stack_in_marks([], ScriptedPulumi(None))  # type: ignore[arg-type]


def test_without_a_state_the_origin_comes_from_project_and_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nmain: src\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("encryptionsalt: v1:AAAA\n")
    pulumi_: Any = ScriptedPulumi()
    pulumi_.folder = tmp_path
    found = []
    for url in ("s3://a", "s3://b", "file://state"):
        monkeypatch.setenv("PULUMI_BACKEND_URL", url)
        found.append(origins_of([], pulumi_))
        program = origin_of("shop/dev", "dev", tmp_path.resolve() / "src", os.environ)
        assert program in found[-1]
        assert origin_of("shop/dev", "dev", tmp_path.resolve(), os.environ) in found[-1]
    assert [len(each) for each in found] == [1, 1, 2]
    assert len(frozenset().union(*found)) == 4
    root = {"urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "type": "pulumi:pulumi:Stack"}
    ours = {**root, "outputs": {"managed_by": mark("shop/dev", "x", origin="0123abcd")}}
    assert origins_of([root, ours], pulumi_) == {"0123abcd"}  # a stack that moved keeps its origin
    pulumi_._about = {"currentStack": None}
    assert origins_of([root], pulumi_) == frozenset()


@pytest.mark.soak
@pytest.mark.engine
def test_an_archived_entity_in_the_index_is_no_orphan(
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
