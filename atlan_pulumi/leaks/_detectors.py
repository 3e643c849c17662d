"""Detectors of secrets in SQL, URLs, connection strings, and code: most of detect-secrets, and a few more.

Detectors that mistake table names, row keys, and hashes for secrets are left out, and so are the entropy
checks. Detectors are called directly, because the settings of detect-secrets are global to the process.
"""

from __future__ import annotations

import re

from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.azure_storage_key import AzureStorageKeyDetector
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
from detect_secrets.plugins.jwt import JwtTokenDetector
from detect_secrets.plugins.mailchimp import MailchimpDetector
from detect_secrets.plugins.npm import NpmDetector
from detect_secrets.plugins.openai import OpenAIDetector
from detect_secrets.plugins.private_key import PrivateKeyDetector
from detect_secrets.plugins.pypi_token import PypiTokenDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.square_oauth import SquareOAuthDetector
from detect_secrets.plugins.stripe import StripeDetector
from detect_secrets.plugins.telegram_token import TelegramBotTokenDetector

#: The start of a word: not after a letter or digit, or at a capital in `camelCase`.
_START = r"(?:(?<![A-Za-z0-9])|(?<=[a-z])(?=[A-Z]))"
#: A name whose value is a secret, however short.
_PRIVATE = r"(?i:pass(?:word|wd|phrase)|pwd|(?:client[_-]?)?secret(?:[_-]?(?:access[_-]?)?key|[_-]?string)?)"
#: A name whose value is a secret only if it is long, since rows have keys and texts have tokens.
_KEY = (
    r"(?i:(?:access|api|encryption|master|private|shared)[_-]?key"
    r"|(?:(?:access|api|auth|aws|bearer|id|private|refresh|sas|security|session)[_-]?)?token)"
)
_SIGNATURE = r"(?i:sig|signature|x-amz-signature|x-goog-signature)"
_QUOTE = r"\\?[\"']"
_IS = rf"(?:{_QUOTE})?\]?\s*(?:={{1,3}}>?|:=?)\s*"
#: A long value without blanks, with at least one digit.
_LONG = r"(?=[^\"'\s]*\d)[^\"'\s]{16,}"
_BARE = r"[^\s&;,\"'<>{}()$%*]"
#: An unquoted value with a digit, but no path such as `a.b`. Column and type names rarely have digits.
_PLAIN = rf"(?=[^\s\"';]*\d)(?!\w+\.\w)({_BARE}{{6,}})"
#: A token extends to the end of its word, a private key to its last line.
_TOKEN = re.compile(r"[\w.~+/=-]*")
_KEY_LINES = re.compile(r".*?-----END[^-]*-*|.*", re.DOTALL)


class _AwsKeys(AWSKeyDetector):
    """AWS keys, which have a digit, unlike a table name in capitals."""

    denylist = (
        re.compile(rf"(?<![A-Za-z0-9])(?=[A-Z]*\d){AWSKeyDetector.denylist[0].pattern}(?![A-Za-z0-9])"),
        *AWSKeyDetector.denylist[1:],
    )


class _BasicAuth(BasicAuthDetector):
    """Basic authentication, also with unescaped characters in the password, and in Oracle's JDBC form."""

    denylist = [  # noqa: RUF012 - a list, as in the base class
        *BasicAuthDetector.denylist,
        re.compile(r"://[^\s/?#@:\"']{0,200}:([^\s/?#@\"']{1,400})@"),
        re.compile(r"jdbc:oracle:\w{1,20}:[^\s/@\"']{1,200}/([^\s/@\"']{1,400})@"),
    ]


class _Jwt(JwtTokenDetector):
    """JSON Web Tokens at the start of a word. A long text of near matches would otherwise take minutes."""

    denylist = [re.compile(r"(?<![\w-])" + JwtTokenDetector.denylist[0].pattern)]  # noqa: RUF012


class _Npm(NpmDetector):
    """npm tokens, matched without the preceding URL for the same reason."""

    denylist = [re.compile(r":_authToken=\s*(npm_\w+|[A-Fa-f0-9-]{36})")]  # noqa: RUF012


class _OpenAi(OpenAIDetector):
    """OpenAI keys at the start of a word."""

    denylist = [re.compile(r"(?<![\w-])" + OpenAIDetector.denylist[0].pattern)]  # noqa: RUF012


class _PrivateKeys(PrivateKeyDetector):
    """Private keys, also encrypted ones."""

    denylist = [*PrivateKeyDetector.denylist, re.compile("BEGIN ENCRYPTED PRIVATE KEY")]  # noqa: RUF012


class _Assigned(RegexBasedDetector):
    """`password = 'x'`, `"api_key": "x"`, `PASSWORD 'x'`, `IDENTIFIED BY 'x'`."""

    secret_type = "Password or Key"  # noqa: S105 - a label
    denylist = (
        re.compile(rf"{_START}{_PRIVATE}{_IS}{_QUOTE}([^\"'\s]{{3,}}){_QUOTE}"),
        re.compile(rf"{_START}{_KEY}{_IS}{_QUOTE}({_LONG}){_QUOTE}"),
        re.compile(rf"{_START}{_PRIVATE}\s*=\s*\$\$([^$\s]{{3,}})\$\$"),
        re.compile(
            rf"{_START}(?:{_PRIVATE}|(?i:access_key_id|identified\s+by|session_token))\s+'([^'\n]{{3,}})'"
        ),
    )


