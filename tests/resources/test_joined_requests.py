"""Single resources share requests while the rate limit holds them back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.atlan import seed_of
from support.stack import Stack

from atlan_pulumi.local import LocalAtlan

MANY = 150
RATE = 120
"""Requests per minute: so few that calls wait for their turn on a busy machine, too."""
PROGRAM = f"""
for number in range({MANY}):
    atlan.Process(
        f"load{{number}}",
        name=f"Load {{number}}",
        connection=WAREHOUSE,
        inputs=[atlan.table(f"{{WAREHOUSE}}/DB/S/S{{number}}")],
        outputs=[atlan.table(f"{{WAREHOUSE}}/DB/S/T{{number}}")],
    )
"""


@pytest.mark.soak
@pytest.mark.engine
def test_single_resources_share_requests(tmp_path: Path, engine: dict[str, str]) -> None:
    """With 16 operations at once, Pulumi's default with 4 cores."""
    tables = [{"name": f"{side}{number}"} for side in "ST" for number in range(MANY)]
    with LocalAtlan(seed=seed_of(tables), rate_limit=RATE) as server:
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
        environ = {**tenant, "ATLAN_REQUESTS_PER_MINUTE": str(RATE), "PULUMI_PARALLEL": "16"}
        stack = Stack(tmp_path / "project", engine, PROGRAM, environ=environ)

        def requests_of(operation: Callable[[], object]) -> int:
            before = sum(server.stats()["requests"].values())
            operation()
            return sum(server.stats()["requests"].values()) - before

        assert requests_of(stack.up) <= MANY / 2
        assert requests_of(stack.refresh) <= MANY / 2
        assert requests_of(stack.destroy) <= MANY / 2
        assert not [status for status in server.stats()["answers"] if "429" in str(status)]
