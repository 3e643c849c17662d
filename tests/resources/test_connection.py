"""`Connection` under the real engine."""

from __future__ import annotations

import re
import time

import pytest
from pyatlan.model.assets import Connection, Process
from support.atlan import Witness, table_name
from support.stack import NewStack

pytestmark = pytest.mark.engine

QN = "default/airflow/1657025300"


def program(**attributes: object) -> str:
    """Return a connection; an attribute that is None is left out."""
    given: dict[str, object] = {
        "name": "etl",
        "connector": "airflow",
        "qualified_name": QN,
        "admin_roles": ["$admin"],
        **attributes,
    }
    arguments = ", ".join(f"{name}={value!r}" for name, value in given.items() if value is not None)
    return f"etl = atlan.Connection('etl', {arguments})\n"


PROCESS = (
    "atlan.Process('load', name='Load', connection=etl, "
    f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})])\n"
)


def test_lifecycle_from_creation_to_deletion(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(program(description="Nightly loads", host="airflow.example.com", port=8080) + PROCESS)
    assert stack.up().changes == {"create": 2}
    made = witness.find(Connection, QN)
    assert (made.name, made.connector_name, made.category) == ("etl", "airflow", "elt")
    assert (made.description, made.host, made.port) == ("Nightly loads", "airflow.example.com", 8080)
    assert made.admin_roles == {witness.client.role_cache.get_id_for_name("$admin")}
    assert witness.find(Process, f"{QN}/load") is not None
    stack.settled()
    assert stack.destroy().changes == {"delete": 2}
    assert witness.find(Connection, QN) is None
    assert witness.find(Process, f"{QN}/load") is None


@pytest.mark.soak
def test_the_user_of_the_key_among_the_admins_is_no_drift(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(program(admin_users=["jsmith"]))
    stack.up()
    assert witness.find(Connection, QN).admin_users > {"jsmith"}, "Atlan adds the user that made it"
    stack.settled()


@pytest.mark.soak
def test_another_admin_is_drift(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(program(admin_users=["jsmith"]))
    stack.up()
    edited = Connection.updater(QN, "etl")
    edited.admin_users = {*witness.find(Connection, QN).admin_users, "alice"}
    witness.client.asset.save(edited)
    assert "admin_users" in stack.refresh().step("etl").diffs
    stack.up()
    corrected = witness.find(Connection, QN).admin_users
    assert "alice" not in corrected
    assert corrected > {"jsmith"}, "the key's own user stays, or the key would lose the connection"
    stack.settled()


@pytest.mark.soak
def test_a_name_is_chosen_once_shown_by_the_preview_and_kept(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(program(qualified_name=None) + PROCESS)
    before = int(time.time())
    previewed = stack.preview().step("etl").new["qualified_name"]
    epoch = int(re.fullmatch(r"default/airflow/(\d+)", previewed).group(1))
    assert before <= epoch <= int(time.time())
    stack.up()
    assert stack.resources()["etl"]["id"] == previewed
    assert stack.resources()["load"]["id"] == f"{previewed}/load"
    stack.settled()
    stack.up(program(qualified_name=None, description="later") + PROCESS)
    assert stack.resources()["etl"]["id"] == previewed
    assert witness.find(Connection, previewed).description == "later"


@pytest.mark.soak
def test_connections_created_in_one_second_do_not_collide(new_stack: NewStack) -> None:
    many = "".join(
        f"atlan.Connection('c{n}', name='c{n}', connector='airflow', admin_roles=['$admin'])\n"
        for n in range(4)
    )
    stack = new_stack(many)
    previewed = {step.name: step.new["qualified_name"] for step in stack.preview().steps}
    stack.up()
    made = {name: item["id"] for name, item in stack.resources().items()}
    assert len(set(made.values())) == 4
    assert made == previewed
    stack.settled()


@pytest.mark.soak
def test_another_connector_is_another_connection(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(program(qualified_name=None))
    stack.up()
    old = stack.resources()["etl"]["id"]
    stack.up(program(qualified_name=None, connector="spark"))
    new = stack.resources()["etl"]["id"]
    assert new.startswith("default/spark/")
    assert witness.find(Connection, old) is None
    stack.settled()


def test_a_connection_does_not_leave_its_assets_behind(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(program())
    stack.up()
    witness.make_process(QN, "theirs", 0, 1)
    refused = stack.operate("destroy", "--yes", "--skip-preview")
    assert refused.code != 0
    assert any(f"Process '{QN}/theirs' still depend on it" in error for error in refused.errors), (
        refused.output
    )
    stack.up(program(force_destroy=True))
    stack.destroy()
    assert witness.find(Connection, QN) is None
    assert witness.find(Process, f"{QN}/theirs") is None


BAD = {
    "unknown connector": ({"connector": "airflw"}, "connector", "did you mean 'airflow'?"),
    "connector of another name": ({"connector": "spark"}, "qualified_name", "names the connector 'airflow'"),
    "no admin": ({"admin_roles": []}, "admin_roles", "set at least one of admin_roles"),
    "unknown role": ({"admin_roles": ["$admn"]}, "admin_roles", "did you mean '$admin'?"),
    "unknown group": ({"admin_groups": ["nobody"]}, "admin_groups", "no group 'nobody'"),
    "unknown user": ({"admin_users": ["nobody"]}, "admin_users", "no user 'nobody'"),
    "malformed name": ({"qualified_name": "default/airflow"}, "qualified_name", "three segments"),
    "port": ({"port": 70000}, "port", "less than or equal to 65535"),
    "category": ({"category": "etl"}, "category", "did you mean 'elt'?"),
}


#: The others differ in what the check says, which other tests ask it without an engine.
BAD_AT_FIRST = ("unknown connector", "connector of another name", "unknown role")


@pytest.mark.parametrize(
    "case", [case if case in BAD_AT_FIRST else pytest.param(case, marks=pytest.mark.soak) for case in BAD]
)
def test_a_mistake_is_one_line_at_preview(new_stack: NewStack, case: str) -> None:
    attributes, name, reason = BAD[case]
    new_stack(program(**attributes)).operate("preview").assert_refused(name, reason)
