"""A script of faults: which requests go wrong, and how."""

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

from atlan_pulumi.local._protocol import close

_KEYS = frozenset(
    (
        *("method", "path", "contains", "nth", "after", "times"),
        *("status", "headers", "body", "delay_ms", "drop", "truncate", "reset", "close", "commit", "hang"),
    )
)


@dataclass(slots=True)
class Rule:
    """One rule of the script; `atlan_pulumi.local` documents its keys."""

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
    def parse(cls, raw: Any) -> Rule:
        """Read a rule.

        Raises:
            ValueError: a key is unknown or has a wrong value; the message names it.
        """
        if not isinstance(raw, dict):
            raise ValueError("a rule must be an object")  # noqa: TRY004 - one error type for the caller
        unknown = sorted(raw.keys() - _KEYS)
        if unknown:
            raise ValueError(f"unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}")
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

    def fires(self, method: str, path: str, text: str) -> bool:
        """Count a request that the rule is about, and say whether it goes wrong."""
        if not self._is_about(method, path, text):
            return False
        self.matched += 1
        spent = self.times is not None and self.times > 0 and self.hits >= self.times
        chosen = self.matched in self.nth if self.nth is not None else self.matched > self.after
        if spent or not chosen:
            return False
        self.hits += 1
        return True

    def _is_about(self, method: str, path: str, text: str) -> bool:
        named = fnmatchcase(path.rstrip("/"), self.path.rstrip("/") or "*")
        return self.method in ("*", method) and named and self.contains in text

    def show(self) -> dict[str, Any]:
        """The rule with how often it matched and fired, and how many of these requests it is done with."""
        shown = {name: getattr(self, name) for name in sorted(_KEYS)}
        nth = None if self.nth is None else sorted(self.nth)
        return {**shown, "nth": nth, "matched": self.matched, "hits": self.hits, "done": self.done}


class Faults:
    """The rules in force; the first one that fires decides."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._rules: list[Rule] = []

    def add(self, raw: Any) -> None:
        """Add a rule or a list of them.

        Raises:
            ValueError: one of them cannot be read; none is added then.
        """
        rules = [Rule.parse(one) for one in (raw if isinstance(raw, Sequence) else [raw])]
        with self._lock:
            self._rules.extend(rules)

    def clear(self) -> None:
        """Remove all rules."""
        with self._lock:
            self._rules.clear()

    @property
    def read_requests(self) -> bool:
        """Whether a rule wants to know what is in a request."""
        with self._lock:
            return any(rule.contains for rule in self._rules)

    def pick(self, method: str, path: str, text: str = "") -> Rule | None:
        """The rule that fires for a request.

        Args:
            method: its method.
            path: its path.
            text: what is in it, where `read_requests`.
        """
        with self._lock:
            return next((rule for rule in self._rules if rule.fires(method, path, text)), None)

    def finish(self, rule: Rule) -> None:
        """Count a request that was carried out, as far as its rule wants it; only an answer may be due."""
        with self._lock:
            rule.done += 1
            self._lock.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until any rule is done with a request; False when none is in that time."""
        with self._lock:
            return self._lock.wait_for(lambda: any(rule.done for rule in self._rules), seconds)

    def show(self) -> list[dict[str, Any]]:
        """All rules."""
        with self._lock:
            return [rule.show() for rule in self._rules]


