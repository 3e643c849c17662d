"""Merge the events of a run, regardless of their order and of duplicates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

RunEvent = Mapping[str, Any]
Identity = tuple[str, str]
"""Identity of a dataset: namespace and name."""

_ENDS = ("COMPLETE", "FAIL", "ABORT")
_NO_TIME = 253402300799000  # events without a time come last


@dataclass
class Dataset:
    """An input or output of a run."""

    namespace: str
    name: str
    facets: dict[str, Any] = field(default_factory=dict)


@dataclass
class MergedRun:
    """A run, merged from its events.

    Attributes:
        id: The runId.
        states: All event types.
        state: The latest event type. An end event takes precedence.
        started: The start time, in milliseconds since the epoch.
        ended: The end time, or None while it runs.
        inputs: The datasets that it reads.
        outputs: The datasets that it writes.
        job_facets: Facets of the job.
        run_facets: Facets of the run.
    """

    id: str = ""
    states: set[str] = field(default_factory=set)
    state: str = ""
    started: int = _NO_TIME
    ended: int | None = None
    inputs: dict[Identity, Dataset] = field(default_factory=dict)
    outputs: dict[Identity, Dataset] = field(default_factory=dict)
    job_facets: dict[str, Any] = field(default_factory=dict)
    run_facets: dict[str, Any] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Whether the run has the two events that Atlan requires: a START and an end."""
        return "START" in self.states and self.ended is not None

    @property
    def parent(self) -> str | None:
        """The name of the parent job from the facet `parent`, or None."""
        job = self.run_facets.get("parent", {}).get("job")
        name = job.get("name") if isinstance(job, Mapping) else None
        return str(name) if name else None

    @property
    def has_both_sides(self) -> bool:
        """Whether the run has inputs and outputs."""
        return bool(self.inputs and self.outputs)


def merge_events(events: Iterable[RunEvent]) -> MergedRun:
    """Return the run of these events, merged in the order of their eventTime."""
    run = MergedRun()
    for event in sorted(events, key=_sort_key):
        _add_event(run, event)
    return run


def _sort_key(event: RunEvent) -> tuple[int, bool]:
    return event_time(event.get("eventTime")), event.get("eventType") in _ENDS


def _add_event(run: MergedRun, event: RunEvent) -> None:
    kind, when = str(event.get("eventType") or "OTHER").upper(), event_time(event.get("eventTime"))
    run.id = str(_as_mapping(event.get("run")).get("runId") or "")
    run.states.add(kind)
    run.started = min(run.started, when)
    if kind in _ENDS:
        run.state, run.ended = kind, when
    elif run.ended is None:
        run.state = kind
    run.job_facets |= _facets(event.get("job"))
    run.run_facets |= _facets(event.get("run"))
    _add_datasets(run.inputs, event.get("inputs"))
    _add_datasets(run.outputs, event.get("outputs"))


def _add_datasets(known: dict[Identity, Dataset], sent: Any) -> None:
    for each in sent if isinstance(sent, list) else []:
        if isinstance(each, Mapping) and each.get("name"):
            namespace, name = str(each.get("namespace") or ""), str(each["name"])
            known.setdefault((namespace, name), Dataset(namespace, name)).facets.update(_facets(each))


def _as_mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _facets(of: Any) -> dict[str, Any]:
    """Return the facets that are objects."""
    facets = of.get("facets") if isinstance(of, Mapping) else None
    every = facets.items() if isinstance(facets, Mapping) else ()
    return {str(name): facet for name, facet in every if isinstance(facet, Mapping)}


def event_time(text: Any) -> int:
    """Return an ISO 8601 time in milliseconds since the epoch. Invalid times are later than any other."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?(Z|z|[+-]\d\d:?\d\d)?", str(text))
    if not match:
        return _NO_TIME
    day, time, fraction, zone = match.groups()
    zone = "+0000" if zone in (None, "Z", "z") else zone.replace(":", "")
    try:
        second = datetime.strptime(f"{day} {time} {zone}", "%Y-%m-%d %H:%M:%S %z").astimezone(timezone.utc)
    except (ValueError, OverflowError):  # no such day or hour
        return _NO_TIME
    return int(second.timestamp() * 1000) + int(float(fraction or 0) * 1000)
