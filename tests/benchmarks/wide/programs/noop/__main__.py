"""Resources that do nothing, to measure the engine alone: one for each edge of `stacks/wide`, or one for all.

The one resource carries the same data as the `LineageMap` of the stack.
"""

from __future__ import annotations

import os

import catalog
from nothing import Nothing

tables, columns = int(os.environ["WIDE_TABLES"]), int(os.environ["WIDE_COLUMNS"])
if os.environ.get("WIDE_AS_ONE"):
    Nothing("wide", {"processes": catalog.processes(tables, columns)})
else:
    for number in range(tables * columns):
        Nothing(f"n{number}", {"number": str(number)})
