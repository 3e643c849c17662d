"""The provider reference in every user's state: frozen and always loadable."""

import base64
import json
import pickle
import subprocess
import sys

import dill
import pytest
from pulumi.dynamic.dynamic import serialize_provider

from atlan_pulumi.dynamic._reference import ProviderReference
from atlan_pulumi.dynamic.loader import load_provider
from atlan_pulumi.dynamic.provider._adapter import LifecycleProvider
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.resources import (
    column_process,
    connection,
    openlineage_connection,
    openlineage_job,
    process,
)

# What the state of every stack of release 0.1.0 holds. A change here would make those stacks unmanageable.
FROZEN = {
    "Connection": (
        "gASVRAAAAAAAAACMG2F0bGFuX3B1bHVtaS5keW5hbWljLmxvYWRlcpSMDWxvYWRfcHJvdmlkZXKUk5SMCkNvbm5lY3Rpb26USwGGlFKULg=="
    ),
    "Process": (
        "gASVQQAAAAAAAACMG2F0bGFuX3B1bHVtaS5keW5hbWljLmxvYWRlcpSMDWxvYWRfcHJvdmlkZXKUk5SMB1Byb2Nlc3OUSwGGlFKULg=="
    ),
    "ColumnProcess": (
        "gASVRwAAAAAAAACMG2F0bGFuX3B1bHVtaS5keW5hbWljLmxvYWRlcpSMDWxvYWRfcHJvdmlkZXKUk5SMDUNvbHVtblByb2Nlc3OUSwGGlFKULg=="
    ),
    "OpenLineageConnection": (
        "gASVTwAAAAAAAACMG2F0bGFuX3B1bHVtaS5keW5hbWljLmxvYWRlcpSMDWxvYWRfcHJvdmlkZXKUk5SMFU9wZW5MaW5lYWdlQ29ubmVjdGlvbpRLAYaUUpQu"
    ),
    "OpenLineageJob": (
        "gASVSAAAAAAAAACMG2F0bGFuX3B1bHVtaS5keW5hbWljLmxvYWRlcpSMDWxvYWRfcHJvdmlkZXKUk5SMDk9wZW5MaW5lYWdlSm9ilEsBhpRSlC4="
    ),
}
LIFECYCLES = {
    "Connection": connection.ConnectionLifecycle,
    "Process": process.ProcessLifecycle,
    "ColumnProcess": column_process.ColumnProcessLifecycle,
    "OpenLineageConnection": openlineage_connection.OpenLineageConnectionLifecycle,
    "OpenLineageJob": openlineage_job.OpenLineageJobLifecycle,
}


@pytest.mark.parametrize("kind", LIFECYCLES)
def test_todays_reference_is_the_frozen_one(kind: str) -> None:
    assert serialize_provider(ProviderReference(kind, 1)) == FROZEN[kind]


@pytest.mark.parametrize("kind", LIFECYCLES)
def test_the_frozen_reference_loads(kind: str) -> None:
    provider = dill.loads(base64.b64decode(FROZEN[kind]))
    assert isinstance(provider, LifecycleProvider)
    assert type(provider.lifecycle) is LIFECYCLES[kind]


def test_it_loads_in_a_fresh_process_which_has_imported_nothing() -> None:
    script = (
        "import base64, json, pickle, sys\n"
        "loaded = {k: type(pickle.loads(base64.b64decode(v)).lifecycle).__name__"
        " for k, v in json.load(sys.stdin).items()}\n"
        "print(json.dumps(loaded))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(FROZEN), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == {kind: cls.__name__ for kind, cls in LIFECYCLES.items()}


def test_all_kinds_share_what_the_process_has_written() -> None:
    kinds = [LifecycleProvider(kind, 1).lifecycle for kind in LIFECYCLES]
    assert all(each.written is kinds[0].written for each in kinds)


def test_the_reference_is_short_and_holds_no_data() -> None:
    provider = ProviderReference("Process", 1)
    provider.configure_marker = "canary-of-instance-state"  # type: ignore[attr-defined]
    stored = base64.b64decode(serialize_provider(provider))
    assert b"canary" not in stored
    assert len(stored) < 100


def test_more_than_a_thousand_resources_can_be_serialized() -> None:
    # Pulumi's serialiser wraps a method of the pickler once more with each call that meets a dict; a provider
    # that is pickled by value fails with a RecursionError near the thousandth resource.
    stored = {serialize_provider(ProviderReference("Process", 1)) for _ in range(3000)}
    assert stored == {FROZEN["Process"]}


def test_the_loader_does_not_quieten_tracebacks_outside_of_pulumis_provider_process() -> None:
    before = getattr(sys, "tracebacklimit", None)
    assert load_provider("Process", 1).lifecycle.type_name == "Process"
    assert getattr(sys, "tracebacklimit", None) == before


@pytest.mark.parametrize(("kind", "version"), [("Process", 2), ("Nothing", 1)])
def test_states_of_newer_releases_are_refused_in_one_line(kind: str, version: int) -> None:
    with pytest.raises(ResourceError, match=f"does not know {kind} version {version}: upgrade it"):
        lifecycle_of(kind, version)


def test_a_plain_pickle_is_the_same_reference() -> None:
    copied = pickle.loads(pickle.dumps(LifecycleProvider("Process", 1)))
    assert serialize_provider(copied) == FROZEN["Process"]
