"""A pack's configuration file: what is wrong with it is told before Pulumi runs."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.policies import RULES, PolicyError, config_schema, read_config

LAYERS = [{"name": "raw", "patterns": ["*/RAW/*"]}, {"name": "gold", "patterns": ["*/GOLD/*"]}]


@pytest.fixture
def read(tmp_path):
    def read(content):
        file = tmp_path / "config.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        return {setup.rule.name: setup for setup in read_config(file)}

    return read


def test_an_empty_file_leaves_all_as_advice(read) -> None:
    assert {setup.level for setup in read({}).values()} == {"advisory"}


def test_each_rule_is_told_with_its_settings(read) -> None:
    found = read({"all": "disabled", "layer-order": {"enforcementLevel": "mandatory", "layers": LAYERS}})

    order = found.pop("layer-order")
    assert (order.level, order.settings, order.idle) == ("mandatory", {"layers": LAYERS}, None)
    assert {setup.level for setup in found.values()} == {"disabled"}


def test_the_level_of_all_may_stand_as_settings_do(read) -> None:
    assert {setup.level for setup in read({"all": {"enforcementLevel": "mandatory"}}).values()} == {
        "mandatory"
    }


def test_a_level_alone_will_do(read) -> None:
    assert read({"layer-order": "mandatory"})["layer-order"].level == "mandatory"


def test_a_rule_that_lacks_what_it_needs_is_told_as_idle(read) -> None:
    assert read({"layer-order": "mandatory"})["layer-order"].idle == "layers"


def test_all_may_remediate_and_what_cannot_is_mandatory(read) -> None:
    for setup in read({"all": "remediate"}).values():
        assert setup.level == ("remediate" if setup.rule.remediates else "mandatory")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"layer-ordr": "mandatory"}, "there is no rule 'layer-ordr'; did you mean 'layer-order'?"),
        ({"layer_order": "mandatory"}, "there is no rule 'layer_order'; did you mean 'layer-order'?"),
        ({"layer-order": "strict"}, "the rule 'layer-order' has no level 'strict'"),
        ({"layer-order": "remediate"}, "the rule 'layer-order' cannot remediate"),
        ({"layer-order": 3}, "the rule 'layer-order' has no level '3'"),
        ({"all": "strict"}, "'all' has no level 'strict': its levels are advisory, mandatory, remediate"),
        ({"all": {"enforcementLevel": "mandatory", "layers": []}}, "'all' has no level"),
        ({"layer-order": {"layer": LAYERS}}, "layer: there is no such setting; did you mean 'layers'?"),
        ({"layer-order": {"layers": [{"name": "raw"}]}}, "layers[0].patterns: field required"),
        ([], 'does not hold rules by their names, such as {"layer-order": "mandatory"}'),
        ("{", "is not JSON"),
        ("", "is not JSON"),
    ],
)
def test_what_cannot_be_right_is_one_line(read, content, reason) -> None:
    with pytest.raises(PolicyError) as caught:
        read(content)

    assert "config.json" in str(caught.value)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path) -> None:
    with pytest.raises(PolicyError, match=r"nowhere\.json cannot be read \(No such file or directory\)"):
        read_config(tmp_path / "nowhere.json")


def test_a_file_that_is_no_text(tmp_path) -> None:
    (tmp_path / "config.json").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(PolicyError, match="is not JSON"):
        read_config(tmp_path / "config.json")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_whatever_a_file_holds_is_read_or_refused_in_a_line(tmp_path_factory, content) -> None:
    file = tmp_path_factory.mktemp("any") / "config.json"
    names = [rule.name for rule in RULES]
    file.write_text(json.dumps(dict.fromkeys(names[:2], content) | {"all": "advisory"}))
    try:
        assert len(read_config(file)) == len(RULES)
    except PolicyError as error:
        assert "\n" not in str(error)  # noqa: PT017 - it need not be raised


def test_the_schema_names_every_rule_and_its_settings() -> None:
    schema = config_schema()

    assert schema["properties"].keys() == {"all", *(rule.name for rule in RULES)}
    assert not schema["additionalProperties"]
    for rule in RULES:
        alone, whole = schema["properties"][rule.name]["anyOf"]
        assert set(alone["enum"]) == set(rule.levels)
        settings = {field.alias for field in rule.settings.model_fields.values()}
        assert whole["properties"].keys() == {"enforcementLevel", *settings}
    assert "$ref" not in json.dumps(schema)
