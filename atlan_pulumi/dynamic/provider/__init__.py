"""The half of the adapter that runs in Pulumi's provider process."""

from __future__ import annotations

from atlan_pulumi.dynamic.provider._adapter import LifecycleProvider

__all__ = ["LifecycleProvider"]
