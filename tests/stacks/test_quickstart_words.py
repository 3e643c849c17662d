"""The demo's filter for Pulumi's output, and its report of a failed check."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

QUICKSTART = Path(__file__).parents[2] / "stacks" / "quickstart"
PROCESS = "pulumi-python:dynamic/atlan:Process"
COLUMN = "pulumi-python:dynamic/atlan:ColumnLineage"


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import a module of the demo from its folder."""
    monkeypatch.syspath_prepend(QUICKSTART)

    def module(name: str) -> ModuleType:
        return importlib.import_module(f"_demo.{name}")

    return module


def folded(demo: Any, *lines: str) -> list[str]:
    return list(demo("folding").fold(lines))


def test_progress_lines_are_removed_and_results_kept(demo: Any) -> None:
    assert folded(
        demo,
        "Updating (demo):",
        "",
        " +  pulumi:pulumi:Stack atlan-quickstart-demo creating (0s) ",
        "@ updating....",
        f" +  {PROCESS} load_orders creating (0s) ",
        f" +  {PROCESS} load_orders created (0.1s) ",
        f" ~  {PROCESS} orders updated (0.2s) [diff: ~certificate_status]",
        " +  pulumi:pulumi:Stack atlan-quickstart-demo created (2s) ",
        "",
    ) == [
        "Updating (demo):",
        "",
        f" +  {PROCESS} load_orders created (0.1s) ",
        f" ~  {PROCESS} orders updated (0.2s) [diff: ~certificate_status]",
        " +  pulumi:pulumi:Stack atlan-quickstart-demo created (2s) ",
        "",
    ]


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("after", [[], ["Resources:"], [" -  pulumi:pulumi:Stack demo deleted (2s) "]])
def test_column_lineage_is_counted_in_any_order(demo: Any, place: int, after: list[str]) -> None:
    lines = [f" -  {COLUMN} {step}/columns deleted (0.1s) " for step in ("a", "b", "c")]
    process = f" -  {PROCESS} orders deleted (1s) "
    lines.insert(place, process)
    lines.insert(1, f" -  {COLUMN} b/columns deleting (0s) ")
    assert folded(demo, "Destroying:", "", *lines, "@ destroying....", *after) == [
        "Destroying:",
        "",
        process,
        "    and 3 ColumnLineages deleted",
        *after,
        "",
    ]


def test_different_results_of_column_lineage_are_counted_separately(demo: Any) -> None:
    assert folded(
        demo, f" +  {COLUMN} a created ", f" ~  {COLUMN} b updated ", f" +  {COLUMN} c created ", "x"
    ) == [
        "    and 2 ColumnLineages created",
        "    and 1 ColumnLineage updated",
        "x",
        "",
    ]


def test_unchanged_resources_are_not_shown(demo: Any) -> None:
    unchanged = [
        f"    {PROCESS} orders  ",
        f"    {COLUMN} orders/columns  ",
        "    pulumi:pulumi:Stack demo  ",
    ]
    assert folded(demo, *unchanged, "Resources:", "    3 unchanged") == ["Resources:", "    3 unchanged", ""]


def test_colors_are_kept(demo: Any) -> None:
    green = f" \x1b[32m+ \x1b[0m {PROCESS} orders \x1b[32mcreated (0.1s)\x1b[0m "
    progress = f" \x1b[32m+ \x1b[0m {PROCESS} orders \x1b[32mcreating (0s)\x1b[0m "
    assert folded(demo, progress, green) == [green, ""]


def test_messages_are_shown_once_below_the_resources(demo: Any) -> None:
    stack = " +  pulumi:pulumi:Stack first-deploy-demo create"
    assert folded(
        demo,
        " +  pulumi-python:dynamic/sqlite:Table orders creating (0s) ",
        " +  pulumi-python:dynamic/sqlite:Table orders created (0.01s) 1 table is not in Atlan yet",
        f"{stack} 1 table is not in Atlan yet: a placeholder will be created",
        f"{stack} 1 message",
        "Diagnostics:",
        "    1 table is not in Atlan yet: a placeholder will be created",
    ) == [
        " +  pulumi-python:dynamic/sqlite:Table orders created (0.01s)",
        stack,
        "Diagnostics:",
        "    1 table is not in Atlan yet: a placeholder will be created",
        "",
    ]


def test_where_columns_come_from_is_one_line(demo: Any) -> None:
    header, line = f"  {COLUMN} (orders/columns):", "    derived from Process 'orders' sql: ID in line 3"
    other = [f"  {COLUMN} (items/columns):", "    1 column is not in Atlan yet"]
    once = "    1 ColumnLineage: where in the SQL each column comes from"
    assert folded(demo, "Diagnostics:", header, line, "", "Resources:") == [
        "Diagnostics:",
        once,
        "",
        "Resources:",
        "",
    ]
    many = folded(demo, "Diagnostics:", header, line, "", header, line, "", *other, "", "Resources:")
    assert many.count(once.replace("1 ColumnLineage", "2 ColumnLineages")) == 1
    assert [each for each in many if each in other] == other
    assert [each for each in many if "derived from" in each] == []


def test_errors_and_program_output_are_kept(demo: Any) -> None:
    said = [
        "Diagnostics:",
        f"  {PROCESS} (orders):",
        "    error: Process 'orders' is there already, written last by alice",
        "    error: Process 'orders' is there already, written last by alice",
        "    error: pulumi-python:dynamic/atlan:ColumnLineage resource 'ID': property columns has a problem",
        "    error: pulumi-python:dynamic/atlan:Process resource 'orders' has a problem: no",
    ]
    assert folded(demo, *said) == [*said, ""]


def test_repeated_lines_of_pulumi_are_shown_once(demo: Any) -> None:
    line = " +  pulumi:pulumi:Stack atlan-quickstart-demo create "
    assert folded(demo, line, f" +  {PROCESS} orders create ", line) == [
        line,
        f" +  {PROCESS} orders create ",
        "",
    ]


def test_a_check_that_passes_is_ticked(demo: Any, capsys: pytest.CaptureFixture[str]) -> None:
    demo("terminal").check("nothing was written", held=True)
    assert capsys.readouterr().out == "✓ nothing was written\n"


def test_a_check_that_fails_shows_the_finding(demo: Any) -> None:
    terminal = demo("terminal")
    with pytest.raises(terminal.Unexpected, match=r"^check failed: one update; found \{'update': 2\}$"):
        terminal.check("one update", held=False, found={"update": 2})


@pytest.mark.parametrize(
    ("count", "name", "said"),
    [
        (1, "Process", "1 Process"),
        (2, "Process", "2 Processes"),
        (0, "Table", "0 Tables"),
        (1, "View", "1 View"),
    ],
)
def test_counts_have_their_plural(demo: Any, count: int, name: str, said: str) -> None:
    assert demo("terminal").plural(count, name) == said
