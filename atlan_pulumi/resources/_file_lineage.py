"""`FileLineage`: processes from files, and what was left out of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pulumi

from atlan_pulumi.errors import LineageDataError, OpenLineageError
from atlan_pulumi.text import enumerate_first, printable

_EDGES = ("inputs", "outputs", "columns", "reads_own_output")


class FileLineage(dict[str, dict[str, Any]]):
    """Processes as a `LineageMap` takes them, by id.

    Attributes:
        left_out: What the files contain that does not become lineage, and why, one line each.
    """

    def __init__(self, processes: Mapping[str, dict[str, Any]], left_out: Iterable[str] = ()) -> None:
        super().__init__(processes)
        self.left_out = [printable(line) for line in left_out]


class _UnreadableDataError(LineageDataError, pulumi.RunError):
    """The error of invalid data, which Pulumi prints without a traceback."""


class _UnreadableEventsError(OpenLineageError, pulumi.RunError):
    """The error of invalid events, which Pulumi prints without a traceback."""


@contextmanager
def plain_errors() -> Iterator[None]:
    """Make Pulumi print errors about files without a traceback."""
    try:
        yield
    except OpenLineageError as error:
        raise _UnreadableEventsError(str(error)) from None
    except LineageDataError as error:
        raise _UnreadableDataError(str(error)) from None


def log_left_out(function: str, lineage: FileLineage) -> None:
    """Print what is left out as one line of the preview."""
    if lineage.left_out:
        pulumi.log.info(f"{function}: left out: {enumerate_first(lineage.left_out)}")


def edges_of(processes: pulumi.Output[Any], process_id: str) -> dict[str, Any]:
    """Return the edges of one process among processes that are not known yet."""
    return {name: _part(processes, process_id, name) for name in _EDGES}


def _part(processes: pulumi.Output[Any], process_id: str, name: str) -> pulumi.Output[Any]:
    return processes.apply(lambda known: known[process_id].get(name))
