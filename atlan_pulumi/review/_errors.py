"""The one error of reviews."""

from __future__ import annotations

from atlan_pulumi.errors import AtlanError


class ReviewError(AtlanError):
    """What a preview told cannot be read."""
