"""A run as its events tell of it: they are merged, in whatever order and however often they came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

Event = Mapping[str, Any]
Identity = tuple[str, str]
"""What tells datasets apart: namespace and name."""

_ENDS = ("COMPLETE", "FAIL", "ABORT")
_ALWAYS = 253402300799000  # an event without a time comes last


@dataclass
class Dataset:
    """What a run reads or writes."""

    namespace: str
    name: str
    facets: dict[str, Any] = field(default_factory=dict)


@dataclass
class Run:
    """A run, folded from its events.

    Attributes:
        id: Its runId.
        states: Every eventType that was seen.
        state: Where it stands: its end, once one was seen.
        started: When it started, in milliseconds since the epoch.
        ended: When it ended; None before.
        inputs: What it reads.
        outputs: What it writes.
        job_facets: Facets of the job.
        run_facets: Facets of the run.
    """

    id: str = ""
    states: set[str] = field(default_factory=set)
    state: str = ""
    started: int = _ALWAYS
    ended: int | None = None
    inputs: dict[Identity, Dataset] = field(default_factory=dict)
    outputs: dict[Identity, Dataset] = field(default_factory=dict)
    job_facets: dict[str, Any] = field(default_factory=dict)
    run_facets: dict[str, Any] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Whether it has the two events that Atlan asks for: a START, and an end."""
        return "START" in self.states and self.ended is not None

    @property
    def parent(self) -> str | None:
        """The name of the job that started it, as its facet `parent` tells; None where it has none."""
        job = self.run_facets.get("parent", {}).get("job")
        name = job.get("name") if isinstance(job, Mapping) else None
        return str(name) if name else None

    @property
    def has_both_sides(self) -> bool:
        """Whether there is lineage in it."""
        return bool(self.inputs and self.outputs)


def fold(events: Iterable[Event]) -> Run:
    """The run that these events tell of; later ones add to earlier ones, by their own time."""
    run = Run()
    for event in sorted(events, key=_order):
        _add(run, event)
    return run


def _order(event: Event) -> tuple[int, bool]:
    return moment(event.get("eventTime")), event.get("eventType") in _ENDS


def _add(run: Run, event: Event) -> None:
    kind, when = str(event.get("eventType") or "OTHER").upper(), moment(event.get("eventTime"))
    run.id = str(_mapping(event.get("run")).get("runId") or "")
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


def _add_datasets(known: dict[Identity, Dataset], told: Any) -> None:
    for each in told if isinstance(told, list) else []:
        if isinstance(each, Mapping) and each.get("name"):
            namespace, name = str(each.get("namespace") or ""), str(each["name"])
            known.setdefault((namespace, name), Dataset(namespace, name)).facets.update(_facets(each))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _facets(of: Any) -> dict[str, Any]:
    """The facets that are what a facet has to be: an object."""
    facets = of.get("facets") if isinstance(of, Mapping) else None
    every = facets.items() if isinstance(facets, Mapping) else ()
    return {str(name): facet for name, facet in every if isinstance(facet, Mapping)}


def moment(text: Any) -> int:
    """An ISO 8601 time in milliseconds since the epoch; one that cannot be read is later than any other."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?(Z|z|[+-]\d\d:?\d\d)?", str(text))
    if not found:
        return _ALWAYS
    day, time, fraction, zone = found.groups()
    zone = "+0000" if zone in (None, "Z", "z") else zone.replace(":", "")
    try:
        whole = datetime.strptime(f"{day} {time} {zone}", "%Y-%m-%d %H:%M:%S %z").astimezone(timezone.utc)
    except (ValueError, OverflowError):  # there is no such day or hour
        return _ALWAYS
    return int(whole.timestamp() * 1000) + int(float(fraction or 0) * 1000)
