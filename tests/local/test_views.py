"""JSON views of entities and of writes."""

from __future__ import annotations

from local.writes import process, save

from atlan_pulumi.local._relations import Relations
from atlan_pulumi.local._views import mutation_response, show_entity, show_header
from atlan_pulumi.local.graph import Session
from atlan_pulumi.naming.relationships import ends_of


def test_responses_omit_empty_parts(store):
    session, assignments = save(store, process("p", "A", "B"))
    assert set(mutation_response(session, assignments)) == {"mutatedEntities", "guidAssignments"}
    assert set(mutation_response(session)["mutatedEntities"]) == {"CREATE", "UPDATE"}
    session, assignments = save(store, process("p", "A", "B"))
    assert mutation_response(session, assignments) == {"guidAssignments": assignments}
    assert mutation_response(Session(store, "me")) == {}


def test_entities_show_inputs_and_outputs(store):
    save(store, process("p", "AB", "C"))
    entity = store.entities.find("Process", "p")
    assert show_header(entity, {"x": 1})["attributes"] == {"name": "p", "qualifiedName": "p", "x": 1}
    assert "relationshipAttributes" not in show_entity(store, entity, relationships=False)
    shown = show_entity(store, entity)
    assert len(shown["attributes"]["inputs"]) == len(shown["relationshipAttributes"]["inputs"]) == 2
    (end,) = (one for one in ends_of("Process") if one.attribute == "outputs")
    assert [one.entity.name for one in Relations(store, [entity]).at(entity, end)] == ["C"]
