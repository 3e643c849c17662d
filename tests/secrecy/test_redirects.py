"""No redirect gets the key, with the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from client.scripted_server import ScriptedServer, respond
from secrecy.searching import CANARY, hits_in
from support.atlan import table_name
from support.stack import NewStack

from atlan_pulumi.local import LocalAtlan

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("secrecy")]

SIDES = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})]"
PROGRAM = f"atlan.Process('load', name='Load', connection=WAREHOUSE, {SIDES})\n"


@pytest.fixture
def elsewhere() -> Iterator[ScriptedServer]:
    """Another host, which answers every request."""
    server = ScriptedServer(respond({"entity": {"typeName": "Process", "guid": "stolen"}}))
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _without_faults(guarded: LocalAtlan) -> Iterator[None]:
    yield
    guarded.clear_faults()


@pytest.mark.soak
def test_a_redirect_is_refused_and_does_not_get_the_key(
    new_stack: NewStack, guarded: LocalAtlan, elsewhere: ScriptedServer
) -> None:
    stack = new_stack(PROGRAM, ATLAN_BASE_URL=guarded.base_url, ATLAN_API_KEY=CANARY)
    written = guarded.stats()["entities_written"]
    for method, status in product(("GET", "POST"), (301, 302, 307, 308)):
        guarded.clear_faults()
        target = f"{elsewhere.base_url}/{CANARY}?key={CANARY}"
        rule = {"method": method, "status": status, "headers": {"location": target}, "times": 0}
        guarded.fault({**rule, "path": "/api/meta/entity/bulk*" if method == "POST" else "*"})
        arguments = ["up", "--yes", "--skip-preview"] if method == "POST" else ["preview"]
        failed = stack.operate(*arguments)
        assert failed.code != 0
        assert any("which is not followed" in error for error in failed.errors), failed.output
        assert hits_in(failed.output, CANARY) == [], failed.output
    assert elsewhere.received == []
    assert guarded.stats()["entities_written"] == written
    answers = guarded.stats()["answers"]
    assert {"301", "302", "307", "308"} <= answers.keys()
