"""One resource that does nothing, with the same data as `stacks/wide`, to measure what the engine needs."""

from __future__ import annotations

import os

import catalog
from carrier import Carrier

tables, columns = int(os.environ["WIDE_TABLES"]), int(os.environ["WIDE_COLUMNS"])
Carrier("wide", catalog.processes(tables, columns))
