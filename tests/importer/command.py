"""Run `atlan-pulumi import`."""

from __future__ import annotations

import os
import subprocess

from support.command import ATLAN_PULUMI
from support.stack import Stack


def run_import(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `atlan-pulumi import` in the folder of a stack."""
    return subprocess.run(
        [ATLAN_PULUMI, "import", *arguments],
        cwd=stack.folder,
        env={**os.environ, **stack.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
