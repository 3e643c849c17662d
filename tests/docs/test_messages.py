"""The list of messages in `docs/troubleshooting.md` describes every message of the code, and no others."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"


def load(name: str) -> Any:
    if str(DOCS) not in sys.path:  # contains the modules that it imports
        sys.path.append(str(DOCS))
    return importlib.import_module(name)


row = load("message_row")
parts = load("message_parts")
extract = load("message_templates")
pages = load("messages")


@cache
def templates() -> list[Any]:
    return list(extract.templates())


def texts() -> list[str]:
    return [each.text for each in templates()]


def of_code(tmp_path: Path, code: str, name: str = "module.py") -> list[str]:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(code, "utf-8")
    return [each.text for each in extract.templates(tmp_path)]


def test_every_message_of_the_code_is_listed() -> None:
    assert len(templates()) > 500
    messages = [each for each in templates() if each.text not in parts.NO_MESSAGES]
    missing = set(row.uncovered(pages.rows(), [each.text for each in messages]))
    assert [f"{each.place}: {each.text}" for each in messages if each.text in missing] == []


def test_every_listed_text_is_in_the_code() -> None:
    assert row.unused(pages.rows(), texts()) == []


def test_what_is_no_message_is_in_the_code_and_not_listed() -> None:
    assert parts.NO_MESSAGES - set(texts()) == set()
    assert set(row.uncovered(pages.rows(), parts.NO_MESSAGES)) == parts.NO_MESSAGES


def test_every_row_has_texts_a_cause_and_a_fix() -> None:
    for each in pages.rows():
        assert each.texts, each
        assert each.cause.endswith("."), each
        assert each.fix.endswith("."), each


def test_no_text_is_listed_twice_in_a_group() -> None:
    for name, group in pages.GROUPS.items():
        often = Counter(text for each in group for text in each.texts)
        assert [text for text, count in often.items() if count > 1] == [], name


def test_the_page_has_each_text() -> None:
    page = pages.PAGE.read_text("utf-8")
    assert page == pages.page()
    assert page.count(pages.START) == 1
    for each in pages.rows():
        assert each.cause.replace("|", r"\|") in page


def test_a_new_message_is_not_described() -> None:
    for new in (
        "the process … has no owner; set one",
        "… is missing in the catalog",
        "Atlan has no …, and never had",
        "no connection to the moon",
    ):
        assert row.uncovered(pages.rows(), [new]) == [new]


def test_a_short_text_describes_only_itself() -> None:
    assert row.matches("… is missing", "… is missing")
    assert not row.matches("… is missing", "… is missing: …, too")
    assert row.matches("Atlan has no user …", "Atlan has no user … (…)")
    assert not row.matches("Atlan has no user …", "Atlan has no users")


def test_texts_are_found_with_an_ellipsis_for_each_value(tmp_path: Path) -> None:
    code = '''
"""A docstring is no message."""
_ADVICE = "call your administrator"


def check(name):
    """Nor is this one."""
    what = f"{name!r} is " + "not allowed" + (f" in {name}, which is odd" if name else "")
    raise ValueError(f"{what}: {_ADVICE}, or {'try it again' if name else 'give up now'}")
'''
    assert of_code(tmp_path, code) == [
        "call your administrator",
        "… is not allowed…",
        "in …, which is odd",
        "try it again",
        "give up now",
    ]


def test_code_that_writes_documents_has_only_its_errors(tmp_path: Path) -> None:
    code = """
_ADVICE = "call your administrator"
_HEADING = "All of the changes"


def write(name):
    if not name:
        raise PolicyError(_ADVICE)
    typer.echo("it is done now")
    typer.echo("it failed this time", err=True)
    return f"<h1>{_HEADING}</h1> of the stack"
"""
    expected = ["call your administrator", "it failed this time"]
    assert of_code(tmp_path, code, "policies/rule.py") == expected


def test_options_patterns_and_settings_are_no_messages(tmp_path: Path) -> None:
    code = """
Names = Annotated[str, typer.Option(help="The names of all")]
_PATTERN = re.compile("one or the other")
SETTINGS = Setting("name", "What it is for")
VARIABLES = {"NAME": "What it is for"}
field = Field(description="What it is for")
"""
    assert of_code(tmp_path, code) == []
