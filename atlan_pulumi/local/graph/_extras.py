"""Tags, custom metadata and labels: kept as they come, under the flags of the request."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local.graph._identity import Entry
from atlan_pulumi.local.graph._payload import BulkFlags


def apply_extras(entry: Entry, flags: BulkFlags, *, new: bool) -> bool:
    """Take over tags, custom metadata, labels and custom attributes of a payload.

    Returns:
        Whether any of them changed.
    """
    raw, extras = entry.payload.raw, entry.entity.extras
    wanted = {name: raw[name] for name in ("labels", "customAttributes") if raw.get(name) is not None}
    tags = _tags(raw, extras, flags, new=new)
    if tags is not None:
        wanted["classifications"] = tags
    metadata = _metadata(raw, extras, flags, new=new)
    if metadata is not None:
        wanted["businessAttributes"] = metadata
    changed = {name: value for name, value in wanted.items() if (extras.get(name) or None) != (value or None)}
    extras.update(changed)
    return bool(changed)


def _tags(raw: Any, extras: dict[str, Any], flags: BulkFlags, *, new: bool) -> list[Any] | None:
    if new or flags.replace_tags:
        return list(raw.get("classifications") or [])
    if not flags.append_tags:
        return None
    gone = {tag.get("typeName") for tag in raw.get("removeClassifications") or []}
    tags = {tag.get("typeName"): tag for tag in extras.get("classifications") or []}
    tags.update((tag.get("typeName"), tag) for tag in raw.get("addOrUpdateClassifications") or [])
    return [tag for name, tag in tags.items() if name not in gone]


def _metadata(raw: Any, extras: dict[str, Any], flags: BulkFlags, *, new: bool) -> dict[str, Any] | None:
    sent = raw.get("businessAttributes") or {}
    if new or (flags.replace_business_attributes and flags.overwrite_business_attributes):
        return dict(sent)
    if not flags.replace_business_attributes:
        return None
    kept = dict(extras.get("businessAttributes") or {})
    for name, values in sent.items():
        kept[name] = {**kept.get(name, {}), **(values or {})}
    return kept
