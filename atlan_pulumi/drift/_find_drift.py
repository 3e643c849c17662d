"""find_drift: read the state, run a refresh preview, and compare each resource."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from atlan_pulumi.drift._report import Drifted, Report, Status
from atlan_pulumi.engine import (
    ECHOES,
    OURS,
    Change,
    Engine,
    Finished,
    Props,
    Pulumi,
    SecretChange,
    ValueChange,
    changes,
    described,
    failed,
    is_ours,
    one_line,
    read_state,
    require_engine,
    resource_name,
    secrets,
    type_token,
)
from atlan_pulumi.engine import (
    StackState as State,
)
from atlan_pulumi.errors import DriftError
from atlan_pulumi.key_rotation import is_advised
from atlan_pulumi.lifecycle import DRIFTED, is_about_stale_placeholders

_UNSET = "(not set)"
_STATUS = "status"
_WRITER = re.compile(r"last written by (?P<who>.+?) at (?P<when>\d{4}-\d\d-\d\d \d\d:\d\d) UTC")
_CHANGED = re.compile(r"changed in Atlan: (?P<names>[\w, ]+)")
#: Called with the number of resources read and their total; None if that is unknown.
Progress = Callable[[int, "int | None"], None]

#: Pulumi's pattern for the URNs of this package's resources with any parents, so that Pulumi reads no others.
#: `*` matches anything without a colon, `**` matches anything.
_ALL_RESOURCES = f"**{OURS}*::**"


def child_changes(kind: str, declared: Props, actual: Props) -> Iterator[Change]:
    """Yield the changes that a refresh collects under `drifted`, each with its declared value.

    Args:
        kind: The kind of the resource, such as `ProcessSet`.
        declared: The outputs in the state.
        actual: The outputs after the refresh.
    """
    before, after = (_as_mapping(props.get(DRIFTED)) for props in (declared, actual))
    if before == after:
        return
    wanted = _declared_children(kind, declared)
    for id_ in sorted({*before, *after}):
        olds, news = _as_mapping(before.get(id_)), _as_mapping(after.get(id_))
        for name in sorted({*olds, *news}):
            if olds.get(name) != news.get(name):
                as_declared = "active" if name == _STATUS else _format_value(wanted.get(id_, {}).get(name))
                yield ValueChange(
                    f"{DRIFTED}[{json.dumps(id_)}][{json.dumps(name)}]",
                    _parse_value(olds[name]) if name in olds else as_declared,
                    _parse_value(news[name]) if name in news else as_declared,
                )


def _declared_children(kind: str, props: Props) -> dict[str, Props]:
    """Return the properties of each process and column process, by id."""
    from atlan_pulumi.declared import Declared, from_engine  # noqa: PLC0415 - imports Pulumi
    from atlan_pulumi.errors import UnreadableError  # noqa: PLC0415 - imports Pulumi

    try:
        edges = Declared(f"::::::{kind}", kind, from_engine(dict(props))).edges
    except UnreadableError:
        return {}
    return {str(edge.declared.get("process_id")): edge.declared for edge in edges}


def _parse_value(words: Any) -> Any:
    return None if words == _UNSET else words


def _format_value(value: Any) -> Any:
    """Return a value as text, as a refresh formats it."""
    if isinstance(value, list):
        return ", ".join(str(_format_value(item)) for item in value) or None
    if isinstance(value, dict):
        return f"{value['type_name']} {value.get('qualified_name') or value.get('guid')}"
    return value if value is None or isinstance(value, str) else str(value)


def _as_mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


@dataclass
class RefreshEvents:
    """The events of a refresh that concern this package's resources.

    Attributes:
        started: The resources whose read was started.
        results: The resources that were read, each with the engine's result.
        notes: The provider's messages, by resource.
        errors: Errors: the resource, or None, and the message.
        succeeded: Whether the engine reports that it finished.
        key_was_rotated: Whether the present key was used, since Atlan refused the former one.
    """

    started: set[str] = field(default_factory=set)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    errors: list[tuple[str | None, str]] = field(default_factory=list)
    succeeded: bool = False
    key_was_rotated: bool = False

    def add(self, event: dict[str, Any]) -> None:
        """Add an event."""
        if "resourcePreEvent" in event:
            self._start(event["resourcePreEvent"]["metadata"]["urn"])
        elif "resOutputsEvent" in event:
            self._finish(event["resOutputsEvent"]["metadata"])
        elif "diagnosticEvent" in event:
            self._add_diagnostic(event["diagnosticEvent"])
        elif "summaryEvent" in event:
            self.succeeded = event["summaryEvent"].get("result", "succeeded") == "succeeded"

    def _start(self, urn: str) -> None:
        if is_ours(urn):
            self.started.add(urn)

    def _finish(self, metadata: dict[str, Any]) -> None:
        if is_ours(metadata["urn"]):
            self.results[metadata["urn"]] = metadata

    def _add_diagnostic(self, diagnostic: dict[str, Any]) -> None:
        urn, message = diagnostic.get("urn"), diagnostic["message"].strip()
        if diagnostic["severity"] == "error":
            self.errors.append((urn, message))
        elif diagnostic["severity"] == "info" and urn and is_ours(urn):
            self.notes.setdefault(urn, []).append(message)

    def stale_placeholders(self) -> Iterator[str]:
        """Yield the lines on placeholders that no crawl has made full for days, without repetitions."""
        lines = (line for notes in self.notes.values() for line in notes if is_about_stale_placeholders(line))
        yield from dict.fromkeys(lines)

    def drift_of(self, urn: str, ignored: frozenset[str]) -> Drifted | None:
        """Return how a resource differs from the state; None if it does not differ.

        Args:
            urn: The resource.
            ignored: The properties whose changes the program ignores.
        """
        metadata, note = self.results[urn], " ".join(self.notes.get(urn, ()))
        old, new = (_outputs(metadata, side) for side in ("old", "new"))
        kind = type_token(urn).rpartition(":")[2]
        found = _changes(metadata["op"], kind, old, new, note) if new else ()
        left = tuple(change for change in found if change.property.partition("[")[0] not in ignored)
        if new and not left:
            return None
        who, when = _last_written(note)
        id_ = metadata["old"].get("id", "")
        return Drifted(urn, resource_name(urn), kind, id_, _status(old, new), left, who, when, note)


def _outputs(metadata: dict[str, Any], side: str) -> dict[str, Any]:
    """Return the outputs, which include the inputs; empty for a deleted resource."""
    outputs: dict[str, Any] = (metadata.get(side) or {}).get("outputs") or {}
    return outputs


def _changes(
    operation: str, kind: str, old: dict[str, Any], new: dict[str, Any], note: str
) -> Iterator[Change]:
    visible = [*changes(_without_children(old), _without_children(new)), *child_changes(kind, old, new)]
    yield from visible
    reported = _CHANGED.search(note)
    names = {name.strip() for name in reported["names"].split(",")} if reported else set()
    hidden = secrets(old)
    differing = [name for name in hidden if name in names or name not in new]
    # The engine compares secrets without showing them: if nothing else differs, one of them does.
    if operation == "update" and not visible and not differing:
        differing = hidden
    yield from map(SecretChange, differing)


def _without_children(props: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in props.items() if name != DRIFTED}


def _status(old: dict[str, Any], new: dict[str, Any]) -> Status:
    if not new:
        return "gone"
    return "changed" if old.get("guid") == new.get("guid") else "recreated"


def _last_written(note: str) -> tuple[str | None, datetime | None]:
    reported = _WRITER.search(note)
    if reported is None:
        return None, None
    return reported["who"], datetime.strptime(reported["when"], "%Y-%m-%d %H:%M").replace(tzinfo=timezone.utc)


def read_error(reading: RefreshEvents) -> DriftError | None:
    """Return the error that a resource could not be read, or the engine's error; None if there is none."""
    reported = [(urn, one_line(message)) for urn, message in reading.errors]
    about = sorted(
        ((urn, message) for urn, message in reported if urn), key=lambda item: not is_ours(item[0])
    )
    if about:
        urn, message = about[0]
        others = len({urn for urn, _ in about}) - 1
        more = f" and {others} more" if others else ""
        return DriftError(f"could not read {described(urn)}{more}: {message}")
    rest = [message for _, message in reported if message not in ECHOES]
    return failed("refresh --preview-only", rest[0]) if rest else None


