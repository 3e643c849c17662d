"""The provider trusts the program that the tenant answers, and needs no client for what did not change."""

from __future__ import annotations

import subprocess
import sys

from dynamic.test_failures import process, provider, server
from support.atlan import WAREHOUSE

from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.preflight import Findings

__all__ = ["server"]

_CHECK = """
import sys
from types import SimpleNamespace
from atlan_pulumi.dynamic.loader import load_provider

config = {{"atlan:baseUrl": "https://127.0.0.1:1", "atlan:apiKey": "k"}}
provider = load_provider("Process", 1)
provider.configure(SimpleNamespace(config=SimpleNamespace(get=config.get)))
given = {given!r}
checked = provider.check(given, {{**given, "findings": {findings!r}}})
assert not checked.failures, checked.failures
assert not provider.diff("id", given, checked.inputs).changes
print(*sorted({{"httpx", "atlan_pulumi.client._client"}} & sys.modules.keys()))
"""


def requests_of_a_check(server: LocalAtlan, findings: Findings) -> int:
    config = {"previewChecks": "true", "baseUrl": server.base_url, "apiKey": server.api_key}
    before = sum(server.stats()["requests"].values())
    checked = provider("Process", **config).check({}, {**process(), "findings": findings.to_text()})
    assert not checked.failures
    return sum(server.stats()["requests"].values()) - before


def test_a_tenant_that_the_program_has_reached_is_not_asked_again(server: LocalAtlan) -> None:
    assert requests_of_a_check(server, Findings(reached=True)) == 0
    assert requests_of_a_check(server, Findings()) == 1


def test_an_unchanged_resource_is_checked_without_the_http_client() -> None:
    given = {**process(), "qualified_name": f"{WAREHOUSE}/p"}
    code = _CHECK.format(given=given, findings=Findings(reached=True).to_text())
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.strip()) == (0, ""), ran.stderr
