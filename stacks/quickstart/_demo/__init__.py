"""The parts of `demo.py` and `crash.py`: the story, a temporary project, and reading the catalog."""

from __future__ import annotations

from _demo.first_deployment import FirstDeployment
from _demo.stage import ended, first_stage, stage
from _demo.story import Story
from _demo.terminal import heading, say

__all__ = ["FirstDeployment", "Story", "ended", "first_stage", "heading", "say", "stage"]
