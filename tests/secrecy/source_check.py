"""Find places in Python source that could leak a secret by printing, logging, raising, or formatting.

The check uses names only and is deliberately coarse: nothing named key, token, or headers belongs in a
message.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

_SECRET = re.compile(r"api_?keys?|authorization|bearer|environ|headers?|passwords?|secrets?|tokens?")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PRINTING = frozenset(
    {"critical", "debug", "echo", "error", "exception", "fatal", "format", "info", "log", "print", "repr"}
    | {"secho", "warn", "warning", "format_exc", "format_exception", "print_exc"}
)
_LOUD_LIBRARIES = ("httpx", "httpcore", "hpack", "urllib3", "http.client")


class Finding(NamedTuple):
    """A place in a source file."""

    line: int
    function: str
    reason: str


def findings(source: str) -> list[Finding]:
    """Return every place in the source that could leak a secret."""
    visitor = _Visitor()
    visitor.visit(ast.parse(source))
    return sorted(set(visitor.found))


def is_secret(identifier: str) -> bool:
    """Check whether an identifier names a secret, or something that contains one.

    A `type_token` is Pulumi's term for the name of a type.

    >>> [is_secret(name) for name in ("api_key", "atlanApiKey", "headers", "key", "type_token", "headerless")]
    [True, True, True, False, False, False]
    """
    words = _CAMEL.sub("_", identifier).lower().replace("type_token", "")
    return re.search(rf"(?:^|_)(?:{_SECRET.pattern})(?:_|$)", words) is not None


def _names(node: ast.AST) -> Iterator[str]:
    """Yield the identifiers in an expression, including constants in subscripts."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant):
            yield str(part.slice.value)


class _Visitor(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[Finding] = []
        self._functions = [""]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._functions.append(node.name)
        if node.name in {"__repr__", "__str__", "__format__", "__reduce__", "__getstate__"}:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    self._check(inner.value, f"{node.name} shows")
        self.generic_visit(node)
        self._functions.pop()

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._functions.append(node.name)
        self.generic_visit(node)
        self._functions.pop()

    def visit_Call(self, node: ast.Call) -> None:
        called = _called(node.func)
        if called in _PRINTING or (called == "write" and _is_terminal(node.func)):
            for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
                self._check(argument, f"{called}() is given")
            if called == "format" and isinstance(node.func, ast.Attribute):
                self._check(node.func.value, "format() is given")
        if called == "get_secret_value":
            self._add(node, "unwraps a secret")
        if called in {"basicConfig", "setLevel", "set_debuglevel"}:
            self._add(node, f"{called}() turns logging on")
        if called == "getLogger" and any(_is_loud(argument) for argument in node.args):
            self._add(node, "uses the logger of an HTTP library")
        if any(keyword.arg == "event_hooks" for keyword in node.keywords):
            self._add(node, "hooks into httpx")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        if isinstance(node.exc, ast.Call):
            for argument in [*node.exc.args, *(keyword.value for keyword in node.exc.keywords)]:
                self._check(argument, "an error is given")
        self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self._check(part.value, "an f-string contains")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Mod) and _is_text(node.left):
            self._check(node.right, "a text is formatted with")
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in {"event_hooks", "debuglevel"}:
            self._add(node, "hooks into an HTTP library")
        self.generic_visit(node)

    def _check(self, node: ast.expr, what: str) -> None:
        for name in filter(is_secret, _names(node)):
            self._add(node, f"{what} {name}")

    def _add(self, node: ast.expr, reason: str) -> None:
        self.found.append(Finding(node.lineno, self._functions[-1], reason))


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_terminal(function: ast.expr) -> bool:
    """Check whether `function` is a method of standard output or standard error."""
    return isinstance(function, ast.Attribute) and _called(function.value) in {"stdout", "stderr"}


def _is_loud(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Constant) and str(argument.value).startswith(_LOUD_LIBRARIES)
