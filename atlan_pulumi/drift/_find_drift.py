"""find_drift: state, refresh, what each resource shows."""

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
    _ECHOES,
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
from atlan_pulumi.lifecycle import DRIFTED

_UNSET = "(not set)"
_STATUS = "status"
_WRITER = re.compile(r"last written by (?P<who>.+?) at (?P<when>\d{4}-\d\d-\d\d \d\d:\d\d) UTC")
_CHANGED = re.compile(r"changed in Atlan: (?P<names>[\w, ]+)")
#: Hears how many resources were read, and of how many; None where that is not known.
Progress = Callable[[int, "int | None"], None]

#: Pulumi's pattern for the URNs of this package's resources, whatever their parents are: others are not even
#: read. `*` stands for anything without a colon, `**` for anything.
_ALL_OF_OURS = f"**{OURS}*::**"


def part_changes(kind: str, declared: Props, actual: Props) -> Iterator[Change]:
    """Yield the changes that a refresh collects under `drifted`, with what was declared of each.

    Args:
        kind: The kind of the resource, such as `ProcessSet`.
        declared: The outputs in the state.
        actual: The outputs as they were read.
    """
    before, after = (_mapping(props.get(DRIFTED)) for props in (declared, actual))
    if before == after:
        return
    wanted = _declared_parts(kind, declared)
    for id_ in sorted({*before, *after}):
        olds, news = _mapping(before.get(id_)), _mapping(after.get(id_))
        for name in sorted({*olds, *news}):
            if olds.get(name) != news.get(name):
                as_declared = "active" if name == _STATUS else _text(wanted.get(id_, {}).get(name))
                yield ValueChange(
                    f"{DRIFTED}[{json.dumps(id_)}][{json.dumps(name)}]",
                    _set(olds[name]) if name in olds else as_declared,
                    _set(news[name]) if name in news else as_declared,
                )


def _declared_parts(kind: str, props: Props) -> dict[str, Props]:
    """The properties of each process and column process, by its id in the connection."""
    from atlan_pulumi.declared import Declared, from_engine  # noqa: PLC0415 - brings Pulumi
    from atlan_pulumi.errors import UnreadableError  # noqa: PLC0415 - brings Pulumi

    try:
        edges = Declared(f"::::::{kind}", kind, from_engine(dict(props))).edges
    except UnreadableError:
        return {}
    return {str(edge.declared.get("process_id")): edge.declared for edge in edges}


def _set(words: Any) -> Any:
    return None if words == _UNSET else words


def _text(value: Any) -> Any:
    """A value in the words in which a refresh tells of one."""
    if isinstance(value, list):
        return ", ".join(str(_text(item)) for item in value) or None
    if isinstance(value, dict):
        return f"{value['type_name']} {value.get('qualified_name') or value.get('guid')}"
    return value if value is None or isinstance(value, str) else str(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


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


def unread(reading: Reading) -> DriftError | None:
    """The error that resources could not be read, or that the engine met; None when it met none."""
    told = [(urn, one_line(message)) for urn, message in reading.errors]
    about = sorted(((urn, message) for urn, message in told if urn), key=lambda item: not is_ours(item[0]))
    if about:
        urn, message = about[0]
        others = len({urn for urn, _ in about}) - 1
        more = f" and {others} more" if others else ""
        return DriftError(f"could not read {described(urn)}{more}: {message}")
    rest = [message for _, message in told if message not in _ECHOES]
    return failed("refresh --preview-only", rest[0]) if rest else None


def find_drift(
    folder: str | Path = ".",
    *,
    stack: str | None = None,
    targets: Sequence[str] = (),
    progress: Progress | None = None,
    engine: Engine | None = None,
) -> Report:
    """Find what differs in Atlan from what a stack's state says. Neither is changed.

    Args:
        folder: The Pulumi project's folder.
        stack: The stack's name; None for the selected one.
        targets: URNs, or Pulumi's patterns of them; empty for all of this package's resources.
        progress: Hears how far it is.
        engine: The engine to use; None for the one that is found.

    Raises:
        DriftError: It could not be told: Pulumi failed, or not every resource could be read.
        EngineError: There is no engine.
    """
    pulumi = Pulumi(engine or require_engine(), Path(folder), stack)
    exported = pulumi.export()
    state = read_state(exported)
    if not state.resources and not targets:
        return Report(stack or state.stack, 0, ())
    reading = _read(pulumi, state, targets, progress or _silent)
    report = _report(stack or state.stack, state, reading)
    if report.drift and pulumi.export() != exported:
        raise DriftError("could not tell whether there is drift: the stack changed meanwhile; run it again")
    return report


def _read(pulumi: Pulumi, state: State, targets: Sequence[str], progress: Progress) -> Reading:
    """Let Pulumi read the resources; every one of them was read when this returns.

    The engine takes the configuration of the last deployment, so that a key may be the former one. Then the
    program runs as well, which brings the present one.
    """
    reading, finished = _refreshed(pulumi, state, targets, progress, run_program=False)
    if any(is_advised(message) for _, message in reading.errors):
        reading, finished = _refreshed(pulumi, state, targets, progress, run_program=True)
        reading.key_was_rotated = True
    _require(reading, finished, reading.begun if targets else state.resources)
    return reading


def _refreshed(
    pulumi: Pulumi, state: State, targets: Sequence[str], progress: Progress, *, run_program: bool
) -> tuple[Reading, Finished]:
    reading = Reading()
    total = None if targets else len(state.resources)

    def listen(event: dict[str, Any]) -> None:
        reading.take(event)
        progress(len(reading.ended), total)

    return reading, pulumi.refresh(targets or [_ALL_OF_OURS], listen, run_program=run_program)


def _require(reading: Reading, finished: Finished, expected: Collection[str]) -> None:
    """Raise unless all went well and all that is expected was read: silence is not the absence of drift."""
    error = unread(reading)
    if error is not None:
        raise error
    if finished.code or not reading.succeeded:
        raise failed("refresh --preview-only", finished.stderr or finished.stdout)
    if not expected:
        raise DriftError(
            "could not tell whether there is drift: no resource of this package is among --target"
        )
    for urn in expected:
        if urn not in reading.ended:
            raise DriftError(f"could not tell whether there is drift: Pulumi did not read {described(urn)}")


def _report(stack: str | None, state: State, reading: Reading) -> Report:
    found = (
        reading.drifted(urn, ignored) for urn, ignored in state.resources.items() if urn in reading.ended
    )
    drifted = tuple(item for item in found if item is not None)
    return Report(stack, len(reading.ended), drifted, reading.key_was_rotated)


def _silent(_read: int, _total: int | None) -> None:
    pass
