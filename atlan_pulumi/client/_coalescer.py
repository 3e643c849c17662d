"""Coalescer: the same kind of call by several threads at the same time, sent as one request."""

from __future__ import annotations

import copy
import threading
from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar

from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client.errors import AtlanRequestError, AuthenticationError, RateLimitedError

_CONCERNS_ALL = (AuthenticationError, RateLimitedError)
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Item_contra = TypeVar("_Item_contra", contravariant=True)
_Result_co = TypeVar("_Result_co", covariant=True)


class Joinable(Protocol[_Item_contra, _Result_co]):
    """A kind of call. Calls of equal kinds can share a request."""

    def __hash__(self) -> int:
        """Return the same for equal kinds."""

    def accepts(self, items: Sequence[_Item_contra], item: _Item_contra) -> bool:
        """Return whether a call about one more item may share the request about the others."""

    def send_one(self, transport: Transport, item: _Item_contra, *, waited: bool) -> _Result_co:
        """Send a request about one item; `waited`: see `Transport.send`."""

    def send_all(self, transport: Transport, items: Sequence[_Item_contra]) -> Sequence[_Result_co]:
        """Send a request about all items, whose turn has come, and return the result for each."""


class CallGroup(Generic[_Item, _Result]):
    """Calls that share a request, and their results."""

    def __init__(self, kind: Joinable[_Item, _Result]) -> None:
        self.kind = kind
        self.items: list[_Item] = []
        self.ended = threading.Event()
        self.results: Sequence[_Result] | None = None
        self.error: AtlanRequestError | None = None

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
        self._waiting: dict[Any, CallGroup[Any, Any]] = {}

    def send(self, kind: Joinable[_Item, _Result], item: _Item) -> _Result:
        """Send a call.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        group, position = self._join(kind, item)
        if position == 0:
            self._send(group)
        group.ended.wait()
        if group.results is not None:
            return group.results[position]
        if group.error is not None and (not group.is_shared or isinstance(group.error, _CONCERNS_ALL)):
            raise copy.copy(group.error)  # a traceback belongs to one thread
        return kind.send_one(self._transport, item, waited=False)

    def _join(self, kind: Joinable[_Item, _Result], item: _Item) -> tuple[CallGroup[_Item, _Result], int]:
        """Return the group that the call is in, and its position. The first call sends the group."""
        with self._lock:
            group = self._waiting.get(kind)
            if group is None or not kind.accepts(group.items, item):
                group = self._waiting[kind] = CallGroup(kind)
            group.items.append(item)
            return group, len(group.items) - 1

    def _send(self, group: CallGroup[_Item, _Result]) -> None:
        """Send the group. If this thread is interrupted, the others send their own."""
        try:
            self._transport.wait_for_turn()
            self._close(group)
            if group.is_shared:
                group.results = group.kind.send_all(self._transport, group.items)
            else:
                group.results = [group.kind.send_one(self._transport, group.items[0], waited=True)]
        except AtlanRequestError as error:
            group.error = error
        finally:
            self._close(group)
            group.ended.set()

    def _close(self, group: CallGroup[_Item, _Result]) -> None:
        """Close the group when its turn has come: no other call can join it."""
        with self._lock:
            if self._waiting.get(group.kind) is group:
                del self._waiting[group.kind]
