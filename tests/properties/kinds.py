"""Resources of every kind with their inputs and entities, for stacks that share one Atlan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from support.atlan import WAREHOUSE, table_name
from support.many import column

from atlan_pulumi.lifecycle import DEFAULTS

Props = dict[str, Any]
SPARK, GENERIC = "default/spark/7", "default/generic-openlineage/7"
#: The connection of each job, and the type of its entity.
JOBS = {"p": (SPARK, "SparkJob"), "g": (GENERIC, "FlowControlOperation")}
BELOW_JOB = "/process"
_DATABASE = "snowflake://abc123.snowflakecomputing.com"


class Declared(NamedTuple):
    """A resource of a program.

    Attributes:
        kind: The kind, such as `ProcessSet`.
        parents: The types of the components above it, as in a URN.
        name: The resource's name, and the default id.
        ids: The ids of its processes, or its columns. `p/process` is the process of the job `p`.
        version: The content. Another version is a change.
        adopt: Whether to adopt entities of others.
        force_destroy: Whether to delete dependents.
    """

    kind: str
    parents: str
    name: str
    ids: tuple[str, ...]
    version: int = 0
    adopt: bool = False
    force_destroy: bool = False

    @property
    def urn(self) -> tuple[str, str, str]:
        return (self.parents, self.kind, self.name)

    @property
    def inputs(self) -> Props:
        """The inputs of this kind."""
        return _INPUTS[self.kind](self)

    @property
    def needs(self) -> tuple[str, ...]:
        """The ids of the processes that the resource refers to."""
        return self.ids[:1] if self.kind in ("ColumnLineage", "ColumnProcess") else ()

    def makes(self) -> Iterator[str]:
        """Yield the type and id of each entity."""
        if self.kind == "Process":
            yield f"Process {self.ids[0] if self.ids else self.name}"
        elif self.kind == "ProcessSet":
            for id_ in self.ids:
                yield from (f"Process {id_}", f"ColumnProcess {id_}/column/A")
        elif self.kind == "ColumnLineage":
            yield from (f"ColumnProcess {self.ids[0]}/column/{name}" for name in self.ids[1:])
        elif self.kind == "OpenLineageJob":
            job, *names = self.ids
            yield from (f"{JOBS[job][1]} {job}", f"Process {job}{BELOW_JOB}")
            yield from (f"ColumnProcess {job}{BELOW_JOB}/column/{name}" for name in names)
        elif self.kind == "ColumnProcess":
            yield f"ColumnProcess {self.ids[1] if self.ids[1:] else self.name}"
        else:
            yield f"Connection {self.ids[0]}"


def process_name(id_: str) -> str:
    """Return the qualifiedName of the process with an id."""
    return f"{_connection_of(id_)}/{id_}"


def _connection_of(id_: str) -> str:
    return JOBS[id_[0]][0] if BELOW_JOB in id_ else WAREHOUSE


def _process(declared: Declared) -> Props:
    sides = {"inputs": [_ref("Table", table_name(0))], "outputs": [_ref("Table", table_name(1))]}
    id_ = declared.ids[0] if declared.ids else declared.name
    return {
        "name": declared.name,
        "connection": _connection_of(id_),
        "process_id": id_,
        **({} if declared.ids else {DEFAULTS: ["process_id"]}),
        "sql": str(declared.version),
        **sides,
    }


def _column_process(declared: Declared) -> Props:
    return {
        "name": declared.name,
        "process": _ref("Process", process_name(declared.ids[0])),
        "process_id": declared.ids[1] if declared.ids[1:] else declared.name,
        "sql": str(declared.version),
        "inputs": [_ref("Column", column("T0/A"))],
        "outputs": [_ref("Column", column("T1/A"))],
    }


def _column_lineage(declared: Declared) -> Props:
    process, *names = declared.ids
    source = ("T0/A", "T2/A")[declared.version % 2]
    return {
        "process": _ref("Process", process_name(process)),
        "columns": {column(f"T1/{name}"): [column(source)] for name in names},
    }


def _process_set(declared: Declared) -> Props:
    load = {"inputs": "T0", "outputs": "T1", "columns": {"A": "A"}, "sql": str(declared.version)}
    base = f"{WAREHOUSE}/DB/S"
    return {"connection": WAREHOUSE, "base": base, "processes": dict.fromkeys(declared.ids, load)}


def _job(declared: Declared) -> Props:
    job, *names = declared.ids
    source = ("DB.S.T0.A", "DB.S.T2.A")[declared.version % 2]
    return {
        "connection": JOBS[job][0],
        "job_name": job,
        "inputs": [_dataset(0), _dataset(2)],
        "outputs": [_dataset(1)],
        **({"columns": {name: [source] for name in names}} if names else {}),
        "job_facets": {"sql": {"query": str(declared.version)}},
        "wait_seconds": 0.5,
    }


def _connection(declared: Declared) -> Props:
    return {
        "name": f"{declared.name} {declared.version}",
        "connector": "airflow",
        "qualified_name": f"default/airflow/{declared.ids[0]}",
        "admin_roles": ["$admin"],
    }


_INPUTS: dict[str, Callable[[Declared], Props]] = {
    "Process": _process,
    "ColumnProcess": _column_process,
    "ColumnLineage": _column_lineage,
    "ProcessSet": _process_set,
    "OpenLineageJob": _job,
    "Connection": _connection,
    "OpenLineageConnection": _connection,
}


def _ref(type_name: str, qualified_name: str) -> Props:
    return {"type_name": type_name, "qualified_name": qualified_name}


def _dataset(number: int) -> Props:
    return {"namespace": _DATABASE, "name": f"DB.S.T{number}"}
