"""Makes requests go wrong as the script of faults says."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atlan_pulumi.local._protocol import close
from atlan_pulumi.local.web._faults import Faults, Rule
from atlan_pulumi.local.web._half import halved


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
            half = await halved(scope, receive)
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
