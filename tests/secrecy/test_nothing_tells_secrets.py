"""No line of the package logs, prints, raises or formats what holds a key."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from secrecy import telling

import atlan_pulumi

PACKAGE = Path(atlan_pulumi.__file__).parent

#: Where a key has to be used, or is no secret. Each row is a function of a file, and why.
ALLOWED = {
    ("client/_settings.py", "__post_init__"): "takes blanks off the key, and wraps it again",
    ("client/_transport.py", "__init__"): "gives it to what takes it out of messages",
    ("client/_responses.py", "_encodings"): "lists the encodings that are redacted",
    ("client/_transport.py", "auth_flow"): "the one place where it goes out",
    ("cli/_local.py", "_announce"): "prints the key of the local Atlan that it serves, as it is meant to",
}


def test_no_line_can_tell_a_secret() -> None:
    found = {
        (path.relative_to(PACKAGE).as_posix(), place.function): place
        for path in PACKAGE.rglob("*.py")
        for place in telling.findings(path.read_text())
    }
    assert {place: what for place, what in found.items() if place not in ALLOWED} == {}
    assert ALLOWED.keys() - found.keys() == set(), "a row that is not needed any more"


def test_only_two_modules_take_the_key_out_of_its_wrapping() -> None:
    using = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any("out of its wrapping" in place.reason for place in telling.findings(path.read_text()))
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
def test_a_line_that_tells_one_is_found(case: str) -> None:
    assert telling.findings(BAD[case])


GOOD = {
    "words for people": "raise ValueError('run `pulumi config set --secret atlan:apiKey`')",
    "a logger of one's own": "_log = logging.getLogger('atlan_pulumi.client')",
    "what is not secret": "_log.debug('%s %s: %s', call.method, call.path, status)",
    "handed on": "client = AtlanClient(Settings(url, api_key=api_key))",
    "put on a request": "request.headers['authorization'] = value",
    "a key of a dict": "print(found[key])",
    "a type token of Pulumi's": "message = f'{type_token} is not ours'",
    "a file": "stream.write(token)",
}


@pytest.mark.parametrize("case", GOOD)
def test_a_line_that_tells_none_is_not(case: str) -> None:
    assert telling.findings(GOOD[case]) == []


def test_the_place_is_named() -> None:
    source = "def ask():\n    x = 1\n    print(x, token)\n"
    assert telling.findings(source) == [telling.Finding(3, "ask", "print() is given token")]


def test_the_examples_in_its_documentation() -> None:
    assert doctest.testmod(telling).failed == 0
