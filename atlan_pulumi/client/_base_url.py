"""The address of a tenant: what is accepted, and the form that the client uses."""

from __future__ import annotations

import ipaddress
import re

import httpx

from atlan_pulumi.errors import ConfigurationError

_SETTING = "The Atlan base URL (atlan:baseUrl or ATLAN_BASE_URL)"
_HOST_NAME = re.compile(rb"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")
_MOST_PORT = 65535


def normalised(base_url: str) -> str:
    """`scheme://host[:port]`; path, query and fragment are dropped.

    Raises:
        ConfigurationError: It is no http(s) URL, holds user info, or is plain http to another machine. The
            message never repeats a value that could hold a secret.
    """
    url = _parsed(base_url.strip())
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


def _parsed(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
        host = url.host
    except (httpx.InvalidURL, ValueError):  # the latter for a host that is not valid IDNA
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
