"""Settings of a stack: every name, its environment variable, its values, and what it does.

The reference page `docs/reference/configuration.md` is generated from this module.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from atlan_pulumi.errors import ConfigurationError

NAMESPACE = "atlan"
#: Values that switch a setting off, and on.
OFF = frozenset({"0", "false", "no", "off"})
ON = frozenset({"1", "true", "yes", "on"})
_SIMILAR = 0.85
"""How similar an environment variable must be to count as a typo: other tools read `ATLAN_…` as well."""
_SWITCH = ("true", "false")
_LEVELS = ("error", "warning", "off")


@dataclass(frozen=True)
class Setting:
    """A setting of a stack.

    Attributes:
        name: Its name in the namespace `atlan`, such as `requestsPerMinute`.
        description: What it does, in Markdown.
        default: Its default as text; empty if there is none.
        values: The allowed values; empty if there are more than a few.
    """

    name: str
    description: str
    default: str = ""
    values: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key in the stack's configuration, such as `atlan:requestsPerMinute`."""
        return f"{NAMESPACE}:{self.name}"

    def normalize(self, text: str) -> str:
        """Return a value as one of the allowed values; unchanged if any is allowed.

        Raises:
            ConfigurationError: The value is not allowed.
        """
        given = text.lower()
        if not self.values or given in self.values:
            return given if self.values else text
        if given in OFF | ON and self.values == _SWITCH:
            return "false" if given in OFF else "true"
        if given in OFF and "off" in self.values:
            return "off"
        raise ConfigurationError(
            f"{self.key} (or {variable(self.name)}) must be one of {', '.join(self.values)}, not {text!r}"
        )


SETTINGS = {
    each.name: each
    for each in (
        Setting("baseUrl", "The URL of the tenant. Plain http is accepted for this machine only."),
        Setting("apiKey", "The API key. A secret. See [Rotate the API key](../key-rotation.md)."),
        Setting(
            "requestsPerMinute",
            "Maximum number of requests per minute, of all processes on this machine together. Default: 400, "
            "Atlan's published limit. 0 means no limit.",
            "400",
        ),
        Setting(
            "previewChecks",
            "`false` runs previews offline, without look-ups in the tenant. See "
            "[Preview checks](../preview-checks.md).",
            "true",
            _SWITCH,
        ),
        Setting(
            "ownershipMark",
            "`false` writes no [ownership marks](../ownership.md#the-ownership-mark). A text replaces "
            "`<project>/<stack>` in the mark.",
            "true",
        ),
        Setting(
            "strayColumns",
            "How to report a column of a table that its parent process does not link: `warning` (default), "
            "`error`, or `off`.",
            "warning",
            _LEVELS,
        ),
        Setting(
            "repeatedLineage",
            "How to report two resources with the same inputs, outputs, and code: `error` (default), "
            "`warning`, or `off`.",
            "error",
            _LEVELS,
        ),
        Setting(
            "missingAssets",
            "What to do about inputs and outputs that Atlan does not have: `error` (default), `partial`, or "
            "`wait`. A resource's `missing_assets` takes precedence. See "
            "[Deploy tables and lineage together](../tables-and-lineage.md).",
            "error",
            ("error", "partial", "wait"),
        ),
        Setting("deadlineSeconds", "How long a request is retried. Default: 300.", "300"),
        Setting("readTimeoutSeconds", "Longest wait for the next part of a response. Default: 60.", "60"),
    )
}
#: Environment variables of the command `atlan-pulumi` and of the provider process, and what they do.
VARIABLES = {
    "ATLAN_PULUMI_ENGINE": "The Pulumi version that `atlan-pulumi` uses and installs, such as `3.274.1`. "
    "Default: any from 3.254 on.",
    "ATLAN_PULUMI_CACHE": "The folder for the engine that `atlan-pulumi engine install` provides. Default: "
    "`atlan-pulumi` in the user's cache folder.",
    "ATLAN_PULUMI_TRACEBACK": "`1` shows the traceback of a failed operation.",
}
#: Environment variables of the network, which the HTTP client reads (source: httpx), and what they do.
NETWORK_VARIABLES = {
    "HTTPS_PROXY": "The forward proxy for https, `http://USER:PASSWORD@HOST:PORT`. `ALL_PROXY` works too.",
    "NO_PROXY": "Hosts that are reached without the proxy, separated by commas.",
    "SSL_CERT_FILE": "The certificates of the authorities to trust, in one PEM file: for a private "
    "authority, or a proxy that re-signs traffic.",
    "SSL_CERT_DIR": "The same as a folder.",
}


