"""`ProcessSet`: many processes of one connection with their column lineage, as one resource."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import pulumi
from pydantic import Field

from atlan_pulumi.dynamic.program import AtlanResource
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import (
    DRIFTED,
    OWNERSHIP_ATTRIBUTE,
    UNKNOWN,
    Change,
    Child,
    Children,
    Element,
    EntityKey,
    Found,
    InputProblem,
    ManyLifecycle,
    Props,
    ResourceInputs,
    Seen,
    Text,
    is_known,
    is_live,
    look_up,
)
from atlan_pulumi.naming import ConnectionName
from atlan_pulumi.resources.column_mapping import (
    BELOW,
    GONE,
    Shown,
    columns_below,
    columns_shown,
    template_problem,
    what_drifted,
)
from atlan_pulumi.resources.column_process import ColumnProcessLifecycle
from atlan_pulumi.resources.process import ProcessLifecycle
from atlan_pulumi.resources.process_forms import (
    SIDES,
    ExpandedProcess,
    Paths,
    Place,
    ProcessData,
    as_given,
    mistakes_in,
    short_form,
    shorten,
    whole,
)
from atlan_pulumi.resources.references import qualified_name_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity


class ProcessSetInputs(ResourceInputs):
    """The inputs of a `ProcessSet`, validated."""

    connection: ConnectionName
    base: Text | None = None
    processes: Annotated[dict[Text, Annotated[ProcessData, Element]], Field(min_length=1)]
    column_name: Text | None = None

    def contradictions(self) -> Iterator[InputProblem]:
        """What is wrong with each process, and with the template."""
        yield from super().contradictions()
        template = self.column_name
        if template is not None and is_known(template) and (problem := template_problem(template)):
            yield InputProblem("column_name", problem)
        if is_known(self.connection) and is_known(self.base) and is_known(self.processes):
            place = Place(self.connection, Paths(self.base or self.connection))
            for process_id, data in self.processes.items():
                if is_known(data):
                    yield from mistakes_in(process_id, dict(data), place)


class ProcessSetLifecycle(ManyLifecycle):
    """The lifecycle of a `ProcessSet`."""

    type_name = "Process"
    model = ProcessSetInputs
    identity = ("connection",)
    named_by: ClassVar[tuple[str, ...]] = identity
    problem_property = "processes"
    bulky = frozenset({"processes"})
    short_form = frozenset({"processes", "base", "column_name"})

    def __init__(self) -> None:
        super().__init__()
        self._process = ProcessLifecycle()
        self._column_process = ColumnProcessLifecycle()

    def identify(self, declared: Props, olds: Props, _tenant: Callable[[], AtlanClient] | None) -> Props:
        """The connection's own name; and the processes in short form."""
        connection, place = declared["connection"], _place(declared)
        processes = declared.get("processes", UNKNOWN)
        if place is None or processes is UNKNOWN:
            return {"qualified_name": connection}
        former = olds.get("processes") or {}
        short = {
            each: UNKNOWN if data is UNKNOWN else short_form(each, data, place, former.get(each) or {})
            for each, data in processes.items()
        }
        return {"qualified_name": connection, "processes": short}

    def children(self, props: Props) -> Children:
        """The processes, and then a ColumnProcess for each of their output columns."""
        wholes = list(self._wholes(props))
        processes = [Child(self._process, each.process) for _, each in wholes]
        columns = [Child(self._column_process, column) for _, each in wholes for column in each.columns]
        return {_key(part): part for part in [*processes, *columns]}

    def where(self, part: Child, name: str) -> str:
        """Return the process, and its property or the output column: `'load': columns: 'NET': `."""
        declared = part.declared
        if part.lifecycle.type_name == self.type_name:
            return f"{declared['process_id']!r}: {name}: "
        process = declared["process"]["qualified_name"].removeprefix(f"{declared['connection']}/")
        column = declared["process_id"].removeprefix(f"{process}/{BELOW}/")
        return f"{process!r}: columns: {column!r}: "

    def _wholes(self, props: Props) -> Iterator[tuple[str, ExpandedProcess]]:
        place, processes = _place(props), props.get("processes")
        template, mark = props.get("column_name"), props.get("managed_by")
        if place is None or not isinstance(processes, Mapping) or template is UNKNOWN:
            return
        for process_id in sorted(processes):
            short = processes[process_id]
            made = None if short is UNKNOWN else whole(process_id, short, place, template, mark)
            if made is not None:
                yield process_id, made

    def shown(self, props: Props, seen: Seen) -> Props:
        """The processes as Atlan shows them; of columns other names, parents and outputs under `DRIFTED`."""
        processes: Props = {}
        drifted: Props = {}
        for process_id, made in self._wholes(props):
            process = seen.get(_key_of("Process", made.process))
            pairs = [(each, seen.get(_key_of("ColumnProcess", each))) for each in made.columns]
            edges = {pair[0]["outputs"][0]["qualified_name"]: pair for pair in pairs}
            columns = columns_shown(edges, props.get("column_name"))
            if process is None and not columns.columns:
                continue
            if process is None:  # it has to stay, or nothing would tell of its columns
                process, odd = made.process, GONE
            else:
                odd = what_drifted(made.process, process, told_else=process.keys() - {"managed_by"})
            drifted |= columns.drifted | ({process_id: odd} if odd else {})
            processes[process_id] = self._shown(props, made.process, process, columns)
        return {"processes": processes} | ({DRIFTED: drifted} if drifted else {})

    def _shown(self, props: Props, declared: Props, seen: Props, columns: Shown) -> Props:
        place = _place(props)
        assert place is not None  # noqa: S101 - else there are no parts
        former = props["processes"][declared["process_id"]]
        sides = {}
        for side in SIDES:
            kept = [each for each in map(place.paths.reference, as_given(former[side])) if each in seen[side]]
            sides[side] = [*kept, *(each for each in seen[side] if each not in kept)]
        own: Props = {name: declared[name] for name in ("process_id", "reads_own_output") if name in declared}
        return shorten({**seen, **own}, sides, columns.columns, columns.sql, place)

    def container(self, client: AtlanClient, props: Props) -> Entity | None:
        """The connection."""
        connection = client.entities.get_by_qualified_name("Connection", props["connection"])
        if not is_live(connection):
            raise ResourceError(f"there is no connection {props['connection']!r}; nothing was written")
        return connection

    def beside(
        self, client: AtlanClient, every: Sequence[Props], marks: Collection[str], _root: Entity | None = None
    ) -> Found:
        """Return the processes in the resource's connections that have its mark."""
        if not marks:
            return {}
        kind = {"term": {"__typeName.keyword": self.type_name}}
        marked = {"terms": {OWNERSHIP_ATTRIBUTE: sorted(marks)}}
        connections = sorted({props["connection"] for props in every})
        places = [{"prefix": {"qualifiedName": f"{connection}/"}} for connection in connections]
        found = client.search.live(kind, marked, {"bool": {"should": places}}, attributes=["qualifiedName"])
        return {EntityKey(self.type_name, each.qualified_name): each for each in found}

    def related(
        self, client: AtlanClient, change: Change, settled: Collection[EntityKey], beside: Found
    ) -> Iterable[Entity]:
        """Return other processes with the mark, and the other column processes of all that are touched."""
        marked = [key for key in beside if key not in settled]
        processes = look_up(client, dict.fromkeys([*marked, *_processes_at(change)]), relationships=True)
        columns = columns_below(client, processes.values(), settled)
        return [*columns, *(processes[key] for key in marked if is_live(processes.get(key)))]


