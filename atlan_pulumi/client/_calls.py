"""Call, Response, Failure: a request as plain data; paths, queries, and batches that fit into a URL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from pydantic_core import to_json

from atlan_pulumi.client.errors import AtlanRequestError

BULK_PATH = "/api/meta/entity/bulk"
_KEEP_METADATA = (
    ("replaceTags", "false"),
    ("appendTags", "false"),
    ("replaceBusinessAttributes", "false"),
    ("overwriteBusinessAttributes", "false"),
)

WireEntity = dict[str, Any]
"""An entity in a request."""
MAX_URL_LENGTH = 7600
"""Most characters of path and query. Servers and proxies commonly accept 8 KB for the request line, which
also contains the method, the version, and what a proxy adds."""


@dataclass(frozen=True)
class Call:
    """A request that can be sent repeatedly."""

    method: str
    path: str
    """From the root, percent-encoded; logs and messages show it."""
    query: Sequence[tuple[str, str]] = ()
    body: Any = None
    """Sent as JSON; None sends no body."""
    expects_json: bool = True
    """Whether the response must be JSON."""
    fresh_connection: bool = False
    """Whether a 403 is retried: Atlan sets up the policies of a new connection after its response."""
    probe: bool = False
    """Whether this only checks that Atlan responds: then only network errors are retried, and only twice."""
    divisible: bool = False
    """Whether the caller splits the request after a timeout, so that it is not retried."""
    once: bool = False
    """Whether a repeat could do the same again: it is not retried if it may have arrived."""
    coalesced: bool = False
    """Whether it joins calls of several callers, which send their own after a failure: it is not retried."""

    request_id: str = field(default_factory=lambda: str(uuid4()))
    """Sent as `X-Atlan-Request-Id`, the same in every attempt."""

    @property
    def target(self) -> str:
        """Path and query as the request line contains them."""
        return f"{self.path}?{encode_query(self.query)}" if self.query else self.path

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Response:
    """A usable response; `value` is the decoded JSON, or None if no JSON was expected."""

    status: int
    value: Any
    attempts: int = 1
    seconds: float = 0.0
    """Duration of the last attempt, without the wait for its turn."""


@dataclass(frozen=True)
class Failure:
    """Why an attempt got no usable response."""

    error: type[AtlanRequestError]
    reason: str
    advice: str = ""
    status: int | None = None
    code: str | None = None
    retry_after: float | None = None
    """Seconds that the response asks to wait; None where it does not say."""


def quote_segment(text: str) -> str:
    """Return a path segment, percent-encoded."""
    return quote(text, safe="")


def encode_query(query: Sequence[tuple[str, str]]) -> str:
    """Return a query string, percent-encoded except for what may be literal (RFC 3986, section 3.4).

    Names contain many slashes: leaving them literal saves a third of the characters.
    """
    return urlencode(query, safe="/:", quote_via=quote)


def upsert_call(
    entities: Sequence[WireEntity],
    *,
    fresh_connection: bool = False,
    divisible: bool = False,
    coalesced: bool = False,
) -> Call:
    """Return the call that writes entities.

    Args:
        entities: The entities.
        fresh_connection: See `Call`.
        divisible: See `Call`.
        coalesced: See `Call`.
    """
    return Call(
        "POST",
        BULK_PATH,
        _KEEP_METADATA,
        {"entities": entities},
        fresh_connection=fresh_connection,
        divisible=divisible,
        coalesced=coalesced,
    )


def json_bytes(entity: Mapping[str, Any]) -> int:
    """Return the size of an entity in a request, in bytes."""
    return len(to_json(entity))


def is_placeholder(guid: str | None) -> bool:
    """Return whether a GUID is missing, or a client made it up for one request."""
    return not guid or guid.startswith("-")


def batch_names(
    names: Iterable[str], *, start: int, per_name: str, most: int, longest: int = MAX_URL_LENGTH
) -> Iterator[Sequence[str]]:
    """Yield the names without duplicates, in order, in as few batches as the limits allow.

    A name that exceeds the limit alone is yielded as a batch.

    Args:
        names: The names in the query.
        start: Characters of the URL before the first name.
        per_name: The parameter that each name adds, in its longest form.
        most: Most names in a batch.
        longest: Most characters of the URL.
    """
    batch: list[str] = []
    length = start
    for name in dict.fromkeys(names):
        added = len(encode_query([(per_name, name)])) + 1
        if batch and (length + added > longest or len(batch) == most):
            yield batch
            batch, length = [], start
        batch.append(name)
        length += added
    if batch:
        yield batch
