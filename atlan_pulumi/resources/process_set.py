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
    Checked,
    Child,
    Children,
    Element,
    EntitiesByKey,
    EntityKey,
    InputProblem,
    ManyLifecycle,
    Origins,
    Props,
    ResourceInputs,
    Seen,
    Text,
    WaitingInputs,
    is_known,
    is_live,
    look_up_entities,
)
from atlan_pulumi.naming import ConnectionName
from atlan_pulumi.resources._process_sql import with_derived
from atlan_pulumi.resources._sql_lineage import SqlLineage
from atlan_pulumi.resources._sql_tables import Wait
from atlan_pulumi.resources.column_mapping import (
    BELOW,
    GONE,
    ObservedColumns,
    columns_below,
    drifted_properties,
    observed_columns,
    template_problem,
)
from atlan_pulumi.resources.column_process import ColumnProcessLifecycle
from atlan_pulumi.resources.literals import DeleteType, MissingAssetHandling
from atlan_pulumi.resources.process import ProcessLifecycle
from atlan_pulumi.resources.process_forms import (
    SIDES,
    ExpandedProcess,
    Expansions,
    ProcessData,
    SetLocation,
    TablePaths,
    as_list,
    entity_names,
    is_declaration,
    process_problems,
    shorten_data,
    shorten_process,
)
from atlan_pulumi.resources.references import qualified_name_of
from atlan_pulumi.resources.sql_context import SqlContext

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity


