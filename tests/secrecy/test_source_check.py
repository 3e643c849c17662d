"""No line of the package logs, prints, raises, or formats a key."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from secrecy import source_check

import atlan_pulumi

PACKAGE = Path(atlan_pulumi.__file__).parent

#: Functions that must use a key, or whose key is no secret, with the reason.
ALLOWED = {
    ("client/_settings.py", "__post_init__"): "strips the key, and wraps it again",
    ("client/_transport.py", "__init__"): "passes the key to the scrubber of messages",
    ("client/_responses.py", "_encodings"): "lists the encodings that the scrubber searches for",
    ("client/_transport.py", "auth_flow"): "the only place that sends the key",
    ("cli/_local.py", "_announce"): "prints the key of the local Atlan, as intended",
}


def _sources() -> list[Path]:
    """Return the files of the package, without the templates of other programs."""
    return [path for path in PACKAGE.rglob("*.py") if "templates" not in path.parts]


def test_no_line_can_leak_a_secret() -> None:
    found = {
        (path.relative_to(PACKAGE).as_posix(), place.function): place
        for path in _sources()
        for place in source_check.findings(path.read_text())
    }
    assert {place: what for place, what in found.items() if place not in ALLOWED} == {}
    assert ALLOWED.keys() - found.keys() == set(), "an obsolete row"


def test_only_two_modules_unwrap_the_key() -> None:
    using = {
        path.relative_to(PACKAGE).as_posix()
        for path in _sources()
        if any("unwraps a secret" in place.reason for place in source_check.findings(path.read_text()))
    }
    assert using == {"client/_settings.py", "client/_transport.py"}


BAD = {
    "printed": "print(api_key)",
    "printed within something": "print('settings', dict(settings.headers))",
    "printed to standard error": "sys.stderr.write(token)",
    "echoed": "typer.echo(config.api_key)",
    "on a console": "console.print(request.headers)",
    "logged": "_log.debug('sent %s', request.headers)",
    "logged by keyword": "_log.info('sent', extra={'h': response.headers['authorization']})",
    "logged by Pulumi": "pulumi.log.warn(os.environ['ATLAN_API_KEY'])",
    "an f-string": "message = f'the key {self._api_key} is wrong'",
    "an f-string with a call": "message = f'{settings.api_key.get_secret_value()!r}'",
    "an f-string in a keyword": "say(text=f'{bearer}')",
    "old formatting": "message = 'Bearer %s' % token",
    "old formatting of several": "message = '%s %s' % (name, secret)",
    "new formatting": "message = 'Bearer {}'.format(token)",
    "an error": "raise ValueError('wrong', api_key)",
    "an error by keyword": "raise AtlanError(text=headers)",
    "the whole environment": "raise ValueError(str(os.environ))",
    "repr": "text = repr(headers)",
    "its own repr": "class A:\n    def __repr__(self):\n        return 'A ' + self.api_key",
    "its pickle": "class A:\n    def __reduce__(self):\n        return A, (self._api_key,)",
    "unwrapped": "key = settings.key.get_secret_value()",
    "a hook": "client = httpx.Client(event_hooks={'request': [show]})",
    "a hook later": "client.event_hooks['request'] = [show]",
    "httpx made loud": "logging.getLogger('httpx').addHandler(handler)",
    "httpcore made loud": "logging.getLogger('httpcore.http11').addHandler(handler)",
    "all made loud": "logging.basicConfig(level='DEBUG')",
    "a level": "logger.setLevel(10)",
    "the standard library": "http.client.HTTPConnection.debuglevel = 1",
    "in a coroutine": "async def send():\n    print(token)",
}


@pytest.mark.parametrize("case", BAD)
def test_a_leaking_line_is_found(case: str) -> None:
    assert source_check.findings(BAD[case])


GOOD = {
    "a message": "raise ValueError('run `pulumi config set --secret atlan:apiKey`')",
    "a custom logger": "_log = logging.getLogger('atlan_pulumi.client')",
    "no secret": "_log.debug('%s %s: %s', call.method, call.path, status)",
    "handed on": "client = AtlanClient(Settings(url, api_key=api_key))",
    "put on a request": "request.headers['authorization'] = value",
    "a key of a dict": "print(found[key])",
    "a type token of Pulumi's": "message = f'{type_token} is not ours'",
    "a file": "stream.write(token)",
}


@pytest.mark.parametrize("case", GOOD)
def test_a_harmless_line_is_not_found(case: str) -> None:
    assert source_check.findings(GOOD[case]) == []


def test_a_finding_names_line_and_function() -> None:
    source = "def ask():\n    x = 1\n    print(x, token)\n"
    assert source_check.findings(source) == [source_check.Finding(3, "ask", "print() is given token")]


def test_the_docstring_examples_of_source_check() -> None:
    assert doctest.testmod(source_check).failed == 0
