"""Attributes: known names, valid values, and unset values."""

from __future__ import annotations

import json

import pytest

CONNECTION = "default/snowflake/1657025257"

ACCEPTED = [
    ("description", 5, "5"),
    ("description", True, "true"),
    ("isPassThrough", "TRUE", True),
    ("isPassThrough", "perhaps", False),
    ("sourceCreatedAt", 1_700_000_000_000, 1_700_000_000_000),
    ("sourceCreatedAt", "1700000000000", 1_700_000_000_000),
    ("sourceCreatedAt", "2023-11-14T22:13:20.000Z", 1_700_000_000_000),
    ("ownerUsers", ["ann", "ann", None], ["ann"]),
    ("ownerUsers", [1], ["1"]),
    ("certificateStatus", "DEPRECATED", "DEPRECATED"),
    ("announcementType", "anything", "anything"),
    ("aiDatasetType", "TRAINING", "TRAINING"),
    ("parentConnectionProcessQualifiedName", ["a/b"], ["a/b"]),
]

REFUSED = [
    ("ownerUsers", "ann", "array<string>"),
    ("ownerUsers", {"a": 1}, "array<string>"),
    ("sourceCreatedAt", "yesterday", "date"),
    ("sourceCreatedAt", True, "date"),
    ("certificateStatus", "verified", "certificate_status"),
    ("certificateStatus", ["VERIFIED"], "certificate_status"),
    ("aiDatasetType", "NOPE", "AIDatasetType"),
]


@pytest.mark.parametrize(("name", "sent", "kept"), ACCEPTED)
def test_valid_values_are_accepted(atlan, name, sent, kept):
    guid = atlan.create(atlan.process(**{name: sent}))
    assert atlan.get(guid)["attributes"][name] == kept


@pytest.mark.parametrize(("name", "sent", "kind"), REFUSED)
def test_values_of_the_wrong_type_are_refused(atlan, name, sent, kind):
    response = atlan.post(atlan.process(guid="-4", **{name: sent}))
    shown = sent if isinstance(sent, str) else json.dumps(sent)
    assert response.status_code == 404
    assert response.json() == {
        "errorCode": "ATLAS-404-00-007",
        "errorMessage": "Invalid instance creation/updation parameters passed : "
        f"Process.{name}={shown}: invalid value for type {kind}",
        "entityGuid": "-4",
    }


CONNECTION_VALUES = [
    ("port", "443", 443),
    ("port", 443.0, 443),
    ("rowLimit", 2**40, 2**40),
    ("allowQuery", True, True),
    ("queryPreviewConfig", {"a": 1, "b": None}, {"a": "1"}),
    ("connectionDbtEnvironments", ["prod"], ["prod"]),
    ("queryUsernameStrategy", "atlanUsername", "atlanUsername"),
    ("category", "connector", "connector"),
    ("category", "elt", "elt"),
]


@pytest.mark.parametrize(("name", "sent", "kept"), CONNECTION_VALUES)
def test_valid_connection_values_are_accepted(atlan, name, sent, kept):
    guid = atlan.create(atlan.connection_payload(**{name: sent}))
    assert atlan.get(guid)["attributes"][name] == kept


@pytest.mark.parametrize(
    ("name", "sent", "kind"),
    [
        ("port", 2**31, "int"),
        ("port", "https", "int"),
        ("port", True, "int"),
        ("port", [443], "int"),
        ("rowLimit", 2**63, "long"),
        ("queryPreviewConfig", ["a"], "map<string,string>"),
        ("queryUsernameStrategy", "nope", "query_username_strategy"),
    ],
)
def test_connection_values_of_the_wrong_type_are_refused(atlan, name, sent, kind):
    response = atlan.post(atlan.connection_payload(**{name: sent}))
    assert response.status_code == 404
    assert response.json()["errorMessage"].endswith(f"invalid value for type {kind}")


def test_column_numbers_can_be_fractions(atlan):
    column = {"name": "N", "qualifiedName": "default/x/1/N", "numericScale": "2.5"}
    guid = atlan.create({"typeName": "Column", "attributes": column})
    assert atlan.get(guid)["attributes"]["numericScale"] == 2.5
    for wrong in (True, [], "much"):
        response = atlan.post({"typeName": "Column", "attributes": {**column, "numericScale": wrong}})
        assert response.json()["errorCode"] == "ATLAS-404-00-007"


@pytest.mark.parametrize("name", ["name", "qualifiedName"])
def test_mandatory_attributes_are_required(atlan, name):
    payload = atlan.process(guid="-3")
    del payload["attributes"][name]
    response = atlan.post(payload)
    assert response.status_code == 404
    assert response.json()["errorCode"] == "ATLAS-404-00-007"
    expected = f"Process.{name}: mandatory attribute value missing in type Process"
    assert response.json()["errorMessage"].endswith(expected)


def test_mandatory_attributes_are_required_in_updates(atlan):
    atlan.create(atlan.process())
    payload = atlan.process()
    payload["attributes"]["name"] = None
    assert atlan.post(payload).json()["errorCode"] == "ATLAS-404-00-007"


