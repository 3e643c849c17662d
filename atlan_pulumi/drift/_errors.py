"""What it is when nobody can tell whether there is drift."""

from __future__ import annotations

from atlan_pulumi.errors import AtlanError


class DriftError(AtlanError):
    """It could not be told whether there is drift: Pulumi failed, or a resource could not be read."""
