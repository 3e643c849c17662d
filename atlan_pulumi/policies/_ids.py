"""The ids that processes and jobs are given; ids that are derived from others are not among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from atlan_pulumi.declared import Declared
from atlan_pulumi.lifecycle import below_connection

JOB_NAME = "job_name"
PROCESS_ID = "process_id"


class GivenId(NamedTuple):
    """An id, and where it is given.

    Attributes:
        label: What has it, for a message.
        property: `process_id`, or `job_name` of an `OpenLineageJob`.
        value: The id.
        type_name: `Process` or `ColumnProcess`.
    """

    label: str
    property: str
    value: str
    type_name: str


def ids_of(resource: Declared) -> Iterator[GivenId]:
    """The ids that a resource is given, as far as they are known.

    The keys of a `ProcessSet` are ids of processes; those of its column processes, and of a
    `ColumnLineage`'s, are made of the name of the process.
    """
    if resource.kind == "ProcessSet":
        yield from _keys(resource)
        return
    for property_ in (PROCESS_ID, JOB_NAME):
        value = resource.props.get(property_)
        if isinstance(value, str):
            edge = resource.edges[0]
            yield GivenId(str(edge), property_, value, edge.type_name)


def _keys(resource: Declared) -> Iterator[GivenId]:
    connection, processes = resource.props.get("connection"), resource.props.get("processes")
    for key in sorted(processes) if isinstance(processes, Mapping) else ():
        name = below_connection(connection, key) if isinstance(connection, str) else key
        yield GivenId(f"Process {name!r}", PROCESS_ID, key, "Process")
