"""The table of faults: one list of rows, each of which `test_faults.py` runs."""

from __future__ import annotations

from faults import rows_other_commands, rows_refused, rows_survived
from faults.fault import Fault

FAULTS: list[Fault] = [
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
