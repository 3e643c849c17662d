"""`ColumnLineage`: all column processes of one process, as one resource."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource, expect
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import (
    DRIFTED,
    UNKNOWN,
    Change,
    Child,
    Children,
    Element,
    EntitiesByKey,
    EntityKey,
    InputProblem,
    ManyLifecycle,
    Origins,
    Props,
    ReferenceInputs,
    ResourceInputs,
    Seen,
    Text,
    WaitingInputs,
    has_unknown,
    is_known,
    is_live,
    look_up_entities,
)
from atlan_pulumi.naming import AssetName, Tables, column_ids, keep_order
from atlan_pulumi.resources.column_mapping import (
    BELOW,
    Sources,
    column_process,
    columns_below,
    expand_columns,
    known_columns,
    observed_columns,
    problems,
    resolve_columns,
    resolve_sql,
    shorten_columns,
    sql_problems,
    tables_in,
    template_problem,
)
from atlan_pulumi.resources.column_process import ColumnProcessLifecycle
from atlan_pulumi.resources.literals import DeleteType, MissingAssetHandling
from atlan_pulumi.resources.process import Process, derived_from, reads_own_output_of
from atlan_pulumi.resources.references import AssetReference, reference

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

TableNames = list[Annotated[AssetName, Element]]


class ColumnLineageInputs(ResourceInputs, WaitingInputs):
    """The validated inputs of a `ColumnLineage`."""

    kinds: ClassVar[dict[str, str]] = {"process": "Process"}
    references: ClassVar[frozenset[str]] = frozenset(kinds)

    process: ReferenceInputs
    columns: dict[str, Sources]
    sql: dict[str, Annotated[Text, Element]] | None = None
    reads_own_output: bool | None = None
    name: Text | None = None
    input_tables: TableNames | None = None
    output_tables: TableNames | None = None

    def contradictions(self) -> Iterator[InputProblem]:
        """Yield the problems of the process, the mapping, and the template."""
        yield from super().contradictions()
        if is_known(self.process):
            yield from self.process.problems("process", "Process")
            if self.process.guid is not None:
                yield InputProblem(
                    "process", "use its qualifiedName, which is the prefix of the column processes' names"
                )
        if self.name is not None and is_known(self.name) and (problem := template_problem(self.name)):
            yield InputProblem("name", problem)
        if is_known(self.columns) and not self.columns:
            yield InputProblem("columns", self._nothing_declared())
        if is_known(self.columns) and not has_unknown([self.input_tables, self.output_tables]):
            inputs, outputs = Tables(self.input_tables or ()), Tables(self.output_tables or ())
            own = self.reads_own_output not in (None, False)  # also where it is not known yet
            found = problems(self.columns, inputs, outputs, own_sources=own)
            yield from (InputProblem("columns", line) for line in found)
            sql = (self.sql or {}) if is_known(self.sql) else {}
            yield from (InputProblem("sql", line) for line in sql_problems(sql, self.columns, outputs))

    def _nothing_declared(self) -> str:
        """Return why a mapping must not be empty. With `adopt`, it may be meant to adopt everything."""
        process = self.process.qualified_name if is_known(self.process) else None
        if self.adopt is not True:
            return (
                "must not be empty: declare at least one output column, or remove the resource from the "
                "program, which deletes its column processes"
            )
        name = repr(process) if is_known(process) and process else "<qualifiedName of the process>"
        return (
            "must not be empty: adopt=True takes over the column processes of declared columns only; "
            f"`atlan-pulumi import --process {name}` writes those that are in Atlan as a program"
        )


class ColumnLineageLifecycle(ManyLifecycle):
    """The lifecycle of a `ColumnLineage`."""

    type_name = "ColumnProcess"
    model = ColumnLineageInputs
    identity = ("process",)
    named_by: ClassVar[tuple[str, ...]] = identity
    problem_property = "columns"
    bulky = frozenset({"columns", "sql"})
    short_form = frozenset({"columns", "sql", "name", "input_tables", "output_tables"})

    def __init__(self) -> None:
        super().__init__()
        self._column_process = ColumnProcessLifecycle()

    def identify(self, declared: Props, olds: Props, _tenant: Callable[[], AtlanClient] | None) -> Props:
        """Return `<process>/column`, the prefix of the children's names, and the mapping in short form."""
        process = declared["process"]
        name = UNKNOWN if has_unknown(process) else f"{process['qualified_name']}/{BELOW}"
        given = [declared.get(side, []) for side in ("input_tables", "output_tables")]
        if "columns" not in declared or declared["columns"] is UNKNOWN or has_unknown(given):
            return {"qualified_name": name}
        inputs, outputs = (Tables(names) for names in given)
        columns = resolve_columns(declared["columns"], inputs, outputs)
        sql = declared.get("sql")
        if isinstance(sql, dict):
            sql = resolve_sql(sql, columns, outputs)
        return {"qualified_name": name, **_short_form(columns, sql, olds)}

    def children(self, props: Props) -> Children:
        """Return one ColumnProcess for each output column."""
        return {key: Child(self._column_process, declared) for _, key, declared in self._edges(props)}

    def _edges(self, props: Props) -> Iterator[tuple[str, EntityKey, Props]]:
        process, template, mark = props["process"], props.get("name"), props.get("managed_by")
        columns, sql = _resolve_columns(props)
        if has_unknown([process, template]) or columns is UNKNOWN or sql is UNKNOWN:
            return
        ids = column_ids(columns)
        for target, sources in known_columns(columns).items():
            declared = column_process(process, ids[target], target, sources, template)
            declared |= {"sql": sql[target]} if target in sql else {}
            declared |= {"managed_by": mark} if mark is not None else {}
            yield target, EntityKey(self.type_name, declared["qualified_name"]), declared

    def observed_short_form(self, props: Props, seen: Seen) -> Props:
        """Return the observed mapping, with other names, parents, and outputs in `DRIFTED`."""
        edges = {target: (declared, seen.get(key)) for target, key, declared in self._edges(props)}
        columns, sql, drifted = observed_columns(edges, props.get("name"))
        return _short_form(columns, sql or None, props) | ({DRIFTED: drifted} if drifted else {})

    def container(self, client: AtlanClient, props: Props) -> Entity | None:
        """Return the process."""
        type_name, name = props["process"]["type_name"], props["process"]["qualified_name"]
        process = client.entities.get_by_qualified_name(type_name, name)
        if process is None or not is_live(process):
            raise ResourceError(
                f"{type_name} {name!r} does not exist, so it cannot have column lineage; nothing was written"
            )
        return process

    def starting_points(
        self, client: AtlanClient, every: Sequence[Props], marks: Collection[str], root: Entity | None = None
    ) -> EntitiesByKey:
        """Return the process; nothing without marks, since only they show which column processes are ours."""
        keys = [
            EntityKey(props["process"]["type_name"], props["process"]["qualified_name"]) for props in every
        ]
        if not marks:
            return {}
        return {keys[-1]: root} if root else look_up_entities(client, dict.fromkeys(keys), relationships=True)

    def related(
        self, client: AtlanClient, _change: Change, decided: Collection[EntityKey], start: EntitiesByKey
    ) -> Iterable[Entity]:
        """Return the other column processes of the process."""
        return columns_below(client, start.values(), decided)


