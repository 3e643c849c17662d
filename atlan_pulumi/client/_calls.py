"""Call, Answer, Failure: a request as plain data; paths, queries and batches that fit a URL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from atlan_pulumi.client.errors import AtlanRequestError

BULK = "/api/meta/entity/bulk"
_MERGE_NOTHING = (
    ("replaceTags", "false"),
    ("appendTags", "false"),
    ("replaceBusinessAttributes", "false"),
    ("overwriteBusinessAttributes", "false"),
)

Wire = dict[str, Any]
"""An entity as it is sent."""
LONGEST = 7600
"""Most characters of path and query: servers and proxies commonly take 8 KB for the whole request line, and
method, version and what a proxy puts before the path need some of it."""


@dataclass(frozen=True)
class Call:
    """A request that may be sent more than once."""

    method: str
    path: str
    """From the root, percent-encoded; it is what logs and messages show."""
    query: Sequence[tuple[str, str]] = ()
    body: Any = None
    """Sent as JSON; None sends no body."""
    json_answer: bool = True
    """Whether the answer has to be JSON."""
    fresh_connection: bool = False
    """A 403 may pass: Atlan sets up the policies of a new connection after it answered."""
    probe: bool = False
    """Whether to find out if Atlan answers, not what: only network errors are tried again, and few times."""
    divisible: bool = False
    """Whether the caller would rather send it in parts than again, where it took too long."""
    joined: bool = False
    """Whether it is of several callers, who would rather send each their own than all of it again."""

    request_id: str = field(default_factory=lambda: str(uuid4()))
    """Goes out as `X-Atlan-Request-Id`, the same for every attempt."""

    @property
    def target(self) -> str:
        """Path and query as they stand in the request line."""
        return f"{self.path}?{encoded(self.query)}" if self.query else self.path

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Answer:
    """A usable answer; `value` is the decoded JSON, or None where none was asked for."""

    status: int
    value: Any
    attempts: int = 1
    seconds: float = 0.0
    """How long the last attempt took, without the wait for its turn."""


@dataclass(frozen=True)
class Failure:
    """Why an attempt gave no usable answer."""

    error: type[AtlanRequestError]
    reason: str
    advice: str = ""
    status: int | None = None
    code: str | None = None
    retry_after: float | None = None
    """Seconds that the answer asks to wait; None where it does not say."""


def segment(text: str) -> str:
    """A part of a path, percent-encoded."""
    return quote(text, safe="")


def encoded(query: Sequence[tuple[str, str]]) -> str:
    """A query string, percent-encoded but for what a query may hold as it is (RFC 3986, section 3.4).

    Names are full of slashes: a third of the characters that they would take otherwise are spared.
    """
    return urlencode(query, safe="/:", quote_via=quote)


def writing(
    entities: Sequence[Wire],
    *,
    fresh_connection: bool = False,
    divisible: bool = False,
    joined: bool = False,
) -> Call:
    """The call that writes entities.

    Args:
        entities: The entities.
        fresh_connection: See `Call`.
        divisible: See `Call`.
        joined: See `Call`.
    """
    return Call(
        "POST",
        BULK,
        _MERGE_NOTHING,
        {"entities": entities},
        fresh_connection=fresh_connection,
        divisible=divisible,
        joined=joined,
    )


def length(entity: Mapping[str, Any]) -> int:
    """The bytes of an entity in a request."""
    return len(json.dumps(entity, ensure_ascii=False, separators=(",", ":")).encode())


def is_placeholder(guid: str | None) -> bool:
    """Whether a client made this GUID up, for one request, or left it out."""
    return not guid or guid.startswith("-")


def batches(
    names: Iterable[str], *, start: int, per_name: str, most: int, longest: int = LONGEST
) -> Iterator[Sequence[str]]:
    """The names, each once, in order, in as few batches as the limits allow.

    A name that is too long by itself still gets a batch of its own.

    Args:
        names: What goes into the query.
        start: Characters of the address before the first name.
        per_name: The parameter that each name adds, the longest form of it.
        most: Most names in a batch.
        longest: Most characters of the address.
    """
    batch: list[str] = []
    length = start
    for name in dict.fromkeys(names):
        added = len(encoded([(per_name, name)])) + 1
        if batch and (length + added > longest or len(batch) == most):
            yield batch
            batch, length = [], start
        batch.append(name)
        length += added
    if batch:
        yield batch