class ProcessSetInputs(ResourceInputs, WaitingInputs):
    """The validated inputs of a `ProcessSet`."""

    connection: ConnectionName
    base: Text | None = None
    processes: Annotated[dict[Text, Annotated[ProcessData, Element]], Field(min_length=1)]
    column_name: Text | None = None

    def contradictions(self) -> Iterator[InputProblem]:
        """Yield the problems of each process, and of the template."""
        yield from super().contradictions()
        template = self.column_name
        if template is not None and is_known(template) and (problem := template_problem(template)):
            yield InputProblem("column_name", problem)
        if is_known(self.connection) and is_known(self.base) and is_known(self.processes):
            place = SetLocation(self.connection, TablePaths(self.base or self.connection))
            for process_id, data in self.processes.items():
                if is_known(data):
                    yield from process_problems(process_id, dict(data), place)


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
        self._expansions = Expansions()

    def validate_change(self, olds: Props, news: Props) -> Checked:
        """Validate the processes that are not as in the state: those were valid when they were deployed."""
        kept = _kept(olds, news)
        if not kept:
            return self.validate(news)
        every = news["processes"]
        rest = {each: data for each, data in every.items() if each not in kept}
        first = next(iter(every))
        checked = self.validate({**news, "processes": rest or {first: every[first]}})
        if checked.problems:  # policies get refused inputs, too: all of them
            return self.validate(news)
        changed = checked.inputs["processes"]
        processes = {each: kept[each] if each in kept else changed[each] for each in every}
        return Checked({**checked.inputs, "processes": processes}, [])

    def registered(self, name: str, given: Any, declared: Props) -> Any:
        """Return the processes in the form of the state, as far as that is a declaration, too."""
        short = declared[name]
        return {each: short[each] if is_declaration(short[each]) else data for each, data in given.items()}

    def identify(self, declared: Props, olds: Props, _tenant: Callable[[], AtlanClient] | None) -> Props:
        """Return the connection's qualifiedName, and the processes in short form."""
        connection, place = declared["connection"], _place(declared)
        processes = declared.get("processes", UNKNOWN)
        if place is None or processes is UNKNOWN:
            return {"qualified_name": connection}
        former = olds.get("processes") or {}
        short = {
            each: data
            if data is UNKNOWN or data is former.get(each)
            else shorten_data(each, data, place, former.get(each) or {})
            for each, data in processes.items()
        }
        return {"qualified_name": connection, "processes": short}

    def children(self, props: Props) -> Children:
        """Return the processes, then one ColumnProcess for each of their output columns."""
        wholes = list(self._expanded(props))
        processes = [Child(self._process, each.process) for _, each in wholes]
        columns = [Child(self._column_process, column) for _, each in wholes for column in each.columns]
        return {_key(child): child for child in [*processes, *columns]}

    def entities(self, declared: Props) -> Iterator[EntityKey]:
        """Yield the keys of the children, in their order."""
        place, processes = _place(declared), declared.get("processes")
        if place is None or not isinstance(processes, Mapping) or declared.get("column_name") is UNKNOWN:
            return
        known = [(each, processes[each]) for each in sorted(processes) if processes[each] is not UNKNOWN]
        found = [names for each in known if (names := entity_names(*each, place)) is not None]
        yield from (EntityKey("Process", process) for process, _ in found)
        yield from (EntityKey("ColumnProcess", name) for _, columns in found for name in columns)

    def location_of(self, child: Child, name: str) -> str:
        """Return the process, and its property or the output column: `'load': columns: 'NET': `."""
        declared = child.declared
        if child.lifecycle.type_name == self.type_name:
            return f"{declared['process_id']!r}: {name}: "
        process = declared["process"]["qualified_name"].removeprefix(f"{declared['connection']}/")
        column = declared["process_id"].removeprefix(f"{process}/{BELOW}/")
        return f"{process!r}: columns: {column!r}: "

    def _expanded(self, props: Props) -> Iterator[tuple[str, ExpandedProcess]]:
        place, processes = _place(props), props.get("processes")
        template, mark = props.get("column_name"), props.get("managed_by")
        if place is None or not isinstance(processes, Mapping) or template is UNKNOWN:
            return
        for process_id in sorted(processes):
            short = processes[process_id]
            if short is UNKNOWN:
                continue
            made = self._expansions.expand(process_id, short, place, template, mark)
            if made is not None:
                yield process_id, made

    def observed_short_form(self, props: Props, seen: Seen) -> Props:
        """Return the observed processes, with other names, parents, and outputs of columns in `DRIFTED`."""
        processes: Props = {}
        drifted: Props = {}
        for process_id, made in self._expanded(props):
            process = seen.get(_key_of("Process", made.process))
            pairs = [(each, seen.get(_key_of("ColumnProcess", each))) for each in made.columns]
            edges = {pair[0]["outputs"][0]["qualified_name"]: pair for pair in pairs}
            columns = observed_columns(edges, props.get("column_name"))
            if process is None and not columns.columns:
                continue
            if process is None:  # it stays, since its columns are declared in it
                process, odd = made.process, GONE
            else:
                odd = drifted_properties(
                    made.process, process, shown_elsewhere=process.keys() - {"managed_by"}
                )
            drifted |= columns.drifted | ({process_id: odd} if odd else {})
            processes[process_id] = self._shown(props, made.process, process, columns)
        return {"processes": processes} | ({DRIFTED: drifted} if drifted else {})

    def _shown(self, props: Props, declared: Props, seen: Props, columns: ObservedColumns) -> Props:
        place = _place(props)
        assert place is not None  # noqa: S101 - otherwise there are no children
        former = props["processes"][declared["process_id"]]
        sides = {}
        for side in SIDES:
            kept = [each for each in map(place.paths.reference, as_list(former[side])) if each in seen[side]]
            sides[side] = [*kept, *(each for each in seen[side] if each not in kept)]
        own: Props = {name: declared[name] for name in ("process_id", "reads_own_output") if name in declared}
        return shorten_process({**seen, **own}, sides, columns.columns, columns.sql, place)

    def container(self, client: AtlanClient, props: Props) -> Entity | None:
        """Return the connection."""
        connection = client.entities.get_by_qualified_name("Connection", props["connection"])
        if not is_live(connection):
            raise ResourceError(f"Connection {props['connection']!r} does not exist; nothing was written")
        return connection

    def starting_points(
        self, client: AtlanClient, every: Sequence[Props], marks: Collection[str], _root: Entity | None = None
    ) -> EntitiesByKey:
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
        self, client: AtlanClient, change: Change, decided: Collection[EntityKey], start: EntitiesByKey
    ) -> Iterable[Entity]:
        """Return other processes with the mark, and the other column processes of all changed ones."""
        marked = [key for key in start if key not in decided]
        processes = look_up_entities(
            client, dict.fromkeys([*marked, *_processes_at(change)]), relationships=True
        )
        columns = columns_below(client, processes.values(), decided)
        return [*columns, *(processes[key] for key in marked if is_live(processes.get(key)))]


def _kept(olds: Props, news: Props) -> Props:
    """Return the processes of the state that are declared in the same form, with the same tables."""
    every, former = news.get("processes"), olds.get("processes")
    if not isinstance(every, Mapping) or not isinstance(former, Mapping):
        return {}
    if any(olds.get(name) != news.get(name) for name in ("connection", "base", "column_name")):
        return {}
    both = {each: (former[each], data) for each, data in every.items() if each in former}
    return {each: had for each, (had, data) in both.items() if had == data and is_declaration(had)}


def _processes_at(change: Change) -> Iterator[EntityKey]:
    """Yield the processes that change or have changed columns, as far as they exist."""
    every, new = change.every, set(change.changed).difference(change.found)
    for key in (*change.changed, *change.removed):
        above = every[key].declared.get("process")
        process = EntityKey("Process", above["qualified_name"]) if above else key
        if process not in new:
            yield process


