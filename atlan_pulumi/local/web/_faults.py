"""Fault injection: rules that make requests fail."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote_plus, urlencode

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atlan_pulumi.local._protocol import close_connection

_KEYS = frozenset(
    (
        *("method", "path", "contains", "nth", "after", "times"),
        *("status", "headers", "body", "delay_ms", "drop", "truncate", "reset", "close", "commit", "hang"),
    )
)


@dataclass(slots=True)
class FaultRule:
    """A fault rule. `atlan_pulumi.local` documents the keys."""

    method: str = "*"
    path: str = "*"
    contains: str = ""
    nth: frozenset[int] | None = None
    after: int = 0
    times: int | None = 1
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    delay_ms: float = 0
    drop: Literal["before", "after"] | None = None
    truncate: bool = False
    reset: bool = False
    close: bool = False
    commit: bool | Literal["half"] = False
    hang: bool = False
    matched: int = 0
    hits: int = 0
    done: int = 0

    @classmethod
    def parse(cls, raw: Any) -> FaultRule:
        """Parse a rule.

        Raises:
            ValueError: a key is unknown or has an invalid value.
        """
        if not isinstance(raw, dict):
            raise ValueError("a rule must be an object")  # noqa: TRY004 - one error type for the caller
        unknown = sorted(raw.keys() - _KEYS)
        if unknown:
            raise ValueError(f"unknown key {unknown[0]!r}; the keys are {', '.join(sorted(_KEYS))}")
        values = {**raw, "method": str(raw.get("method") or "*").upper()}
        if raw.get("nth") is not None:
            values["nth"] = frozenset(raw["nth"] if isinstance(raw["nth"], list) else [raw["nth"]])
            values.setdefault("times", None)
        rule = cls(**values)
        if rule.drop not in (None, "before", "after"):
            raise ValueError("drop must be 'before' or 'after'")
        if rule.commit not in (False, True, "half"):
            raise ValueError("commit must be true, false or 'half'")
        return rule

    def should_fire(self, method: str, path: str, text: str) -> bool:
        """Count a matching request, and return whether the rule fires for it."""
        if not self._matches(method, path, text):
            return False
        self.matched += 1
        spent = self.times is not None and self.times > 0 and self.hits >= self.times
        chosen = self.matched in self.nth if self.nth is not None else self.matched > self.after
        if spent or not chosen:
            return False
        self.hits += 1
        return True

    def _matches(self, method: str, path: str, text: str) -> bool:
        named = fnmatchcase(path.rstrip("/"), self.path.rstrip("/") or "*")
        return self.method in ("*", method) and named and self.contains in text

    def show(self) -> dict[str, Any]:
        """Return the rule with its counters: `matched`, `hits`, and `done`."""
        values = {name: getattr(self, name) for name in sorted(_KEYS)}
        nth = None if self.nth is None else sorted(self.nth)
        return {**values, "nth": nth, "matched": self.matched, "hits": self.hits, "done": self.done}


class Faults:
    """The active rules. The first rule that fires applies."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._rules: list[FaultRule] = []

    def add(self, raw: Any) -> None:
        """Add a rule or a list of rules.

        Raises:
            ValueError: a rule is invalid. No rule is added.
        """
        rules = [FaultRule.parse(one) for one in (raw if isinstance(raw, Sequence) else [raw])]
        with self._lock:
            self._rules.extend(rules)

    def clear(self) -> None:
        """Remove all rules."""
        with self._lock:
            self._rules.clear()

    @property
    def needs_content(self) -> bool:
        """Whether a rule depends on the content of requests."""
        with self._lock:
            return any(rule.contains for rule in self._rules)

    def match(self, method: str, path: str, text: str = "") -> FaultRule | None:
        """Return the rule that fires for a request, or None.

        Args:
            method: the HTTP method.
            path: the path.
            text: the URL and the body, if `needs_content`.
        """
        with self._lock:
            return next((rule for rule in self._rules if rule.should_fire(method, path, text)), None)

    def finish(self, rule: FaultRule) -> None:
        """Count a request as done. Only the response may be outstanding."""
        with self._lock:
            rule.done += 1
            self._lock.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until a rule has handled a request. Return False after the timeout, in seconds."""
        with self._lock:
            return self._lock.wait_for(lambda: any(rule.done for rule in self._rules), seconds)

    def show(self) -> list[dict[str, Any]]:
        """Return all rules."""
        with self._lock:
            return [rule.show() for rule in self._rules]


async def halve_request(scope: Scope, receive: Receive) -> tuple[Scope, Receive] | None:
    """Return the request with the first half of its entities or GUIDs, or None if nothing is left."""
    if scope["method"] == "DELETE":
        return _halve_guids(scope, receive)
    body = await Request(scope, receive).json()
    entities = body["entities"][: len(body["entities"]) // 2]
    message = {"type": "http.request", "body": json.dumps({**body, "entities": entities}).encode()}

    async def replay() -> Message:
        return message

    return (scope, replay) if entities else None


def _halve_guids(scope: Scope, receive: Receive) -> tuple[Scope, Receive] | None:
    query = parse_qsl(scope["query_string"].decode("latin-1"))
    guids = [pair for pair in query if pair[0] == "guid"]
    kept = guids[: len(guids) // 2]
    others = [pair for pair in query if pair[0] != "guid"]
    return ({**scope, "query_string": urlencode([*others, *kept]).encode()}, receive) if kept else None


class FaultInjector:
    """Applies the rule that fires for a request. Without a rule, the app answers."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        text = ""
        if self._faults.needs_content:
            text, receive = await _read_request(scope, receive)
        rule = self._faults.match(scope["method"], scope["path"], text)
        if rule is None:
            await self._app(scope, receive, send)
            return
        if rule.delay_ms:
            await asyncio.sleep(rule.delay_ms / 1000)
        response = await self._respond(rule, scope, receive)
        self._faults.finish(rule)
        if rule.hang:
            await _hang(scope, receive)
        elif rule.drop:
            await _drop_connection(rule, scope, receive)
        elif rule.truncate:
            await _truncate(rule, response, scope, receive, send)
        else:
            await response.replay(send)
            if rule.close:
                close_connection(scope["client"], scope["server"])

    async def _respond(self, rule: FaultRule, scope: Scope, receive: Receive) -> _Response:
        """Execute the request if the rule says so, and return the scripted or the real response."""
        response = _Response()
        has_response = rule.status is not None
        if rule.commit == "half":
            half = await halve_request(scope, receive)
            if half is not None:
                await self._app(*half, response.collect)
        elif rule.commit or rule.drop == "after" or not (has_response or rule.hang or rule.drop == "before"):
            await self._app(scope, receive, response.collect)
        return _Response.from_rule(rule) if has_response else response.with_headers(rule.headers)