def test_unknown_attributes_of_a_process_are_ignored(atlan):
    guid = atlan.create(atlan.process(guid="-1", notAnAttribute=1, __guid="x"))
    assert "notAnAttribute" not in atlan.get(guid)["attributes"]
    again = atlan.save(atlan.process(guid="-1", notAnAttribute=2))
    assert again == {"guidAssignments": {"-1": guid}}


def test_other_types_accept_any_attribute(atlan):
    attributes = {"name": "o", "qualifiedName": "arn:aws:s3:::b/o", "s3ObjectKey": "o", "s3ObjectSize": 7}
    guid = atlan.create({"typeName": "S3Object", "attributes": attributes})
    assert attributes.items() <= atlan.get(guid)["attributes"].items()
    cleared = {**attributes, "s3ObjectSize": None}
    atlan.save({"typeName": "S3Object", "attributes": cleared})
    assert "s3ObjectSize" not in atlan.get(guid)["attributes"]


def test_unset_attributes_have_default_values(atlan):
    attributes = atlan.get(atlan.create(atlan.process()))["attributes"]
    assert attributes["isPassThrough"] is False
    assert attributes["isDiscoverable"] is False
    assert attributes["sourceCreatedAt"] == 0
    assert attributes["ownerUsers"] == []
    assert attributes["sql"] is None
    assert attributes["certificateStatus"] is None


def test_texts_have_at_most_100_000_characters(atlan):
    guid = atlan.create(atlan.process(sql="x" * 100_000))
    assert len(atlan.get(guid)["attributes"]["sql"]) == 100_000
    response = atlan.post(atlan.process(sql="x" * 100_001))
    assert response.status_code == 500
    assert response.json()["errorMessage"] == '["Attribute sql exceeds limit of 100000 characters"]'


def test_announcements_are_stamped(atlan):
    guid = atlan.create(atlan.process(announcementType="warning", announcementTitle="late"))
    attributes = atlan.get(guid)["attributes"]
    assert attributes["announcementUpdatedBy"] == "service-account-apikey-local"
    assert attributes["announcementUpdatedAt"] > 0


def test_labels_tags_and_custom_metadata_are_stored(atlan):
    payload = {**atlan.process(), "labels": ["x"], "businessAttributes": {"CM": {"a": 1}}}
    payload["classifications"] = [{"typeName": "PII"}]
    guid = atlan.create(payload)
    entity = atlan.get(guid)
    assert entity["labels"] == ["x"]
    assert entity["businessAttributes"] == {"CM": {"a": 1}}
    assert entity["classifications"] == [{"typeName": "PII"}]


def test_updating_tags_needs_a_flag(atlan):
    guid = atlan.create(atlan.process())
    tagged = {**atlan.process(guid="-1"), "classifications": [{"typeName": "PII"}]}
    assert atlan.save(tagged) == {"guidAssignments": {"-1": guid}}
    atlan.save(tagged, replaceTags="true")
    assert atlan.get(guid)["classifications"] == [{"typeName": "PII"}]
    added = {**atlan.process(), "addOrUpdateClassifications": [{"typeName": "B"}]}
    atlan.save({**added, "removeClassifications": [{"typeName": "PII"}]}, appendTags="true")
    assert atlan.get(guid)["classifications"] == [{"typeName": "B"}]
    atlan.save(atlan.process(), replaceClassifications="true")
    assert atlan.get(guid)["classifications"] == []


def test_conflicting_tag_flags_are_refused(atlan):
    response = atlan.post(atlan.process(), replaceTags="true", appendTags="true")
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-029")


def test_updating_custom_metadata_needs_flags(atlan):
    guid = atlan.create({**atlan.process(), "businessAttributes": {"CM": {"a": 1}, "Other": {"z": 1}}})
    changed = {**atlan.process(), "businessAttributes": {"CM": {"b": 2}}}
    atlan.save(changed)
    assert atlan.get(guid)["businessAttributes"] == {"CM": {"a": 1}, "Other": {"z": 1}}
    atlan.save(changed, replaceBusinessAttributes="true")
    assert atlan.get(guid)["businessAttributes"] == {"CM": {"a": 1, "b": 2}, "Other": {"z": 1}}
    both = {"replaceBusinessAttributes": "true", "overwriteBusinessAttributes": "true"}
    atlan.save(changed, **both)
    assert atlan.get(guid)["businessAttributes"] == {"CM": {"b": 2}}
    atlan.save({**atlan.process(), "businessAttributes": None}, **both)
    assert atlan.get(guid)["businessAttributes"] == {}


def test_plain_upserts_keep_custom_metadata(atlan):
    guid = atlan.create({**atlan.process(), "businessAttributes": {"CM": {"a": 1}}})
    atlan.save({**atlan.process(description="x"), "businessAttributes": None})
    assert atlan.get(guid)["businessAttributes"] == {"CM": {"a": 1}}
