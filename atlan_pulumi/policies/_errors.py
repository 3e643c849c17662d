"""The error of the policies."""

from __future__ import annotations

from atlan_pulumi.errors import AtlanError


class PolicyError(AtlanError):
    """A rule, its level or its settings cannot be right."""
