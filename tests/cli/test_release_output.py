"""The output of `atlan-pulumi release`, without an engine."""

from __future__ import annotations

import pytest

from atlan_pulumi.cli._release import _print_end
from atlan_pulumi.client import Entity
from atlan_pulumi.drift import Release

LOAD = Entity(type_name="Process", attributes={"qualifiedName": "default/airflow/1/load"})
ETL = "default/airflow/1795970453"
NEEDS = "A connection also needs its qualified_name; otherwise a new one would be created:\n"


def printed(capsys: pytest.CaptureFixture[str], *connections: tuple[str, str], done: bool = True) -> str:
    _print_end(Release("shop/prod", ("urn",), (LOAD,), {}, connections), done=done)
    return capsys.readouterr().out


def test_released_connections_are_printed_with_their_qualified_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = printed(capsys, ("etl", ETL), ("other", "default/spark/1"))
    assert shown.endswith(
        "Remove the resources from the program, or declare them with adopt=True to manage them again.\n"
        f"{NEEDS}"
        f"  etl: qualified_name='{ETL}', adopt=True\n"
        "  other: qualified_name='default/spark/1', adopt=True\n"
    )


def test_without_a_connection_there_is_no_note_on_connections(capsys: pytest.CaptureFixture[str]) -> None:
    assert NEEDS not in printed(capsys)
    assert NEEDS not in printed(capsys, ("etl", ETL), done=False)
