"""A pack's configuration file: mistakes are found before Pulumi runs."""

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


def test_the_default_level_is_advisory(read) -> None:
    assert {setup.level for setup in read({}).values()} == {"advisory"}


def test_each_rule_is_returned_with_its_settings(read) -> None:
    found = read({"all": "disabled", "layer-order": {"enforcementLevel": "mandatory", "layers": LAYERS}})

    order = found.pop("layer-order")
    assert (order.level, order.settings, order.idle) == ("mandatory", {"layers": LAYERS}, None)
    assert {setup.level for setup in found.values()} == {"disabled"}


def test_the_default_level_may_be_an_object(read) -> None:
    assert {setup.level for setup in read({"all": {"enforcementLevel": "mandatory"}}).values()} == {
        "mandatory"
    }


def test_a_rule_may_have_a_level_only(read) -> None:
    assert read({"layer-order": "mandatory"})["layer-order"].level == "mandatory"


def test_a_rule_without_its_needs_is_idle(read) -> None:
    assert read({"layer-order": "mandatory"})["layer-order"].idle == "layers"


def test_rules_that_cannot_remediate_are_mandatory_instead(read) -> None:
    for setup in read({"all": "remediate"}).values():
        assert setup.level == ("remediate" if setup.rule.remediates else "mandatory")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"layer-ordr": "mandatory"}, "unknown rule 'layer-ordr'; did you mean 'layer-order'?"),
        ({"layer_order": "mandatory"}, "unknown rule 'layer_order'; did you mean 'layer-order'?"),
        ({"layer-order": "strict"}, "the rule 'layer-order' has no level 'strict'"),
        ({"layer-order": "remediate"}, "the rule 'layer-order' cannot remediate"),
        ({"layer-order": 3}, "the rule 'layer-order' has no level '3'"),
        ({"all": "strict"}, "'all': unknown level 'strict': use one of advisory, mandatory, remediate"),
        ({"all": {"enforcementLevel": "mandatory", "layers": []}}, "'all': unknown level"),
        ({"layer-order": {"layer": LAYERS}}, "layer: unknown setting; did you mean 'layers'?"),
        ({"layer-order": {"layers": [{"name": "raw"}]}}, "layers[0].patterns: field required"),
        ([], 'must be an object with rules by name, such as {"layer-order": "mandatory"}'),
        ("{", "is not JSON"),
        ("", "is not JSON"),
    ],
)
def test_an_invalid_file_is_refused_in_one_line(read, content, reason) -> None:
    with pytest.raises(PolicyError) as caught:
        read(content)

    assert "config.json" in str(caught.value)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_refused(tmp_path) -> None:
    with pytest.raises(PolicyError, match=r"nowhere\.json cannot be read \(No such file or directory\)"):
        read_config(tmp_path / "nowhere.json")


def test_a_binary_file_is_refused(tmp_path) -> None:
    (tmp_path / "config.json").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(PolicyError, match="is not JSON"):
        read_config(tmp_path / "config.json")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_any_json_is_read_or_refused_in_one_line(tmp_path_factory, content) -> None:
    file = tmp_path_factory.mktemp("any") / "config.json"
    names = [rule.name for rule in RULES]
    file.write_text(json.dumps(dict.fromkeys(names[:2], content) | {"all": "advisory"}))
    try:
        assert len(read_config(file)) == len(RULES)
    except PolicyError as error:
        assert "\n" not in str(error)  # noqa: PT017 - it need not be raised


def test_the_schema_has_every_rule_and_its_settings() -> None:
    schema = config_schema()

    assert schema["properties"].keys() == {"all", *(rule.name for rule in RULES)}
    assert not schema["additionalProperties"]
    for rule in RULES:
        level, with_settings = schema["properties"][rule.name]["anyOf"]
        assert set(level["enum"]) == set(rule.levels)
        settings = {field.alias for field in rule.settings.model_fields.values()}
        assert with_settings["properties"].keys() == {"enforcementLevel", *settings}
    assert "$ref" not in json.dumps(schema)
