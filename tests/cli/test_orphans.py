"""The advice of `atlan-pulumi orphans`, without an engine."""

from __future__ import annotations

from atlan_pulumi.cli._orphans import orphan_advice
from atlan_pulumi.drift._orphans import Orphan, Orphans

ETL = "default/airflow/1"


def orphan(type_name: str, id_: str = "") -> Orphan:
    return Orphan(type_name, f"{ETL}/{id_}" if id_ else ETL, f"guid {id_}", "load", "alice")


def advised(*entities: Orphan, interrupted: bool = False) -> list[str]:
    return list(orphan_advice(Orphans("shop/prod", entities, interrupted)))


def test_advice_to_remove_orphans() -> None:
    assert advised(orphan("ColumnProcess", "load/column/A"), orphan("Process", "load")) == [
        "To manage them, declare them again. To leave them in Atlan: `atlan-pulumi release NAME`.",
        "To remove them, delete them in Atlan, or let Pulumi do it:",
        f"  atlan-pulumi import --process {ETL}/load",
        "  pulumi import --file import.json --generate-code=false --protect=false --yes",
        "  pulumi up   removes them, since the program does not declare them",
        "The import has no dependencies: if `pulumi up` refuses a process because of its",
        "column processes, run it again.",
    ]


def test_advice_to_clear_pending_operations() -> None:
    """`pulumi up` alone keeps them in the state, and the advice would repeat forever."""
    first, *commands = advised(orphan("Process", "load"), interrupted=True)
    assert first == "A deployment was interrupted, and the state has its pending operations. First run:"
    assert [" ".join(line.split()) for line in commands[:4]] == [
        "pulumi refresh --clear-pending-creates --yes clears them; it changes nothing in Atlan",
        "pulumi up takes over what the program still declares",
        "atlan-pulumi orphans lists the remaining ones",
        "For the remaining orphans:",
    ]
    assert commands[4:] == advised(orphan("Process", "load"))


def command(*entities: Orphan) -> list[str]:
    lines = advised(*entities)
    at = next(index for index, line in enumerate(lines) if "atlan-pulumi import" in line)
    return [
        line.strip() for line in lines[at:] if "--process" in line or "--connection" in line or "…" in line
    ]


def test_import_options_select_the_orphans() -> None:
    alone = orphan("ColumnProcess", "kept/column/A")
    assert command(alone) == [f"atlan-pulumi import --process {ETL}/kept/column/A"]
    assert command(orphan("Connection")) == [f"atlan-pulumi import --connection {ETL}"]
    assert command(orphan("Process", "a b")) == [f"atlan-pulumi import --process '{ETL}/a b'"]
    assert command(orphan("SparkJob", "job")) == ["atlan-pulumi import --process QUALIFIED_NAME"]
    many = [orphan("Process", f"p{number}") for number in range(5)]
    assert command(*many) == [
        f"atlan-pulumi import --process {ETL}/p0 --process {ETL}/p1 --process {ETL}/p2",
        "… and 2 more options like these",
    ]
