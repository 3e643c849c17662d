"""Database files: durability, sharing, and errors."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from atlan_pulumi.errors import LocalAtlanError
from atlan_pulumi.local import LocalAtlan

SEED = [{"typeName": "Table", "qualifiedName": f"default/s/1/{name}"} for name in "AB"]


def process(rest, number, **more):
    payload = rest.process(f"p{number}", None, None, **more)
    refs = [
        {"typeName": "Table", "uniqueAttributes": {"qualifiedName": f"default/s/1/{name}"}} for name in "AB"
    ]
    payload["attributes"].update(inputs=refs[:1], outputs=refs[1:])
    return payload


def test_data_survives_a_restart(tmp_path, rest_to):
    path = tmp_path / "atlan.db"
    with LocalAtlan(db=path, seed=SEED) as server:
        rest = rest_to(server)
        with rest.raw:
            guid = rest.create(process(rest, 1, sql="select 1"))
            rest.raw.post("/api/service/credentials", json={"name": "c"})
            before = rest.get(guid)
    with LocalAtlan(db=path) as server:
        rest = rest_to(server)
        with rest.raw:
            assert rest.get(guid) == before
            assert len(rest.ok(rest.raw.get("/api/service/credentials"))["records"]) == 1


def test_seeding_again_keeps_existing_entities(tmp_path, rest_to):
    path = tmp_path / "atlan.db"
    for turn in range(2):
        with LocalAtlan(db=path, seed=SEED) as server:
            rest = rest_to(server)
            with rest.raw:
                if turn == 0:
                    changed = {"name": "renamed", "qualifiedName": "default/s/1/A"}
                    rest.save({"typeName": "Table", "attributes": changed})
                    rest.delete(rest.by_name("default/s/1/B", "Table")["guid"])
                else:
                    assert rest.by_name("default/s/1/A", "Table")["attributes"]["name"] == "renamed"
                    assert rest.by_name("default/s/1/B", "Table")["status"] == "ACTIVE"


def test_answered_writes_survive_a_kill(tmp_path, rest_to):
    path = tmp_path / "atlan.db"
    code = (
        "import sys\nfrom atlan_pulumi.local import LocalAtlan\n"
        "server = LocalAtlan(db=sys.argv[1])\nserver.start()\n"
        "print(server.base_url, flush=True)\nsys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        base_url = child.stdout.readline().strip()

        class Running:
            pass

        running = Running()
        running.base_url = base_url
        rest = rest_to(running)
        with rest.raw:
            guids = [rest.create(rest.connection_payload(number)) for number in range(20)]
        os.kill(child.pid, signal.SIGKILL)
    with LocalAtlan(db=path) as server:
        rest = rest_to(server)
        with rest.raw:
            assert [rest.get(guid)["status"] for guid in guids] == ["ACTIVE"] * 20


def test_concurrent_clients_can_write(tmp_path, rest_to):
    with LocalAtlan(db=tmp_path / "atlan.db", seed=SEED) as server, ThreadPoolExecutor(8) as pool:
        rest = rest_to(server)
        with rest.raw:
            results = list(pool.map(lambda number: rest.save(process(rest, number % 10)), range(80)))
            created = [one for one in results if "CREATE" in one.get("mutatedEntities", {})]
            assert len(created) == 10, "racing creates of one name make one entity"
            assert rest.raw.get("/_local/assets?type=Process").json()["total"] == 10
            table = rest.by_name("default/s/1/A", "Table")
            assert len(table["relationshipAttributes"]["inputToProcesses"]) == 10


def test_two_servers_can_share_a_file(tmp_path, rest_to):
    path = tmp_path / "atlan.db"
    with LocalAtlan(db=path, seed=SEED) as one, LocalAtlan(db=path) as two, ThreadPoolExecutor(4) as pool:
        clients = [rest_to(one), rest_to(two)]
        with clients[0].raw, clients[1].raw:
            list(
                pool.map(lambda number: clients[number % 2].save(process(clients[0], number % 7)), range(40))
            )
            totals = [client.raw.get("/_local/assets?type=Process").json()["total"] for client in clients]
            assert totals == [7, 7]


def test_data_in_memory_is_lost_at_stop(rest_to):
    for _ in range(2):
        with LocalAtlan() as server:
            rest = rest_to(server)
            with rest.raw:
                assert rest.raw.get("/_local/assets").json()["total"] == 0
                rest.create(rest.connection_payload())


def test_a_file_that_is_not_a_database_is_refused(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at as one\n" * 100)
    with pytest.raises(LocalAtlanError, match="cannot open the database") as caught:
        LocalAtlan(db=path).start()
    assert str(path) in str(caught.value)


def test_a_database_of_another_program_is_refused(tmp_path):
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE mine (x)")
    connection.close()
    with pytest.raises(LocalAtlanError, match="another program, created it"):
        LocalAtlan(db=path).start()


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(LocalAtlanError, match="cannot open the database"):
        LocalAtlan(db=tmp_path / "no" / "atlan.db").start()


def test_a_file_of_the_first_release_is_upgraded(tmp_path, rest_to):
    path = tmp_path / "atlan.db"
    with LocalAtlan(db=path, seed=SEED) as server:
        rest = rest_to(server)
        with rest.raw:
            guid = rest.create(process(rest, 1))
    with sqlite3.connect(path) as old:
        old.executescript("DROP TABLE typedef; DROP TABLE audit; PRAGMA user_version = 2")
    old.close()
    with LocalAtlan(db=path) as server:
        rest = rest_to(server)
        with rest.raw:
            rest.save(process(rest, 1, sql="select 1"))
            body = {"dsl": {"query": {"term": {"entityId": guid}}}}
            found = rest.ok(rest.raw.post("/api/meta/entity/auditSearch", json=body))
            assert [one["action"] for one in found["entityAudits"]] == ["ENTITY_UPDATE"]


def test_tags_and_the_activity_log_survive_a_restart(tmp_path, rest_to):
    path = tmp_path / "atlan.db"
    seed = {"tags": ["PII"], "entities": SEED}
    for expected in (["ENTITY_CREATE"], ["ENTITY_CREATE", "ENTITY_UPDATE"]):
        with LocalAtlan(db=path, seed=seed) as server:
            rest = rest_to(server)
            with rest.raw:
                payload = process(rest, 1, sql=f"select {len(expected)}")
                guid = rest.save({**payload, "guid": "-1", "classifications": [{"typeName": "PII"}]})
                body = {"dsl": {"query": {"term": {"entityId": guid["guidAssignments"]["-1"]}}}}
                found = rest.ok(rest.raw.post("/api/meta/entity/auditSearch", json=body))
                actions = [one["action"] for one in found["entityAudits"]]
                assert [one for one in actions if one.startswith("ENTITY")] == expected
