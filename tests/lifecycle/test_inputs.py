"""Input models: every problem at once, in plain words; unknown values are accepted."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from atlan_pulumi.lifecycle import Inputs, Text, TextElement
from atlan_pulumi.lifecycle._inputs import InputProblem, problems_of
from atlan_pulumi.lifecycle._values import UNKNOWN, Unknown, has_unknown, is_known
from atlan_pulumi.text import did_you_mean


class Sample(Inputs):
    name: Text
    colour: Literal["RED", "GREEN"] | None = None
    owners: list[TextElement] | None = None
    size: int | None = None
    source_url: str | None = None


def problems(**given_inputs: object) -> list[InputProblem]:
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate(given_inputs)
    return problems_of(caught.value, Sample)


def test_all_problems_are_reported_at_once() -> None:
    found = problems(colour="BLUE", size="large", owners=["ann", ""])
    assert {problem.property for problem in found} == {"name", "colour", "size", "owners"}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, InputProblem("name", "is required")),
        ({"name": ""}, InputProblem("name", "must not be blank")),
        ({"name": " \t"}, InputProblem("name", "must not be blank")),
        ({"name": 5}, InputProblem("name", "must be a valid string")),
        (
            {"name": "x", "colour": "GREN"},
            InputProblem("colour", "must be one of RED, GREEN; did you mean 'GREEN'?"),
        ),
        (
            {"name": "x", "colour": "green"},
            InputProblem("colour", "must be one of RED, GREEN; did you mean 'GREEN'?"),
        ),
        ({"name": "x", "colour": "?"}, InputProblem("colour", "must be one of RED, GREEN")),
        ({"name": "x", "owners": ["a", ""]}, InputProblem("owners", "owners[1]: must not be blank")),
        (
            {"name": "x", "sourceurl": "y"},
            InputProblem("sourceurl", "unknown property; did you mean 'source_url'?"),
        ),
        ({"name": "x", "zzz": 1}, InputProblem("zzz", "unknown property")),
    ],
)
def test_problems_are_one_line(inputs: dict[str, object], expected: InputProblem) -> None:
    assert problems(**inputs) == [expected]


def test_whole_floats_are_ints_since_the_engine_sends_every_number_as_a_float() -> None:
    assert Sample.model_validate({"name": "x", "size": 3.0}).size == 3
    assert problems(name="x", size=3.5)[0].property == "size"


@pytest.mark.parametrize("field", ["name", "colour", "owners", "size", "source_url"])
def test_an_unknown_property_passes_whatever_its_type(field: str) -> None:
    inputs = Sample.model_validate({"name": "x", field: UNKNOWN})
    assert getattr(inputs, field) is UNKNOWN


def test_known_elements_are_validated_next_to_unknown_ones() -> None:
    assert Sample.model_validate({"name": "x", "owners": ["ann", UNKNOWN]}).owners == ["ann", UNKNOWN]
    assert problems(name="x", owners=[UNKNOWN, ""]) == [
        InputProblem("owners", "owners[1]: must not be blank")
    ]


def test_unknown_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(UNKNOWN)
    assert repr(UNKNOWN) == "UNKNOWN"
    assert isinstance(UNKNOWN, Unknown)
    assert not is_known(UNKNOWN)
    assert is_known(None)


_plain = st.recursive(
    st.none() | st.text() | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(_plain, st.lists(st.sampled_from(["list", "dict"]), max_size=5))
def test_an_unknown_value_is_found_at_any_depth(value: object, wrappers: list[str]) -> None:
    assert not has_unknown(value)
    nested: object = [value, UNKNOWN]
    for wrapper in wrappers:
        nested = [value, nested] if wrapper == "list" else {"a": value, "b": nested}
    assert has_unknown(nested)


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("sprk", ["spark", "snowflake"], "; did you mean 'spark'?"),
        ("SPARK", ["spark"], "; did you mean 'spark'?"),
        ("zzz", ["spark"], ""),
        (7, ["spark"], ""),
    ],
)
def test_did_you_mean(word: object, known: list[str], expected: str) -> None:
    assert did_you_mean(word, known) == expected
