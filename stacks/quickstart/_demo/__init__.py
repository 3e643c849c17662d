"""What `demo.py` and `crash.py` stand on: the story, a throwaway project, and the catalog read back."""

from __future__ import annotations

from _demo.stage import ended, stage
from _demo.story import Story
from _demo.terminal import heading, say

__all__ = ["Story", "ended", "heading", "say", "stage"]
