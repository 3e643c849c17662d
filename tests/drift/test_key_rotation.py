"""Key rotation as `docs/key-rotation.md` describes it: its commands, in its order."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.atlan import WAREHOUSE, Witness, table_name
from support.command import ATLAN_PULUMI
from support.stack import NewStack, Stack

from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.local.web._identities import _digest
from atlan_pulumi.resources.process import ProcessInputs

PAGE = Path(__file__).parents[2] / "docs" / "key-rotation.md"
PROGRAM = f"""
key = pulumi.Config("atlan").require_secret("apiKey")
other = atlan.AtlanProvider("other", base_url="BASE_URL", api_key=key)
sides = dict(inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})])
atlan.Process("load", name="n", description="A", connection=WAREHOUSE, sql="1", **sides)
atlan.Process("more", name="n", description="A", connection=WAREHOUSE, sql="2", **sides,
              opts=pulumi.ResourceOptions(provider=other))
"""
ADVICE = "run `pulumi {0} --run-program`, or `pulumi up` first (see docs/key-rotation.md)"


def blocks() -> dict[str, list[list[str]]]:
    """Return the commands of the page, block by block, by heading."""
    found: dict[str, list[list[str]]] = {}
    for section in re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        shell = re.findall(r"^```sh\n(.*?)^```", body, re.MULTILINE | re.DOTALL)
        found[heading] = [block.splitlines() for block in shell]
    return found


class Keys:
    """The keys that the tenant accepts."""

    def __init__(self, server: LocalAtlan) -> None:
        self._keys = server._current.context.directory._keys

    def issue(self, key: str) -> None:
        self._keys[_digest(key)] = "service-account-apikey-rotated"

    def revoke(self, key: str) -> None:
        del self._keys[_digest(key)]


def run(stack: Stack, line: str, key: str = "") -> tuple[int, str]:
    """Run a line of the page; a prompt gets the key."""
    command, *arguments = line.split()
    if command == "atlan-pulumi":
        environ = {**os.environ, **stack.environ}
        done = subprocess.run(
            [ATLAN_PULUMI, *arguments],
            cwd=stack.folder,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr
    if arguments[0] in {"up", "refresh", "destroy"}:
        arguments += ["--yes", "--skip-preview"]
    finished = stack.run(*arguments, stdin=key)
    return finished.code, finished.output


def commands(heading: str) -> Iterator[str]:
    for block in blocks()[heading]:
        yield from block


@pytest.fixture
def stack(new_stack: NewStack, server: LocalAtlan) -> Stack:
    made = new_stack(PROGRAM.replace("BASE_URL", server.base_url), ATLAN_API_KEY="")
    Keys(server).issue("first")
    assert run(made, "pulumi config set --secret atlan:apiKey", "first")[0] == 0
    made.up()
    return made


def test_the_page_has_these_sections() -> None:
    assert [(heading, len(found)) for heading, found in blocks().items()] == [
        ("Rotate with both keys valid", 2),
        ("Rotate after the old key was revoked", 2),
        ("Keep the key out of the state", 1),
    ]


@pytest.mark.engine
@pytest.mark.soak
def test_commands_with_a_revoked_key(stack: Stack, server: LocalAtlan, witness: Witness) -> None:
    keys = Keys(server)
    keys.revoke("first")
    keys.issue("second")
    run(stack, "pulumi config set --secret atlan:apiKey", "second")
    code, output = run(stack, "pulumi refresh")
    assert code != 0
    assert ADVICE.format("refresh") in output

    # Drift is found with the present key, even if the program has changed.
    name = f"{WAREHOUSE}/load"
    witness.overwrite("Process", name, ProcessInputs, "description", "B")
    stack.write(
        PROGRAM.replace("BASE_URL", server.base_url).replace('"A"', '"C"').replace("'load'", "'gone'")
    )
    code, output = run(stack, "atlan-pulumi drift --json")
    assert code == 2, output
    (drifted,) = json.loads(output)["resources"]
    assert (drifted["name"], drifted["status"]) == ("load", "changed")
    assert [(each["property"], each["declared"], each["actual"]) for each in drifted["changes"]] == [
        ("description", "A", "B")
    ]

    stack.write(PROGRAM.replace("BASE_URL", server.base_url))
    refresh, destroy = commands("Rotate after the old key was revoked")
    assert run(stack, refresh)[0] == 0
    keys.revoke("second")
    keys.issue("third")
    run(stack, "pulumi config set --secret atlan:apiKey", "third")
    code, output = run(stack, "pulumi destroy")
    assert code != 0
    assert ADVICE.format("destroy") in output
    code, output = run(stack, destroy)
    assert code == 0, output
    assert stack.resources() == {}


@pytest.mark.soak
@pytest.mark.engine
def test_both_keys_are_valid_and_later_none_is_stored(stack: Stack, server: LocalAtlan) -> None:
    keys = Keys(server)
    keys.issue("second")
    written = server.stats()["entities_written"]
    for line in commands("Rotate with both keys valid"):
        if line == "pulumi refresh":
            keys.revoke("first")
        code, output = run(stack, line, "second")
        assert code == 0, output
    assert server.stats()["entities_written"] == written

    stack.environ["ATLAN_API_KEY"] = server.api_key
    stack.write(
        PROGRAM.replace("BASE_URL", server.base_url)
        .partition('atlan.Process("more"')[0]
        .replace('pulumi.Config("atlan").require_secret("apiKey")', f'"{server.api_key}"')
    )
    for line in commands("Keep the key out of the state"):
        code, output = run(stack, line)
        assert code == 0, output
    keys.revoke("second")
    stack.settled()
