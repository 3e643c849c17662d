"""Read events from a file, and find what Atlan would refuse or drop. Used by `openlineage emit`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openlineage.client.event_v2 import Job, Run, RunEvent, RunState

from atlan_pulumi.openlineage._event_files import events_in
from atlan_pulumi.openlineage.facets import FacetKind, facet

_ENDS = frozenset({"COMPLETE", "FAIL", "ABORT"})
_Dataset = tuple[str, str]


@dataclass
class _RunContent:
    """The combined content of a run's events."""

    job: tuple[str, str]
    states: set[str] = field(default_factory=set)
    inputs: dict[_Dataset, dict[str, Any]] = field(default_factory=dict)
    outputs: dict[_Dataset, dict[str, Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"job {self.job[1]!r}"


def malformed(events: Sequence[Any]) -> list[str]:
    """Return why OpenLineage's models refuse the events, one line for each reason."""
    return [
        f"event {number}: {reason}" for number, each in enumerate(events, 1) for reason in _malformed(each)
    ]


def dropped(events: Sequence[Any]) -> list[str]:
    """Return what Atlan would silently drop from well-formed events, one line for each reason.

    Every run needs a START and a terminal event. Every field that a columnLineage facet refers to must be in
    an input of its run.
    """
    return [reason for run in _runs(events) for reason in _dropped(run)]


def namespaces(events: Sequence[Any]) -> list[str]:
    """Return the namespaces of the jobs. Each must be the name of a connection that accepts events."""
    return sorted({str(event["job"]["namespace"]) for event in events})


def runs_of(events: Sequence[Any]) -> int:
    """Return the number of runs in the events."""
    return len(_runs(events))


def datasets_of(events: Sequence[Any], namespace: str) -> list[str]:
    """Return the names of all datasets that the jobs of a namespace read or write."""
    runs = [run for run in _runs(events) if run.job[0] == namespace]
    return sorted({name for run in runs for side in (run.inputs, run.outputs) for _, name in side})


def _malformed(event: Any) -> Iterator[str]:
    if not isinstance(event, Mapping):
        yield "is not a JSON object"
        return
    parts = {name: event.get(name) for name in ("job", "run")}
    missing = [name for name, part in parts.items() if not isinstance(part, Mapping)]
    if missing:
        yield f"is not a run event: it has no {' and no '.join(missing)}"
        return
    try:
        json.dumps(event, ensure_ascii=False, allow_nan=False).encode()
        _model(event)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        yield f"is not a run event: {_reason(error)}"
        return
    yield from _invalid_facets("run", event["run"])
    yield from _invalid_facets("job", event["job"])
    for side in ("inputs", "outputs"):
        datasets = event.get(side) or []
        if not isinstance(datasets, list):
            yield f"{side} is not a list"
            continue
        for index, dataset in enumerate(datasets):
            for reason in _invalid_dataset(dataset):
                yield f"{side}[{index}]: {reason}"


def _model(event: Mapping[str, Any]) -> RunEvent:
    """Validate an event with OpenLineage's model."""
    job, run = event["job"], event["run"]
    for name, value in (
        ("job.namespace", job.get("namespace")),
        ("job.name", job.get("name")),
        ("producer", event.get("producer")),
    ):
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"{name} is missing")
    return RunEvent(
        eventType=RunState(event["eventType"]),
        eventTime=event["eventTime"],
        run=Run(runId=run["runId"]),
        job=Job(namespace=job["namespace"], name=job["name"]),
        producer=event["producer"],
    )


def _reason(error: Exception) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)


def _invalid_dataset(dataset: Any) -> Iterator[str]:
    named = dataset if isinstance(dataset, Mapping) else {}
    if not all(isinstance(named.get(name), str) and named[name] for name in ("namespace", "name")):
        yield "expected a dataset with a namespace and a name"
        return
    yield from _invalid_facets("dataset", dataset)
    yield from _invalid_facets("input", dataset, "inputFacets")
    yield from _invalid_facets("output", dataset, "outputFacets")


def _invalid_facets(kind: FacetKind, part: Mapping[str, Any], name: str = "facets") -> Iterator[str]:
    facets = part.get(name) or {}
    if not isinstance(facets, Mapping):
        yield f"{name} is not an object"
        return
    for key, value in facets.items():
        if reason := _invalid(kind, key, value):
            yield f"{name}[{key!r}]: {reason}"


def _invalid(kind: FacetKind, key: str, value: Any) -> str | None:
    if not isinstance(value, Mapping):
        return "is not an object"
    try:
        facet(kind, key, value, "", strict=False)
    except ValueError as error:
        return str(error)
    return None


def _runs(events: Sequence[Any]) -> list[_RunContent]:
    runs: dict[tuple[str, ...], _RunContent] = {}
    for event in events:
        job = (str(event["job"]["namespace"]), str(event["job"]["name"]))
        run = runs.setdefault((*job, str(event["run"]["runId"])), _RunContent(job))
        run.states.add(event["eventType"])
        for side, known in (("inputs", run.inputs), ("outputs", run.outputs)):
            for dataset in event.get(side) or []:
                facets = known.setdefault((dataset["namespace"], dataset["name"]), {})
                facets.update(dataset.get("facets") or {})
    return list(runs.values())


def _dropped(run: _RunContent) -> Iterator[str]:
    if "START" not in run.states:
        yield f"{run.name}: a run has no START event, so Atlan creates no lineage"
    if not run.states & _ENDS:
        yield f"{run.name}: a run has no COMPLETE, FAIL, or ABORT event, so Atlan creates no lineage"
    for (_, name), facets in run.outputs.items():
        lost: dict[str, list[str]] = defaultdict(list)
        for column, reason in _lost_columns(facets, run):
            lost[reason].append(column)
        for reason, columns in lost.items():
            yield f"{run.name}, output {name!r}, column {', '.join(columns)}: {reason}"


def _lost_columns(facets: Mapping[str, Any], run: _RunContent) -> Iterator[tuple[str, str]]:
    own = _schema(facets)
    for column, mapped in (facets.get("columnLineage") or {}).get("fields", {}).items():
        if own and column.casefold() not in own:
            yield column, "the schema facet of that output has no such field"
        if not mapped["inputFields"]:
            yield column, "it has no input fields"
        for source in mapped["inputFields"]:
            known = run.inputs.get((source["namespace"], source["name"]))
            if known is None:
                yield column, f"{source['name']!r} is not among the inputs of the run"
            elif (schema := _schema(known)) and source["field"].casefold() not in schema:
                yield column, f"the schema facet of {source['name']!r} has no field {source['field']!r}"


def _schema(facets: Mapping[str, Any]) -> set[str]:
    """Return the case-folded field names in a schema facet, or an empty set."""
    fields = (facets.get("schema") or {}).get("fields") or []
    return {str(each.get("name")).casefold() for each in fields}


def read_events(path: Path) -> list[Any]:
    """Return the events in a file, in order.

    Raises:
        OpenLineageError: The file cannot be read, or is not JSON.
    """
    return [each.data for each in events_in(path)]
