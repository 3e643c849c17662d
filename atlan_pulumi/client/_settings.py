"""ClientSettings: base URL, key, rate, and timeouts."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn

import httpx
from pydantic import SecretStr

from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.settings import mistyped_key, resolve_setting, variable

_SETTING = "The Atlan base URL (atlan:baseUrl or ATLAN_BASE_URL)"
_HOST_NAME = re.compile(rb"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")
_MOST_PORT = 65535
PUBLISHED_RATE = 400
"""Requests per minute and tenant; above it, Atlan blocks for a minute (docs.atlan.com, API limits)."""


_URL_MISSING = (
    "No Atlan base URL (atlan:baseUrl): "
    "run `pulumi config set atlan:baseUrl https://TENANT.atlan.com`, or set ATLAN_BASE_URL. "
)
_KEY_MISSING = (
    "No Atlan API key (atlan:apiKey): "
    "run `pulumi config set --secret atlan:apiKey KEY`, or set ATLAN_API_KEY. "
)


def normalize_base_url(base_url: str) -> str:
    """Return `scheme://host[:port]`, without path, query, and fragment.

    Raises:
        ConfigurationError: The URL is not http(s), contains user info, or is plain http to another machine.
            The message never repeats a value that could contain a secret.
    """
    url = _parse_url(base_url.strip())
    if url.userinfo:
        raise ConfigurationError(
            f"{_SETTING} must not hold a user or password before the host: the API key goes to atlan:apiKey"
        )
    if url.scheme == "http" and not _is_loopback(url.host):
        raise ConfigurationError(
            f"{_SETTING} is plain http to {url.host}, which would show the API key to the network: "
            "use https (http is for a local Atlan on 127.0.0.1, ::1 or localhost)"
        )
    return str(httpx.URL(f"{url.scheme}://{url.netloc.decode('ascii')}"))  # again: drops a default port


def _parse_url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
        host = url.host
    except (httpx.InvalidURL, ValueError):  # ValueError: the host is not valid IDNA
        url, host = httpx.URL(), ""
    port_fits = url.port is None or 1 <= url.port <= _MOST_PORT
    if url.scheme in ("http", "https") and port_fits and (_is_address(host) or _is_name(url.raw_host)):
        return url
    raise ConfigurationError(f"{_SETTING} is not a URL such as https://TENANT.atlan.com")


def _is_name(host: bytes) -> bool:
    return _HOST_NAME.fullmatch(host) is not None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


@dataclass(frozen=True)
class ClientSettings:
    """The tenant, the key, and the rate; validated and normalized on creation.

    Attributes:
        base_url: `https://TENANT.atlan.com`. Plain http is for loopback addresses only. Path, query, and
            fragment are dropped, as Atlan's own SDK does: a URL copied from the browser works.
        api_key: An API token of the tenant. It is never printed, and settings cannot be pickled.
        requests_per_minute: Most requests per minute; 0 means no limit. Default: Atlan's 400.
        connect_timeout: Timeout for connecting, in seconds.
        read_timeout: Timeout for the next part of a response, in seconds.
        deadline: How long a request is retried, in seconds from the first attempt.

    Raises:
        ConfigurationError: A value is not valid.
    """

    base_url: str
    api_key: SecretStr
    requests_per_minute: int = PUBLISHED_RATE
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    deadline: float = 300.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", normalize_base_url(self.base_url))
        object.__setattr__(self, "api_key", SecretStr(_bare_key(self.api_key.get_secret_value())))
        for name in ("connect_timeout", "read_timeout", "deadline"):
            if not getattr(self, name) > 0:
                raise ConfigurationError(f"{name} must be more than 0 seconds, not {getattr(self, name)!r}")

    def __reduce__(self) -> NoReturn:
        raise TypeError("ClientSettings hold an API key and cannot be pickled")

    @property
    def encrypted(self) -> bool:
        """Whether requests use TLS; only requests to a loopback address may not."""
        return self.base_url.startswith("https:")

    @classmethod
    def resolve(
        cls,
        base_url: str | None = None,
        api_key: str | None = None,
        requests_per_minute: int | str | None = None,
        *,
        deadline: float | str | None = None,
        read_timeout: float | str | None = None,
        environ: Mapping[str, str] = os.environ,
        keys: Iterable[str] = (),
    ) -> ClientSettings:
        """Return settings from the arguments, else from the environment.

        Args:
            base_url: Else `ATLAN_BASE_URL`.
            api_key: Else `ATLAN_API_KEY`.
            requests_per_minute: Else `ATLAN_REQUESTS_PER_MINUTE`, else 400; 0 means no limit.
            deadline: Else `ATLAN_DEADLINE_SECONDS`, else 300.
            read_timeout: Else `ATLAN_READ_TIMEOUT_SECONDS`, else 60.
            environ: The environment.
            keys: The keys of the stack's configuration, to find a typo of a missing setting.

        Raises:
            ConfigurationError: A setting is missing or not valid; the message says how to set it.
        """
        url = base_url or environ.get("ATLAN_BASE_URL", "")
        key = api_key or environ.get("ATLAN_API_KEY", "")
        required = ((url, "baseUrl", _URL_MISSING), (key, "apiKey", _KEY_MISSING))
        missing = [f"{hint}{mistyped_key(name, keys)}" for value, name, hint in required if not value.strip()]
        if missing:
            raise ConfigurationError("".join(missing).strip())
        return cls(
            url,
            SecretStr(key),
            _rate(resolve_setting("requestsPerMinute", requests_per_minute, environ)),
            read_timeout=_seconds("readTimeoutSeconds", read_timeout, environ, cls.read_timeout),
            deadline=_seconds("deadlineSeconds", deadline, environ, cls.deadline),
        )


def _bare_key(key: str) -> str:
    """Return the key without surrounding whitespace, which files and copying add."""
    bare = key.strip()
    if bare and bare.isascii() and all("!" <= character <= "~" for character in bare):
        return bare
    raise ConfigurationError(
        "The Atlan API key (atlan:apiKey or ATLAN_API_KEY) is not the bare key: it must be visible ASCII "
        "characters without blanks and without `Bearer`"
    )


def _rate(text: str) -> int:
    if not text:
        return PUBLISHED_RATE
    if re.fullmatch(r"[0-9]{1,9}(\.0)?", text):  # the engine turns an explicit provider's number into a float
        return int(float(text))
    raise ConfigurationError(
        "The rate (atlan:requestsPerMinute or ATLAN_REQUESTS_PER_MINUTE) must be a whole number of requests "
        f"a minute, 0 for no limit, not {text!r}"
    )


def _seconds(setting: str, given: float | str | None, environ: Mapping[str, str], default: float) -> float:
    text = resolve_setting(setting, given, environ)
    if not text:
        return default
    if re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", text) and float(text) > 0:
        return float(text)
    names = f"atlan:{setting} or {variable(setting)}"
    raise ConfigurationError(f"{names} must be seconds, more than 0, not {text!r}")
