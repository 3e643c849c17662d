"""The forms of a process in a `ProcessSet`: as declared, in short form, and as entities in Atlan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, ConfigDict, ValidationError

from atlan_pulumi.lifecycle import (
    UNKNOWN,
    Element,
    InputProblem,
    Inputs,
    Props,
    Text,
    as_set,
    has_unknown,
    problems_of,
    to_plain,
)
from atlan_pulumi.naming import CONNECTOR_CATEGORIES, Tables, below_connection, column_ids
from atlan_pulumi.resources.column_mapping import (
    BELOW,
    Sources,
    column_process,
    expand_columns,
    known_columns,
    problems,
    resolve_columns,
    resolve_sql,
    shorten_columns,
    sql_problems,
)
from atlan_pulumi.resources.process import ProcessInputs

_TABLE = "Table"
_OF_CONNECTION = 3
"""The number of segments of a connection's qualifiedName."""
_EPOCH = re.compile(r"[^/]+/[^/]+/[0-9]{9,}/")
SIDES = ("inputs", "outputs")
_NOT_ATTRIBUTES = (*SIDES, "columns", "column_sql")
_OF_THE_SET = (
    "adopt",
    "connection",
    "delete_type",
    "force_destroy",
    "managed_by",
    "missing_assets",
    "process_id",
    "wait_seconds",
)


class TablePaths:
    """Paths of tables below a base."""

    def __init__(self, base: str) -> None:
        """Set up.

        Args:
            base: A qualifiedName, such as that of a connection or a database.
        """
        self.base = base

    def reference(self, given: Any) -> Any:
        """Return a table in a declaration or a state as a reference, and other references unchanged."""
        if isinstance(given, str):
            return {"type_name": _TABLE, "qualified_name": self._long(given)}
        if isinstance(given, Mapping) and isinstance(name := given.get("qualified_name"), str):
            return {**given, "qualified_name": self._long(name)}
        return given

    def short(self, reference: Any) -> Any:
        """Return a reference in short form: only the path for a `Table`."""
        name = _name(reference)
        if not isinstance(name, str):
            return reference
        path = name.removeprefix(f"{self.base}/")
        path = path if self._long(path) == name else name
        return path if reference["type_name"] == _TABLE else {**reference, "qualified_name": path}

    def _long(self, text: str) -> str:
        """Return the qualifiedName for a path. A text that begins like a connection's name is one."""
        return text if text.startswith(f"{self.base}/") or _is_whole(text) else f"{self.base}/{text}"


def _is_whole(text: str) -> bool:
    """Return whether a text begins with an epoch as Atlan assigns it, or with a known connector."""
    segments = text.split("/")
    known = len(segments) > _OF_CONNECTION and segments[1] in CONNECTOR_CATEGORIES
    return known or bool(_EPOCH.match(text))


