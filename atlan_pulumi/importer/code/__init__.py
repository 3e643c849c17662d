"""Write the Python program of an import."""

from __future__ import annotations

from atlan_pulumi.importer.code._module import module

__all__ = ["module"]
