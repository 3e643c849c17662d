"""What the engine's events tell of a refresh."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from atlan_pulumi.drift._changes import Change, SecretChange, changes, secrets
from atlan_pulumi.drift._parts import part_changes
from atlan_pulumi.drift._report import Drifted, Status
from atlan_pulumi.drift._state import is_ours, resource_name, type_token
from atlan_pulumi.lifecycle import DRIFTED

_WRITER = re.compile(r"last written by (?P<who>.+?) at (?P<when>\d{4}-\d\d-\d\d \d\d:\d\d) UTC")
_CHANGED = re.compile(r"changed in Atlan: (?P<names>[\w, ]+)")


@dataclass
class Reading:
    """The events of one refresh, as far as they concern this package's resources.

    Attributes:
        begun: The resources whose reading was begun.
        ended: Those that were read, each with what the engine found.
        notes: What the provider said, by resource.
        errors: What went wrong: the resource, or None, and the message.
        succeeded: Whether the engine says that it came to the end.
        key_was_rotated: Whether it took the present key, since the former one was refused.
    """

    begun: set[str] = field(default_factory=set)
    ended: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    errors: list[tuple[str | None, str]] = field(default_factory=list)
    succeeded: bool = False
    key_was_rotated: bool = False

    def take(self, event: dict[str, Any]) -> None:
        """Take in the next event."""
        if "resourcePreEvent" in event:
            self._begin(event["resourcePreEvent"]["metadata"]["urn"])
        elif "resOutputsEvent" in event:
            self._end(event["resOutputsEvent"]["metadata"])
        elif "diagnosticEvent" in event:
            self._hear(event["diagnosticEvent"])
        elif "summaryEvent" in event:
            self.succeeded = event["summaryEvent"].get("result", "succeeded") == "succeeded"

    def _begin(self, urn: str) -> None:
        if is_ours(urn):
            self.begun.add(urn)

    def _end(self, metadata: dict[str, Any]) -> None:
        if is_ours(metadata["urn"]):
            self.ended[metadata["urn"]] = metadata

    def _hear(self, diagnostic: dict[str, Any]) -> None:
        urn, message = diagnostic.get("urn"), diagnostic["message"].strip()
        if diagnostic["severity"] == "error":
            self.errors.append((urn, message))
        elif diagnostic["severity"] == "info" and urn and is_ours(urn):
            self.notes.setdefault(urn, []).append(message)

    def drifted(self, urn: str, ignored: frozenset[str]) -> Drifted | None:
        """What became of a resource that was read; None when it is as the state says.

        Args:
            urn: The resource.
            ignored: The properties whose changes the program ignores.
        """
        metadata, note = self.ended[urn], " ".join(self.notes.get(urn, ()))
        old, new = (_outputs(metadata, side) for side in ("old", "new"))
        kind = type_token(urn).rpartition(":")[2]
        found = _found(metadata["op"], kind, old, new, note) if new else ()
        left = tuple(change for change in found if change.property.partition("[")[0] not in ignored)
        if new and not left:
            return None
        who, when = _last_written(note)
        id_ = metadata["old"].get("id", "")
        return Drifted(urn, resource_name(urn), kind, id_, _status(old, new), left, who, when, note)


def _outputs(metadata: dict[str, Any], side: str) -> dict[str, Any]:
    """The outputs, of which the inputs are a part; empty for a resource that is gone."""
    outputs: dict[str, Any] = (metadata.get(side) or {}).get("outputs") or {}
    return outputs


def _found(
    operation: str, kind: str, old: dict[str, Any], new: dict[str, Any], note: str
) -> Iterator[Change]:
    visible = [*changes(_without_parts(old), _without_parts(new)), *part_changes(kind, old, new)]
    yield from visible
    told = _CHANGED.search(note)
    names = {name.strip() for name in told["names"].split(",")} if told else set()
    hidden = secrets(old)
    differing = [name for name in hidden if name in names or name not in new]
    # The engine compares secrets and shows neither: what differs where nothing else does is one of them.
    if operation == "update" and not visible and not differing:
        differing = hidden
    yield from map(SecretChange, differing)


def _without_parts(props: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in props.items() if name != DRIFTED}


def _status(old: dict[str, Any], new: dict[str, Any]) -> Status:
    if not new:
        return "gone"
    return "changed" if old.get("guid") == new.get("guid") else "recreated"


def _last_written(note: str) -> tuple[str | None, datetime | None]:
    told = _WRITER.search(note)
    if told is None:
        return None, None
    return told["who"], datetime.strptime(told["when"], "%Y-%m-%d %H:%M").replace(tzinfo=timezone.utc)