async def truncate_response(scope: Scope, receive: Receive) -> tuple[Scope, Receive] | None:
    """The request with the first half of its entities or GUIDs, rounded down; None where nothing is left."""
    if scope["method"] == "DELETE":
        return _fewer_guids(scope, receive)
    body = await Request(scope, receive).json()
    entities = body["entities"][: len(body["entities"]) // 2]
    message = {"type": "http.request", "body": json.dumps({**body, "entities": entities}).encode()}

    async def replay() -> Message:
        return message

    return (scope, replay) if entities else None


def _fewer_guids(scope: Scope, receive: Receive) -> tuple[Scope, Receive] | None:
    query = parse_qsl(scope["query_string"].decode("latin-1"))
    guids = [pair for pair in query if pair[0] == "guid"]
    kept = guids[: len(guids) // 2]
    others = [pair for pair in query if pair[0] != "guid"]
    return ({**scope, "query_string": urlencode([*others, *kept]).encode()}, receive) if kept else None


class Faulting:
    """Applies the rule that fires for a request; without one the app answers."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or do not."""
        text = ""
        if self._faults.read_requests:
            text, receive = await _read(scope, receive)
        rule = self._faults.pick(scope["method"], scope["path"], text)
        if rule is None:
            await self._app(scope, receive, send)
            return
        if rule.delay_ms:
            await asyncio.sleep(rule.delay_ms / 1000)
        answer = await self._answer(rule, scope, receive)
        self._faults.finish(rule)
        if rule.hang:
            await _hang(scope, receive)
        elif rule.drop:
            await _drop(rule, scope, receive)
        elif rule.truncate:
            await _truncate(rule, answer, scope, receive, send)
        else:
            await answer.replay(send)
            if rule.close:
                close(scope["client"], scope["server"])

    async def _answer(self, rule: Rule, scope: Scope, receive: Receive) -> _Answer:
        """The real answer if the request is to be carried out, the scripted one where there is one."""
        answer = _Answer()
        scripted = rule.status is not None
        if rule.commit == "half":
            half = await truncate_response(scope, receive)
            if half is not None:
                await self._app(*half, answer.take)
        elif rule.commit or rule.drop == "after" or not (scripted or rule.hang or rule.drop == "before"):
            await self._app(scope, receive, answer.take)
        return _Answer.scripted(rule) if scripted else answer.under(rule.headers)


class _Answer:
    """An answer that was not sent yet."""

    def __init__(self) -> None:
        self.start: Message = {"type": "http.response.start", "status": 500, "headers": []}
        self.body = b""

    @classmethod
    def scripted(cls, rule: Rule) -> _Answer:
        """The answer that a rule dictates."""
        answer = cls()
        text = rule.body if isinstance(rule.body, str) else "" if rule.body is None else json.dumps(rule.body)
        answer.body = text.encode()
        kind = "text/plain; charset=utf-8" if isinstance(rule.body, str) else "application/json"
        headers = {"content-type": kind, **{name.lower(): str(value) for name, value in rule.headers.items()}}
        headers["content-length"] = str(len(answer.body))
        answer.start = {"type": "http.response.start", "status": rule.status, "headers": _encoded(headers)}
        return answer

    def under(self, headers: dict[str, str]) -> _Answer:
        """This answer, with other headers in the place of its own or beside them."""
        other = _encoded({name.lower(): str(value) for name, value in headers.items()})
        kept = [pair for pair in self.start["headers"] if pair[0].lower() not in dict(other)]
        self.start = {**self.start, "headers": [*kept, *other]}
        return self

    async def take(self, message: Message) -> None:
        """Keep a part of the app's answer."""
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")

    async def replay(self, send: Send) -> None:
        """Send the answer."""
        await send(self.start)
        await send({"type": "http.response.body", "body": self.body})


async def _read(scope: Scope, receive: Receive) -> tuple[str, Receive]:
    """What is in a request, address and body, and how to receive it once more."""
    body = await Request(scope, receive).body()
    query = unquote_plus(scope["query_string"].decode("latin-1"))
    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return unread.pop() if unread else await receive()

    return f"{scope['path']}?{query}\n{body.decode('utf-8', 'replace')}", again


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


async def _truncate(rule: Rule, answer: _Answer, scope: Scope, receive: Receive, send: Send) -> None:
    await send(answer.start)
    await send(
        {"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True}
    )
    await _drop(rule, scope, receive)


async def _hang(scope: Scope, receive: Receive) -> None:
    try:
        await _gone(receive)
    except asyncio.CancelledError:  # the server stops: not even now an answer
        close(scope["client"], scope["server"])
        raise


async def _drop(rule: Rule, scope: Scope, receive: Receive) -> None:
    close(scope["client"], scope["server"], reset=rule.reset)
    await _gone(receive)


async def _gone(receive: Receive) -> None:
    message: dict[str, Any] = {"type": ""}
    while message["type"] != "http.disconnect":
        message = dict(await receive())