def find_drift(
    folder: str | Path = ".",
    *,
    stack: str | None = None,
    targets: Sequence[str] = (),
    progress: Progress | None = None,
    engine: Engine | None = None,
) -> Report:
    """Find what differs between a stack's state and Atlan. Neither is changed.

    Args:
        folder: The Pulumi project's folder.
        stack: The stack's name; None for the selected one.
        targets: URNs, or Pulumi's URN patterns; empty for all resources of this package.
        progress: Called with the number of resources read.
        engine: The engine; None for the installed one.

    Raises:
        DriftError: Drift cannot be determined: Pulumi failed, or a resource could not be read.
        EngineError: No engine was found.
    """
    pulumi = Pulumi(engine or require_engine(), Path(folder), stack)
    exported = pulumi.export()
    state = read_state(exported)
    if not state.resources and not targets:
        return Report(stack or state.stack, 0, ())
    reading = _refresh(pulumi, state, targets, progress or _ignore)
    report = _report(stack or state.stack, state, reading)
    if report.drift and pulumi.export() != exported:
        raise DriftError("cannot determine drift: the stack changed in the meantime; run it again")
    return report


def _refresh(pulumi: Pulumi, state: State, targets: Sequence[str], progress: Progress) -> RefreshEvents:
    """Run a refresh preview, and return its events. All resources were read when this returns.

    The engine uses the configuration of the last deployment, which may contain a former key. In that case the
    program runs, too, which provides the present key.
    """
    reading, finished = _run_refresh(pulumi, state, targets, progress, run_program=False)
    if any(is_advised(message) for _, message in reading.errors):
        reading, finished = _run_refresh(pulumi, state, targets, progress, run_program=True)
        reading.key_was_rotated = True
    _ensure_complete(reading, finished, reading.started if targets else state.resources)
    return reading


