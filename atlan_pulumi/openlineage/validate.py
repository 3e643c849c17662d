"""`openlineage emit`: events of a file, and what Atlan would refuse or drop in them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openlineage.client.event_v2 import Job, Run, RunEvent, RunState

from atlan_pulumi.errors import OpenLineageError
from atlan_pulumi.openlineage.facets import Kind, facet

_ENDS = frozenset({"COMPLETE", "FAIL", "ABORT"})
_Dataset = tuple[str, str]


@dataclass
class _Told:
    """What the events of one run tell."""

    job: tuple[str, str]
    states: set[str] = field(default_factory=set)
    inputs: dict[_Dataset, dict[str, Any]] = field(default_factory=dict)
    outputs: dict[_Dataset, dict[str, Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"job {self.job[1]!r}"


def malformed(events: Sequence[Any]) -> list[str]:
    """Why these are not run events that OpenLineage's own models accept, a line each."""
    return [
        f"event {number}: {reason}" for number, each in enumerate(events, 1) for reason in _malformed(each)
    ]


def dropped(events: Sequence[Any]) -> list[str]:
    """What Atlan would drop without a word, a line each; the events are well-formed.

    Every run has to have a START and an end, and what a columnLineage facet names has to be among the inputs
    of its run.
    """
    return [reason for run in _runs(events) for reason in _incomplete(run)]


def namespaces(events: Sequence[Any]) -> list[str]:
    """The namespaces of the jobs; each is the name of the connection that has to take the events."""
    return sorted({str(event["job"]["namespace"]) for event in events})


def runs_of(events: Sequence[Any]) -> int:
    """How many runs the events tell of."""
    return len(_runs(events))


def datasets_of(events: Sequence[Any], namespace: str) -> list[str]:
    """The names of all datasets that the jobs of a namespace read or write."""
    told = [run for run in _runs(events) if run.job[0] == namespace]
    return sorted({name for run in told for side in (run.inputs, run.outputs) for _, name in side})


def _malformed(event: Any) -> Iterator[str]:
    if not isinstance(event, Mapping):
        yield "is not a JSON object"
        return
    parts = {name: event.get(name) for name in ("job", "run")}
    lacking = [name for name, part in parts.items() if not isinstance(part, Mapping)]
    if lacking:
        yield f"is not a run event: it has no {' and no '.join(lacking)}"
        return
    try:
        json.dumps(event, ensure_ascii=False, allow_nan=False).encode()
        _model(event)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        yield f"is not a run event: {_told(error)}"
        return
    yield from _odd_facets("run", event["run"])
    yield from _odd_facets("job", event["job"])
    for side in ("inputs", "outputs"):
        datasets = event.get(side) or []
        if not isinstance(datasets, list):
            yield f"{side} is not a list"
            continue
        for index, dataset in enumerate(datasets):
            for reason in _odd_dataset(dataset):
                yield f"{side}[{index}]: {reason}"


def _model(event: Mapping[str, Any]) -> RunEvent:
    """The event in OpenLineage's own model, which validates it."""
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


def _told(error: Exception) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)


def _odd_dataset(dataset: Any) -> Iterator[str]:
    named = dataset if isinstance(dataset, Mapping) else {}
    if not all(isinstance(named.get(name), str) and named[name] for name in ("namespace", "name")):
        yield "a dataset has a namespace and a name"
        return
    yield from _odd_facets("dataset", dataset)
    yield from _odd_facets("input", dataset, "inputFacets")
    yield from _odd_facets("output", dataset, "outputFacets")


def _odd_facets(kind: Kind, part: Mapping[str, Any], name: str = "facets") -> Iterator[str]:
    facets = part.get(name) or {}
    if not isinstance(facets, Mapping):
        yield f"{name} is not an object"
        return
    for key, value in facets.items():
        if reason := _odd(kind, key, value):
            yield f"{name}[{key!r}]: {reason}"


def _odd(kind: Kind, key: str, value: Any) -> str | None:
    if not isinstance(value, Mapping):
        return "is not an object"
    try:
        facet(kind, key, value, "", strict=False)
    except ValueError as error:
        return str(error)
    return None


def _runs(events: Sequence[Any]) -> list[_Told]:
    runs: dict[tuple[str, ...], _Told] = {}
    for event in events:
        job = (str(event["job"]["namespace"]), str(event["job"]["name"]))
        run = runs.setdefault((*job, str(event["run"]["runId"])), _Told(job))
        run.states.add(event["eventType"])
        for side, known in (("inputs", run.inputs), ("outputs", run.outputs)):
            for dataset in event.get(side) or []:
                facets = known.setdefault((dataset["namespace"], dataset["name"]), {})
                facets.update(dataset.get("facets") or {})
    return list(runs.values())


def _incomplete(run: _Told) -> Iterator[str]:
    if "START" not in run.states:
        yield f"{run.name}: a run has no START event; Atlan makes no lineage of it"
    if not run.states & _ENDS:
        yield f"{run.name}: a run has no end (COMPLETE, FAIL or ABORT); Atlan makes no lineage of it"
    for (_, name), facets in run.outputs.items():
        told: dict[str, list[str]] = defaultdict(list)
        for column, reason in _lost_columns(facets, run):
            told[reason].append(column)
        for reason, columns in told.items():
            yield f"{run.name}, output {name!r}, column {', '.join(columns)}: {reason}"


def _lost_columns(facets: Mapping[str, Any], run: _Told) -> Iterator[tuple[str, str]]:
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
    """The names of a dataset's fields, in one case; empty where they are not told."""
    fields = (facets.get("schema") or {}).get("fields") or []
    return {str(each.get("name")).casefold() for each in fields}


def read_events(path: Path) -> list[Any]:
    """The events of a file, in its order.

    Raises:
        OpenLineageError: The file cannot be read, or is not JSON.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise OpenLineageError(f"cannot read events from {path}: {reason}") from None
    try:
        whole = json.loads(text)
    except RecursionError:
        raise OpenLineageError(f"cannot read events from {path}: it is nested too deeply") from None
    except ValueError:
        return _lines(path, text)
    events = whole if isinstance(whole, list) else [whole]
    if not events:
        raise OpenLineageError(f"cannot read events from {path}: there is none in it")
    return events


def _lines(path: Path, text: str) -> list[Any]:
    events = []
    # Not `splitlines`: a name may hold a character that it takes for the end of a line.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                events.append(json.loads(line))
            except RecursionError:
                reason = f"line {number} is nested too deeply"
                raise OpenLineageError(f"cannot read events from {path}: {reason}") from None
            except ValueError as error:
                reason = f"line {number} is not JSON: {error}"
                raise OpenLineageError(f"cannot read events from {path}: {reason}") from None
    if not events:
        raise OpenLineageError(f"cannot read events from {path}: there is none in it")
    return events
