"""A key in a response of a server or proxy is in no message, log, or traceback."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase
from typing import Any
from urllib.parse import quote

import pytest
from client.certificates import self_signed, server_context
from client.scripted_server import ScriptedServer, respond
from secrecy.searching import CANARY, hits_below, hits_in
from support.atlan import table_name
from support.stack import NewStack, Run

from atlan_pulumi.local import LocalAtlan

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("secrecy")]

SIDES = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})]"
PROGRAM = f"atlan.Process('load', name='Load', connection=WAREHOUSE, {SIDES})\n"
LOUD = ("-v=9", "--logtostderr", "--logflow")
HEADERS = json.dumps({"authorization": f"Bearer {CANARY}"})

ECHOES: dict[str, dict[str, Any]] = {
    "401 in Atlan's format": {
        "status": 401,
        "body": {"code": "401", "message": f"{CANARY} has expired"},
    },
    "401 as a page": {
        "status": 401,
        "headers": {"content-type": "text/html"},
        "body": f"<title>{html.escape(CANARY)}</title>",
    },
    "403 in the metastore's format": {
        "status": 403,
        "body": {"errorCode": "ATLAS-403-00-001", "errorMessage": f"no: {CANARY}", "errorCause": HEADERS},
    },
    "403 with the code": {"status": 403, "body": {"errorCode": CANARY, "errorMessage": HEADERS}},
    "400 with the request": {
        "status": 400,
        "body": f"GET /x HTTP/1.1\r\nAuthorization: Bearer {CANARY}\r\n\r\n",
    },
    "400 as an address": {"status": 400, "body": f"see https://x.example/?key={quote(CANARY, safe='')}"},
    "a login page as the response": {"status": 200, "body": f"<title>{CANARY}</title><p>{CANARY}</p>"},
    "text as the response": {"status": 200, "body": f"you sent {CANARY}"},
    "JSON of another shape": {"status": 200, "body": {"entity": {CANARY: CANARY}, "entities": CANARY}},
    "500 with headers": {"status": 500, "body": {"errorId": CANARY, "causes": [{"errorMessage": HEADERS}]}},
}


@pytest.fixture(autouse=True)
def _without_faults(guarded: LocalAtlan) -> Iterator[None]:
    yield
    guarded.clear_faults()


@pytest.mark.parametrize(
    "traceback",
    [pytest.param("0", id="one line"), pytest.param("1", id="traceback", marks=pytest.mark.soak)],
)
def test_the_key_in_a_response_to_a_write_is_not_shown(
    new_stack: NewStack, guarded: LocalAtlan, traceback: str
) -> None:
    """One run has a process for each response, distinguished by name."""
    names = [f"load-{letter}" for letter in ascii_lowercase[: len(ECHOES)]]
    program = "".join(
        f"atlan.Process({name!r}, name='Load', connection=WAREHOUSE, sql={name!r}, "
        f"inputs=[atlan.table({table_name(5 if number < 5 else number - 5)!r})], "
        f"outputs=[atlan.table({table_name(number if number < 5 else 5)!r})])\n"
        for number, name in enumerate(names)
    )
    for name, echo in zip(names, ECHOES.values(), strict=True):
        path = "/api/meta/entity/bulk*"
        guarded.fault({**echo, "method": "POST", "path": path, "contains": name, "times": 0})
    stack = new_stack(program, ATLAN_PULUMI_TRACEBACK=traceback, **tenant(guarded))
    failed = stack.operate("up", "--yes", "--skip-preview", "--continue-on-error", *LOUD)
    assert failed.code != 0
    refused = {name for name in names if any(f"::{name}" in urn for urn in failed_resources(failed))}
    assert refused == set(names), failed.errors
    assert ("Traceback" in failed.output) == (traceback == "1")
    assert hits_in(failed.output, CANARY) == []
    assert list(hits_below(stack.folder, CANARY)) == []


@pytest.mark.parametrize(
    "case", ["401 in Atlan's format", "403 with the code", "a login page as the response"]
)
def test_the_key_in_a_response_to_a_look_up_is_not_shown(
    new_stack: NewStack, guarded: LocalAtlan, case: str
) -> None:
    guarded.fault({**ECHOES[case], "path": "*", "times": 0})
    failed = new_stack(PROGRAM, **tenant(guarded)).operate("preview", *LOUD)
    assert failed.code != 0
    assert failed.errors
    assert hits_in(failed.output, CANARY) == []


def tenant(server: LocalAtlan) -> dict[str, str]:
    return {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": CANARY, "ATLAN_DEADLINE_SECONDS": "1"}


def failed_resources(run: Run) -> set[str]:
    """Return the URNs of the resources whose operation failed."""
    found = (event.get("resOpFailedEvent") for event in run.events)
    return {event["metadata"]["urn"] for event in found if event}


def unreachable(tmp_path: Path) -> Iterator[tuple[str, dict[str, str], ScriptedServer | None]]:
    """Yield unreachable tenants: the reason, the environment, and the server that must not get the key."""
    yield "Connection refused", {"ATLAN_BASE_URL": "http://127.0.0.1:9"}, None
    pem = self_signed(tmp_path)
    untrusted = ScriptedServer(respond({}), tls=server_context(pem))
    yield "TLS failed", {"ATLAN_BASE_URL": untrusted.base_url}, untrusted
    plain = ScriptedServer(respond({}))
    yield "no connection", {"ATLAN_BASE_URL": plain.base_url.replace("http:", "https:")}, plain
    proxy = ScriptedServer(respond(f"<title>{CANARY}</title>", 407))
    environ = {"ATLAN_BASE_URL": "https://tenant.example.com", "HTTPS_PROXY": proxy.base_url}
    # The engine uses this machine's network for its plugins.
    yield "407", environ | {"NO_PROXY": "127.0.0.1,localhost"}, proxy


@pytest.mark.soak
def test_an_unreachable_tenant_does_not_get_the_key(new_stack: NewStack, tmp_path: Path) -> None:
    for number, (reason, environ, server) in enumerate(unreachable(tmp_path)):
        given = {"ATLAN_API_KEY": CANARY, "ATLAN_DEADLINE_SECONDS": "2", **environ}
        stack = new_stack(PROGRAM, f"project-{number}", **given)
        failed = stack.operate("preview", *LOUD)
        assert failed.code != 0
        assert any(reason in error for error in failed.errors), failed.output[-2000:]
        assert hits_in(failed.output, CANARY) == [], reason
        if server is not None:
            server.stop()
            seen = [(each.target, dict(each.headers), each.body) for each in server.received]
            assert hits_in(repr(seen), CANARY) == [], reason
