"""One look at a stack: state, refresh, report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from atlan_pulumi.drift._errors import DriftError
from atlan_pulumi.drift._events import Reading
from atlan_pulumi.drift._pulumi import Finished, Pulumi
from atlan_pulumi.drift._report import Report
from atlan_pulumi.drift._state import State, described, read_state
from atlan_pulumi.drift._trouble import failed, unread
from atlan_pulumi.engine import Engine, require_engine
from atlan_pulumi.engine_json import OURS
from atlan_pulumi.rotation import is_advised

#: Hears how many resources were read, and of how many; None where that is not known.
Progress = Callable[[int, "int | None"], None]

#: Pulumi's pattern for the URNs of this package's resources, whatever their parents are: others are not even
#: read. `*` stands for anything without a colon, `**` for anything.
_ALL_OF_OURS = f"**{OURS}*::**"


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
