"""A resource that does nothing for each edge of `stacks/wide`, to measure the engine alone."""

from __future__ import annotations

import os

from nothing import Nothing

for number in range(int(os.environ["WIDE_TABLES"]) * int(os.environ["WIDE_COLUMNS"])):
    Nothing(number)
