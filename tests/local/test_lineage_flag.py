"""`__hasLineage`: recomputed whenever a process, an edge or an asset comes or goes."""

from __future__ import annotations

import pytest


def flags(atlan, *names):
    return "".join(name for name in names if atlan.named(name)["attributes"]["__hasLineage"])


def test_a_process_with_both_sides_gives_lineage(atlan):
    guid = atlan.create(atlan.process(inputs="A B", outputs="C"))
    assert flags(atlan, "A", "B", "C", "D") == "ABC"
    assert atlan.get(guid)["attributes"]["__hasLineage"] is True


@pytest.mark.parametrize(("inputs", "outputs"), [("A", ""), ("", "A"), ("", "")])
def test_one_side_gives_none(atlan, inputs, outputs):
    guid = atlan.create(atlan.process(inputs=inputs, outputs=outputs))
    assert flags(atlan, "A") == ""
    assert atlan.get(guid)["attributes"]["__hasLineage"] is False


def test_the_other_side_later(atlan):
    atlan.create(atlan.process(inputs="A", outputs=""))
    atlan.save(atlan.process(inputs=None, outputs="B"))
    assert flags(atlan, "A", "B") == "AB"


def test_dropped_inputs_lose_it(atlan):
    atlan.create(atlan.process(inputs="A B", outputs="C"))
    atlan.save(atlan.process(inputs="A", outputs=None))
    assert flags(atlan, "A", "B", "C") == "AC"
    atlan.save(atlan.process(inputs="", outputs=None))
    assert flags(atlan, "A", "B", "C") == ""


@pytest.mark.parametrize("how", ["SOFT", "HARD", "PURGE"])
def test_it_goes_with_the_process(atlan, how):
    guid = atlan.create(atlan.process(inputs="A", outputs="B"))
    atlan.create(atlan.process("other", inputs="B", outputs="C"))
    atlan.delete(guid, how=how)
    assert flags(atlan, "A", "B", "C") == "BC"


@pytest.mark.parametrize("how", ["SOFT", "PURGE"])
def test_it_goes_with_the_last_asset_of_a_side(atlan, how):
    process = atlan.create(atlan.process(inputs="A B", outputs="C"))
    atlan.delete(atlan.named("A")["guid"], how=how)
    assert flags(atlan, "B", "C") == "BC"
    atlan.delete(atlan.named("B")["guid"], how=how)
    assert flags(atlan, "C") == ""
    assert atlan.get(process)["attributes"]["__hasLineage"] is False


def test_restore_in_bulk_does_not_bring_it_back(atlan):
    guid = atlan.create(atlan.process(inputs="A", outputs="B"))
    atlan.delete(guid, how="SOFT")
    atlan.ok(atlan.raw.post("/api/meta/entity/restore/bulk", params={"guid": guid}))
    assert atlan.live(guid, "inputs") == ["A"]
    assert flags(atlan, "A", "B") == ""
    assert atlan.get(guid)["attributes"]["__hasLineage"] is False


def test_it_comes_back_with_a_status_in_an_upsert(atlan):
    guid = atlan.create(atlan.process(inputs="A", outputs="B"))
    atlan.delete(guid, how="SOFT")
    atlan.save(atlan.process(inputs=None, outputs=None, status="ACTIVE"))
    assert flags(atlan, "A", "B") == "AB"
    assert atlan.get(guid)["attributes"]["__hasLineage"] is True


def test_it_does_not_come_back_with_an_asset(atlan):
    atlan.create(atlan.process(inputs="A", outputs="B"))
    table = atlan.named("A")["guid"]
    atlan.delete(table, how="SOFT")
    assert flags(atlan, "B") == ""
    atlan.ok(atlan.raw.post("/api/meta/entity/restore/bulk", params={"guid": table}))
    assert flags(atlan, "A", "B") == ""


def test_clients_cannot_set_it(atlan):
    guid = atlan.create(atlan.process(inputs="", outputs="", __hasLineage=True))
    assert atlan.get(guid)["attributes"]["__hasLineage"] is False