class _Response:
    """A buffered response."""

    def __init__(self) -> None:
        self.start: Message = {"type": "http.response.start", "status": 500, "headers": []}
        self.body = b""

    @classmethod
    def from_rule(cls, rule: FaultRule) -> _Response:
        """Return the response of a rule."""
        response = cls()
        text = rule.body if isinstance(rule.body, str) else "" if rule.body is None else json.dumps(rule.body)
        response.body = text.encode()
        kind = "text/plain; charset=utf-8" if isinstance(rule.body, str) else "application/json"
        headers = {"content-type": kind, **{name.lower(): str(value) for name, value in rule.headers.items()}}
        headers["content-length"] = str(len(response.body))
        response.start = {
            "type": "http.response.start",
            "status": rule.status,
            "headers": _encode_headers(headers),
        }
        return response

    def with_headers(self, headers: dict[str, str]) -> _Response:
        """Return this response with added or replaced headers."""
        other = _encode_headers({name.lower(): str(value) for name, value in headers.items()})
        kept = [pair for pair in self.start["headers"] if pair[0].lower() not in dict(other)]
        self.start = {**self.start, "headers": [*kept, *other]}
        return self

    async def collect(self, message: Message) -> None:
        """Buffer a message from the app."""
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")

    async def replay(self, send: Send) -> None:
        """Send the response."""
        await send(self.start)
        await send({"type": "http.response.body", "body": self.body})


async def _read_request(scope: Scope, receive: Receive) -> tuple[str, Receive]:
    """Return the URL and the body of a request as text, and a `receive` that returns the body again."""
    body = await Request(scope, receive).body()
    query = unquote_plus(scope["query_string"].decode("latin-1"))
    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return unread.pop() if unread else await receive()

    return f"{scope['path']}?{query}\n{body.decode('utf-8', 'replace')}", receive_again


def _encode_headers(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


async def _truncate(rule: FaultRule, response: _Response, scope: Scope, receive: Receive, send: Send) -> None:
    await send(response.start)
    await send(
        {"type": "http.response.body", "body": response.body[: len(response.body) // 2], "more_body": True}
    )
    await _drop_connection(rule, scope, receive)


async def _hang(scope: Scope, receive: Receive) -> None:
    try:
        await _await_disconnect(receive)
    except asyncio.CancelledError:  # the server stops: close without a response
        close_connection(scope["client"], scope["server"])
        raise


async def _drop_connection(rule: FaultRule, scope: Scope, receive: Receive) -> None:
    close_connection(scope["client"], scope["server"], reset=rule.reset)
    await _await_disconnect(receive)


async def _await_disconnect(receive: Receive) -> None:
    message: dict[str, Any] = {"type": ""}
    while message["type"] != "http.disconnect":
        message = dict(await receive())
