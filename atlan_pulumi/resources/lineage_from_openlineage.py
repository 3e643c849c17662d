"""`lineage_from_openlineage`: lineage from files with OpenLineage events, as processes of a `LineageMap`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource
from atlan_pulumi.errors import OpenLineageError
from atlan_pulumi.lineage_data import read_lineage
from atlan_pulumi.resources._file_lineage import FileLineage, edges_of, log_left_out, plain_errors
from atlan_pulumi.resources.references import qualified_name_of

if TYPE_CHECKING:
    from atlan_pulumi.openlineage.processes import JobProcess


def lineage_from_openlineage(
    *paths: str | Path,
    connections: Mapping[str, AtlanResource | pulumi.Input[str] | None],
) -> FileLineage:
    """Read OpenLineage events, and return the lineage of their jobs as processes of a `LineageMap`.

    Each job becomes a process with the id `<namespace>/<name>`, which stays the same from run to run. Its
    latest state counts: the events of a run complement each other, and a job event is a state of its own. A
    run that failed says nothing about lineage. Nothing is sent, and OpenLineage's client is not needed.

    A dataset becomes the asset of its name below the connection of its namespace. Columns come from the
    facets `columnLineage` and `lineage`, except for those that only filter, sort, or group (`INDIRECT`).
    `sql`, `description`, and `source_url` come from the job's facets.

    Args:
        *paths: Files with one event, a list of events, or one event per line; or folders that contain such
            files, ending in `.json`, `.jsonl`, or `.ndjson`.
        connections: Namespace of datasets -> the connection that has them: a resource, or a qualifiedName.
            The qualifiedName may be that of a database in the connection, for names without a database. A
            namespace may end in `*`. None leaves its datasets out.

    Returns:
        The processes, by id. `left_out` lists the jobs without lineage, and why; the preview shows the first
        of them.

    Raises:
        OpenLineageError: A file or an event is invalid, or a namespace has no connection.

    Example:
        ```python
        import json
        from pathlib import Path

        import atlan_pulumi as atlan

        snowflake = "snowflake://shop-main"
        event = {
            "eventType": "COMPLETE",
            "eventTime": "2026-05-04T02:10:00Z",
            "run": {"runId": "018f4e0c-5d5c-7c2f-9a51-0a4c6f3d2b10"},
            "job": {"namespace": "airflow", "name": "nightly.load_orders"},
            "inputs": [{"namespace": snowflake, "name": "RAW.PUBLIC.ORDERS"}],
            "outputs": [{"namespace": snowflake, "name": "MART.PUBLIC.ORDERS"}],
        }
        Path("events.ndjson").write_text(json.dumps(event))  # as a producer writes it

        warehouse = "default/snowflake/1657025257"
        jobs = atlan.lineage_from_openlineage("events.ndjson", connections={snowflake: warehouse})
        atlan.LineageMap("nightly", connection=warehouse, processes=jobs)
        ```
    """
    with plain_errors():
        found = _read(paths, connections)
    log_left_out("lineage_from_openlineage", found)
    return found


def _read(paths: tuple[str | Path, ...], connections: Mapping[str, Any]) -> FileLineage:
    from atlan_pulumi.openlineage.processes import (  # noqa: PLC0415 - not needed by other programs
        read_jobs,
        refuse_connection,
    )

    if not paths:
        raise OpenLineageError("lineage_from_openlineage: no paths; pass files or folders with events")
    names = {namespace: qualified_name_of(value) for namespace, value in connections.items()}
    for namespace, name in names.items():
        if isinstance(name, str):
            refuse_connection(namespace, name)
    read = read_jobs([Path(each) for each in paths], names)
    return FileLineage(
        read_lineage({each.process_id: _process(each, names) for each in read.processes})
        if read.processes
        else {},
        read.left_out,
    )


def _process(job: JobProcess, names: Mapping[str, Any]) -> dict[str, Any]:
    needed = {key: names[key] for key in sorted(job.keys)}
    if all(isinstance(name, str) for name in needed.values()):
        return {**job.attributes, **job.edges(needed)}
    later = pulumi.Output.all(**needed).apply(lambda known: {job.process_id: _edges(job, known)})
    return {**job.attributes, **edges_of(later, job.process_id)}


def _edges(job: JobProcess, known: Mapping[str, str]) -> dict[str, Any]:
    with plain_errors():
        return job.edges(known)
