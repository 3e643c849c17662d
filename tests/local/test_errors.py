"""Errors of the metastore: status, code, message, and references."""

from __future__ import annotations

import pytest

from atlan_pulumi.local import _errors as errors


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.invalid_parameters("x"), 400, "ATLAS-400-00-01A"),
        (errors.bad_request("x"), 400, "ATLAS-400-00-029"),
        (errors.unknown_type(None), 400, "ATLAS-400-00-014"),
        (errors.invalid_reference({}), 400, "ATLAS-400-00-021"),
        (errors.wrong_end("r", "a", "b"), 400, "ATLAS-400-00-036"),
        (errors.conflicting_relationship_maps("x"), 400, "ATLAS-400-00-108"),
        (errors.no_admins("Connection"), 400, "ATLAS-400-00-114"),
        (errors.too_many_entities(1), 400, "ATLAS-400-00-212"),
        (errors.forbidden("me", "x"), 403, "ATLAS-403-00-001"),
        (errors.unknown_guid("x"), 404, "ATLAS-404-00-005"),
        (errors.invalid_instance("x"), 404, "ATLAS-404-00-007"),
        (errors.unknown_name("T", "q"), 404, "ATLAS-404-00-009"),
        (errors.unresolved_reference("x"), 404, "ATLAS-404-00-00A"),
        (errors.no_lineage_type("g", "T"), 404, "ATLAS-404-00-011"),
        (errors.unknown_path("/x"), 404, "ATLAS-404-00-019"),
        (errors.name_taken("T", "q"), 409, "ATLAS-409-00-003"),
        (errors.texts_too_long(["sql"], 1), 500, "ATLAS-500-00-001"),
    ],
)
def test_errors_have_the_codes_of_the_metastore(error, status, code):
    assert (error.status, error.code) == (status, code)
    assert error.body() == {"errorCode": code, "errorMessage": str(error)}
    error.entity_guid = "-1"
    assert error.body()["entityGuid"] == "-1"


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("x", "x"),
        (None, "null"),
        ({"guid": "g", "typeName": "T"}, "g"),
        ({"guid": "g"}, "AtlasObjectId{guid='g', typeName='null', uniqueAttributes={}}"),
        (
            {"typeName": "T", "uniqueAttributes": {"qualifiedName": "q"}},
            "AtlasObjectId{guid='null', typeName='T', uniqueAttributes={qualifiedName:q}}",
        ),
        (
            {"typeName": "T", "uniqueAttributes": "q"},
            "AtlasObjectId{guid='null', typeName='T', uniqueAttributes={}}",
        ),
    ],
)
def test_references_are_printed_as_by_the_metastore(reference, text):
    assert errors.format_object_id(reference) == text
