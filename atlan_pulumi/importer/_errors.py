"""The one error of the importer."""

from __future__ import annotations

from atlan_pulumi.errors import AtlanError


class ImporterError(AtlanError):
    """Nothing can be imported as asked."""
