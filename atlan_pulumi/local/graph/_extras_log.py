"""What changes of tags, labels and custom metadata leave in the activity log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Entries = Iterator[tuple[str, dict[str, Any]]]
"""Actions and their details."""


def extras_entries(name: str, old: Any, new: Any) -> Entries:
    """Return the entries for one kind of extras, such as `labels`, that changed."""
    return _ENTRIES.get(name, lambda *_: iter(()))(old, new)


def _tags(old: Any, new: Any) -> Entries:
    before, after = ({tag.get("typeName"): tag for tag in tags or ()} for tags in (old, new))
    for name, tag in after.items():
        if before.get(name) != tag:
            yield "CLASSIFICATION_UPDATE" if name in before else "CLASSIFICATION_ADD", tag
    for name in before:
        if name not in after:
            yield "CLASSIFICATION_DELETE", {"typeName": name}


def _labels(old: Any, new: Any) -> Entries:
    before, after = set(old or ()), set(new or ())
    for action, labels in (("LABEL_ADD", after - before), ("LABEL_DELETE", before - after)):
        if labels:
            yield action, {"labels": sorted(labels)}


def _metadata(old: Any, new: Any) -> Entries:
    before, after = old or {}, new or {}
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield "BUSINESS_ATTRIBUTE_UPDATE", {"typeName": name, "attributes": after.get(name, {})}


_ENTRIES: dict[str, Callable[[Any, Any], Entries]] = {
    "classifications": _tags,
    "labels": _labels,
    "businessAttributes": _metadata,
}
