"""The table of faults: one list of rows, each of which `test_faults.py` runs."""

from __future__ import annotations

from dataclasses import replace

from faults import rows_other_commands, rows_refused, rows_survived
from faults.fault import Fault

#: Groups of rows that need a run of their own each, and differ little from one that the ordinary run keeps.
_LEFT_TO_THE_LONG_RUN = {
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
    *rows_survived.ANSWERS,
    *rows_survived.PACE,
    *rows_refused.REFUSALS,
    *rows_refused.OUTAGES,
    *rows_refused.TENANT,
    *rows_other_commands.PREVIEW,
    *rows_other_commands.REFRESH,
    *rows_other_commands.DESTROY,
]

FAULTS: list[Fault] = [
    replace(row, soak=True) if row.group in _LEFT_TO_THE_LONG_RUN else row for row in _ROWS
]
