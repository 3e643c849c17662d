"""The report as a table."""

from __future__ import annotations

import io
import json
from datetime import datetime, timezone
from typing import Any

from rich.console import Console

from atlan_pulumi.drift import Drifted, Report, as_json, print_report
from atlan_pulumi.engine._property_changes import SetChange, ValueChange

WHEN = datetime(2026, 11, 22, 10, 5, tzinfo=timezone.utc)


def resource(name: str, **given: Any) -> Drifted:
    known: dict[str, Any] = {
        "urn": f"urn::{name}",
        "name": name,
        "type": "Process",
        "qualified_name": f"default/x/1/{name}",
        "status": "changed",
        "changes": (),
        "last_writer": "alice",
        "last_written_at": WHEN,
        "note": "",
    }
    return Drifted(**{**known, **given})


def printed(report: Report, width: int = 100, **console: Any) -> list[str]:
    out = io.StringIO()
    print_report(report, Console(file=out, width=width, highlight=False, **console))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_stale_placeholders_are_no_drift_but_are_said() -> None:
    lines = tuple(f"Table '{name}' is still a placeholder after 9 days: …" for name in "abcdefg")
    report = Report("prod", 12, (), stale_placeholders=lines)
    assert not report.drift
    assert printed(report)[1:] == [*lines[:5], "So are those of 2 other resources."]
    drifting = Report(
        "prod", 12, (resource("load", changes=(ValueChange("sql", "a", "b"),)),), stale_placeholders=lines[:1]
    )
    assert printed(drifting)[-1] == lines[0]
    assert json.loads(as_json(report))["stale_placeholders"] == list(lines)


def test_no_drift() -> None:
    assert printed(Report("prod", 12, ())) == [
        "No drift: 12 resources of stack prod read; Atlan matches the state."
    ]
    assert printed(Report(None, 1, ()))[0].startswith("No drift: 1 resource read; ")


def test_every_change_has_a_row() -> None:
    names = SetChange("owner_users", ("bob",), ("eve",))
    shown = printed(Report("prod", 2, (resource("load", changes=(ValueChange("sql", "a", "b"), names)),)))
    assert [line.split() for line in shown[3:6]] == [
        ["load", "sql", '"a"', "→", '"b"', "alice"],
        ["Process", "2026-11-22", "10:05", "UTC"],
        ["owner_users", "-", '"bob"'],
    ]
    assert "Drift: 1 of 2 resources of stack prod. - in the state, + in Atlan." in shown


def test_gone_and_recreated() -> None:
    note = "Process 'q' was archived in Atlan; last written by alice at 2026-11-22 10:05 UTC"
    shown = "\n".join(
        printed(
            Report(
                "prod",
                3,
                (
                    resource("one", status="gone", note=note),
                    resource("two", status="gone", last_writer=None, last_written_at=None),
                    resource("three", status="recreated", changes=(ValueChange("guid", "1", "2"),)),
                ),
            )
        )
    )
    assert "gone: Process 'q' was archived in Atlan " in shown
    assert "last written by" not in shown
    assert "gone: it no longer exists in Atlan, or is archived" in shown
    assert "recreated" in shown


def test_control_characters_and_markup_are_escaped() -> None:
    evil = "\x1b[31m[red]x[/red]"
    row = resource(f"n{evil}", changes=(ValueChange(f"p{evil}", "a", evil),), last_writer=evil)
    shown = "\n".join(printed(Report("prod", 1, (row,)), width=200))
    assert "\x1b" not in shown
    assert shown.count("\\x1b[31m[red]x[/red]") == 3
    assert "\\u001b[31m[red]x[/red]" in shown


def test_nothing_is_truncated_on_a_narrow_screen() -> None:
    name = "default/snowflake/1657025257/DATABASE/SCHEMA/TABLE"
    change = SetChange("inputs", ({"type_name": "Table", "qualified_name": name},), ())
    heading, *rows = printed(Report("prod", 1, (resource("load", changes=(change,)),)), width=60)[1:-2]
    assert max(map(len, rows)) <= 60
    start, end = heading.index("State"), heading.index("Last")
    assert f"-Table{name}" in "".join("".join(row[start:end].split()) for row in rows)


def test_colors_only_on_a_terminal() -> None:
    report = Report("prod", 1, (resource("load", changes=(SetChange("p", ("x",), ("y",)),)),))
    colored = "\n".join(printed(report, force_terminal=True, color_system="standard"))
    assert '\x1b[31m- "x"' in colored
    assert '\x1b[32m+ "y"' in colored
    assert "\x1b" not in "\n".join(printed(report))
