"""The report for machines: a shape that stays, with a version in it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from atlan_pulumi.drift._changes import Change
from atlan_pulumi.drift._report import Drifted, Report

_VERSION = 1


def as_json(report: Report) -> str:
    """The report as JSON, as `docs/drift.md` describes it; nothing is abbreviated."""
    return _document(
        stack=report.stack,
        drift=report.drift,
        checked=report.checked,
        resources=[_resource(item) for item in report.resources],
        error=None,
    )


def error_as_json(stack: str | None, message: str) -> str:
    """What stands in a report's place when it could not be told whether there is drift: `drift` is null."""
    return _document(stack=stack, drift=None, checked=None, resources=[], error=message)


def _document(**fields: Any) -> str:
    return json.dumps({"version": _VERSION, **fields}, indent=2, ensure_ascii=False)


def _resource(item: Drifted) -> dict[str, Any]:
    when = item.last_written_at
    return {
        **asdict(item),
        "changes": [_change(change) for change in item.changes],
        "last_written_at": when and f"{when:%Y-%m-%dT%H:%M:%SZ}",
    }


def _change(change: Change) -> dict[str, Any]:
    return {"kind": change.kind, **asdict(change)}