def _short_form(columns: Mapping[str, Any], sql: Any, former: Props) -> Props:
    """Return the mapping, its tables, and its SQL in short form. Tables keep their former order."""
    used = tables_in(columns)
    names = [
        keep_order(each, former.get(side) or ())
        for each, side in zip(used, ("input_tables", "output_tables"), strict=True)
    ]
    inputs, outputs = (Tables(each) for each in names)
    short_sql = (
        {outputs.shorten(target): sql[target] for target in sorted(sql)} if isinstance(sql, dict) else sql
    )
    return {
        "columns": shorten_columns(columns, inputs, outputs),
        "sql": short_sql,
        "input_tables": inputs.names,
        "output_tables": outputs.names,
    }


def _resolve_columns(props: Props) -> tuple[Any, Any]:
    columns, sql = props.get("columns", {}), props.get("sql", {})
    tables = [props.get(side, []) for side in ("input_tables", "output_tables")]
    if columns is UNKNOWN or sql is UNKNOWN or has_unknown(tables):
        return UNKNOWN, UNKNOWN
    inputs, outputs = (Tables(names) for names in tables)
    return expand_columns(columns, inputs, outputs), {
        outputs.expand(target): text for target, text in sql.items()
    }


def _tables_of(process: object, side: str) -> pulumi.Input[Sequence[str]] | None:
    """Return the tables of a `Process` of this program, so that columns need no table.

    These are the registered tables: a transform or `ignore_changes` may replace those that the author passed.
    """
    if not isinstance(process, Process):
        return None
    given = pulumi.Output.from_input(process.given(side))
    tables = pulumi.Output.all(getattr(process, side), given).apply(lambda both: _names(both[0] or both[1]))
    expect(tables, given.apply(_names))
    return tables