def _processes_at(change: Change) -> Iterator[EntityKey]:
    """The processes that are there, as far as is known, and that are touched, themselves or below."""
    every, new = change.every, set(change.changed).difference(change.found)
    for key in (*change.changed, *change.removed):
        above = every[key].declared.get("process")
        process = EntityKey("Process", above["qualified_name"]) if above else key
        if process not in new:
            yield process


def _place(props: Props) -> Place | None:
    connection, base = props.get("connection"), props.get("base")
    if not isinstance(connection, str) or base is UNKNOWN:
        return None
    return Place(connection, Paths(base or connection))


def _key(part: Child) -> EntityKey:
    return _key_of(part.lifecycle.type_name, part.declared)


def _key_of(type_name: str, declared: Props) -> EntityKey:
    return EntityKey(type_name, declared["qualified_name"])


class ProcessSet(AtlanResource):
    """Many processes of one connection, with their column lineage, as one resource.

    Mostly a `LineageMap` makes it out of plain data. Each process and each output column is an entity of its
    own in Atlan, with a mark and a GUID of its own: a preview shows what changes in which process, an update
    writes that alone, and a refresh tells which one drifted. They are written fifty at a time, several
    requests at once.

    Args:
        resource_name: The resource's name in the stack.
        connection: The connection that the processes run in, as a resource or a qualifiedName. A change
            replaces them.
        processes: The process's id -> what it is: `inputs` and `outputs` (a table, or several), and as far as
            wanted `name` (default: the id), `columns` (output column -> input columns, or one), `column_sql`
            (output column -> SQL), and whatever else a `Process` has, such as `sql`, `description` or
            `reads_own_output`. A table
            is a path below `base`, such as `RAW/PUBLIC/ORDERS`, a qualifiedName, or a reference to an asset
            of another type. A column is `COLUMN` where its side has one table, else `TABLE/COLUMN`.
        base: Where the paths of tables begin, a qualifiedName. Default: `connection`.
        column_name: A template of what Atlan shows for each column process; `{inputs}` and `{output}` stand
            for the columns' names. Default: `{inputs} -> {output}`.
        adopt: Take over what has these names and others made; without it, that is an error.
        delete_type: How they go: `PURGE` (for good, the default), `HARD`, or `SOFT` (archived).
        force_destroy: Remove column processes of others that hang on a process together with it; without it,
            that is an error which lists them.
        opts: Pulumi's options.

    Attributes:
        qualified_name: The connection's; also the Pulumi id.
        guid: The GUID of the connection.
        managed_by: The mark of ownership that each entity carries in Atlan; see `docs/ownership.md`.

    Example:
        ```python
        import atlan_pulumi as atlan

        atlan.ProcessSet(
            "nightly",
            connection="default/snowflake/1657025257",
            processes={
                "load-orders": {
                    "name": "Load orders",
                    "inputs": "RAW/PUBLIC/ORDERS",
                    "outputs": "MART/PUBLIC/ORDERS",
                    "columns": {"ORDER_ID": "ID", "NET": ["AMOUNT", "DISCOUNT"]},
                    "column_sql": {"NET": "AMOUNT - DISCOUNT"},
                },
            },
        )
        ```
    """

    atlan_type: ClassVar[str] = "Process"
    kind: ClassVar[str] = "ProcessSet"

    def __init__(
        self,
        resource_name: str,
        *,
        connection: AtlanResource | pulumi.Input[str],
        processes: pulumi.Input[Mapping[str, pulumi.Input[Mapping[str, Any]]]],
        base: pulumi.Input[str] | None = None,
        column_name: pulumi.Input[str] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        delete_type: pulumi.Input[str] | None = None,
        force_destroy: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {
            "connection": qualified_name_of(connection),
            "base": base,
            "processes": processes,
            "column_name": column_name,
            "adopt": adopt,
            "delete_type": delete_type,
            "force_destroy": force_destroy,
        }
        super().__init__(resource_name, props, opts)
