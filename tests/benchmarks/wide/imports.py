"""Measure the import of this package and of Pulumi."""

from __future__ import annotations

import math
import subprocess
import sys

PULUMI, PACKAGE, RESOURCES = "import pulumi", "import atlan_pulumi", "from atlan_pulumi import Process"
SDK = "from pyatlan.client.asset import Batch; from pyatlan.model.assets import Process"
_ROUNDS = 9
_PROGRAM = "import time; begun = time.perf_counter(); {}; print(time.perf_counter() - begun)"


def seconds() -> dict[str, float]:
    """Return the best of several imports, each in a new process, in turns. The SDK is imported once."""
    best: dict[str, float] = {}
    for _ in range(_ROUNDS):
        for statement in (PULUMI, PACKAGE, RESOURCES):
            best[statement] = min(_taken(statement), best.get(statement, math.inf))
    return {**best, SDK: _taken(SDK)}


def _taken(statement: str) -> float:
    command = [sys.executable, "-c", _PROGRAM.format(statement)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
