"""find_drift with a scripted engine: what it requests, and its result."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from atlan_pulumi.drift import Report, find_drift
from atlan_pulumi.engine._command import Finished, Listener, Pulumi
from atlan_pulumi.engine._property_changes import ValueChange
from atlan_pulumi.errors import DriftError

Props = dict[str, Any]
KIND = "pulumi-python:dynamic/atlan:Process"
ENGINE: Any = object()  # never run
DONE = {"summaryEvent": {}}


def urn(name: str, kind: str = KIND) -> str:
    return f"urn:pulumi:prod::shop::{kind}::{name}"


def state(*names: str, **more: Any) -> Props:
    foreign = {"urn": urn("bucket", "aws:s3:Bucket"), "type": "aws:s3:Bucket"}
    ours = [{"urn": urn(name), "type": KIND, **more} for name in names]
    return {"deployment": {"resources": [foreign, *ours]}}


def started(name: str) -> Props:
    return {"resourcePreEvent": {"metadata": {"urn": urn(name)}}}


def read(name: str, before: str = "a", after: str = "a") -> Props:
    sides = {
        "old": {"id": name, "outputs": {"sql": before, "guid": "g"}},
        "new": {"outputs": {"sql": after, "guid": "g"}},
    }
    operation = "same" if before == after else "update"
    return {"resOutputsEvent": {"metadata": {"urn": urn(name), "op": operation, **sides}}}


class ScriptedPulumi:
    """The `pulumi` command: its output, and the calls to it."""

    def __init__(
        self, *states: Props, events: Sequence[Props] = (DONE,), finished: Any = (0, "", "")
    ) -> None:
        self.states = list(states)
        self.events = events
        self.finished = Finished(*finished)
        self.exports = 0
        self.targets: list[list[str]] = []
        self.where: Pulumi | None = None

    def export(self) -> str:
        self.exports += 1
        return json.dumps(self.states.pop(0) if len(self.states) > 1 else self.states[0])

    def refresh(self, targets: Sequence[str], listener: Listener) -> Finished:
        self.targets.append(list(targets))
        for event in self.events:
            listener(event)
        return self.finished


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(pulumi_: ScriptedPulumi, **options: Any) -> Report:
        def export(pulumi: Pulumi) -> str:
            pulumi_.where = pulumi
            return pulumi_.export()

        monkeypatch.setattr(Pulumi, "export", export)
        monkeypatch.setattr(Pulumi, "refresh", lambda _self, *asked, run_program: pulumi_.refresh(*asked))
        return find_drift(engine=ENGINE, **options)

    return run


@pytest.mark.parametrize(
    ("exported", "stack", "named"),
    [
        (state(), None, "prod"),
        (state(), "other", "other"),
        ({"deployment": {}}, None, None),
        ({"deployment": {}}, "other", "other"),
    ],
)
def test_a_stack_without_resources_of_this_package_is_not_read(
    exported: Props, stack: str | None, named: str | None, look: Any
) -> None:
    pulumi_ = ScriptedPulumi(exported)
    assert look(pulumi_, stack=stack) == Report(named, 0, ())
    assert (pulumi_.exports, pulumi_.targets) == (1, [])


@pytest.mark.parametrize("folder", [None, "infra", Path("infra")])
@pytest.mark.parametrize("stack", [None, "other"])
def test_stack_and_folder_are_passed_to_pulumi(folder: Any, stack: str | None, look: Any) -> None:
    pulumi_ = ScriptedPulumi(state())
    look(pulumi_, stack=stack, **({} if folder is None else {"folder": folder}))
    assert pulumi_.where == Pulumi(ENGINE, Path(folder or "."), stack)


@pytest.mark.parametrize(("stack", "named"), [(None, "prod"), ("other", "other")])
def test_all_resources_of_this_package_are_read_and_counted(stack: str | None, named: str, look: Any) -> None:
    pulumi_ = ScriptedPulumi(state("a", "b"), events=[started("a"), read("a"), started("b"), read("b"), DONE])
    reported: list[tuple[int, int | None]] = []
    report = look(pulumi_, stack=stack, progress=lambda *given: reported.append(given))
    assert report == Report(named, 2, ())
    assert pulumi_.targets == [["**pulumi-python:dynamic/atlan:*::**"]]
    assert reported == [(0, 2), (1, 2), (1, 2), (2, 2), (2, 2)]
    assert pulumi_.exports == 1, "without drift, the state is not read again"


def test_only_targets_are_read_and_their_total_is_unknown(look: Any) -> None:
    pulumi_ = ScriptedPulumi(state("a", "b"), events=[started("b"), read("b", after="x"), DONE])
    reported: list[int | None] = []
    report = look(pulumi_, targets=["**::b"], progress=lambda _read, total: reported.append(total))
    assert (report.checked, [each.name for each in report.resources]) == (1, ["b"])
    assert pulumi_.targets == [["**::b"]]
    assert set(reported) == {None}


def test_drift_is_reported_in_the_order_of_the_state(look: Any) -> None:
    events = [read("c", after="x"), read("a", after="y"), read("b"), DONE]
    report = look(ScriptedPulumi(state("a", "b", "c"), events=events))
    assert [(each.name, each.changes) for each in report.resources] == [
        ("a", (ValueChange("sql", "a", "y"),)),
        ("c", (ValueChange("sql", "a", "x"),)),
    ]
    assert report.checked == 3


def test_ignored_changes_are_no_drift(look: Any) -> None:
    pulumi_ = ScriptedPulumi(state("a", ignoreChanges=["sql"]), events=[read("a", after="x"), DONE])
    assert look(pulumi_) == Report("prod", 1, ())


@pytest.mark.parametrize(
    ("pulumi_", "options", "reason"),
    [
        (
            ScriptedPulumi(state("a", "b"), events=[read("a"), DONE]),
            {},
            "cannot determine drift: Pulumi did not read Process 'b'",
        ),
        (
            ScriptedPulumi(state("a"), events=[started("a"), DONE]),
            {"targets": ["**::a"]},
            "cannot determine drift: Pulumi did not read Process 'a'",
        ),
        (
            ScriptedPulumi(state("a")),
            {"targets": ["**::x"]},
            "cannot determine drift: --target selects no resource of this package",
        ),
        (
            ScriptedPulumi(state()),
            {"targets": ["**::x"]},
            "cannot determine drift: --target selects no resource of this package",
        ),
        (
            ScriptedPulumi(state("a"), events=[read("a"), DONE], finished=(1, "out", "error: err")),
            {},
            "`pulumi refresh --preview-only` failed: err",
        ),
        (
            ScriptedPulumi(state("a"), events=[read("a"), DONE], finished=(255, "the reason", "")),
            {},
            "`pulumi refresh --preview-only` failed: the reason",
        ),
        (
            ScriptedPulumi(state("a"), events=[read("a")]),
            {},
            "`pulumi refresh --preview-only` failed: it printed no reason",
        ),
        (
            ScriptedPulumi(state("a"), events=[read("a"), {"summaryEvent": {"result": "failed"}}]),
            {},
            "`pulumi refresh --preview-only` failed: it printed no reason",
        ),
        (
            ScriptedPulumi(
                state("a"), events=[{"diagnosticEvent": {"severity": "error", "message": "no"}}, DONE]
            ),
            {},
            "`pulumi refresh --preview-only` failed: no",
        ),
        (
            ScriptedPulumi(state("a"), state("a", "b"), events=[read("a", after="x"), DONE]),
            {},
            "cannot determine drift: the stack changed in the meantime; run it again",
        ),
    ],
)
def test_incomplete_results_are_an_error(
    pulumi_: ScriptedPulumi, options: Props, reason: str, look: Any
) -> None:
    with pytest.raises(DriftError) as caught:
        look(pulumi_, **options)
    assert str(caught.value) == reason
