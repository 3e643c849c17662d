"""Orphans: what a stack made in Atlan, by its mark, and its state does not know.

A run that was killed may have made what its state does not tell of. The next deployment takes up what the
program still declares; what is no longer declared would stay for ever. Nothing is changed here.
"""

from atlan_pulumi.orphans._find import Orphan, Orphans, find_orphans, is_of_stack, marked_text, origins_in

__all__ = ["Orphan", "Orphans", "find_orphans", "is_of_stack", "marked_text", "origins_in"]
