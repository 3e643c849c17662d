"""The host's one error."""

from __future__ import annotations


class HostError(Exception):
    """What was asked cannot be done as the project is set up; `str(error)` is the line the user reads."""
