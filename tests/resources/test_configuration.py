"""The tenant's configuration; mistakes in it are one line at preview."""

from __future__ import annotations

import pytest
from pyatlan.model.assets import Process
from support.atlan import SEED, WAREHOUSE, Witness, table_name
from support.stack import NewStack

from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

QN = f"{WAREHOUSE}/load"
SIDES = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})]"
PROGRAM = f"load = atlan.Process('load', name='Load', connection=WAREHOUSE, {SIDES})\n"
CANARY = "canary-7c1f2a-key"


MISCONFIGURED = {
    "no address": ({"ATLAN_BASE_URL": ""}, "pulumi config set atlan:baseUrl"),
    "no key": ({"ATLAN_API_KEY": ""}, "pulumi config set --secret atlan:apiKey"),
    "plain http to another machine": ({"ATLAN_BASE_URL": "http://acme.example.com"}, "https"),
    "no web address": ({"ATLAN_BASE_URL": "acme"}, "is not a URL"),
    "wrong key": ({"ATLAN_API_KEY": CANARY}, "401"),
    "bad rate": ({"ATLAN_REQUESTS_PER_MINUTE": "many"}, "many"),
    "server down": ({"ATLAN_BASE_URL": "http://127.0.0.1:9"}, "Connection refused"),
}


#: The others are reported in the same way; the client's tests cover each of them.
MISCONFIGURED_FIRST = ("no address", "wrong key", "server down")


@pytest.mark.parametrize(
    "case",
    [
        case if case in MISCONFIGURED_FIRST else pytest.param(case, marks=pytest.mark.soak)
        for case in MISCONFIGURED
    ],
)
def test_a_wrong_setting_is_one_line_at_preview(new_stack: NewStack, witness: Witness, case: str) -> None:
    environ, reason = MISCONFIGURED[case]
    failed = new_stack(PROGRAM, **environ).operate("preview")
    assert failed.code != 0
    reported = [error for error in failed.errors if reason in error]
    assert reported, failed.output
    assert "\n" not in reported[0].strip()
    assert "Traceback" not in failed.output
    assert CANARY not in failed.output
    assert witness.find(Process, QN) is None


def test_the_configuration_of_the_stack_comes_first_and_its_key_is_a_secret(
    new_stack: NewStack, server: LocalAtlan
) -> None:
    stack = new_stack(PROGRAM, ATLAN_BASE_URL="https://wrong.example.com", ATLAN_API_KEY="wrong")
    stack.run("config", "set", "atlan:baseUrl", server.base_url).check()
    stack.run("config", "set", "--secret", "atlan:apiKey", server.api_key).check()
    stack.up()
    stack.settled()
    written = [
        path for path in stack.folder.rglob("*") if path.is_file() and path.suffix in {".json", ".yaml"}
    ]
    for path in written:
        assert f'"{server.api_key}"' not in path.read_text(), path


@pytest.mark.soak
def test_an_explicit_provider_is_another_tenant(new_stack: NewStack, witness: Witness) -> None:
    with LocalAtlan(seed=SEED, api_key=CANARY) as second:
        theirs = Witness(second.base_url, CANARY)
        program = (
            PROGRAM + "key = pulumi.Config('second').require_secret('key')\n"
            f"second = atlan.AtlanProvider('second', base_url={second.base_url!r}, api_key=key)\n"
            f"there = atlan.Process('there', name='There', connection=WAREHOUSE, {SIDES}, "
            "opts=pulumi.ResourceOptions(provider=second), sql='1')\n"
            "pulumi.export('guid', there.guid)\n"
        )
        stack = new_stack(program)
        stack.run("config", "set", "--secret", "second:key", CANARY).check()
        run = stack.up()
        assert CANARY not in run.output
        stack.settled()
        assert witness.find(Process, QN) is not None
        assert witness.find(Process, f"{WAREHOUSE}/there") is None
        assert theirs.find(Process, f"{WAREHOUSE}/there") is not None
        stack.write(program.replace("sql='1'", "sql='2'"))
        preview = stack.preview()
        assert preview.changes == {"same": 1, "update": 1}
        assert "guid" not in preview.output.partition("Outputs:")[2], "the GUID there is known as well"
        state = stack.run("stack", "export").check().output
        assert CANARY not in state
        stack.destroy()
        assert theirs.find(Process, f"{WAREHOUSE}/there") is None
        theirs.close()


def test_previews_can_run_offline(new_stack: NewStack) -> None:
    nowhere = {"ATLAN_BASE_URL": "", "ATLAN_API_KEY": "", "ATLAN_PREVIEW_CHECKS": "false"}
    assert new_stack(PROGRAM, **nowhere).preview().changes == {"create": 1}


@pytest.mark.soak
def test_more_than_a_thousand_resources(new_stack: NewStack) -> None:
    loop = "for n in range(1100):\n    "
    declaration = f"atlan.Process(f'load-{{n}}', name='Load', connection=WAREHOUSE, {SIDES}, sql=str(n))\n"
    assert new_stack(loop + declaration).preview("--suppress-progress").changes == {"create": 1100}


def test_a_refused_write_is_one_line_and_the_program_ends_quietly(
    new_stack: NewStack, server: LocalAtlan
) -> None:
    # The engine interrupts the program, which still waits for the resource that depends on the failed one.
    refusal = {"errorCode": "ATLAS-400-00-029", "errorMessage": "Bad request: no"}
    server.fault({"method": "POST", "path": "/api/meta/entity/bulk*", "status": 400, "body": refusal})
    waiting = "import time\nload.guid.apply(lambda guid: time.sleep(0))\npulumi.export('guid', load.guid)\n"
    failed = new_stack(PROGRAM + waiting).operate("up", "--yes", "--skip-preview")
    assert failed.code != 0
    (reported,) = [error for error in failed.errors if "ATLAS-400-00-029" in error]
    assert reported.count("\n") == 0
    for noise in ("Traceback", "KeyboardInterrupt", "SystemExit", "atlan_pulumi/"):
        assert noise not in failed.output, failed.output


@pytest.mark.soak
def test_tracebacks_can_be_turned_on(new_stack: NewStack, server: LocalAtlan) -> None:
    server.fault({"method": "POST", "path": "/api/meta/entity/bulk*", "status": 400, "times": 1})
    stack = new_stack(PROGRAM, ATLAN_PULUMI_TRACEBACK="1")
    failed = stack.operate("up", "--yes", "--skip-preview")
    assert failed.code != 0
    assert "Traceback" in failed.output
