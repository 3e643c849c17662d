"""Check failures as the engine gets them: it prints the value of the named property."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pulumi.dynamic import CheckFailure, ConfigureRequest
from pulumi.dynamic.dynamic import Config
from support.atlan import SEED, WAREHOUSE, table_name

from atlan_pulumi.client import _tenant
from atlan_pulumi.dynamic.provider import _operation
from atlan_pulumi.dynamic.provider._adapter import LifecycleProvider
from atlan_pulumi.dynamic.provider._operation import Operation
from atlan_pulumi.local import LocalAtlan


def provider(kind: str, **config: str) -> LifecycleProvider:
    made = LifecycleProvider(kind, 1)
    settings = {"atlan:previewChecks": "false", **{f"atlan:{name}": value for name, value in config.items()}}
    made.configure(ConfigureRequest(Config(settings, "shop")))
    return made


def tables(*numbers: int) -> list[dict[str, str]]:
    return [{"type_name": "Table", "qualified_name": table_name(number)} for number in numbers]


def process(**changed: Any) -> dict[str, Any]:
    given = {
        "name": "n",
        "connection": WAREHOUSE,
        "process_id": "p",
        "inputs": tables(0),
        "outputs": tables(1),
    }
    return {name: value for name, value in {**given, **changed}.items() if value is not None}


def failure(**changed: Any) -> CheckFailure:
    (found,) = provider("Process").check({}, process(**changed)).failures
    return found


@pytest.mark.parametrize(
    ("name", "value"), [("certificate_status", "GOOD"), ("process_id", " p"), ("source_created_at", -1.0)]
)
def test_a_short_value_is_shown(name: str, value: Any) -> None:
    assert failure(**{name: value}).property == name


@pytest.mark.parametrize(
    ("name", "value", "start"),
    [
        ("inputs", [], "property inputs: must not be empty"),
        ("inputs", [f"{WAREHOUSE}/DB/S/T0"], "property inputs[0]: "),
        ("inputs", [{"type_name": "Table", "qualified_name": "T0"}], "property inputs[0].qualified_name: "),
        ("owner_users", ["ann", " "], "property owner_users[1]: must not be blank"),
        ("adf_activity", {"type_name": "Table", "guid": "g"}, "property adf_activity.guid: "),
        ("name", None, "property name: is required"),
        ("sql", "x" * 100_001, "property sql: is 100,001 characters long"),
        ("certificate_status", "a\nb", "property certificate_status: must be one of"),
        ("certificate_status", "x" * 81, "property certificate_status: must be one of"),
        ("description", "Calling __str__ on an Output[T] is not supported", "property description: contains"),
    ],
)
def test_other_values_are_not_shown(name: str, value: Any, start: str) -> None:
    found = failure(**{name: value})
    assert found.property == ""
    assert found.reason.startswith(start)


@pytest.mark.parametrize("setting", ["baseUrl", "apiKey", "requestsPerMinute", "ownershipMark"])
def test_an_output_in_the_settings_of_a_provider_is_refused(setting: str) -> None:
    given = {"baseUrl": "http://127.0.0.1:1", "apiKey": "k", "previewChecks": "true"}
    text = "Calling __str__ on an Output[T] is not supported.\n\nTo get …"
    made = provider("Process", **{**given, setting: text})
    (found,) = made.check({}, process()).failures
    assert found.reason.startswith(f"atlan:{setting} contains an Output as text")
    assert "use pulumi.Output.concat(…) or .apply(…)" in found.reason


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED) as server:
        yield server
        for client in _tenant._clients.values():
            client.close()
        _tenant._clients.clear()


def make(server: LocalAtlan, kind: str, props: dict[str, Any]) -> Any:
    made = provider(kind, baseUrl=server.base_url, apiKey=server.api_key)
    return made.create(made.check({}, props).inputs).outs


@pytest.mark.parametrize(("replaced", "created"), [(False, False), (True, False), (True, True)])
def test_replaced_processes_with_children_get_advice(
    server: LocalAtlan, monkeypatch: pytest.MonkeyPatch, replaced: bool, created: bool
) -> None:
    """With delete_before_replace, the old process is deleted while its children still refer to it."""
    olds = make(server, "Process", process())
    column = {"type_name": "Column", "qualified_name": f"{table_name(0)}/A"}
    sides = {"inputs": [column], "outputs": [{**column, "qualified_name": f"{table_name(1)}/A"}]}
    parent = {"type_name": "Process", "qualified_name": olds["qualified_name"]}
    make(server, "ColumnProcess", {"name": "c", "process_id": "c", "process": parent, **sides})
    monkeypatch.setattr(_operation, "current", Operation())  # the next command starts a new process
    ours = provider("Process", baseUrl=server.base_url, apiKey=server.api_key)
    if replaced:
        new = ours.check(olds, process(process_id="q")).inputs
        if created:  # without delete_before_replace the new one is there by then
            ours.create(new)
    with pytest.raises(Exception, match="still depend on it: remove them first") as refused:
        ours.delete(olds["qualified_name"], olds)
    assert ("leave out delete_before_replace" in str(refused.value)) == (replaced and not created)
