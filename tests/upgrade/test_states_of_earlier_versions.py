"""Preview, refresh, update, and destroy states and marks that earlier versions wrote.

`recorded/` has the program, the exported state, and the entities in Atlan for each commit. c678108 wrote no
marks. 429b0de wrote marks without types and origin.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.fixtures import engine, new_stack, server, witness
from support.stack import HEADER, NewStack, Stack

from atlan_pulumi.lifecycle import pack_guids, parse_mark, unpack_guids
from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine
__all__ = ["engine", "new_stack", "server", "witness"]

Props = dict[str, Any]
RECORDED = Path(__file__).with_name("recorded")
TYPES = ("Connection", "SparkJob", "Process", "ColumnProcess")


class Tenant:
    """The local Atlan at the time when the state was recorded."""

    def __init__(self, server: LocalAtlan) -> None:
        key = {"authorization": f"Bearer {server.api_key}"}
        self._http = httpx.Client(base_url=server.base_url, headers=key)
        self.guids: dict[str, str] = {}
        """Recorded GUID -> GUID in this local Atlan."""

    def close(self) -> None:
        self._http.close()

    def write(self, entities: list[Props], state: Props) -> None:
        for resource in state["deployment"]["resources"]:
            if former := resource.get("outputs", {}).get("credential_guid"):
                self.guids[former] = self._credential(resource["outputs"])
        roles = self._http.get("/api/service/roles", params={"filter": '{"name":{"$ilike":"$%"}}'}).json()
        admin = next(role["id"] for role in roles["records"] if role["name"] == "$admin")
        for type_name in TYPES:
            for entity in (each for each in entities if each["typeName"] == type_name):
                attributes = dict(entity["attributes"])
                if credential := attributes.get("defaultCredentialGuid"):
                    attributes["defaultCredentialGuid"] = self.guids[credential]
                if "adminRoles" in attributes:
                    attributes["adminRoles"] = [admin]
                self._write(type_name, entity["guid"], attributes)

    def _write(self, type_name: str, former: str, attributes: Props) -> None:
        body = {"entities": [{"typeName": type_name, "guid": "-1", "attributes": attributes}]}
        answer = self._http.post("/api/meta/entity/bulk", json=body).raise_for_status().json()
        self.guids[former] = answer["guidAssignments"]["-1"]

    def _credential(self, outputs: Props) -> str:
        extra = {
            "events.enable-partial-assets": outputs["partial_assets"],
            "events.enabled": True,
            "events.topic": f"openlineage_{outputs['connector']}",
            "events.urlPath": outputs["events_path"],
        }
        body = {
            "name": f"default-{outputs['connector']}-1700000001-0",
            "authType": "atlan_api_key",
            "connectorType": "event",
            "extra": extra,
            "connectorConfigName": f"atlan-connectors-{outputs['connector']}",
            "connector": outputs["connector"],
        }
        answer = self._http.post("/api/service/credentials", json=body).raise_for_status().json()
        return str(answer["id"])

    def marks(self) -> dict[str, str | None]:
        """Return the mark of each active entity, by type and qualifiedName, without the warehouse."""
        found = {}
        for type_name in TYPES:
            query = [{"term": {"__state": "ACTIVE"}}, {"term": {"__typeName.keyword": type_name}}]
            dsl = {"from": 0, "size": 300, "query": {"bool": {"filter": query}}}
            names = ["qualifiedName", "lastSyncWorkflowName"]
            body = {"dsl": dsl, "attributes": names}
            answer = self._http.post("/api/meta/search/indexsearch", json=body).json()
            for entity in answer.get("entities") or []:
                shown = entity["attributes"]
                if not shown["qualifiedName"].startswith("default/snowflake/") or type_name != "Connection":
                    found[f"{type_name} {shown['qualifiedName']}"] = shown.get("lastSyncWorkflowName")
        return found


@pytest.fixture
def tenant(server: LocalAtlan) -> Iterator[Tenant]:
    tenant = Tenant(server)
    yield tenant
    tenant.close()


def restored(new_stack: NewStack, tenant: Tenant, commit: str) -> Stack:
    """Return a stack with the state that a commit recorded, and its local Atlan."""
    recorded = json.loads((RECORDED / f"{commit}.json").read_text())
    state = recorded["state"]
    tenant.write(recorded["entities"], state)
    for resource in state["deployment"]["resources"]:
        for outputs in filter(None, (resource.get("inputs"), resource.get("outputs"))):
            if "__guids" in outputs:
                known = unpack_guids(outputs["__guids"])
                outputs["__guids"] = pack_guids(tenant.guids[guid or ""] for guid in known)
    text = json.dumps(state)
    for former, guid in tenant.guids.items():
        text = text.replace(former, guid)
    stack = new_stack(recorded["program"].removeprefix(HEADER))
    stack.run("stack", "import", stdin=text).check()
    return stack


@pytest.mark.parametrize("commit", ["429b0de", pytest.param("c678108", marks=pytest.mark.soak)])
def test_a_recorded_state_is_refreshed_updated_and_destroyed(
    new_stack: NewStack, tenant: Tenant, commit: str
) -> None:
    stack = restored(new_stack, tenant, commit)
    before = tenant.marks()
    settled = stack.operate("preview", "--refresh", "--diff")
    assert set(settled.changes) <= {"same", "refresh"}, settled.output
    assert not [step for step in settled.steps if step.diffs], settled.output

    program = (stack.folder / "__main__.py").read_text().removeprefix(HEADER)
    edited = program.replace("select 1", "select 2").replace('"B": ["A", "B"]', '"B": "B"')
    edited = edited.replace('"q": data', '"r": data')
    changed = stack.up(edited)
    bulk = {"mart-columns": "update", "lineage": "update"} if commit == "429b0de" else {}
    operations = {step.name: step.operation for step in changed.steps if step.operation != "same"}
    assert operations == {"load": "update", **bulk}, changed.output
    after = tenant.marks()
    gone = {name for name in before if "/q" in name.rpartition("default/")[2]}
    assert set(before) - set(after) == gone
    precise = [name for name, mark in after.items() if (parsed := parse_mark(mark)) and parsed.origin]
    assert {"Process default/airflow/1700000000/load"} <= set(precise)
    again = stack.operate("preview", "--refresh", "--diff")
    assert set(again.changes) <= {"same", "refresh"}, again.output

    stack.destroy()
    assert tenant.marks() == {}
