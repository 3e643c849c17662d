"""What `demo.py` stands on: the story, a throwaway Pulumi project, and the catalogue read back from Atlan."""

from __future__ import annotations

from _demo.catalogue import Catalogue
from _demo.project import Project
from _demo.story import Story
from _demo.terminal import Unexpected, heading, problem, say

__all__ = ["Catalogue", "Project", "Story", "Unexpected", "heading", "problem", "say"]