def _names(references: Any) -> list[str]:
    return [each["qualified_name"] for each in references if each.get("qualified_name")]


class ColumnLineage(AtlanResource):
    """All column lineage of one process, as one resource.

    Each output column is one `ColumnProcess` in Atlan, named `<process>/column/<column>`, with its own
    ownership mark and GUID. A preview shows the mappings that change, an update writes only those, and a
    refresh reports drift for each one. Entities are written in batches of fifty.

    If two output tables have a column of the same name, the names are `<process>/column/<table>/<column>`,
    with as many segments of the table as are needed to distinguish them.

    Args:
        resource_name: The resource's name in the stack.
        process: The process between the tables: a `Process`, an `OpenLineageJob`, a qualifiedName, or
            `asset("Process", qualified_name=…)`. Changing this forces replacement.
        columns: Maps each output column to its input column, or to a list of input columns. A column is the
            qualifiedName of a `Column`. `COLUMN` or `TABLE/COLUMN` is enough if `process` is a `Process` of
            this program, or if `input_tables` and `output_tables` are set. For columns of other types, use
            `ColumnProcess`. Default: what the `sql` of `process` decides, if it is a `Process` of this
            program; see `SqlContext`.
        name: Template of the display names; `{inputs}` and `{output}` stand for the columns' names. Default:
            `{inputs} -> {output}`.
        sql: Maps output columns to the SQL that computes them. Default: none.
        input_tables: qualifiedNames of the tables whose columns may be written as `COLUMN` or `TABLE/COLUMN`.
            Default: the inputs of `process` if it is a `Process`.
        output_tables: As `input_tables`, for the outputs.
        reads_own_output: Whether a column may be its own source. Default: as for `process` if it is a
            `Process` of this program; otherwise false.
        missing_assets: What to do about inputs and outputs that Atlan does not have: `error` (the default),
            `partial`, which creates placeholders that a crawl makes full assets, or `wait`, which waits for
            them. Default: the setting `atlan:missingAssets`.
        wait_seconds: Maximum wait for missing assets, in seconds. Default: 600.
        adopt: Adopt existing column processes with the same qualified names. Without it, an existing column
            process is an error. Column processes of undeclared columns are left to their owners.
        delete_type: Deletion mode: `PURGE` (permanent, the default), `HARD`, or `SOFT` (archived).
        opts: Resource options.

    Attributes:
        qualified_name: `<process>/column`, the prefix of the column processes' names; also the Pulumi id.
        guid: The GUID of the process.
        managed_by: The ownership mark of each column process in Atlan; see `docs/ownership.md`.

    Example:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        load = atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        atlan.ColumnLineage(
            "load-orders-columns",
            process=load,
            columns={"ORDER_ID": "ID", f"{warehouse}/MART/PUBLIC/ORDERS/NET": ["AMOUNT", "DISCOUNT"]},
            sql={"NET": "AMOUNT - DISCOUNT"},
        )
        ```
    """

    atlan_type: ClassVar[str] = "ColumnProcess"
    kind: ClassVar[str] = "ColumnLineage"

    def __init__(
        self,
        resource_name: str,
        *,
        process: AtlanResource | pulumi.Input[str] | pulumi.Input[AssetReference],
        columns: pulumi.Input[Mapping[str, pulumi.Input[str | Sequence[pulumi.Input[str]]]]] | None = None,
        name: pulumi.Input[str] | None = None,
        sql: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        input_tables: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        output_tables: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        reads_own_output: pulumi.Input[bool] | None = None,
        missing_assets: pulumi.Input[MissingAssetHandling] | None = None,
        wait_seconds: pulumi.Input[float] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        delete_type: pulumi.Input[DeleteType] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        derived = derived_from(process, resource_name) if columns is None else None
        self._sql_lineage = derived
        props = {
            "process": reference(process, of_type="Process"),
            "columns": derived.columns(self) if derived else columns,
            "name": name,
            "sql": sql,
            "input_tables": _tables_of(process, "inputs") if input_tables is None else input_tables,
            "output_tables": _tables_of(process, "outputs") if output_tables is None else output_tables,
            "reads_own_output": reads_own_output_of(process)
            if reads_own_output is None
            else reads_own_output,
            "missing_assets": missing_assets,
            "wait_seconds": wait_seconds,
            "adopt": adopt,
            "delete_type": delete_type,
        }
        super().__init__(resource_name, props, opts)

    async def sql_origins(self) -> Origins:
        """Return the lines of the columns that come from the SQL of the process."""
        return await self._sql_lineage.origins() if self._sql_lineage else {}
