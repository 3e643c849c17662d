"""Coalescer: the same kind of call by several threads at the same time, sent as one request."""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client.errors import AtlanRequestError, AuthenticationError, RateLimitedError

_CONCERNS_ALL = (AuthenticationError, RateLimitedError)
_Result = TypeVar("_Result")
_Result_co = TypeVar("_Result_co", covariant=True)


class Joinable(Protocol[_Result_co]):
    """A kind of call about one name or GUID. Equal ones can share a request."""

    def __hash__(self) -> int:
        """Return the same for equal kinds."""

    def fits(self, items: Sequence[str]) -> bool:
        """Return whether one request can be about all of these."""

    def send_one(self, transport: Transport, item: str, *, waited: bool) -> _Result_co:
        """Send a request about one; `waited`: see `Transport.send`."""

    def send_all(self, transport: Transport, items: Sequence[str]) -> Mapping[str, _Result_co]:
        """Send a request about all, whose turn has come, and return the result for each."""


class CallGroup(Generic[_Result]):
    """Calls that share a request, and their results."""

    def __init__(self, kind: Joinable[_Result]) -> None:
        self.kind = kind
        self.items: list[str] = []
        self.ended = threading.Event()
        self.results: Mapping[str, _Result] | None = None
        self.error: AtlanRequestError | None = None

    def accepts(self, item: str) -> bool:
        """Return whether a call may join: no other caller has its item, and all fit into one request."""
        return item not in self.items and self.kind.fits([*self.items, item])

    @property
    def is_shared(self) -> bool:
        """Whether it contains calls of several callers."""
        return len(self.items) > 1


class Coalescer:
    """Sends calls. Those that wait for their turn at the same time share a request.

    A call that need not wait leaves at once, alone. If a shared request fails, each caller sends its own, and
    gets its own result. Only a refused key or a rate limit is an error for all of them.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._lock = threading.Lock()
        self._waiting: dict[Any, CallGroup[Any]] = {}

    def send(self, kind: Joinable[_Result], item: str) -> _Result:
        """Send a call about a name or a GUID.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        group, leads = self._join(kind, item)
        if leads:
            self._send(group)
        group.ended.wait()
        if group.results is not None:
            return group.results[item]
        if group.error is not None and (not group.is_shared or isinstance(group.error, _CONCERNS_ALL)):
            raise copy.copy(group.error)  # a traceback belongs to one thread
        return kind.send_one(self._transport, item, waited=False)

    def _join(self, kind: Joinable[_Result], item: str) -> tuple[CallGroup[_Result], bool]:
        """Return the group that the call is in, and whether it is the first one, which sends the group."""
        with self._lock:
            group = self._waiting.get(kind)
            leads = group is None or not group.accepts(item)
            if group is None or leads:
                group = self._waiting[kind] = CallGroup(kind)
            group.items.append(item)
            return group, leads

    def _send(self, group: CallGroup[_Result]) -> None:
        """Send the group. If this thread is interrupted, the others send their own."""
        try:
            self._transport.wait_for_turn()
            self._close(group)
            if group.is_shared:
                group.results = group.kind.send_all(self._transport, group.items)
            else:
                [item] = group.items
                group.results = {item: group.kind.send_one(self._transport, item, waited=True)}
        except AtlanRequestError as error:
            group.error = error
        finally:
            self._close(group)
            group.ended.set()

    def _close(self, group: CallGroup[_Result]) -> None:
        """Close the group when its turn has come: no other call can join it."""
        with self._lock:
            if self._waiting.get(group.kind) is group:
                del self._waiting[group.kind]