def variable(name: str) -> str:
    """Return the environment variable of a setting.

    Example:
        >>> variable("requestsPerMinute")
        'ATLAN_REQUESTS_PER_MINUTE'
    """
    return "ATLAN_" + re.sub(r"(?=[A-Z])", "_", name).upper()


def resolve_setting(name: str, given: object, environ: Mapping[str, str]) -> str:
    """Return the text of a setting, without surrounding whitespace; empty if it is not set.

    Args:
        name: The setting's name, such as `requestsPerMinute`.
        given: The value in the configuration; None if it is not set there.
        environ: The environment.

    Raises:
        ConfigurationError: The value is not one of the allowed values.
    """
    text = str(environ.get(variable(name)) or "" if given is None else given).strip()
    return SETTINGS[name].normalize(text) if text else ""


def setting_warnings(
    config: Mapping[str, object], secret: Collection[str], environ: Mapping[str, str]
) -> Iterator[str]:
    """Yield a warning for each unknown setting, a key in plain text, and a URL of which a part is ignored.

    Args:
        config: The stack's configuration by key, of all namespaces.
        secret: The keys whose values are secrets.
        environ: The environment.
    """
    for name in sorted(set(_names_in(config)) - SETTINGS.keys()):
        near = _similar(name, SETTINGS)
        advice = f"; did you mean {SETTINGS[near].key}?" if near else ""
        yield f"{NAMESPACE}:{name} is not a setting, and has no effect{advice}"
    known = {variable(name) for name in SETTINGS} | VARIABLES.keys()
    for name in sorted(each for each in environ if each.startswith("ATLAN_") and each not in known):
        if near := _similar(name, known, _SIMILAR):
            yield f"the environment variable {name} has no effect; did you mean {near}?"
    key = SETTINGS["apiKey"].key
    if config.get(key) and key not in secret:
        yield (
            f"{key} is stored in plain text, in the stack's configuration and in its state: run "
            f"`pulumi config set --secret {key}` with a new key, deploy, and delete the old key in Atlan"
        )
    if warning := url_warning(resolve_setting("baseUrl", config.get(SETTINGS["baseUrl"].key), environ)):
        yield warning


def url_warning(base_url: str) -> str | None:
    """Return the warning that a part of the base URL is ignored; None if it has no such part.

    A URL that was copied from the browser's address bar has a path.
    """
    try:
        url = urlsplit(base_url.strip())
    except ValueError:
        return None
    is_url = url.scheme and url.netloc  # anything else is refused where it is used
    if not is_url or (url.path in ("", "/") and not url.query and not url.fragment):
        return None
    return (
        "atlan:baseUrl (or ATLAN_BASE_URL) has more than the tenant's address, and the rest is ignored: "
        f"set it to {url.scheme}://{url.netloc.rpartition('@')[2]}"
    )


def mistyped_key(name: str, config: Iterable[str]) -> str:
    """Return, for the error that a setting is missing, which key may be a typo of it; empty if there is none.

    Args:
        name: The setting's name, such as `baseUrl`.
        config: The keys of the stack's configuration.
    """
    near = [each for each in _names_in(config) if each not in SETTINGS and _similar(each, [name])]
    return f"{NAMESPACE}:{near[0]} is set, which is not a setting. " if near else ""


def _names_in(config: Iterable[str]) -> list[str]:
    return [key.partition(":")[2] for key in config if key.startswith(f"{NAMESPACE}:")]


def _similar(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    by_bare = {_bare(each): each for each in known}
    near = difflib.get_close_matches(_bare(name), by_bare, n=1, cutoff=cutoff)
    return by_bare[near[0]] if near else None


def _bare(name: str) -> str:
    """Return a name in lower case without separators: `base_url` and `baseURL` are equal."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
