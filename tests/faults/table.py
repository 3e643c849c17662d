"""The table of faults, which `test_faults.py` runs."""

from __future__ import annotations

from dataclasses import replace

from faults import rows_other_commands, rows_refused, rows_survived
from faults.fault import Fault

#: Groups that need a separate run each, and differ little from one in the ordinary tests.
_SOAK_GROUPS = {
    "rate limit",
    "block",
    "latency",
    "429 absent",
    "429 nonsense",
    "wrong key",
    "retired key",
    "preview closed",
    "preview: key refused",
    "preview: login page",
    "preview: connection always closed",
    "preview 503",
    "preview down",
    "refresh: 404 from a server that is not Atlan",
    "refresh: login page",
    "preview hang",
    "refresh: empty response",
    "refresh down",
}

_ROWS = [
    *rows_survived.CONNECTIONS,
    *rows_survived.RESPONSES,
    *rows_survived.RATE_LIMITS,
    *rows_refused.REFUSALS,
    *rows_refused.OUTAGES,
    *rows_refused.TENANT,
    *rows_other_commands.PREVIEW,
    *rows_other_commands.REFRESH,
    *rows_other_commands.DESTROY,
]

FAULTS: list[Fault] = [replace(row, soak=True) if row.group in _SOAK_GROUPS else row for row in _ROWS]
