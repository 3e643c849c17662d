"""`__hasLineage`: recomputed when a process, an edge, or an asset changes."""

from __future__ import annotations

import pytest


def flags(atlan, *names):
    return "".join(name for name in names if atlan.seeded(name)["attributes"]["__hasLineage"])


def test_a_process_with_inputs_and_outputs_sets_the_flag(atlan):
    guid = atlan.create(atlan.process(inputs="A B", outputs="C"))
    assert flags(atlan, "A", "B", "C", "D") == "ABC"
    assert atlan.get(guid)["attributes"]["__hasLineage"] is True


@pytest.mark.parametrize(("inputs", "outputs"), [("A", ""), ("", "A"), ("", "")])
def test_a_process_with_one_side_does_not_set_the_flag(atlan, inputs, outputs):
    guid = atlan.create(atlan.process(inputs=inputs, outputs=outputs))
    assert flags(atlan, "A") == ""
    assert atlan.get(guid)["attributes"]["__hasLineage"] is False


def test_the_flag_is_set_when_the_second_side_is_added(atlan):
    atlan.create(atlan.process(inputs="A", outputs=""))
    atlan.save(atlan.process(inputs=None, outputs="B"))
    assert flags(atlan, "A", "B") == "AB"


def test_dropped_inputs_lose_the_flag(atlan):
    atlan.create(atlan.process(inputs="A B", outputs="C"))
    atlan.save(atlan.process(inputs="A", outputs=None))
    assert flags(atlan, "A", "B", "C") == "AC"
    atlan.save(atlan.process(inputs="", outputs=None))
    assert flags(atlan, "A", "B", "C") == ""


@pytest.mark.parametrize("how", ["SOFT", "HARD", "PURGE"])
def test_deleting_the_process_clears_the_flag(atlan, how):
    guid = atlan.create(atlan.process(inputs="A", outputs="B"))
    atlan.create(atlan.process("other", inputs="B", outputs="C"))
    atlan.delete(guid, how=how)
    assert flags(atlan, "A", "B", "C") == "BC"


@pytest.mark.parametrize("how", ["SOFT", "PURGE"])
def test_deleting_the_last_asset_of_a_side_clears_the_flag(atlan, how):
    process = atlan.create(atlan.process(inputs="A B", outputs="C"))
    atlan.delete(atlan.seeded("A")["guid"], how=how)
    assert flags(atlan, "B", "C") == "BC"
    atlan.delete(atlan.seeded("B")["guid"], how=how)
    assert flags(atlan, "C") == ""
    assert atlan.get(process)["attributes"]["__hasLineage"] is False


def test_restore_in_bulk_does_not_set_the_flag(atlan):
    guid = atlan.create(atlan.process(inputs="A", outputs="B"))
    atlan.delete(guid, how="SOFT")
    atlan.ok(atlan.raw.post("/api/meta/entity/restore/bulk", params={"guid": guid}))
    assert atlan.active_names(guid, "inputs") == ["A"]
    assert flags(atlan, "A", "B") == ""
    assert atlan.get(guid)["attributes"]["__hasLineage"] is False


def test_an_upsert_with_status_active_sets_the_flag(atlan):
    guid = atlan.create(atlan.process(inputs="A", outputs="B"))
    atlan.delete(guid, how="SOFT")
    atlan.save(atlan.process(inputs=None, outputs=None, status="ACTIVE"))
    assert flags(atlan, "A", "B") == "AB"
    assert atlan.get(guid)["attributes"]["__hasLineage"] is True


def test_restoring_an_asset_does_not_set_the_flag(atlan):
    atlan.create(atlan.process(inputs="A", outputs="B"))
    table = atlan.seeded("A")["guid"]
    atlan.delete(table, how="SOFT")
    assert flags(atlan, "B") == ""
    atlan.ok(atlan.raw.post("/api/meta/entity/restore/bulk", params={"guid": table}))
    assert flags(atlan, "A", "B") == ""


def test_clients_cannot_set_the_flag(atlan):
    guid = atlan.create(atlan.process(inputs="", outputs="", __hasLineage=True))
    assert atlan.get(guid)["attributes"]["__hasLineage"] is False
