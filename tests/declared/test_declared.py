"""Declared: a resource as the engine shows it."""

from __future__ import annotations

import pytest
from pulumi_policy import proxy

from atlan_pulumi.declared import SECRET, Declared, from_engine, resource_kind
from atlan_pulumi.engine._notation import OURS
from atlan_pulumi.lifecycle._registry import LIFECYCLES, NO_ENTITIES
from atlan_pulumi.lifecycle._values import UNKNOWN

URN = f"urn:pulumi:dev::shop::atlan:index:LineageMap${OURS}ProcessSet::lake::1"


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in LIFECYCLES} - NO_ENTITIES))
def test_every_kind_has_its_type_token(kind) -> None:
    assert resource_kind(f"{OURS}{kind}") == kind


@pytest.mark.parametrize(
    "token", ["pulumi:pulumi:Stack", f"{OURS}Dashboard", "Process", "atlan:index:LineageMap", ""]
)
def test_other_types_have_no_kind(token) -> None:
    assert resource_kind(token) is None


def test_names_are_read_from_the_urn() -> None:
    resource = Declared(URN, "ProcessSet", {"qualified_name": "default/spark/1"})

    assert (resource.stack, resource.name, str(resource)) == ("dev", "lake::1", "ProcessSet 'lake::1'")
    assert resource.qualified_name == "default/spark/1"


def test_an_unknown_qualified_name_is_none() -> None:
    assert Declared(URN, "ProcessSet", {"qualified_name": UNKNOWN}).qualified_name is None


@pytest.mark.parametrize(
    "sentinel", [value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_")]
)
def test_every_unknown_placeholder_of_the_engine_is_unknown(sentinel) -> None:
    assert from_engine({"inputs": [sentinel, {"sql": sentinel}], "name": "x"}) == {
        "inputs": [UNKNOWN, {"sql": UNKNOWN}],
        "name": "x",
    }


def test_secrets_are_hidden() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}

    assert from_engine({"sql": secret, "inputs": [secret]}) == {"sql": SECRET, "inputs": [SECRET]}


def test_secret_references_are_unknown() -> None:
    hidden = Declared(URN, "Process", {"inputs": SECRET, "outputs": [], "connection": "c", "process_id": "p"})

    assert hidden.edges[0].unknown == {"inputs"}


def test_internal_properties_are_removed() -> None:
    assert from_engine({"__provider": "gASV", "__guids": "a", "name": "x"}) == {"name": "x"}
