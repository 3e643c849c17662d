"""A job with a column that Atlan lacks is refused before anything is sent, in a few requests."""

from __future__ import annotations

from typing import Any

import pytest
from resources.openlineage import OL, TABLES, Props, checked, ds, job, make_connection, problems
from support.atlan import WAREHOUSE
from support.fixtures import client, server

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import Checked, mark
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.preflight import Findings, merge_report

__all__ = ["client", "server"]

EVENTS = "POST /events/openlineage/spark/api/v1/lineage"
TYPO = {"columns": {"A": ["IDD"]}}
REASON = (
    f"Atlan has no column 'DB.S.T0.IDD': Table '{TABLES}/T0' has no such column; did you mean 'DB.S.T0.ID'?"
)


def lifecycle() -> Any:
    return lifecycle_of("OpenLineageJob", 1)


def fault_on_credentials(server: LocalAtlan) -> None:
    body = {"code": 403, "message": "no"}
    server.fault({"path": "/api/service/credentials/*", "status": 403, "body": body, "times": 0})


# -- refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["this stack's", "another's", "yet to be made", "not known", "not visible"])
@pytest.mark.parametrize("partial", [True, False])
def test_previews_refuse_absent_columns_in_every_connection(
    client: AtlanClient, server: LocalAtlan, whose: str, partial: bool
) -> None:
    if whose not in ("yet to be made", "not known"):
        owner = "infra/prod" if whose == "another's" else "shop/prod"
        make_connection(client, partial_assets=partial, managed_by=mark(owner, "spark"))
    if whose == "not visible":
        fault_on_credentials(server)
    given = job(**TYPO, connection=UNKNOWN if whose == "not known" else OL)
    assert problems(lifecycle(), given, client) == [("columns", REASON)]


def test_an_output_column_is_refused_like_an_input_column(client: AtlanClient) -> None:
    make_connection(client)
    given = job(columns={"NOPE": ["ID"], "a": ["id"]})
    ((_, reason),) = problems(lifecycle(), given, client)
    assert reason == f"Atlan has no column 'DB.S.T1.NOPE': Table '{TABLES}/T1' has no such column"


def test_a_deployment_without_a_preview_refuses_it_before_anything_is_written(
    client: AtlanClient, server: LocalAtlan
) -> None:
    make_connection(client)
    core, made = lifecycle(), lifecycle().create(client, checked(lifecycle(), job(columns={"A": ["ID"]})))
    written = server.stats()["entities_written"]
    for act in (
        lambda: core.create(client, checked(core, job(**TYPO, job_name="other"))),
        lambda: core.update(client, made, checked(core, job(**TYPO), made)),
    ):
        with pytest.raises(ResourceError) as refused:
            act()
        assert str(refused.value) == f"columns: {REASON}; nothing was sent"
    assert server.stats()["entities_written"] == written
    assert server.stats()["requests"][EVENTS] == 2, "only the run that was fine"


# -- accepted ---------------------------------------------------------------------------------------------

NEW = {"namespace": "snowflake://abc", "name": "NEW.DB.T"}
ELSEWHERE = {"namespace": "postgres://db.example.com:5432", "name": "DB.S.T0"}


@pytest.mark.parametrize(
    ("inputs", "source"), [(NEW, "X"), (ELSEWHERE, "X")], ids=["unknown dataset", "another system"]
)
def test_columns_of_future_partial_assets_are_accepted(
    client: AtlanClient, inputs: Props, source: str
) -> None:
    make_connection(client)
    given = job(inputs=[inputs], columns={"A": [source]})
    assert problems(lifecycle(), given, client) == []
    core = lifecycle()
    made = core.create(client, checked(core, given))
    more = job(inputs=[inputs], columns={"A": [source, "Y"]})
    assert core.check(made, more, lambda: client).absent == [], "a partial asset gets further columns"
    assert core.update(client, made, checked(core, more, made))["columns"] == {
        "DB.S.T1.A": [f"{inputs['name']}.X", f"{inputs['name']}.Y"]
    }


