"""The error of this part."""

from __future__ import annotations

from atlan_pulumi.errors import AtlanError


class OpenLineageError(AtlanError):
    """An event cannot be made, or would not be worked in by Atlan."""
