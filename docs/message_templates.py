"""Collect every text of the code that a user can read in a message.

A template is a string of the code with `…` for each value in it. Texts that the code composes are separate
templates: `f"{name} is archived; {advice}"` and each text of `advice`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[1] / "atlan_pulumi"
#: The server of the local Atlan, which responds like Atlan, a list of names, and templates of programs: no
#: messages of this package.
_NO_MESSAGES = re.compile(
    r"local/(?!__init__|_server|seed|store/_database)|naming/_connectors|scaffold/templates/"
)
#: Code that writes documents, programs, and results. Its texts are no messages, except those of its errors.
_DOCUMENTS = re.compile(
    r"cli/(_engine|_import|_init_summary|_local|_orphans|_policy|_release)|derivation/_cache|drift/_report|engine/(_doctor|_progress)"
    r"|importer/(_summary|code/)|leaks/|local/|policies/[a-z]|scaffold/_(ci|readme|repository)|review/(picture/|"
    r"_compare|_html|_impact|_looks|_markdown|_mermaid|_moved|_review|_sections|_table_rows)"
)
#: Calls and constants with options, patterns, log records, names, settings, and programs.
_OTHER_CALLS = {"Option", "Argument", "Typer", "compile", "fullmatch", "debug", "split", "Setting"}
_OTHER_KEYWORDS = {"help", "description"}
_OTHER_NAMES = {"VARIABLES", "NETWORK_VARIABLES", "_REACH", "_INSTALL"}
_WORDS = re.compile(r"[A-Za-z]{2,}[^A-Za-z]* [^A-Za-z]*[A-Za-z]{2,}")


class Template(NamedTuple):
    """A text with `…` for each value, and where it is: `file:line`, relative to the package."""

    text: str
    place: str


def templates(package: Path = PACKAGE) -> Iterator[Template]:
    """Yield every template of the package."""
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if not _NO_MESSAGES.match(name):
            tree = ast.parse(path.read_text("utf-8"))
            texts = _Texts(_constants(tree) if _DOCUMENTS.match(name) else None)
            texts.visit(tree)
            yield from (Template(text, f"{name}:{line}") for line, text in texts.found)


class _Texts(ast.NodeVisitor):
    """Collects the texts of a file; of a document's code, only those of raised errors.

    Attributes:
        found: Each text with its line.
    """

    def __init__(self, constants: dict[str, ast.expr] | None) -> None:
        """Set what to collect.

        Args:
            constants: The constants of a document's code, which its errors may contain; None for other code.
        """
        self.found: list[tuple[int, str]] = []
        self._constants = constants or {}
        self._skips = constants is not None

    def visit(self, node: ast.AST) -> None:
        text = _text_of(node)
        if text is not None and not self._skips and _WORDS.search(text):
            self.found.append((getattr(node, "lineno", 0), " ".join(text.split())))
        for inner in _values_in(node) if text is not None else [node]:
            super().visit(inner)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        self._visit_if(not self._skips or _name_of(node.exc).endswith("Error"), node)

    def visit_Call(self, node: ast.Call) -> None:
        name = _name_of(node)
        if name == "echo":  # to stderr, it is a message
            self._visit_if(any(each.arg == "err" for each in node.keywords), node)
        elif name not in _OTHER_CALLS:
            self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg not in _OTHER_KEYWORDS:
            self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if not self._skips and node.id in self._constants:
            self.visit(self._constants[node.id])

    def visit_Assign(self, node: ast.Assign) -> None:
        if _name_of(node.targets[0]) not in _OTHER_NAMES:
            self.generic_visit(node)

    def _visit_if(self, is_message: bool, node: ast.AST) -> None:
        """Visit the parts of a node. Their texts count only if the node is a message."""
        before, self._skips = self._skips, not is_message
        self.generic_visit(node)
        self._skips = before


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Return the values of a module's constants, such as `_ADVICE`."""
    assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
    return {_name_of(node.targets[0]): node.value for node in assigned}


def _text_of(node: ast.AST) -> str | None:
    """Return a string expression with `…` for its values; None for another node."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_text_of(part) or "…" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text_of(node.left), _text_of(node.right)
        return None if left is None and right is None else f"{left or '…'}{right or '…'}"
    return None


def _values_in(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions that are values in a string expression."""
    if isinstance(node, ast.FormattedValue) or _text_of(node) is None:
        yield node
    elif not isinstance(node, ast.Constant):
        for part in ast.iter_child_nodes(node):
            yield from _values_in(part)


def _name_of(node: ast.AST | None) -> str:
    """Return the last name of a call, an attribute, or a name."""
    if isinstance(node, ast.Call):
        return _name_of(node.func)
    return getattr(node, "attr", getattr(node, "id", ""))