def as_list(value: Any) -> list[Any]:
    """Return one table or several as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def one_or_many(values: Sequence[Any]) -> Any:
    """Return a single value without its list."""
    return values[0] if len(values) == 1 and values[0] is not UNKNOWN else list(values)


def qualified_names_in(references: Sequence[Props]) -> list[str]:
    """Return the qualifiedNames in references."""
    return [name for each in references if isinstance(name := _name(each), str)]


def _name(reference: Any) -> Any:
    return reference.get("qualified_name") if isinstance(reference, Mapping) else None


class ProcessData(Inputs):
    """The data of one process, validated except for the attributes of a `Process`."""

    model_config = ConfigDict(extra="allow")

    inputs: Annotated[list[Any], BeforeValidator(as_list)]
    outputs: Annotated[list[Any], BeforeValidator(as_list)]
    columns: dict[str, Sources] | None = None
    column_sql: dict[str, Annotated[Text, Element]] | None = None


class SetLocation(NamedTuple):
    """The connection and the base of the processes in a set."""

    connection: str
    paths: TablePaths


def as_process(process_id: str, data: Mapping[str, Any], place: SetLocation) -> Props:
    """Return the inputs of a `Process` with these data."""
    attributes = {name: value for name, value in data.items() if name not in _NOT_ATTRIBUTES}
    sides = {side: _references(data[side], place) for side in SIDES}
    return {
        "name": process_id,
        **attributes,
        "connection": place.connection,
        "process_id": process_id,
        **sides,
    }


def _references(given: Any, place: SetLocation) -> Any:
    if given is UNKNOWN:
        return UNKNOWN
    return [each if each is UNKNOWN else place.paths.reference(each) for each in as_list(given)]


def process_problems(process_id: str, data: Mapping[str, Any], place: SetLocation) -> Iterator[InputProblem]:
    """Yield the problems of one process."""
    for name in _OF_THE_SET:
        if name in data:
            yield InputProblem("processes", f"{process_id!r}: {name}: cannot be set for a single process")
    try:
        process = ProcessInputs.model_validate(as_process(process_id, data, place))
    except ValidationError as error:
        found = problems_of(error, ProcessInputs)
    else:
        found = list(process.contradictions())
        sides = [to_plain(process)[side] for side in SIDES]
        if not has_unknown(sides):
            found += _column_problems(data, *(Tables(qualified_names_in(side)) for side in sides))
    for name, reason in found:
        yield InputProblem("processes", f"{process_id!r}: {name}: {reason}")


def _column_problems(data: Mapping[str, Any], inputs: Tables, outputs: Tables) -> Iterator[InputProblem]:
    columns, sql = _given(data, "columns"), _given(data, "column_sql")
    if columns is UNKNOWN or sql is UNKNOWN:
        return
    own = data.get("reads_own_output") not in (None, False)  # also where it is not known
    yield from (InputProblem("columns", line) for line in problems(columns, inputs, outputs, own_sources=own))
    yield from (InputProblem("column_sql", line) for line in sql_problems(sql, columns, outputs))


def _given(data: Mapping[str, Any], name: str) -> Any:
    """Return a mapping, which may be unknown; empty if it is not set."""
    return {} if data.get(name) is None else data[name]


def shorten_data(
    process_id: str, data: Mapping[str, Any], place: SetLocation, former: Mapping[str, Any]
) -> Props:
    """Return the data in short form. Tables keep their former order."""
    process = to_plain(ProcessInputs.model_validate(as_process(process_id, data, place)))
    if has_unknown([process[side] for side in SIDES]) or UNKNOWN in (
        data.get("columns"),
        data.get("column_sql"),
    ):
        return dict(data)
    ordered = {side: _in_order(process[side], _references(former.get(side), place)) for side in SIDES}
    inputs, outputs = (Tables(qualified_names_in(ordered[side])) for side in SIDES)
    columns = resolve_columns(_given(data, "columns"), inputs, outputs)
    sql = resolve_sql(_given(data, "column_sql"), columns, outputs)
    return shorten_process(process, ordered, columns, sql, place)


def shorten_process(
    process: Props,
    sides: Mapping[str, list[Props]],
    columns: Mapping[str, Any],
    sql: Mapping[str, Any],
    place: SetLocation,
) -> Props:
    """Return a process, its columns, and their SQL in short form.

    Args:
        process: The inputs of a `Process`.
        sides: Its inputs and outputs, in the order to keep.
        columns: Output column -> input columns, by qualifiedName.
        sql: Output column -> SQL.
        place: The location of the set.
    """
    inputs, outputs = (Tables(qualified_names_in(sides[side])) for side in SIDES)
    left_out = {"connection", "process_id", "qualified_name", "managed_by", *SIDES}
    short = {name: value for name, value in process.items() if name not in left_out and value is not None}
    if short.get("name") == process["process_id"]:
        short.pop("name")
    short |= {side: one_or_many([place.paths.short(each) for each in sides[side]]) for side in SIDES}
    short |= {"columns": shorten_columns(columns, inputs, outputs)} if columns else {}
    return short | ({"column_sql": {outputs.shorten(each): sql[each] for each in sorted(sql)}} if sql else {})


def is_declaration(short: Mapping[str, Any]) -> bool:
    """Return whether the short form of a process means the same as a declaration.

    With several tables on a side, `COLUMN` is a column of the first one in short form, and ambiguous in a
    declaration.
    """
    return not any(isinstance(short[side], list) for side in SIDES)


def _in_order(references: list[Props], former: Any) -> list[Props]:
    before = former if isinstance(former, list) else []
    kept = [each for each in before if each in references]
    return [*kept, *(each for each in references if each not in kept)]


class ExpandedProcess(NamedTuple):
    """A process of a set as entities in Atlan."""

    process: Props
    """The inputs of the `Process`, with the `qualified_name`."""
    columns: list[Props]
    """The inputs of the `ColumnProcess`es, with their `qualified_name`s."""


_Form = tuple[Mapping[str, Any], str, str | None, Any]
"""A process in short form, and what else decides its entities: the base, the template, and the mark."""


class Expansions:
    """Expands processes, and remembers the last two forms of each: before and after a change.

    A check, a diff, and an update of the same resource expand the same thousands of processes.
    """

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], list[tuple[_Form, ExpandedProcess | None]]] = {}

    def expand(
        self, process_id: str, short: Mapping[str, Any], place: SetLocation, template: str | None, mark: Any
    ) -> ExpandedProcess | None:
        """Return the result of `expand_process`, which must not be changed."""
        form = (short, place.paths.base, template, mark)
        known = self._made.get((place.connection, process_id), [])
        for former, made in known:
            if former == form:
                return made
        made = expand_process(process_id, short, place, template, mark)
        self._made[place.connection, process_id] = [(form, made), *known[:1]]
        return made


def expand_process(
    process_id: str, short: Mapping[str, Any], place: SetLocation, template: str | None, mark: Any
) -> ExpandedProcess | None:
    """Return the entities of a process in short form; None while they are unknown."""
    columns, sql = _given(short, "columns"), _given(short, "column_sql")
    process = as_process(process_id, short, place)
    if not _is_known(short):
        return None
    inputs, outputs = (Tables(qualified_names_in(process[side])) for side in SIDES)
    marked = {} if mark is None else {"managed_by": mark}
    process |= {side: as_set(process[side]) for side in SIDES} | marked
    process["qualified_name"] = below_connection(place.connection, process_id)
    full = expand_columns(columns, inputs, outputs)
    texts = {outputs.expand(target): text for target, text in sql.items()}
    ids = column_ids(full)
    above = {"type_name": "Process", "qualified_name": process["qualified_name"]}
    below = [
        column_process(above, ids[target], target, sources, template)
        | ({"sql": texts[target]} if target in texts else {})
        | marked
        for target, sources in known_columns(full).items()
    ]
    return ExpandedProcess(process, below)


def _is_known(short: Mapping[str, Any]) -> bool:
    """Return whether a process is known, except for the sources of some columns."""
    rest = (value for name, value in short.items() if name not in {"columns", "column_sql"})
    return UNKNOWN not in (short.get("columns"), short.get("column_sql")) and not has_unknown(list(rest))


def entity_names(
    process_id: str, short: Mapping[str, Any], place: SetLocation
) -> tuple[str, list[str]] | None:
    """Return the qualifiedNames of what `expand_process` returns, without the rest, which takes longer."""
    if not _is_known(short):
        return None
    outputs = Tables(qualified_names_in(_references(short["outputs"], place)))
    full = {outputs.expand(target): sources for target, sources in _given(short, "columns").items()}
    process = below_connection(place.connection, process_id)
    known = known_columns(full).keys()
    columns = [f"{process}/{BELOW}/{id_}" for target, id_ in column_ids(full).items() if target in known]
    return process, columns
