"""Parsing of write requests."""

from __future__ import annotations

import itertools

import pytest

from atlan_pulumi.local._errors import AtlasError, MalformedRequestError
from atlan_pulumi.local.graph import BulkFlags, parse_bulk, parse_entity


@pytest.mark.parametrize(
    ("query", "flags"),
    [
        ({}, BulkFlags()),
        ({"replaceTags": "true"}, BulkFlags(replace_tags=True)),
        ({"replaceClassifications": "TRUE"}, BulkFlags(replace_tags=True)),
        ({"appendTags": "true", "replaceTags": "false"}, BulkFlags(append_tags=True)),
        ({"replaceBusinessAttributes": "true"}, BulkFlags(replace_business_attributes=True)),
        ({"overwriteBusinessAttributes": "true"}, BulkFlags(overwrite_business_attributes=True)),
    ],
)
def test_flags_are_parsed(query, flags):
    assert BulkFlags.read(query) == flags


TAG_FLAGS = list(itertools.combinations(["replaceTags", "replaceClassifications", "appendTags"], 2))


@pytest.mark.parametrize("pair", TAG_FLAGS)
def test_conflicting_tag_flags_are_refused(pair):
    with pytest.raises(AtlasError, match="Only one of"):
        BulkFlags.read(dict.fromkeys(pair, "true"))


def test_missing_guids_become_placeholders():
    first, second = parse_bulk({"entities": [{}, {}]})
    assert first.guid.startswith("-")
    assert first.guid != second.guid
    assert parse_entity({"guid": 7}).guid == "7"


@pytest.mark.parametrize("body", [None, [], {}, {"entities": None}, {"entities": [3]}])
def test_malformed_bodies_are_refused(body):
    with pytest.raises(MalformedRequestError):
        parse_bulk(body)
