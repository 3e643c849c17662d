"""The command of this package, as it is installed."""

from __future__ import annotations

import sys
from pathlib import Path

ATLAN_PULUMI = str(Path(sys.executable).with_name("atlan-pulumi"))
