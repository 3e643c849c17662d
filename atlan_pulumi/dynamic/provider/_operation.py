"""Operation: what one provider process has seen of the `pulumi` command that it serves."""

from __future__ import annotations

from atlan_pulumi.dynamic.provider._claims import Claims
from atlan_pulumi.lifecycle import DeclaredResources, SoughtAssets


class Operation:
    """The memory that all providers of one process share. A new command starts a new process.

    Attributes:
        written: GUIDs and qualifiedNames that this process has written.
        named: GUIDs whose takeover or restoration a note of this process has named.
        checked: The entities of each resource that this process has checked, by URN.
        declared: The entities that the program declares, as far as this process knows, by ownership mark.
        claims: The resource of each entity that this process has checked.
        settled: The kind, qualifiedName, and mark of each resource whose entities are as declared.
        sought: The missing assets and placeholders of each resource that this process has checked.
    """

    def __init__(self) -> None:
        self.written: set[str] = set()
        self.named: set[str] = set()
        self.checked = DeclaredResources()
        self.declared = DeclaredResources()
        self.claims = Claims()
        self.settled: set[tuple[str, str, str | None]] = set()
        self.sought = SoughtAssets()
        self._without_replacement: set[str] = set()
        self._former_names: dict[str, str] = {}

    def add_replacement(self, old: str, new: str) -> None:
        """Record that a resource is to get another qualifiedName, so that its entity is replaced."""
        self._without_replacement.add(old)
        self._former_names[new] = old

    def replacement_created(self, new: str) -> None:
        """Record that the entity of a replacement exists."""
        self._without_replacement.discard(self._former_names.get(new, ""))

    def lacks_replacement(self, old: str | None) -> bool:
        """Return whether an entity is being replaced, and its replacement does not exist yet."""
        return old in self._without_replacement


#: The operation of this process.
current = Operation()
