"""Relative links in the pages lead to existing files and headings."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest
from project.workflows import ROOT

_CODE = re.compile(r"^( *)(```|~~~).*?^\1\2", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(<?([^)>\s]+)>?\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


def _pages() -> list[Path]:
    found = [*ROOT.glob("*.md"), *(ROOT / ".github").glob("*.md")]
    for folder in ("docs", "stacks"):
        for where, _, files in os.walk(ROOT / folder):  # does not follow the symlink to .venv
            found += [Path(where, name) for name in files if name.endswith(".md")]
    return sorted(found)


PAGES = _pages()


@cache
def prose(page: Path) -> str:
    return _CODE.sub("", page.read_text("utf-8"))


@cache
def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as on GitHub and on the site."""
    found: set[str] = set()
    for heading in _HEADING.findall(prose(page)):
        text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-")
        found |= {slug, re.sub(r"-+", "-", slug)}
    return found


def broken(page: Path) -> list[str]:
    found = []
    for link in _LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            found.append(link)
    return found


def test_pages_of_all_folders_are_found() -> None:
    names = {str(page.relative_to(ROOT)) for page in PAGES}
    assert names >= {"README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/index.md", "docs/tutorial.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_is_broken(page: Path) -> None:
    assert broken(page) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One `two`\n\n[a](#one-two) [b](#three) [c](none.md) [d](https://example.com/none)\n")
    assert broken(page) == ["#three", "none.md"]


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text()
    pages = [str(page.relative_to(ROOT / "docs")) for page in PAGES if page.is_relative_to(ROOT / "docs")]
    listed = set(re.findall(r"(?:- |: )([\w/.-]+\.md)$", navigation, re.MULTILINE))
    assert set(pages) == listed
