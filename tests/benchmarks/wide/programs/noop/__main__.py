"""As many resources that do nothing as `stacks/wide` has edges: what the engine costs alone."""

from __future__ import annotations

import os

from nothing import Nothing

for number in range(int(os.environ["WIDE_TABLES"]) * int(os.environ["WIDE_COLUMNS"])):
    Nothing(number)
