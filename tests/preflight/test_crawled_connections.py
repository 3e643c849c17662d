"""A new asset in a connection with a crawler is a warning, one for each connection."""

from __future__ import annotations

from typing import Any

from support.atlan import WAREHOUSE, table_name
from support.many import STACK

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, lifecycle_of, mark
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.preflight import Declaration, Findings, Preflight

CRAWLER = "atlan-snowflake-1657025257"


def file(name: str, connection: str = WAREHOUSE) -> Declaration:
    lifecycle = lifecycle_of("File")
    inputs = lifecycle.preview_inputs({"name": name, "connection": connection})
    assert inputs is not None
    return Declaration(name, lifecycle, inputs)


def write(client: AtlanClient, type_name: str, name: str, **attributes: Any) -> None:
    named = {"qualifiedName": name, "name": "T0", "connectionQualifiedName": WAREHOUSE, **attributes}
    client.entities.upsert([Entity(type_name=type_name, attributes=named)])


def findings(client: AtlanClient, *declarations: Declaration) -> list[Findings]:
    return Preflight(client).findings(list(declarations))


def test_a_connection_with_a_crawler_is_one_warning(client: AtlanClient) -> None:
    write(client, "Table", table_name(0), **{OWNERSHIP_ATTRIBUTE: CRAWLER})
    first, second = findings(client, file("a.csv"), file("b.csv"))
    assert first.warnings == [
        (
            f"connection: the crawler {CRAWLER!r} publishes assets to {WAREHOUSE!r}, such as Table "
            f"{table_name(0)!r}, and owns what it finds there: declare only what it does not see "
            "(2 assets in this program)"
        )
    ]
    assert (second.warnings, first.problems, second.problems) == ([], [], [])


def test_assets_of_stacks_are_not_those_of_a_crawler(client: AtlanClient) -> None:
    write(client, "Table", table_name(0), **{OWNERSHIP_ATTRIBUTE: mark(STACK, "orders")})
    assert findings(client, file("a.csv"))[0].warnings == []


def test_an_asset_that_is_deployed_is_not_warned_about_again(client: AtlanClient, server: LocalAtlan) -> None:
    write(client, "Table", table_name(0), **{OWNERSHIP_ATTRIBUTE: CRAWLER})
    write(client, "File", f"{WAREHOUSE}/a.csv")
    before = len(server.requests())
    assert findings(client, file("a.csv"))[0].warnings == []
    searches = [each for each in server.requests()[before:] if "indexsearch" in each["path"]]
    assert searches == [], "nothing is searched for it"