def _run_refresh(
    pulumi: Pulumi, state: State, targets: Sequence[str], progress: Progress, *, run_program: bool
) -> tuple[RefreshEvents, Finished]:
    reading = RefreshEvents()
    total = None if targets else len(state.resources)

    def listen(event: dict[str, Any]) -> None:
        reading.add(event)
        progress(len(reading.results), total)

    return reading, pulumi.refresh(targets or [_ALL_RESOURCES], listen, run_program=run_program)


def _ensure_complete(reading: RefreshEvents, finished: Finished, expected: Collection[str]) -> None:
    """Raise unless the refresh succeeded and read all expected resources.

    Missing events are not absence of drift.
    """
    error = read_error(reading)
    if error is not None:
        raise error
    if finished.code or not reading.succeeded:
        raise failed("refresh --preview-only", finished.stderr or finished.stdout)
    if not expected:
        raise DriftError("cannot determine drift: --target selects no resource of this package")
    for urn in expected:
        if urn not in reading.results:
            raise DriftError(f"cannot determine drift: Pulumi did not read {described(urn)}")


def _report(stack: str | None, state: State, reading: RefreshEvents) -> Report:
    found = (
        reading.drift_of(urn, ignored) for urn, ignored in state.resources.items() if urn in reading.results
    )
    drift_of = tuple(item for item in found if item is not None)
    stale = tuple(reading.stale_placeholders())
    return Report(stack, len(reading.results), drift_of, reading.key_was_rotated, stale)


def _ignore(_refresh: int, _total: int | None) -> None:
    pass
