"""One look at a stack, with the engine's part played by the test: what is asked, and what is made of it."""

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
ENGINE: Any = object()  # nothing runs it
DONE = {"summaryEvent": {}}


def urn(name: str, kind: str = KIND) -> str:
    return f"urn:pulumi:prod::shop::{kind}::{name}"


def state(*names: str, **more: Any) -> Props:
    foreign = {"urn": urn("bucket", "aws:s3:Bucket"), "type": "aws:s3:Bucket"}
    ours = [{"urn": urn(name), "type": KIND, **more} for name in names]
    return {"deployment": {"resources": [foreign, *ours]}}


def begun(name: str) -> Props:
    return {"resourcePreEvent": {"metadata": {"urn": urn(name)}}}


def read(name: str, before: str = "a", after: str = "a") -> Props:
    sides = {
        "old": {"id": name, "outputs": {"sql": before, "guid": "g"}},
        "new": {"outputs": {"sql": after, "guid": "g"}},
    }
    operation = "same" if before == after else "update"
    return {"resOutputsEvent": {"metadata": {"urn": urn(name), "op": operation, **sides}}}


class Played:
    """The `pulumi` command: what it answers, and what it was asked."""

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
    def run(played: Played, **options: Any) -> Report:
        def export(pulumi: Pulumi) -> str:
            played.where = pulumi
            return played.export()

        monkeypatch.setattr(Pulumi, "export", export)
        monkeypatch.setattr(Pulumi, "refresh", lambda _self, *asked, run_program: played.refresh(*asked))
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
def test_a_stack_with_nothing_of_ours_is_not_read(
    exported: Props, stack: str | None, named: str | None, look: Any
) -> None:
    played = Played(exported)
    assert look(played, stack=stack) == Report(named, 0, ())
    assert (played.exports, played.targets) == (1, [])


@pytest.mark.parametrize("folder", [None, "infra", Path("infra")])
@pytest.mark.parametrize("stack", [None, "other"])
def test_it_is_the_stack_in_that_folder(folder: Any, stack: str | None, look: Any) -> None:
    played = Played(state())
    look(played, stack=stack, **({} if folder is None else {"folder": folder}))
    assert played.where == Pulumi(ENGINE, Path(folder or "."), stack)


@pytest.mark.parametrize(("stack", "named"), [(None, "prod"), ("other", "other")])
def test_all_of_ours_are_read_and_counted(stack: str | None, named: str, look: Any) -> None:
    played = Played(state("a", "b"), events=[begun("a"), read("a"), begun("b"), read("b"), DONE])
    heard: list[tuple[int, int | None]] = []
    report = look(played, stack=stack, progress=lambda *given: heard.append(given))
    assert report == Report(named, 2, ())
    assert played.targets == [["**pulumi-python:dynamic/atlan:*::**"]]
    assert heard == [(0, 2), (1, 2), (1, 2), (2, 2), (2, 2)]
    assert played.exports == 1, "nothing differs: it is the same whether the stack changed meanwhile"


def test_of_targets_only_those_are_read_and_nobody_knows_how_many(look: Any) -> None:
    played = Played(state("a", "b"), events=[begun("b"), read("b", after="x"), DONE])
    heard: list[int | None] = []
    report = look(played, targets=["**::b"], progress=lambda _read, total: heard.append(total))
    assert (report.checked, [each.name for each in report.resources]) == (1, ["b"])
    assert played.targets == [["**::b"]]
    assert set(heard) == {None}


def test_what_differs_is_told_in_the_order_of_the_state(look: Any) -> None:
    events = [read("c", after="x"), read("a", after="y"), read("b"), DONE]
    report = look(Played(state("a", "b", "c"), events=events))
    assert [(each.name, each.changes) for each in report.resources] == [
        ("a", (ValueChange("sql", "a", "y"),)),
        ("c", (ValueChange("sql", "a", "x"),)),
    ]
    assert report.checked == 3


def test_what_the_program_ignores_is_no_drift(look: Any) -> None:
    played = Played(state("a", ignoreChanges=["sql"]), events=[read("a", after="x"), DONE])
    assert look(played) == Report("prod", 1, ())


@pytest.mark.parametrize(
    ("played", "options", "reason"),
    [
        (
            Played(state("a", "b"), events=[read("a"), DONE]),
            {},
            "could not tell whether there is drift: Pulumi did not read Process 'b'",
        ),
        (
            Played(state("a"), events=[begun("a"), DONE]),
            {"targets": ["**::a"]},
            "could not tell whether there is drift: Pulumi did not read Process 'a'",
        ),
        (
            Played(state("a")),
            {"targets": ["**::x"]},
            "could not tell whether there is drift: no resource of this package is among --target",
        ),
        (
            Played(state()),
            {"targets": ["**::x"]},
            "could not tell whether there is drift: no resource of this package is among --target",
        ),
        (
            Played(state("a"), events=[read("a"), DONE], finished=(1, "out", "error: err")),
            {},
            "`pulumi refresh --preview-only` failed: err",
        ),
        (
            Played(state("a"), events=[read("a"), DONE], finished=(255, "said so", "")),
            {},
            "`pulumi refresh --preview-only` failed: said so",
        ),
        (
            Played(state("a"), events=[read("a")]),
            {},
            "`pulumi refresh --preview-only` failed: it does not say why",
        ),
        (
            Played(state("a"), events=[read("a"), {"summaryEvent": {"result": "failed"}}]),
            {},
            "`pulumi refresh --preview-only` failed: it does not say why",
        ),
        (
            Played(state("a"), events=[{"diagnosticEvent": {"severity": "error", "message": "no"}}, DONE]),
            {},
            "`pulumi refresh --preview-only` failed: no",
        ),
        (
            Played(state("a"), state("a", "b"), events=[read("a", after="x"), DONE]),
            {},
            "could not tell whether there is drift: the stack changed meanwhile; run it again",
        ),
    ],
)
def test_whatever_is_not_certain_is_an_error(played: Played, options: Props, reason: str, look: Any) -> None:
    with pytest.raises(DriftError) as caught:
        look(played, **options)
    assert str(caught.value) == reason
