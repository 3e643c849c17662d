"""ClientSettings: sources, validation, and error messages."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.errors import ConfigurationError

URL = "https://tenant.atlan.com"
KEY = "canary-0123456789-XYZ"
ENVIRON = {"ATLAN_BASE_URL": URL, "ATLAN_API_KEY": KEY, "ATLAN_REQUESTS_PER_MINUTE": "90"}


def test_arguments_win_over_the_environment() -> None:
    settings = ClientSettings.resolve("https://other.atlan.com", "another-key", 7, environ=ENVIRON)
    assert settings.base_url == "https://other.atlan.com"
    assert settings.api_key.get_secret_value() == "another-key"
    assert settings.requests_per_minute == 7


@pytest.mark.parametrize("unset", [None, ""])
def test_missing_settings_come_from_the_environment(unset: str | None) -> None:
    settings = ClientSettings.resolve(unset, unset, unset, environ=ENVIRON if unset is None else {**ENVIRON})
    assert (settings.base_url, settings.api_key.get_secret_value()) == (URL, KEY)
    assert settings.requests_per_minute == (90 if unset is None else 400)


def test_defaults_are_atlans_rate_and_finite_timeouts() -> None:
    settings = ClientSettings.resolve(URL, KEY, environ={})
    assert settings.requests_per_minute == 400
    assert (settings.connect_timeout, settings.read_timeout, settings.deadline) == (10, 60, 300)


@pytest.mark.parametrize(("given", "rate"), [("0", 0), (0, 0), ("400", 400), (" 1 ", 1), (1800, 1800)])
def test_a_whole_number_is_a_valid_rate(given: str | int, rate: int) -> None:
    assert ClientSettings.resolve(URL, KEY, given, environ={}).requests_per_minute == rate


@pytest.mark.parametrize("given", ["-1", "1.5", "many", "400/min", "1e3", "٤", "9" * 5000, -1, True])
def test_invalid_rates_are_refused(given: str | int) -> None:
    with pytest.raises(
        ConfigurationError, match=r"atlan:requestsPerMinute.*ATLAN_REQUESTS_PER_MINUTE.*whole"
    ):
        ClientSettings.resolve(URL, KEY, given, environ={})


def test_a_missing_key_names_the_command() -> None:
    with pytest.raises(ConfigurationError) as caught:
        ClientSettings.resolve(URL, None, environ={})
    message = str(caught.value)
    assert "`pulumi config set --secret atlan:apiKey" in message
    assert "ATLAN_API_KEY" in message
    assert "baseUrl" not in message


def test_a_missing_url_names_the_key_that_is_set_instead() -> None:
    with pytest.raises(ConfigurationError, match="No Atlan base URL") as caught:
        ClientSettings.resolve(api_key="k", environ={}, keys=["atlan:baseURL", "atlan:apiKey"])
    assert str(caught.value).endswith("or set ATLAN_BASE_URL. atlan:baseURL is set, which is not a setting.")


def test_all_missing_settings_are_reported() -> None:
    with pytest.raises(ConfigurationError) as caught:
        ClientSettings.resolve(" ", "\n", environ={})
    for name in ("atlan:baseUrl", "ATLAN_BASE_URL", "atlan:apiKey", "ATLAN_API_KEY"):
        assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://tenant.atlan.com/", URL),
        ("  https://tenant.atlan.com\n", URL),
        ("HTTPS://Tenant.Atlan.com:443/", URL),
        ("https://tenant.atlan.com/assets?x=y#z", URL),
        ("https://tenant.atlan.com:8443", f"{URL}:8443"),
        ("http://127.0.0.1:8585", "http://127.0.0.1:8585"),
        ("http://127.8.9.10", "http://127.8.9.10"),
        ("http://[::1]:8585/", "http://[::1]:8585"),
        ("http://localhost:8585", "http://localhost:8585"),
        ("https://10.0.0.7", "https://10.0.0.7"),
        ("https://ünï.example", "https://xn--n-nga1b.example"),
    ],
)
def test_base_urls_are_normalized(given: str, used: str) -> None:
    assert ClientSettings.resolve(given, KEY, environ={}).base_url == used


@pytest.mark.parametrize(
    "given",
    [
        "tenant.atlan.com",
        "ftp://tenant.atlan.com",
        "https://",
        "https:///x",
        "https:tenant.atlan.com",
        "https://ten ant.atlan.com",
        "https://tenant.atlan.com:0",
        "https://tenant.atlan.com:99999",
        "https://tenant.atlan.com:https",
        "https://[::1",
        "https://tenant..com",
        "https://xn--/",
        "https://h%00",
        "nonsense",
        KEY,
    ],
)
def test_an_invalid_url_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        ClientSettings.resolve(given, KEY, environ={})
    assert "is not a URL such as https://TENANT.atlan.com" in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "host", ["tenant.atlan.com", "10.0.0.7", "192.168.1.1", "0.0.0.0", "128.0.0.1", "[::2]", "127.1"]
)
def test_plain_http_to_another_machine_is_refused(host: str) -> None:
    with pytest.raises(ConfigurationError, match="use https"):
        ClientSettings.resolve(f"http://{host}", KEY, environ={})


@pytest.mark.parametrize("host", ["localhost.evil.example", "127.0.0.1.evil.example", "xlocalhost"])
def test_names_that_resemble_loopback_are_refused(host: str) -> None:
    with pytest.raises(ConfigurationError, match="use https"):
        ClientSettings.resolve(f"http://{host}", KEY, environ={})


@pytest.mark.parametrize("given", [f"https://user:{KEY}@tenant.atlan.com", f"https://{KEY}@tenant.atlan.com"])
def test_user_info_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        ClientSettings.resolve(given, KEY, environ={})
    assert "atlan:apiKey" in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("key", [f"Bearer {KEY}", f"{KEY}\nx: y", f"{KEY}é", f"{KEY}\x00"])
def test_a_key_that_fits_no_header_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(ConfigurationError, match="bare key") as caught:
        ClientSettings.resolve(URL, key, environ={})
    assert KEY not in str(caught.value)


def test_whitespace_around_a_key_is_dropped() -> None:
    assert ClientSettings.resolve(URL, f" {KEY}\r\n", environ={}).api_key.get_secret_value() == KEY


HOSTS = st.sampled_from(["tenant.atlan.com", "localhost", "127.0.0.1", "[::1]", "ünï.example", "Tenant."])
PORTS = st.sampled_from(["", ":443", ":80", ":8585"])
REST = st.sampled_from(["", "/", "/x?y=z#q", "?y=@", "#z", "/x:y", "//"])


@given(st.text())
def test_any_url_is_accepted_or_refused(text: str) -> None:
    try:
        settings = ClientSettings(text, SecretStr(KEY))
    except ConfigurationError:
        return
    assert ClientSettings(settings.base_url, SecretStr(KEY)) == settings


@given(st.builds("{}://{}{}{}".format, st.sampled_from(["https", "HTTPS"]), HOSTS, PORTS, REST))
def test_normalization_is_idempotent(text: str) -> None:
    used = ClientSettings(text, SecretStr(KEY)).base_url
    assert ClientSettings(used, SecretStr(KEY)).base_url == used
    assert (used.count("/"), used.islower()) == (2, True)


@pytest.mark.parametrize("name", ["connect_timeout", "read_timeout", "deadline"])
@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_timeouts_must_be_positive(name: str, seconds: float) -> None:
    with pytest.raises(ConfigurationError, match=name):
        ClientSettings(URL, SecretStr(KEY), **{name: seconds})


def test_equal_settings_have_equal_hashes() -> None:
    first, second = (ClientSettings.resolve(URL + end, KEY, environ={}) for end in ("", "/"))
    assert first == second
    assert hash(first) == hash(second)
    assert first != ClientSettings.resolve(URL, "another-key", environ={})


def test_settings_hide_the_key_and_cannot_be_pickled() -> None:
    settings = ClientSettings.resolve(URL, KEY, environ={})
    with AtlanClient(settings) as client:
        for shown in (repr(settings), str(settings), f"{settings}", repr(client), repr(vars(client))):
            assert KEY not in shown
        for held in (settings, client, [settings], {"client": client}):
            with pytest.raises(TypeError, match="cannot be pickled"):
                pickle.dumps(held)
            with pytest.raises(TypeError, match="cannot be pickled"):
                copy.deepcopy(held)


@pytest.mark.parametrize(
    ("given", "seconds"), [(None, None), ("", None), ("2", 2.0), (0.5, 0.5), (" 30 ", 30.0)]
)
def test_timeouts_come_from_arguments_or_the_environment(
    given: str | float | None, seconds: float | None
) -> None:
    settings = ClientSettings.resolve(URL, KEY, deadline=given, read_timeout=given, environ={})
    assert (settings.deadline, settings.read_timeout) == (seconds or 300, seconds or 60)
    environ = (
        {} if given is None else {"ATLAN_DEADLINE_SECONDS": str(given), "ATLAN_READ_TIMEOUT_SECONDS": "7"}
    )
    settings = ClientSettings.resolve(URL, KEY, environ=environ)
    assert (settings.deadline, settings.read_timeout) == (seconds or 300, 7 if environ else 60)


@pytest.mark.parametrize("given", ["0", "-1", "soon", "1e3", "1:30", "٤", "9" * 30])
def test_invalid_timeouts_are_refused(given: str) -> None:
    with pytest.raises(ConfigurationError, match=r"atlan:deadlineSeconds or ATLAN_DEADLINE_SECONDS.*seconds"):
        ClientSettings.resolve(URL, KEY, deadline=given, environ={})
    with pytest.raises(
        ConfigurationError, match=r"readTimeoutSeconds or ATLAN_READ_TIMEOUT_SECONDS.*seconds"
    ):
        ClientSettings.resolve(URL, KEY, environ={"ATLAN_READ_TIMEOUT_SECONDS": given})
