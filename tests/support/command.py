"""The installed command of this package."""

from __future__ import annotations

import sys
from pathlib import Path

ATLAN_PULUMI = str(Path(sys.executable).with_name("atlan-pulumi"))
