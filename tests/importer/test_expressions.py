"""Python expressions: they evaluate to the value, and are readable."""

from __future__ import annotations

import ast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from atlan_pulumi.importer.code._expressions import (
    WIDTH,
    Items,
    Node,
    Text,
    below,
    block,
    format_lines,
    literal,
    pieces,
)

#: All of Unicode including lone surrogates, with frequent special characters of Python.
TEXTS = st.text(
    st.one_of(
        st.sampled_from("\"'\\{}#\n\r\t \x0b\x0c\x1c\x85\u2028\u202e\ufeff\ud800aN"),
        st.characters(exclude_categories=()),
    )
)


def evaluate(code: str) -> object:
    """Evaluate code as if read from a file."""
    source = code.encode("utf-8").decode("utf-8")
    return ast.literal_eval(source)


@given(TEXTS)
@example('ends with "')
@example('"""')
@example('a\\"""\\')
@example("{WAREHOUSE}")
@example("\\N{BULLET}")
@example("trailing blanks  \t\n \n\t")
@example("\r\n")
def test_every_literal_evaluates_to_the_text(text: str) -> None:
    assert evaluate(literal(text)) == text
    assert evaluate(block(text)) == text
    assert evaluate("(" + "\n".join(pieces(text, 20)) + ")") == text
    built = eval(below("CONSTANT", text), {"CONSTANT": "default/x/1"})
    assert built == "default/x/1" + text


@given(TEXTS)
def test_literals_are_one_line_and_printable(text: str) -> None:
    for code in (literal(text), below("C", text), *pieces(text, 20)):
        assert code.isprintable(), "no hidden characters or changes of the reading direction"
    for line in block(text).split("\n"):
        assert line.replace("\t", "").isprintable()
        assert line == line.rstrip(), "editors strip trailing blanks"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("plain", '"plain"'),
        ('say "hi"', "'say \"hi\"'"),
        ("it's", '"it\'s"'),
        ("both ' and \"", '"both \' and \\""'),
        ("ü → ß", '"ü → ß"'),
        ("a\tb", '"a\\tb"'),
        (True, "True"),
        (7, "7"),
    ],
)
def test_literals_are_readable(value: object, code: str) -> None:
    assert literal(value) == code


def test_a_text_of_several_lines_is_written_unchanged() -> None:
    sql = 'select "a",\n\tb\\c\nfrom t -- it\'s\n'
    assert block(sql) == '"""\\\nselect "a",\n\tb\\\\c\nfrom t -- it\'s\n"""'


def test_long_texts_are_split_at_blanks() -> None:
    words = " ".join(["word"] * 40)
    parts = pieces(words, 40)
    assert all(len(part) <= 40 for part in parts)
    assert all(part.strip('"').strip() for part in parts)
    assert pieces("x" * 100, 40) == [literal("x" * 100)], "a text without blanks is not split"


@st.composite
def values(draw: st.DrawFn) -> object:
    leaves = st.one_of(TEXTS, st.integers(), st.booleans())
    return draw(
        st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=8)
    )


def node(value: object) -> Node:
    """Return the expression for a value."""
    if isinstance(value, str):
        return block(value) if "\n" in value else Text(value)
    if isinstance(value, list):
        return Items("[", "]", [("", node(item)) for item in value])
    if isinstance(value, dict):
        return Items("{", "}", [(f"{literal(key)}: ", node(item)) for key, item in value.items()])
    return literal(value)


@given(values(), st.integers(0, 3))
def test_every_layout_evaluates_to_the_value(value: object, depth: int) -> None:
    code = "\n".join(format_lines(node(value), before="value = (", after=")", depth=depth))
    found: dict[str, object] = {}
    exec(("if True:\n" if depth else "") + code, found)
    assert found["value"] == value


def test_short_expressions_are_one_line_and_long_ones_several() -> None:
    short = Items("f(", ")", [("", '"a"'), ("b=", Items("[", "]", [("", "1"), ("", "2")]))])
    assert format_lines(short, before="x = ") == ['x = f("a", b=[1, 2])']
    assert format_lines(Items("f(", ")", [("", '"a"')], spread=True)) == ["f(", '    "a",', ")"]
    long = Items("f(", ")", [("b=", Items("[", "]", [("", '"' + "x" * WIDTH + '"'), ("", "2")]))])
    assert format_lines(long) == ["f(", "    b=[", f'        "{"x" * WIDTH}",', "        2,", "    ],", ")"]
