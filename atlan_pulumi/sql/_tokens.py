"""Rewrite the words of what a dialect allows and the parser does not know, so that it can be parsed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sqlglot.dialects.dialect import Dialect
from sqlglot.tokenizer_core import Token, TokenType

#: What is in front of an argument of a function, and after it.
_BEFORE_ARGUMENT = {TokenType.L_PAREN, TokenType.COMMA, TokenType.FARROW}
_AFTER_ARGUMENT = {TokenType.R_PAREN, TokenType.COMMA}
#: Phrases of Teradata in parentheses after a column, such as `(TITLE 'Name')`.
_PHRASES = {"TITLE", "FORMAT"}
#: What may follow WITH without a meaning for lineage.
_OPTIONS = (
    ("CASCADED", "CHECK", "OPTION"),
    ("CHECK", "OPTION"),
    ("LOCAL", "CHECK", "OPTION"),
    ("READ", "ONLY"),
    ("SCHEMA", "EVOLUTION"),
)
#: Words by which the parser recognizes a clause that not all of its dialects have.
_CLAUSES = {"MATCH_RECOGNIZE": TokenType.MATCH_RECOGNIZE}
_SELECT_ALL = [
    (TokenType.L_PAREN, "("),
    (TokenType.SELECT, "SELECT"),
    (TokenType.STAR, "*"),
    (TokenType.FROM, "FROM"),
]

#: MySQL's REPLACE at the beginning of a statement, and GO in a line of its own, which the parser takes as
#: commands with all words that follow; and what is written instead, without a change of positions.
_COMMANDS = {
    "MySQL": (re.compile(r"(?im)(?:(?<=;)|^)(\s*)REPLACE(?=\s+INTO\b)"), r"\1INSERT "),
    "TSQL": (re.compile(r"(?im)^([ \t]*)GO(?=[ \t]*$)"), r"\1; "),
}

Rewritten = tuple[list[Token], int]
"""The words instead of those at a position, and the position after those."""


def without_commands(sql: str, dialect: Dialect) -> str:
    """Return SQL with other words for those that the parser takes as a command, at the same positions."""
    command = _COMMANDS.get(type(dialect).__name__)
    return command[0].sub(command[1], sql) if command is not None else sql


def rewritten(tokens: Sequence[Token]) -> list[Token]:
    """Return the words of SQL that the parser knows.

    Args:
        tokens: The words of a script.
    """
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        rule = _RULES.get(tokens[index].text.upper())
        new = rule(tokens, index) if rule is not None else None
        if new is None:
            found.append(tokens[index])
            index += 1
        else:
            words, index = new
            found += words
    return found


def _like(token: Token, kind: TokenType, text: str) -> Token:
    """Return another word at the same position."""
    return Token(kind, text, token.line, token.col, token.start, token.end)


def _text(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].text.upper() if index < len(tokens) else ""


def _clause(tokens: Sequence[Token], index: int) -> Rewritten | None:
    """Return the keyword of a clause in parentheses, which may be no keyword in a dialect."""
    if _text(tokens, index + 1) != "(":
        return None
    return [_like(tokens[index], _CLAUSES[tokens[index].text.upper()], tokens[index].text)], index + 1


def _table_argument(tokens: Sequence[Token], index: int) -> Rewritten | None:
    """Return `(SELECT * FROM name)` for the argument `TABLE name` or `TABLE(name)` of a table function."""
    if index < 2 or tokens[index - 1].token_type not in _BEFORE_ARGUMENT:  # noqa: PLR2004 - the function
        return None
    has_parentheses = _text(tokens, index + 1) == "("
    start = end = index + 1 + has_parentheses
    while end < len(tokens) and (tokens[end].text == "." or (end - start) % 2 == 0):
        end += 1
    is_name = (end - start) % 2 == 1 and all(tokens[each].text == "." for each in range(start + 1, end, 2))
    if not is_name or (has_parentheses and _text(tokens, end) != ")"):
        return None
    after = end + has_parentheses
    if after >= len(tokens) or tokens[after].token_type not in _AFTER_ARGUMENT:
        return None
    word = tokens[index]
    return [
        *(_like(word, kind, text) for kind, text in _SELECT_ALL),
        *tokens[start:end],
        _like(word, TokenType.R_PAREN, ")"),
    ], after


def _phrase(tokens: Sequence[Token], index: int) -> Rewritten | None:
    """Return nothing for `(TITLE '…')`, which changes how a column is shown, and an alias for `(NAMED x)`."""
    if _text(tokens, index + 1) == "NAMED" and _text(tokens, index + 3) == ")":
        return [_like(tokens[index], TokenType.ALIAS, "AS"), tokens[index + 2]], index + 4
    is_phrase = _text(tokens, index + 1) in _PHRASES and _text(tokens, index + 3) == ")"
    return ([], index + 4) if is_phrase and tokens[index + 2].token_type == TokenType.STRING else None


def _option(tokens: Sequence[Token], index: int) -> Rewritten | None:
    """Return nothing for an option such as `WITH CHECK OPTION`."""
    for words in _OPTIONS:
        if all(_text(tokens, index + 1 + offset) == word for offset, word in enumerate(words)):
            return [], index + 1 + len(words)
    return None


def _populate(tokens: Sequence[Token], index: int) -> Rewritten | None:
    """Return nothing for ClickHouse's POPULATE in front of the query of a materialized view."""
    return ([], index + 1) if _text(tokens, index + 1) == "AS" else None


def _within(tokens: Sequence[Token], index: int) -> Rewritten | None:
    """Return nothing for `WITHIN INTERVAL '…' …` in MATCH_RECOGNIZE, which limits the time of a match."""
    return ([], index + 4) if _text(tokens, index + 1) == "INTERVAL" else None


def _subset(tokens: Sequence[Token], index: int) -> Rewritten | None:
    """Return nothing for `SUBSET u = (a, b)` in MATCH_RECOGNIZE, which gives variables another name."""
    if _text(tokens, index + 2) != "=" or _text(tokens, index + 3) != "(":
        return None
    end = index + 3
    while end < len(tokens) and (tokens[end].text != ")" or _text(tokens, end + 1) == ","):
        end += 1
    return [], end + 1


def _format_of_directory(tokens: Sequence[Token], index: int) -> Rewritten | None:
    """Return nothing for the format after `INSERT OVERWRITE DIRECTORY '…'`, with its options."""
    is_path = index > 1 and tokens[index - 1].token_type == TokenType.STRING
    if not is_path or tokens[index - 2].text.upper() != "DIRECTORY":
        return None
    end = index + 2
    if _text(tokens, end) == "OPTIONS":
        while end < len(tokens) and tokens[end].token_type != TokenType.R_PAREN:
            end += 1
        end += 1
    return [], end


_RULES: dict[str, Callable[[Sequence[Token], int], Rewritten | None]] = {
    "(": _phrase,
    "MATCH_RECOGNIZE": _clause,
    "POPULATE": _populate,
    "SUBSET": _subset,
    "TABLE": _table_argument,
    "USING": _format_of_directory,
    "WITH": _option,
    "WITHIN": _within,
}
