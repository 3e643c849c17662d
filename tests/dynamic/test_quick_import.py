"""A program and a provider import httpx without the packages that neither uses."""

from __future__ import annotations

import subprocess
import sys

import pytest

_IMPORT = """
import sys
{before}
from atlan_pulumi.dynamic import _quick_import
_quick_import.in_provider_process = lambda: {in_provider}
_quick_import.import_httpx_quickly()
print(*sorted({{"click", "httpx", "rich", "trio"}} & sys.modules.keys()))
import click, httpx, trio
httpx.Client().close()
"""


@pytest.mark.parametrize(
    ("in_provider", "before", "imported"),
    [
        (True, "", "httpx"),
        (True, "import click", "click httpx rich"),
        (False, "", ""),
    ],
    ids=["provider", "click was imported before", "another process"],
)
def test_packages_that_are_not_used_are_left_out(in_provider: bool, before: str, imported: str) -> None:
    code = _IMPORT.format(in_provider=in_provider, before=before)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == imported
