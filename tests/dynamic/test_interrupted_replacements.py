"""A former resource in the state does not take what the resource has again.

If a deployment is interrupted after it has created a replacement, the state keeps the former resource, to be
deleted by the next deployment. If the change was reverted meanwhile, that is what the resource has again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pulumi.dynamic import ConfigureRequest
from pulumi.dynamic.dynamic import Config
from support.atlan import SEED, WAREHOUSE, table_name
from support.fixtures import client

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.dynamic.provider import _operation
from atlan_pulumi.dynamic.provider._adapter import LifecycleProvider
from atlan_pulumi.dynamic.provider._operation import Operation
from atlan_pulumi.lifecycle import mark
from atlan_pulumi.local import LocalAtlan

__all__ = ["client"]

Props = dict[str, Any]
TABLES = {
    side: [{"type_name": "Table", "qualified_name": table_name(number)}]
    for number, side in enumerate(("inputs", "outputs"))
}
PROCESS = {"name": "n", "connection": WAREHOUSE, "process_id": "p", **TABLES}
SET = {
    "connection": WAREHOUSE,
    "processes": {name: {"inputs": ["DB/S/T0"], "outputs": ["DB/S/T1"]} for name in "pq"},
}
KINDS = [("Process", PROCESS, {"p"}), ("ProcessSet", SET, {"p", "q"})]


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED) as server:
        yield server


class Stack:
    """Calls a provider as the engine does. Each command is a new process."""

    def __init__(
        self, server: LocalAtlan, monkeypatch: pytest.MonkeyPatch, kind: str, own: str | None
    ) -> None:
        self._server, self._monkeypatch, self._kind = server, monkeypatch, kind
        self._own = {"managed_by": own} if own else {}
        self.start()

    def start(self) -> None:
        """Begin a command."""
        self._monkeypatch.setattr(_operation, "current", Operation())
        self.join()

    def join(self) -> None:
        """Take part in the command of another stack."""
        self.provider = LifecycleProvider(self._kind, 1)
        settings = {"atlan:baseUrl": self._server.base_url, "atlan:apiKey": self._server.api_key}
        self.provider.configure(
            ConfigureRequest(Config({**settings, "atlan:previewChecks": "false"}, "shop"))
        )

    def checked(self, **given: Any) -> Props:
        answer = self.provider.check({}, {**given, **self._own})
        assert answer.failures == []
        return dict(answer.inputs)

    def create(self, **given: Any) -> Props:
        return dict(self.provider.create(self.checked(**given)).outs or {})


def ids(client: AtlanClient) -> set[str]:
    """Return the ids of the processes in the warehouse."""
    kind = {"term": {"__typeName.keyword": "Process"}}
    found = client.search.live(kind, {"prefix": {"qualifiedName": f"{WAREHOUSE}/"}})
    return {each.qualified_name.rpartition("/")[2] for each in found}


@pytest.mark.parametrize(("kind", "given", "made"), KINDS)
@pytest.mark.parametrize("how", ["unchanged", "updated", "created"])
def test_what_the_resource_has_again_stays(
    server: LocalAtlan,
    client: AtlanClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    given: Props,
    made: set[str],
    how: str,
) -> None:
    stack = Stack(server, monkeypatch, kind, mark("shop/prod", "x", f"atlan:{kind}"))
    former = stack.create(**given)
    stack.start()
    inputs = stack.checked(**given)
    if how == "unchanged":
        assert stack.provider.diff("id", former, inputs).changes is False
    elif how == "updated":
        stack.provider.update("id", former, inputs)
    else:
        stack.provider.create(inputs)
    stack.provider.delete("id", former)
    assert ids(client) == made
    assert "the resource in the program has the same entities now" in capsys.readouterr().out


@pytest.mark.parametrize(("kind", "given", "made"), KINDS)
@pytest.mark.parametrize("changed", [False, True])
def test_a_forced_replacement_deletes_first(
    server: LocalAtlan,
    client: AtlanClient,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    given: Props,
    made: set[str],
    changed: bool,
) -> None:
    """The engine compares nothing if the user names the resource, and a change with `replace_on_changes`."""
    stack = Stack(server, monkeypatch, kind, mark("shop/prod", "x", f"atlan:{kind}"))
    outputs = stack.create(**given)
    assert ids(client) == made
    stack.start()
    if changed:
        news = stack.checked(**given, force_destroy=True)
        assert stack.provider.diff("id", outputs, news).changes is True
    stack.provider.delete("id", outputs)
    assert ids(client) == set()


@pytest.mark.parametrize("own", ["y", None])
def test_another_set_in_the_same_connection_is_deleted(
    server: LocalAtlan, client: AtlanClient, monkeypatch: pytest.MonkeyPatch, own: str | None
) -> None:
    one = Stack(server, monkeypatch, "ProcessSet", own and mark("shop/prod", "x", "atlan:ProcessSet"))
    kept = one.create(**SET)
    other = Stack(server, monkeypatch, "ProcessSet", own and mark("shop/prod", own, "atlan:ProcessSet"))
    removed = other.create(connection=WAREHOUSE, processes={"r": SET["processes"]["p"]})  # type: ignore[index]
    one.start()
    assert one.provider.diff("id", kept, one.checked(**SET)).changes is False
    one.provider.delete("id", removed)
    assert ids(client) == {"p", "q"}


def test_without_marks_a_process_stays_too(
    server: LocalAtlan, client: AtlanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = Stack(server, monkeypatch, "Process", None)
    former = stack.create(**PROCESS)
    stack.start()
    assert stack.provider.diff("id", former, stack.checked(**PROCESS)).changes is False
    stack.provider.delete("id", former)
    assert ids(client) == {"p"}


def test_the_former_resource_lets_its_placeholders_go(
    server: LocalAtlan, client: AtlanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = Stack(server, monkeypatch, "Process", mark("shop/prod", "x", "atlan:Process"))

    def reads(table: str) -> Props:
        inputs = [{"type_name": "Table", "qualified_name": f"{WAREHOUSE}/DB/S/{table}"}]
        return {**PROCESS, "inputs": inputs, "missing_assets": "partial"}

    former = stack.create(**reads("OLD_PLACEHOLDER"))
    stack.start()
    stack.create(**reads("NEW_PLACEHOLDER"))
    stack.provider.delete("id", former)
    found = [
        client.entities.get_by_qualified_name("Table", f"{WAREHOUSE}/DB/S/{age}_PLACEHOLDER") is not None
        for age in ("OLD", "NEW")
    ]
    assert found == [False, True]


def test_an_asset_of_another_type_with_the_name_is_deleted(
    server: LocalAtlan, client: AtlanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"name": "X", "parent": {"type_name": "Schema", "qualified_name": f"{WAREHOUSE}/DB/S"}}
    table = Stack(server, monkeypatch, "Table", None)
    former = table.create(**given)
    view = Stack(server, monkeypatch, "View", None)
    view.create(**given)
    table.join()  # one process serves both
    table.provider.delete("id", former)
    name = f"{WAREHOUSE}/DB/S/X"
    assert client.entities.get_by_qualified_name("Table", name) is None
    assert client.entities.get_by_qualified_name("View", name) is not None
