"""Read the selected entities, and build search conditions."""

from __future__ import annotations

import pytest
from support.atlan import WAREHOUSE, Witness

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.errors import ImporterError
from atlan_pulumi.importer import Selection
from atlan_pulumi.importer._kinds import kinds
from atlan_pulumi.importer._selection import EntityName, read_entities, silent
from atlan_pulumi.lifecycle._registry import LIFECYCLES, lifecycle_of
from atlan_pulumi.local import LocalAtlan

BELOW = {"Process": "columnProcesses"}


def test_every_kind_of_resource_is_known() -> None:
    namesakes = {name for name, version in LIFECYCLES if lifecycle_of(name, version).type_name == name}
    assert namesakes >= {"Connection", "Process", "ColumnProcess"}
    for name in namesakes:
        assert (kinds()[name].name, kinds()[name].token) == (name, f"pulumi-python:dynamic/atlan:{name}")
    assert {name for name, kind in kinds().items() if kind.is_edge} == {"Process", "ColumnProcess"}
    assert {name for name, kind in kinds().items() if kind.is_below} == {"ColumnProcess"}


def test_deleted_entities_in_the_index_are_skipped(client: AtlanClient, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "there", 0, 1)
    listed = [EntityName("Process", f"{WAREHOUSE}/{name}") for name in ("gone", "there", "there")]
    assert [entity.qualified_name for entity in read_entities(client, listed, BELOW, silent)] == [
        f"{WAREHOUSE}/there"
    ]


def test_an_entity_of_another_type_with_the_same_name_is_not_read_entities(
    client: AtlanClient, witness: Witness
) -> None:
    witness.post("ColumnProcess", [f"{WAREHOUSE}/x"])
    assert read_entities(client, [EntityName("Process", f"{WAREHOUSE}/x")], BELOW, silent) == []


def test_an_empty_selection_sends_no_request(client: AtlanClient, server: LocalAtlan) -> None:
    before = server.stats()["requests"]
    assert read_entities(client, [], BELOW, silent) == []
    assert server.stats()["requests"] == before


def test_the_search_includes_subtypes() -> None:
    selection = Selection(connections=["default/x/1", "default/x/2"], name_prefix="Load")
    (types, places, names) = selection.conditions(["Process"])
    wanted = {field for clause in types["bool"]["should"][0]["bool"]["should"] for field in clause["term"]}
    assert wanted == {"__typeName.keyword", "__superTypeNames.keyword"}
    assert [clause["prefix"]["qualifiedName"]["value"] for clause in places["bool"]["should"]] == [
        "default/x/1/",
        "default/x/2/",
    ], "another connection may have the same prefix"
    assert names["prefix"]["name.keyword"]["case_insensitive"] is True


def test_a_connection_with_the_same_prefix_is_not_selected(client: AtlanClient, witness: Witness) -> None:
    from atlan_pulumi.importer import plan_import

    witness.post("Connection", [f"{WAREHOUSE}0"])
    witness.make_process(f"{WAREHOUSE}0", "other", 0, 1)
    witness.make_process(WAREHOUSE, "one", 0, 1)
    plan = plan_import(client, Selection(connections=[WAREHOUSE], with_connections=False))
    assert [each.qualified_name for each in plan.resources] == [f"{WAREHOUSE}/one"]


def test_an_empty_prefix_is_refused() -> None:
    with pytest.raises(ImporterError, match="nothing selected"):
        Selection(name_prefix="")