class _Parameter(RegexBasedDetector):
    """`?token=x`, `&sig=x`, `;Pwd=x`, `--password=x`, `export API_KEY=x`, `X-Api-Key: x`."""

    secret_type = "Secret Parameter"  # noqa: S105 - a label
    denylist = (
        re.compile(rf"(?:[?&;\"']|--)(?:\w{{1,20}}[_-])?{_PRIVATE}=({_BARE}{{3,}})"),
        re.compile(rf"(?:[?&;\"']|--)(?:(?i:shared)?{_KEY}|{_SIGNATURE})=({_BARE}{{8,}})"),
        re.compile(rf"(?m:^|(?<=\s))[A-Za-z_]{{0,40}}?(?:{_PRIVATE}|(?i:access_key))={_PLAIN}"),
        re.compile(rf"(?m:^[ \t-]*){_PRIVATE}:[ \t]+{_PLAIN}[ \t]*(?m:$)"),
        re.compile(r"\bcurl\b[^\n|;]{0,400}?\s(?:-u|--user)[ =]\S{1,100}?:([^\s:]{3,})"),
        re.compile(rf"\bexport\s+\w{{0,40}}?(?:{_PRIVATE}|{_KEY})=({_BARE}{{3,}})"),
        re.compile(rf"(?i:x-api-key|api-key|private-token|x-auth-token)\s*:\s*({_BARE}{{8,}})"),
    )


class _Authorization(RegexBasedDetector):
    """`Authorization: Bearer x`."""

    secret_type = "Authorization Header"  # noqa: S105 - a label
    denylist = (
        re.compile(r"(?i:authorization[\"']?\s*[:=]\s*[\"']?(?:basic|bearer|token)\s+)([\w.~+/=-]{8,})"),
    )


class _Platforms(RegexBasedDetector):
    """Databricks tokens, Google API keys, and fine-grained GitHub tokens."""

    secret_type = "Platform Token"  # noqa: S105 - a label
    denylist = (
        re.compile(r"(?<![A-Za-z0-9])dapi[0-9a-f]{32}"),
        re.compile(r"(?<![A-Za-z0-9])AIza[\w-]{35}"),
        re.compile(r"github_pat_\w{36,}"),
    )


DETECTORS: tuple[RegexBasedDetector, ...] = (
    _Assigned(),
    _Authorization(),
    _AwsKeys(),
    AzureStorageKeyDetector(),
    _BasicAuth(),
    GitHubTokenDetector(),
    GitLabTokenDetector(),
    _Jwt(),
    MailchimpDetector(),
    _Npm(),
    _OpenAi(),
    _Parameter(),
    _Platforms(),
    _PrivateKeys(),
    PypiTokenDetector(),
    SendGridDetector(),
    SlackDetector(),
    SquareOAuthDetector(),
    StripeDetector(),
    TelegramBotTokenDetector(),
)

#: A slow detector runs only on a text that contains one of these words.
_WORDS = {
    _Assigned: re.compile("pass|pwd|secret|key|token|identified", re.IGNORECASE),
    _Parameter: re.compile("pass|pwd|secret|key|token|sig|curl", re.IGNORECASE),
}
#: Detectors whose group is the secret; for the others, the whole match is the secret. The pattern matches
#: the rest of the secret: after a doubled quote in SQL, an `@` in a password, a `%` in a parameter.
_GROUPED: dict[type[RegexBasedDetector], re.Pattern[str]] = {
    _Assigned: re.compile(r"(?:''[^'\n]*(?='))*"),
    _Authorization: re.compile(r"[^\s\"',;]*"),
    _AwsKeys: re.compile(r"[\w/+=]*"),
    _BasicAuth: re.compile(r"(?:@[^\s/?#@\"']*(?=@))*"),
    _Npm: re.compile(r"[^\s\"',;]*"),
    _Parameter: re.compile(r"[^\s&;,\"'<>(){}]*"),
}


def detectors_for(text: str) -> list[RegexBasedDetector]:
    """Return the detectors that may match a text."""
    return [each for each in DETECTORS if type(each) not in _WORDS or _WORDS[type(each)].search(text)]


def extent(detector: RegexBasedDetector, match: re.Match[str]) -> tuple[int, int]:
    """Return the start and end of the secret in a match.

    Args:
        detector: The detector.
        match: Its match.
    """
    tail = _GROUPED.get(type(detector), _KEY_LINES if isinstance(detector, _PrivateKeys) else _TOKEN)
    grouped = type(detector) in _GROUPED and any(match.groups())
    start, end = match.span(match.lastindex or 0) if grouped else match.span()
    found = tail.match(match.string, end)
    return start, found.end() if found else end
