"""`read_state`: resources and pending operations in an exported state."""

from __future__ import annotations

import json
from typing import Any

import pytest

from atlan_pulumi.engine._notation import described, is_ours, resource_name
from atlan_pulumi.engine._state import read_state
from atlan_pulumi.errors import DriftError

OURS = "pulumi-python:dynamic/atlan:Process"


def resource(name: str, type_: str = OURS, **more: Any) -> dict[str, Any]:
    return {"urn": f"urn:pulumi:prod::project::{type_}::{name}", "type": type_.rpartition("$")[2], **more}


def exported(*resources: dict[str, Any], **deployment: Any) -> str:
    return json.dumps({"version": 3, "deployment": {"resources": list(resources), **deployment}})


def test_resources_of_this_package_in_order_with_ignored_properties() -> None:
    state = read_state(
        exported(
            resource("project-prod", "pulumi:pulumi:Stack"),
            resource("b", ignoreChanges=["sql", "name"]),
            resource("bucket", "aws:s3/bucket:Bucket"),
            resource("a", f"my:Component${OURS}"),
        )
    )
    assert state.stack == "prod"
    assert [(resource_name(urn), ignored) for urn, ignored in state.resources.items()] == [
        ("b", {"sql", "name"}),
        ("a", frozenset()),
    ]


@pytest.mark.parametrize("document", ['{"deployment": {}}', '{"deployment": null}', '{"version": 3}'])
def test_an_empty_state_has_no_stack_and_no_resources(document: str) -> None:
    state = read_state(document)
    assert (state.stack, state.resources) == (None, {})


def test_a_pending_operation_of_this_package_is_an_error() -> None:
    foreign = {"resource": resource("bucket", "aws:s3/bucket:Bucket"), "type": "creating"}
    ours = {"resource": resource("load"), "type": "updating"}
    assert read_state(exported(pending_operations=[foreign])).resources == {}
    with pytest.raises(DriftError, match="a deployment is updating Process 'load', or was interrupted"):
        read_state(exported(pending_operations=[foreign, ours]))


@pytest.mark.parametrize(
    ("type_", "ours"),
    [
        (OURS, True),
        (f"my:Component${OURS}", True),
        (f"{OURS}$aws:s3/bucket:Bucket", False),
        ("pulumi:providers:pulumi-python", False),
        ("pulumi-python:dynamic/elsewhere:Process", False),
    ],
)
def test_is_ours_checks_the_last_type_of_the_urn(type_: str, ours: bool) -> None:
    assert is_ours(f"urn:pulumi:prod::project::{type_}::x") is ours


def test_resource_names_may_contain_separators() -> None:
    urn = f"urn:pulumi:prod::project::{OURS}::a::b$c"
    assert resource_name(urn) == "a::b$c"
    assert described(urn) == "Process 'a::b$c'"
