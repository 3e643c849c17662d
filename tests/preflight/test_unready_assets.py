"""Missing, archived, and partial inputs and outputs: what the preview says, and what the provider gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyatlan.model.assets import Table
from support.atlan import WAREHOUSE, Witness, table_name
from support.declarations import column_lineage, column_process, columns, connection, process, ref, tables
from support.placeholders import NEW, OLD, Later, later, provide

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.lifecycle import EntityKey
from atlan_pulumi.preflight import Declaration, Findings, Preflight

__all__ = ["later"]

Look = Callable[..., Findings]
VIEW = EntityKey("View", f"{NEW.qualified_name}_V")


def load(
    *outputs: EntityKey, name: str = "load", about: dict[str, Any] | None = None, **given: Any
) -> Declaration:
    sides = {
        "outputs": [{"type_name": key.type_name, "qualified_name": key.qualified_name} for key in outputs]
    }
    return process(name, about=about or {}, **{"missing_assets": "partial", **sides, **given})


def test_missing_assets_of_all_resources_are_one_line(client: AtlanClient) -> None:
    declared = [load(NEW, VIEW), load(NEW, OLD, name="other")]
    first, second = Preflight(client).findings(declared)
    names = f"{NEW.qualified_name}, {VIEW.qualified_name} and {OLD.qualified_name}"
    head = "2 tables and 1 view are not in Atlan yet: placeholders will be created"
    assert first.remarks == [f"{head} ({names}); a crawl makes them full assets"]
    assert (first.problems, second.problems, second.remarks) == ([], [], [])
    assert first.placeholders == [NEW, VIEW]
    assert second.placeholders == [NEW, OLD]
    assert first.missing == {"outputs": 2}


def test_each_asset_is_named_once(client: AtlanClient) -> None:
    """Resources arrive in batches."""
    preflight = Preflight(client)
    assert len(preflight.findings([load(NEW)])[0].remarks) == 1
    assert preflight.findings([load(NEW, name="other")])[0].remarks == []


def test_placeholders_that_no_crawl_has_made_full_for_days_are_one_line(
    client: AtlanClient, later: Later
) -> None:
    provide(client, NEW, OLD, VIEW)
    declared = [load(NEW, OLD), load(NEW, name="other"), load(VIEW, name="s", about={"secret": {"outputs"}})]
    assert Preflight(client).findings(declared)[0].remarks == []
    later(8)
    preflight = Preflight(client)
    remarks = [line for found in preflight.findings(declared) for line in found.remarks]
    advice = "correct the names, or let the crawler include them"
    assert remarks == [f"{NEW} and {OLD} are still placeholders after 8 days: {advice}"]
    assert preflight.findings([load(NEW, name="another")])[0].remarks == [], "each is named once"


def test_a_wait_says_how_long(preflight: Look) -> None:
    assert preflight(load(NEW, missing_assets="wait", wait_seconds=60)).remarks == [
        f"1 table is not in Atlan yet: the deployment waits up to 60 seconds for it ({NEW.qualified_name})"
    ]


def test_the_setting_of_the_stack_is_the_default(preflight: Look) -> None:
    declared = load(NEW, missing_assets=None)
    assert len(preflight(declared).problems) == 1
    assert preflight(declared, missing_assets="partial").problems == []
    assert len(preflight(load(NEW, missing_assets="error"), missing_assets="partial").problems) == 1


@pytest.mark.parametrize("handling", ["partial", "wait"])
def test_an_archived_asset_names_the_resources_that_use_it(
    client: AtlanClient, witness: Witness, handling: str
) -> None:
    """It comes back only with a process that is written. The program does not know which ones are."""
    witness.archive(Table, table_name(1))
    declared = [
        load(name=name, outputs=tables(1), sql=name, missing_assets=handling) for name in ("load", "other")
    ]
    first, second = Preflight(client).findings(declared)
    then = "restores it" if handling == "partial" else "waits up to 600 seconds for it"
    head = f"1 table is archived in Atlan ({table_name(1)})"
    assert first.remarks == [f"{head}: writing the inputs or outputs of 'load' and 'other' {then}"]
    assert (first.problems, second.problems, first.missing) == ([], [], {})
    assert second.placeholders == [("Table", table_name(1))]


@pytest.mark.parametrize("how", ["by name", "by GUID"])
@pytest.mark.parametrize("handling", ["error", "partial", "wait"])
def test_an_existing_placeholder_is_listed_for_the_provider(
    preflight: Look, client: AtlanClient, how: str, handling: str
) -> None:
    (guid,) = provide(client, NEW)
    target = ref("Table", "DB/S/NEW") if how == "by name" else {"type_name": "Table", "guid": guid}
    found = preflight(process(outputs=[target], missing_assets=handling))
    assert found.placeholders == [NEW]
    assert (found.problems, found.remarks) == ([], [])


def test_a_name_beside_a_table_of_the_program_is_refused(preflight: Look) -> None:
    """It is a mistake, whatever else depends on the resource that makes the table."""
    for makers in (True, False):
        about = {"brought_about": frozenset({NEW}), "names_every_maker": makers, "waits_for_others": True}
        found = preflight(load(NEW, OLD, about=about))
        assert found.placeholders == [NEW]
        assert len([*found.problems, *found.warnings]) == 1


@pytest.mark.parametrize(
    "key",
    [
        EntityKey("Table", "default/snowflake/1700000000/DB/S/NEW"),
        EntityKey("View", table_name(1)),
        EntityKey("Table", f"{WAREHOUSE}/DB/S/"),
    ],
    ids=["no connection", "another type", "no name"],
)
def test_what_cannot_be_a_placeholder_is_refused(preflight: Look, key: EntityKey) -> None:
    found = preflight(load(key))
    assert len(found.problems) == 1
    assert (found.placeholders, found.remarks) == ([], [])


BEFORE = {"created_before": frozenset({EntityKey("Connection", "default/snowflake/1700000000")})}
IN_NEW = EntityKey("Table", "default/snowflake/1700000000/DB/S/NEW")


@pytest.mark.parametrize("handling", ["partial", "wait"])
def test_tables_in_a_connection_that_the_program_creates_first_are_expected(
    preflight: Look, handling: str
) -> None:
    """Its name may be known only from the provider, so that no declaration has it."""
    found = preflight(load(IN_NEW, about=BEFORE, missing_assets=handling))
    assert (found.problems, found.placeholders) == ([], [IN_NEW])
    (remark,) = found.remarks
    assert remark.startswith("1 table is not in Atlan yet")


def test_only_resources_after_the_new_connection_get_placeholders_in_it(client: AtlanClient) -> None:
    new = connection("lake", connector="snowflake", qualified_name="default/snowflake/1700000000")
    declared = [new, load(IN_NEW, about=BEFORE), load(IN_NEW, name="other", sql="select 1")]
    _, first, second = Preflight(client).findings(declared)
    assert (first.problems, first.placeholders) == ([], [IN_NEW])
    assert second.placeholders == []
    (problem,) = second.problems
    assert problem.reason == (
        f"Atlan has no {IN_NEW}; Connection 'default/snowflake/1700000000' will be created by 'lake' of this "
        "program: refer to that resource rather than to its name, so that it is created first"
    )


def test_a_bulk_resource_tells_the_provider_which_connections_are_new(preflight: Look) -> None:
    known = {*BEFORE["created_before"], EntityKey("Connection", WAREHOUSE), EntityKey("Process", "any")}
    found = preflight(process(), column_lineage(about={"created_before": frozenset(known)}))
    assert found.new_connections == ["default/snowflake/1700000000"]


def test_secret_names_are_not_printed(preflight: Look) -> None:
    found = preflight(load(NEW, about={"secret": frozenset({"outputs"})}))
    assert found.placeholders == [NEW]
    assert (found.problems, found.remarks, found.notes) == ([], [], [])


def test_the_line_about_a_resource_that_may_be_transformed_is_left_to_the_provider(preflight: Look) -> None:
    found = preflight(load(NEW, about={"uncertain": True}))
    assert found.remarks == []
    (note,) = found.notes
    assert note.startswith("1 table is not in Atlan yet: a placeholder will be created")


def test_a_column_of_a_crawled_table_may_be_misspelled(preflight: Look, client: AtlanClient) -> None:
    def line(path: str) -> str:
        sides = {"inputs": columns("T0/A"), "outputs": columns(path)}
        declared = column_process(missing_assets="partial", **sides)
        (remark,) = preflight(process(), declared).remarks or preflight(declared).remarks
        return remark

    said = f"; check the spelling of {table_name(1)}/TYPO, since the table is crawled already"
    assert line("T1/TYPO").endswith(said)
    provide(client, NEW)
    assert line("NEW/ID").endswith("a crawl makes it a full asset")


@pytest.mark.parametrize("handling", ["error", "partial", "wait"])
def test_what_a_crawl_of_the_program_publishes_is_expected(preflight: Look, handling: str) -> None:
    """If the crawl does not run again, `partial` still writes a placeholder."""
    about = {"published": frozenset({NEW}), "waits_for_others": True}
    found = preflight(load(NEW, about=about, missing_assets=handling))
    assert (found.problems, found.warnings, found.remarks) == ([], [], [])
    assert found.placeholders == ([] if handling == "error" else [NEW])
