"""Sends a call until it has an answer: at the tenant's pace, again where that helps, never for ever."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from atlan_pulumi.client._call import Answer, Call, Failure
from atlan_pulumi.client._clock import Clock
from atlan_pulumi.client._pace import Pace
from atlan_pulumi.client._retry import RetryPolicy, block_of
from atlan_pulumi.client._scrub import Scrubber
from atlan_pulumi.client._settings import ClientSettings
from atlan_pulumi.client._wire import Wire
from atlan_pulumi.client.errors import AtlanRequestError, InvalidAnswerError

_log = logging.getLogger("atlan_pulumi.client")
_Shape = TypeVar("_Shape")


class Transport:
    """What the parts of the client send their calls through; safe to use from many threads."""

    def __init__(self, settings: ClientSettings, clock: Clock) -> None:
        self._policy = RetryPolicy(deadline=settings.deadline)
        self.clock = clock
        self._pace = Pace(settings.base_url, settings.requests_per_minute, clock)
        self._scrub = Scrubber(settings.api_key.get_secret_value())
        self._wire = Wire(settings, clock, self._scrub)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def fetch(self, call: Call, shape: type[_Shape]) -> _Shape:
        """Send, and answer the JSON in the given shape.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        return self.shaped(call, self.send(call), shape)

    def shaped(self, call: Call, answer: Answer, shape: type[_Shape]) -> _Shape:
        """The JSON of an answer in the given shape.

        Raises:
            InvalidAnswerError: It is of another shape.
        """
        try:
            return TypeAdapter(shape).validate_python(answer.value)
        except ValidationError as error:
            wrong = self._scrub("; ".join(_place(item["loc"], item["msg"]) for item in error.errors()[:3]))
        raise InvalidAnswerError(
            f"{call}: the answer is JSON of another shape than Atlan's: {wrong} "
            f"(request id {call.request_id}); check the base URL, or update atlan-pulumi",
            status=answer.status,
            reason=wrong,
            request_id=call.request_id,
            attempts=answer.attempts,
        )

    def await_turn(self) -> None:
        """Wait until a request may leave."""
        self._pace.wait()

    def send(self, call: Call, *, waited: bool = False) -> Answer:
        """Send, and again where that helps.

        Args:
            call: What to send.
            waited: Its turn has come (`await_turn`).

        Raises:
            AtlanRequestError: There is no usable answer; the message says how often it was tried.
        """
        if not waited:
            self.await_turn()
        started = self.clock.monotonic()
        attempt = 0
        while True:
            attempt += 1
            sent = self.clock.monotonic()
            outcome = self._wire.exchange(call, started + self._policy.deadline)
            self._note(call, outcome, attempt, sent)
            if isinstance(outcome, Answer):
                return replace(outcome, attempts=attempt, seconds=self.clock.monotonic() - sent)
            if not self._rest(call, outcome, attempt, started, sent):
                raise _error(call, outcome, attempt, self.clock.monotonic() - started)

    def _rest(self, call: Call, failure: Failure, attempt: int, started: float, sent: float) -> bool:
        """Wait for another attempt; False, at once, where there is none."""
        block = block_of(failure)
        if block is not None:
            self._pace.block(block, sent)
        if not self._policy.allows_another(call, failure, attempt):
            return False
        wait = self._policy.wait_after(failure, attempt)
        ready = self.clock.monotonic() + max(wait, self._pace.blocked_for)
        if ready >= started + self._policy.latest_start:
            return False
        self.clock.sleep(wait)
        self.await_turn()
        return True

    def _note(self, call: Call, outcome: Answer | Failure, attempt: int, sent: float) -> None:
        """Log an attempt: neither headers nor bodies, nor the query, which can be long."""
        milliseconds = (self.clock.monotonic() - sent) * 1000
        said = outcome.status or "no answer"
        _log.debug("%s %s: %s, %.0f ms, attempt %d", call.method, call.path, said, milliseconds, attempt)


def _error(call: Call, failure: Failure, attempts: int, seconds: float) -> AtlanRequestError:
    status = " ".join(str(part) for part in (failure.status, failure.code) if part)
    what = ": ".join(part for part in (str(call), status, failure.reason) if part)
    tried = f"tried {attempts} times in {seconds:.0f} s, " if attempts > 1 else ""
    advice = f"; {failure.advice}" if failure.advice else ""
    return failure.error(
        f"{what} ({tried}request id {call.request_id}){advice}",
        status=failure.status,
        code=failure.code,
        reason=failure.reason,
        request_id=call.request_id,
        attempts=attempts,
    )


def _place(location: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(str(part) for part in location) or 'answer'}: {message}"
