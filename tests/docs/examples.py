"""The Python examples of the README, the pages, and the docstrings, by kind."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import atlan_pulumi

ROOT = Path(__file__).parents[2]
PACKAGE = Path(atlan_pulumi.__file__).parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "stacks").rglob("*.md"))]
#: The first line of an example that is only a part of a program.
FRAGMENT = "# Part of the program\n"


@dataclass(frozen=True)
class Example:
    """An example as printed.

    Attributes:
        where: The file and the number of the example in it.
        text: The code.
        page: The whole page or docstring.
    """

    where: str
    text: str
    page: str

    @property
    def kind(self) -> str:
        """How the example is meant to be run."""
        if self.text.startswith(FRAGMENT):
            return "fragment"
        if self.text.startswith(">>> "):
            return "doctest"
        if re.search(r"^def test_", self.text, re.MULTILINE):
            return "tests"
        if re.search(r"^(import|from) \S*polic", self.text, re.MULTILINE) and "Polic" in self.text:
            return "policy pack"
        if "import atlan_pulumi as atlan\n" in self.text:
            return "program"
        return "script"

    @property
    def configuration(self) -> dict[str, tuple[bool, str]]:
        """The keys that the page sets with `pulumi config set`: whether they are secret, and their values."""
        command = r"^ *pulumi config set (--secret )?([\w:]+)(?: +([^\s#]+))?"
        found = re.findall(command, self.page, re.MULTILINE)
        return {key: (bool(secret), value) for secret, key, value in reversed(found)}


def examples(kind: str) -> list[Example]:
    """Return the examples of a kind. An example that is printed several times is returned once."""
    found: dict[str, Example] = {}
    for each in _all():
        if each.kind == kind:
            found.setdefault(each.text, each)
    return list(found.values())


@cache
def _all() -> list[Example]:
    return [*_on_pages(), *_in_docstrings()]


def _on_pages() -> Iterator[Example]:
    for page in PAGES:
        yield from _in(page.relative_to(ROOT).as_posix(), page.read_text("utf-8"))


def _in_docstrings() -> Iterator[Example]:
    for path in sorted(PACKAGE.rglob("*.py")):
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        nodes = [
            each for each in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(each, documented)
        ]
        texts = [inspect.cleandoc(ast.get_docstring(each) or "") for each in nodes]
        yield from _in(path.relative_to(ROOT).as_posix(), "\n\n".join(texts))


def _in(where: str, text: str) -> Iterator[Example]:
    blocks = re.findall(r"^( *)```python\n(.*?)^\1```", text, re.DOTALL | re.MULTILINE)
    for number, (_, block) in enumerate(blocks):
        yield Example(f"{where}#{number}", textwrap.dedent(block), text)