def test_warehouses_on_other_hosts_are_ignored(client: AtlanClient) -> None:
    make_connection(client)
    named = {"qualifiedName": WAREHOUSE, "name": "warehouse", "host": "other.snowflakecomputing.com"}
    client.entities.upsert([Entity(type_name="Connection", attributes=named)])
    assert problems(lifecycle(), job(**TYPO), client) == []


def test_columns_missing_in_the_index_are_found(
    client: AtlanClient, server: LocalAtlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_connection(client)
    real = type(client.search).live

    def late(self: Any, *conditions: Any, **options: Any) -> Any:
        return (each for each in real(self, *conditions, **options) if each.type_name != "Column")

    monkeypatch.setattr(type(client.search), "live", late)
    assert problems(lifecycle(), job(columns={"A": ["ID"]}), client) == []
    assert [name for name, _ in problems(lifecycle(), job(**TYPO), client)] == ["columns"]


def test_columns_that_other_resources_may_create_are_notes() -> None:
    """As for a `ColumnLineage` that depends on a crawler's run."""
    absent = next(iter(lifecycle().check({}, job(columns={"A": [""]})).problems))
    found = Checked(job(), [], [absent])
    assert merge_report(lifecycle(), {}, found, Findings())[0] == [absent]
    refused, notes = merge_report(lifecycle(), {}, found, Findings(waits_for_others=True))
    assert refused == []
    assert notes[-1] == f"columns: {absent.reason}; it must exist when this is deployed"


def test_nothing_is_looked_up_without_a_run(client: AtlanClient) -> None:
    make_connection(client)
    core, given = lifecycle(), job(columns={"A": ["ID"]})
    made = core.create(client, checked(core, given))
    gone = client.entities.get_by_qualified_name("Column", f"{TABLES}/T0/ID")
    client.entities.delete([str(gone.guid if gone else "")])
    for settings in ({}, {"delete_type": "SOFT"}):
        answer = core.check(made, {**given, **settings}, lambda: client)
        assert [*answer.problems, *answer.absent] == []


# -- requests ---------------------------------------------------------------------------------------------


class Requests:
    """The requests for connections and credentials that a step makes."""

    def __init__(self, client: AtlanClient, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[str] = []
        entities, credentials = type(client.entities), type(client.credentials)
        by_name, get = entities.get_by_qualified_name, credentials.get

        def named(of: Any, type_name: str, *rest: Any, **options: Any) -> Any:
            self.seen += ["Connection"] if type_name == "Connection" else []
            return by_name(of, type_name, *rest, **options)

        def credential(of: Any, guid: str) -> Any:
            self.seen.append("credential")
            return get(of, guid)

        monkeypatch.setattr(entities, "get_by_qualified_name", named)
        monkeypatch.setattr(credentials, "get", credential)

    def of(self, step: Any) -> tuple[Any, list[str]]:
        self.seen.clear()
        return step(), sorted(self.seen)


@pytest.mark.parametrize("partial", [True, False])
@pytest.mark.parametrize("columns", [None, {"A": ["DB.S.T0.ID"]}])
def test_each_request_of_the_engine_reads_the_connection_and_its_credential_once(
    client: AtlanClient, monkeypatch: pytest.MonkeyPatch, partial: bool, columns: Props | None
) -> None:
    make_connection(client, partial_assets=partial, managed_by=mark("infra/prod", "spark"))
    core, requests = lifecycle(), Requests(client, monkeypatch)
    once = ["Connection", "credential"]
    for number in range(2):  # what one engine request has read is not the answer to the next one
        given = job(columns=columns, job_name=f"dag{number}")
        answer, seen = requests.of(lambda given=given: core.check({}, given, lambda: client))
        assert (answer.problems, seen) == ([], once)
        made, seen = requests.of(lambda answer=answer: core.create(client, answer.inputs))
        assert seen == once
        changed = {**given, "inputs": [ds(0), ds(2)]}
        answer, seen = requests.of(
            lambda made=made, changed=changed: core.check(made, changed, lambda: client)
        )
        assert (answer.problems, seen) == ([], once)
        after, seen = requests.of(lambda made=made, answer=answer: core.update(client, made, answer.inputs))
        assert seen == once
        assert requests.of(lambda after=after: core.read(client, after["qualified_name"], after))[1] == []
