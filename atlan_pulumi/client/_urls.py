"""Splits many names into requests whose address stays short."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from atlan_pulumi.client._call import encoded

LONGEST = 7600
"""Most characters of path and query: servers and proxies commonly take 8 KB for the whole request line, and
method, version and what a proxy puts before the path need some of it."""


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
