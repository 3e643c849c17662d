"""Settings of the local Atlan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Seed = str | Path | Mapping[str, Any] | list[Any]
"""A seed catalog: the path of a YAML file, or its content as plain data."""


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """The settings of a local Atlan. `LocalAtlan` documents them."""

    db: Path | None = None
    seed: Seed | None = None
    users: Mapping[str, str] = field(default_factory=dict, repr=False)
    latency_ms: float = 0
    rate_limit: int | None = None
    rate_block_seconds: float = 60
    connection_delay_ms: float = 0
    search_lag_ms: float = 0
    event_delay_ms: float = 0
