"""Parse a script: statement by statement, and inside of procedures whose body the parser does not know."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from atlan_pulumi.sql._lineage import Problem
from atlan_pulumi.sql._tokens import rewritten, without_commands
from atlan_pulumi.text import printable

_LONGEST = 1_000_000
"""Characters; a longer script is refused, since its analysis would take minutes."""
_LONGEST_REASON = 200
_TEMPLATE = re.compile(r"\{\{|\{%|\{#")
#: How sqlglot describes a word, and a class of its trees, in errors.
_TOKEN = re.compile(r"<Token (?:token_type: [\w.]+, )?text: ([^,>]*),.*?>")
_CLASS = re.compile(r"<class '[\w.]*?(\w+)'>")
#: The words with which a statement with lineage begins, inside of a body.
_BEGINNINGS = {"INSERT", "UPDATE", "MERGE", "DELETE", "WITH"}
#: The words that may be in front of a statement in a body.
_BEFORE = {"BEGIN", "THEN", "ELSE", "LOOP", "DO", "AS", "IS", "ATOMIC"}

#: The words with which a piece of a procedure without lineage begins.
_WITHOUT_LINEAGE = frozenset(
    "BEGIN COMMIT DECLARE ELSIF END EXIT IF LOOP RETURN SHOW".split()  # noqa: SIM905
)


def parse_script(sql: str, dialect: Dialect) -> Iterator[exp.Expr | Problem]:
    """Yield each statement, or the problem of one that cannot be parsed.

    Args:
        sql: The script.
        dialect: The dialect.
    """
    if template := _TEMPLATE.search(sql):
        line = sql.count("\n", 0, template.start()) + 1
        column = template.start() - sql.rfind("\n", 0, template.start())
        what = "the SQL is a template: render it first, as dbt does in target/compiled"
        yield Problem(what, line, column, hides_tables=True)
        return
    if len(sql) > _LONGEST:
        what = f"the SQL has {len(sql):,} characters: split it into scripts of {_LONGEST:,} at most"
        yield Problem(what, hides_tables=True)
        return
    try:
        yield from _whole_or_in_pieces(sql, dialect)
    except RecursionError:
        what = "the SQL is nested too deeply to be parsed: simplify its expressions"
        yield Problem(what, hides_tables=True)


def _whole_or_in_pieces(sql: str, dialect: Dialect) -> Iterator[exp.Expr | Problem]:
    """Yield the statements; if one cannot be parsed, those between semicolons, which may contain one."""
    sql = without_commands(sql, dialect)
    try:
        tokens = rewritten(dialect.tokenize(sql))
    except SqlglotError as error:
        yield _problem(error, None)
        return
    try:
        yield from _parsed(tokens, sql, dialect)
    except SqlglotError:
        for piece in _split(tokens):
            yield from _statements(piece, sql, dialect)


def _is_statement(node: exp.Expr) -> bool:
    """Return whether a node is a statement that the parser knows, and no expression of a procedure."""
    if isinstance(node, exp.Create) and isinstance(node.expression, exp.Command):
        return False  # the body of a procedure
    return not isinstance(node, (exp.Command, exp.Alias)) and (
        isinstance(node, exp.Query) or not isinstance(node, exp.Condition)
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the parser's warnings about statements that it does not know: they are problems here."""
    logger = logging.getLogger("sqlglot")

    def nothing(_record: logging.LogRecord) -> bool:
        return False

    logger.addFilter(nothing)
    try:
        yield
    finally:
        logger.removeFilter(nothing)


def _statements(piece: Sequence[Token], sql: str, dialect: Dialect) -> Sequence[exp.Expr | Problem]:
    try:
        return _parsed(piece, sql, dialect)
    except SqlglotError as error:
        inside = _within(piece, sql, dialect)
        return [_problem(error, piece[0])] if inside is None else inside


def _split(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    piece: list[Token] = []
    for token in tokens:
        if token.token_type == TokenType.SEMICOLON:
            if piece:
                yield piece
            piece = []
        else:
            piece.append(token)
    if piece:
        yield piece


def _parsed(piece: Sequence[Token], sql: str, dialect: Dialect) -> list[exp.Expr]:
    parser = dialect.parser(error_level=ErrorLevel.IMMEDIATE)
    with _quiet():
        found = [each for each in parser.parse(list(piece), sql) if each is not None]
    if not all(map(_is_statement, found)):
        raise SqlglotError(f"{piece[0].text.upper()} is not known to the parser")
    return found


def _within(tokens: Sequence[Token], sql: str, dialect: Dialect) -> list[exp.Expr | Problem] | None:
    """Return the statement inside of a piece of a procedure; None if it is unknown what the piece does."""
    for index, token in enumerate(tokens):
        before = tokens[index - 1].text.upper() if index else ""
        if token.text.upper() in _BEGINNINGS and before in _BEFORE:
            try:
                return list(_parsed(tokens[index:], sql, dialect))
            except SqlglotError as error:
                return [_problem(error, token)]
    return [] if _declares(tokens) else None


def _declares(tokens: Sequence[Token]) -> bool:
    """Return whether a piece of a procedure has no lineage: a declaration, an assignment, or an end."""
    first = tokens[0].text.upper()
    if first == "ALTER" and len(tokens) > 1 and tokens[1].text.upper() in ("SESSION", "SYSTEM"):
        return True
    assigned = any(each.token_type == TokenType.COLON_EQ for each in tokens)
    if first == "CREATE" and any(each.text.upper() in ("PROCEDURE", "FUNCTION") for each in tokens[:6]):
        return True
    return first in _WITHOUT_LINEAGE or assigned


def _problem(error: SqlglotError, first: Token | None) -> Problem:
    """Return why a piece cannot be parsed.

    Args:
        error: The parser's error. Its position is the end of a word.
        first: The first word of the piece, whose position is used if the error has none.
    """
    place = (getattr(error, "errors", None) or [{}])[0]
    text = str(place.get("description") or str(error)).partition("\n")[0].strip().rstrip(".")
    text = printable(_in_words(text)[:_LONGEST_REASON])
    message = f"this cannot be parsed ({text}): check the dialect, and that templates are rendered"
    if place.get("line"):
        line, end, word = place["line"], place["col"], str(place["highlight"])
    else:
        line, end, word = (first.line, first.col, first.text) if first else (0, 0, "")
    return Problem(message, line, max(end - len(word) + 1, 1) if line else 0, hides_tables=True)


def _in_words(text: str) -> str:
    """Return a description of the parser without the names of its objects."""
    text = text.replace("<Token token_type: TokenType.SENTINEL, ", "<Token text: the end of the SQL, ")
    text = _TOKEN.sub(r"\1", text)
    return _CLASS.sub(r"\1", text)