def _place(props: Props) -> SetLocation | None:
    connection, base = props.get("connection"), props.get("base")
    if not isinstance(connection, str) or base is UNKNOWN:
        return None
    return SetLocation(connection, TablePaths(base or connection))


def _key(child: Child) -> EntityKey:
    return _key_of(child.lifecycle.type_name, child.declared)


def _key_of(type_name: str, declared: Props) -> EntityKey:
    return EntityKey(type_name, declared["qualified_name"])


class ProcessSet(AtlanResource):
    """Many processes of one connection with their column lineage, as one resource.

    Usually created by a `LineageMap` from plain data. Each process and each output column is one entity in
    Atlan, with its own ownership mark and GUID. A preview shows the changes of each process, an update writes
    only those, and a refresh reports drift for each one. Entities are written in batches of fifty, several
    requests at a time.

    Args:
        resource_name: The resource's name in the stack.
        connection: The connection in which the processes run, as a resource or a qualifiedName. Changing this
            forces replacement.
        processes: Maps each process id to a process: `inputs` and `outputs` (a table or a list of tables)
            and, optionally, `name` (default: the id), `columns` (maps output columns to input columns),
            `column_sql` (maps output columns to SQL), and any other property of a `Process`, such as `sql`,
            `description`, or `reads_own_output`. Without `inputs` or `outputs`, these and `columns` come from
            `sql`, if the process is a plain mapping. A table is a path below `base`, such as
            `RAW/PUBLIC/ORDERS`, a qualifiedName, or a reference to an asset of another type. A column is
            `COLUMN` if its side has one table, otherwise `TABLE/COLUMN`.
        derive: How `sql` is read where it decides something: a `SqlContext`. With it, or with True, `columns`
            also come from the SQL of processes with `inputs` and `outputs`, which are compared with it. Needs
            the extra `sql`.
        base: The prefix of table paths, a qualifiedName. Default: `connection`.
        column_name: Template of the column processes' display names; `{inputs}` and `{output}` stand for the
            columns' names. Default: `{inputs} -> {output}`.
        missing_assets: What to do about inputs and outputs that Atlan does not have: `error` (the default),
            `partial`, which creates placeholders that a crawl makes full assets, or `wait`, which waits for
            them. Default: the setting `atlan:missingAssets`.
        wait_seconds: Maximum wait for missing assets, in seconds. Default: 600.
        adopt: Adopt existing entities with the same qualified names. Without it, an existing entity is an
            error.
        delete_type: Deletion mode: `PURGE` (permanent, the default), `HARD`, or `SOFT` (archived).
        force_destroy: Delete processes together with column processes of other writers that depend on them.
            Without it, such column processes are an error that lists them.
        opts: Resource options.

    Attributes:
        qualified_name: The connection's qualifiedName; also the Pulumi id.
        guid: The GUID of the connection.
        managed_by: The ownership mark of each entity in Atlan; see `docs/ownership.md`.

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
    registered_short: ClassVar[frozenset[str]] = frozenset({"processes"})

    def __init__(
        self,
        resource_name: str,
        *,
        connection: AtlanResource | pulumi.Input[str],
        processes: pulumi.Input[Mapping[str, pulumi.Input[Mapping[str, Any]]]],
        derive: SqlContext | bool | None = None,
        base: pulumi.Input[str] | None = None,
        column_name: pulumi.Input[str] | None = None,
        missing_assets: pulumi.Input[MissingAssetHandling] | None = None,
        wait_seconds: pulumi.Input[float] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        delete_type: pulumi.Input[DeleteType] | None = None,
        force_destroy: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        self._sql_lineages: list[SqlLineage] = []
        props = {
            "connection": qualified_name_of(connection),
            "base": base,
            "processes": with_derived(
                self,
                processes,
                derive=derive,
                connection=connection,
                base=base,
                wait=Wait(missing_assets, wait_seconds),
                opts=opts,
                derived=self._sql_lineages,
            ),
            "column_name": column_name,
            "missing_assets": missing_assets,
            "wait_seconds": wait_seconds,
            "adopt": adopt,
            "delete_type": delete_type,
            "force_destroy": force_destroy,
        }
        super().__init__(resource_name, props, opts)

    async def sql_origins(self) -> Origins:
        """Return the lines of the columns that come from SQL, by file or process."""
        found: Origins = {}
        for each in self._sql_lineages:
            for source, lines in (await each.origins()).items():
                found.setdefault(source, {}).update(lines)
        return found
