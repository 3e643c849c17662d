"""Which process this is: the program, or Pulumi's provider process."""

from __future__ import annotations

import sys


def in_provider_process() -> bool:
    """Whether this is the process in which Pulumi runs dynamic providers."""
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    return spec is not None and spec.name == "pulumi.dynamic.__main__"
