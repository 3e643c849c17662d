"""The error of what cannot be read."""

from __future__ import annotations

from atlan_pulumi.errors import AtlanError


class UnreadableError(AtlanError):
    """A resource's properties are not those that this version knows."""
