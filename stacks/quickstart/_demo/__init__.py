"""The parts of `demo.py` and `crash.py`: the story, a temporary project, and reading the catalog."""

from __future__ import annotations

from _demo.stage import ended, stage
from _demo.story import Story
from _demo.terminal import heading, say

__all__ = ["Story", "ended", "heading", "say", "stage"]
