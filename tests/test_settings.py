"""Settings: unknown names, values, a key in plain text, and the base URL."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.settings import (
    OFF,
    ON,
    SETTINGS,
    mistyped_key,
    resolve_setting,
    setting_warnings,
    url_warning,
    variable,
)

NAMES = st.sampled_from(sorted(SETTINGS))
SECRET = {"atlan:apiKey"}


def warnings(config: dict[str, object], environ: dict[str, str] | None = None) -> list[str]:
    return list(setting_warnings(config, SECRET, environ or {}))


def test_known_settings_cause_no_warning() -> None:
    config: dict[str, object] = {each.key: "https://acme.atlan.com" for each in SETTINGS.values()}
    environ = {variable(name): "https://acme.atlan.com" for name in SETTINGS}
    assert warnings(config, {**environ, "ATLAN_PULUMI_ENGINE": "3.274.1"}) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("requestPerMinute", "requestsPerMinute"),
        ("ownershipmark", "ownershipMark"),
        ("baseURL", "baseUrl"),
        ("base_url", "baseUrl"),
        ("api-key", "apiKey"),
    ],
)
def test_unknown_settings_are_warnings_with_the_nearest_name(name: str, meant: str) -> None:
    reason = f"atlan:{name} is not a setting, and has no effect; did you mean atlan:{meant}?"
    assert warnings({f"atlan:{name}": "1"}) == [reason]


def test_a_name_without_a_similar_one_is_a_warning_too() -> None:
    assert warnings({"atlan:zzz": "1"}) == ["atlan:zzz is not a setting, and has no effect"]


def test_settings_of_other_namespaces_are_left_alone() -> None:
    assert warnings({"shop:requestPerMinute": "1", "atlantis:x": "1", "aws:region": "eu-central-1"}) == []


@given(NAMES, st.data())
def test_every_misspelled_name_is_a_warning_that_names_the_right_one(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("abcXYZ_"))
    typo = data.draw(
        st.sampled_from(
            [name[:place] + name[place + 1 :], name[:place] + letter + name[place + 1 :], name.upper()]
        )
    )
    if typo not in SETTINGS:
        (warning,) = warnings({f"atlan:{typo}": "1"})
        assert warning.startswith(f"atlan:{typo} is not a setting")
        assert f"did you mean atlan:{name}?" in warning


@pytest.mark.parametrize(
    "name", ["ATLAN_REQUEST_PER_MINUTE", "ATLAN_APIKEY", "ATLAN_BASEURL", "ATLAN_OWNERSHIPMARK"]
)
def test_misspelled_variables_are_warnings(name: str) -> None:
    (warning,) = warnings({}, {name: "1"})
    assert warning.startswith(f"the environment variable {name} has no effect; did you mean ATLAN_")


@pytest.mark.parametrize("name", ["ATLAN_READ_TIMEOUT", "ATLAN_CLIENT_ID", "ATLAN_LOG_LEVEL", "ATLANTIS_URL"])
def test_variables_of_other_tools_are_left_alone(name: str) -> None:
    assert warnings({}, {name: "1"}) == []


def test_a_key_in_plain_text_is_a_warning_that_does_not_contain_it() -> None:
    (warning,) = setting_warnings({"atlan:apiKey": "hunter2hunter2"}, set(), {})
    assert "`pulumi config set --secret atlan:apiKey` with a new key" in warning
    assert "delete the old key" in warning
    assert "hunter2" not in warning
    assert list(setting_warnings({}, set(), {"ATLAN_API_KEY": "hunter2"})) == []


@pytest.mark.parametrize("rest", ["/assets/1234", "/?filter=x", "/#tab", "?x", "#y", "/api/"])
def test_a_url_with_a_path_is_a_warning(rest: str) -> None:
    warning = "set it to https://acme.atlan.com"
    assert warning in str(url_warning(f" https://acme.atlan.com{rest} "))
    assert warning in warnings({}, {"ATLAN_BASE_URL": f"https://acme.atlan.com{rest}"})[0]


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.atlan.com",
        "https://acme.atlan.com/",
        "http://[::1",
        "acme.atlan.com/x",
        "",
        "http://127.0.0.1:8585",
    ],
)
def test_a_url_without_a_path_is_no_warning(url: str) -> None:
    assert url_warning(url) is None


def test_a_password_in_the_url_is_not_repeated() -> None:
    assert "hunter2" not in str(url_warning("https://ann:hunter2@acme.atlan.com/x"))


@pytest.mark.parametrize(
    ("name", "value", "used"),
    [
        ("previewChecks", "False", "false"),
        ("previewChecks", "0", "false"),
        ("previewChecks", "on", "true"),
        ("strayColumns", "ERROR", "error"),
        ("repeatedLineage", "false", "off"),
        ("ownershipMark", "Shop/Prod", "Shop/Prod"),
        ("previewChecks", "", ""),
    ],
)
def test_values_are_normalized(name: str, value: str, used: str) -> None:
    assert resolve_setting(name, value, {}) == used
    assert resolve_setting(name, None, {variable(name): value}) == used


@pytest.mark.parametrize("name", ["previewChecks", "strayColumns", "repeatedLineage"])
@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_values_outside_a_closed_set_are_errors(name: str, text: str) -> None:
    setting = SETTINGS[name]
    allowed = text.strip().lower() in {*setting.values, *OFF, *(ON if "true" in setting.values else ())}
    if allowed:
        assert resolve_setting(name, text, {}) in setting.values
        return
    reason = f"{setting.key} (or {variable(name)}) must be one of {', '.join(setting.values)}"
    with pytest.raises(ConfigurationError, match=re.escape(reason)):
        resolve_setting(name, text, {})


def test_the_error_of_a_missing_setting_names_the_key_that_is_set() -> None:
    assert (
        mistyped_key("baseUrl", ["atlan:baseURL", "shop:x"])
        == "atlan:baseURL is set, which is not a setting. "
    )
    assert mistyped_key("baseUrl", ["atlan:apiKey", "shop:baseURL"]) == ""
