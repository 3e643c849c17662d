"""RefreshEvents: what the engine's events mean."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from atlan_pulumi.drift import Drifted
from atlan_pulumi.drift._find_drift import RefreshEvents
from atlan_pulumi.engine._property_changes import SecretChange, ValueChange
from atlan_pulumi.lifecycle import stale_line

URN = "urn:pulumi:test::project::pulumi-python:dynamic/atlan:Process::load"
BELOW = "urn:pulumi:test::project::my:Component$pulumi-python:dynamic/atlan:Process::load"
FOREIGN = "urn:pulumi:test::project::pulumi-python:dynamic/atlan:Process$aws:s3/bucket:Bucket::logs"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}
NOTE = "Process 'q' was changed in Atlan: sql, description; last written by a b at 2026-11-22 10:05 UTC"


def ended(urn: str, op: str, old: dict[str, Any], new: dict[str, Any] | None) -> dict[str, Any]:
    sides = {"old": {"id": "q", "outputs": old}, "new": None if new is None else {"outputs": new}}
    return {"resOutputsEvent": {"metadata": {"urn": urn, "op": op, **sides}}}


def said(urn: str | None, severity: str, message: str) -> dict[str, Any]:
    return {"diagnosticEvent": {"severity": severity, "message": message} | ({"urn": urn} if urn else {})}


def started(urn: str) -> dict[str, Any]:
    return {"resourcePreEvent": {"metadata": {"urn": urn, "op": "refresh"}}}


def reading(*events: dict[str, Any]) -> RefreshEvents:
    events_ = RefreshEvents()
    for event in events:
        events_.add(event)
    return events_


def drifted(*events: dict[str, Any], ignored: frozenset[str] = frozenset()) -> Drifted | None:
    return reading(*events).drift_of(URN, ignored)


def test_only_resources_of_this_package_count() -> None:
    events = [started(urn) for urn in (URN, BELOW, FOREIGN)]
    events_ = reading(*events, *(ended(urn, "same", {}, {}) for urn in (URN, BELOW, FOREIGN)))
    assert events_.started == set(events_.results) == {URN, BELOW}


@pytest.mark.parametrize("result", ["succeeded", "failed"])
def test_success_is_read_from_the_summary(result: str) -> None:
    assert reading({"summaryEvent": {"result": result}}).succeeded is (result == "succeeded")
    assert not reading({"preludeEvent": {}}, {"cancelEvent": {}}).succeeded


def test_lines_on_stale_placeholders_are_collected_once() -> None:
    line = stale_line("Table 'a'", 1, 9)
    events_ = reading(said(URN, "info", line), said(URN, "info", "sql changed"), said(BELOW, "info", line))
    assert list(events_.stale_placeholders()) == [line]


def test_an_unchanged_resource_has_no_drift() -> None:
    assert drifted(ended(URN, "same", {"guid": "1", "sql": "x"}, {"guid": "1", "sql": "x"})) is None


def test_a_changed_resource_has_its_note_in_any_order() -> None:
    change = ended(URN, "update", {"guid": "1", "sql": "x"}, {"guid": "1", "sql": "y"})
    for events in ([change, said(URN, "info", f"{NOTE}\n")], [said(URN, "info", NOTE), change]):
        found = drifted(*events)
        assert found == Drifted(
            urn=URN,
            name="load",
            type="Process",
            qualified_name="q",
            status="changed",
            changes=(ValueChange("sql", "x", "y"),),
            last_writer="a b",
            last_written_at=datetime(2026, 11, 22, 10, 5, tzinfo=timezone.utc),
            note=NOTE,
        )


def test_without_a_note_there_is_no_last_writer() -> None:
    found = drifted(ended(URN, "update", {"sql": "x"}, {"sql": "y"}), said(BELOW, "info", NOTE))
    assert found is not None
    assert (found.last_writer, found.last_written_at, found.note) == (None, None, "")


@pytest.mark.parametrize("new", [None, {}])
def test_a_deleted_resource_is_gone(new: dict[str, Any] | None) -> None:
    found = drifted(ended(URN, "delete", {"guid": "1", "sql": "x"}, new), ignored=frozenset({"sql"}))
    assert found is not None
    assert (found.status, found.changes) == ("gone", ())


def test_another_guid_is_recreated() -> None:
    found = drifted(ended(URN, "same", {"guid": "1", "sql": "x"}, {"guid": "2", "sql": "x"}))
    assert found is not None
    assert (found.status, found.changes) == ("recreated", (ValueChange("guid", "1", "2"),))


def test_ignored_properties_are_no_drift() -> None:
    change = ended(
        URN, "update", {"sql": "x", "map": {"k": 1}, "s": SECRET}, {"sql": "y", "map": {}, "s": SECRET}
    )
    assert drifted(change, ignored=frozenset({"sql", "map"})) is None
    found = drifted(change, ignored=frozenset({"sql"}))
    assert found is not None
    assert [item.property for item in found.changes] == ['map["k"]']


def test_a_secret_in_the_note_differs() -> None:
    old, new = {"sql": SECRET, "name": SECRET, "guid": "1"}, {"sql": SECRET, "name": SECRET, "guid": "1"}
    found = drifted(ended(URN, "update", old, new), said(URN, "info", NOTE))
    assert found is not None
    assert found.changes == (SecretChange("sql"),)


def test_all_secrets_differ_if_nothing_else_explains_the_update() -> None:
    old = {"sql": SECRET, "name": SECRET, "guid": "1"}
    found = drifted(ended(URN, "update", old, old))
    assert found is not None
    assert found.changes == (SecretChange("name"), SecretChange("sql"))
    assert drifted(ended(URN, "same", old, old)) is None


def test_a_removed_secret_differs() -> None:
    found = drifted(ended(URN, "update", {"sql": SECRET, "name": "x"}, {"name": "y"}))
    assert found is not None
    assert found.changes == (ValueChange("name", "x", "y"), SecretChange("sql"))
