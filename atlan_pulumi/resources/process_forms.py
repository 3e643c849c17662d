"""One process of a `ProcessSet`: as an author gives it, in short form, and as what it makes in Atlan."""

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
    plain,
    problems_of,
)
from atlan_pulumi.naming import CONNECTOR_CATEGORIES, Tables, below_connection, column_ids
from atlan_pulumi.resources.column_mapping import (
    Sources,
    column_process,
    in_full,
    known,
    lengthened,
    problems,
    shortened,
    sql_in_full,
    sql_problems,
)
from atlan_pulumi.resources.process import ProcessInputs

_TABLE = "Table"
_OF_CONNECTION = 3
"""Segments of a connection's qualifiedName."""
_EPOCH = re.compile(r"[^/]+/[^/]+/[0-9]{9,}/")
SIDES = ("inputs", "outputs")
_NOT_ATTRIBUTES = (*SIDES, "columns", "column_sql")
_OF_THE_SET = ("adopt", "connection", "delete_type", "force_destroy", "managed_by", "process_id")


class Paths:
    """Names below a base."""

    def __init__(self, base: str) -> None:
        """Set up.

        Args:
            base: A qualifiedName, such as that of a connection or of a database.
        """
        self._base = base

    def reference(self, given: Any) -> Any:
        """What an author or a state gives for a table, as a reference; other references as they are."""
        if isinstance(given, str):
            return {"type_name": _TABLE, "qualified_name": self._long(given)}
        if isinstance(given, Mapping) and isinstance(name := given.get("qualified_name"), str):
            return {**given, "qualified_name": self._long(name)}
        return given

    def short(self, reference: Any) -> Any:
        """A reference in short form: a path alone for a `Table`."""
        name = _name(reference)
        if not isinstance(name, str):
            return reference
        path = name.removeprefix(f"{self._base}/")
        path = path if self._long(path) == name else name
        return path if reference["type_name"] == _TABLE else {**reference, "qualified_name": path}

    def _long(self, text: str) -> str:
        """A text that begins like the qualifiedName of a connection is one."""
        return text if text.startswith(f"{self._base}/") or _is_whole(text) else f"{self._base}/{text}"


def _is_whole(text: str) -> bool:
    """Whether it begins like a connection: with the epoch that Atlan gives it, or with a known connector."""
    segments = text.split("/")
    known = len(segments) > _OF_CONNECTION and segments[1] in CONNECTOR_CATEGORIES
    return known or bool(_EPOCH.match(text))


def as_given(value: Any) -> list[Any]:
    """One table or several, as several."""
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def one_or_many(values: Sequence[Any]) -> Any:
    """Several values as they are, a single one alone."""
    return values[0] if len(values) == 1 and values[0] is not UNKNOWN else list(values)


def names_of(references: Sequence[Props]) -> list[str]:
    """The qualifiedNames among references."""
    return [name for each in references if isinstance(name := _name(each), str)]


def _name(reference: Any) -> Any:
    return reference.get("qualified_name") if isinstance(reference, Mapping) else None


class ProcessData(Inputs):
    """What is given of one process, validated as far as it is not a `Process`'s own attribute."""

    model_config = ConfigDict(extra="allow")

    inputs: Annotated[list[Any], BeforeValidator(as_given)]
    outputs: Annotated[list[Any], BeforeValidator(as_given)]
    columns: dict[str, Sources] | None = None
    column_sql: dict[str, Annotated[Text, Element]] | None = None


class Place(NamedTuple):
    """Where the processes of a set lie."""

    connection: str
    paths: Paths


def as_process(process_id: str, data: Mapping[str, Any], place: Place) -> Props:
    """The inputs that a `Process` of these data would have."""
    attributes = {name: value for name, value in data.items() if name not in _NOT_ATTRIBUTES}
    sides = {side: _references(data[side], place) for side in SIDES}
    return {
        "name": process_id,
        **attributes,
        "connection": place.connection,
        "process_id": process_id,
        **sides,
    }


def _references(given: Any, place: Place) -> Any:
    if given is UNKNOWN:
        return UNKNOWN
    return [each if each is UNKNOWN else place.paths.reference(each) for each in as_given(given)]


def mistakes_in(process_id: str, data: Mapping[str, Any], place: Place) -> Iterator[InputProblem]:
    """What is wrong with one process."""
    for name in _OF_THE_SET:
        if name in data:
            yield InputProblem(
                "processes", f"{process_id!r}: {name}: cannot be given for one process of many"
            )
    try:
        process = ProcessInputs.model_validate(as_process(process_id, data, place))
    except ValidationError as error:
        found = problems_of(error, ProcessInputs)
    else:
        found = list(process.contradictions())
        sides = [plain(process)[side] for side in SIDES]
        if not has_unknown(sides):
            found += _column_problems(data, *(Tables(names_of(side)) for side in sides))
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
    """A mapping, which may be unknown; empty where it is not given."""
    return {} if data.get(name) is None else data[name]


def short_form(process_id: str, data: Mapping[str, Any], place: Place, former: Mapping[str, Any]) -> Props:
    """The data in short form; tables that were there before keep their place."""
    process = plain(ProcessInputs.model_validate(as_process(process_id, data, place)))
    if has_unknown([process[side] for side in SIDES]) or UNKNOWN in (
        data.get("columns"),
        data.get("column_sql"),
    ):
        return dict(data)
    ordered = {side: _in_order(process[side], _references(former.get(side), place)) for side in SIDES}
    inputs, outputs = (Tables(names_of(ordered[side])) for side in SIDES)
    columns = in_full(_given(data, "columns"), inputs, outputs)
    sql = sql_in_full(_given(data, "column_sql"), columns, outputs)
    return shorten(process, ordered, columns, sql, place)


def shorten(
    process: Props,
    sides: Mapping[str, list[Props]],
    columns: Mapping[str, Any],
    sql: Mapping[str, Any],
    place: Place,
) -> Props:
    """A process, its columns and their SQL in short form.

    Args:
        process: The inputs of a `Process`.
        sides: Its inputs and outputs, in the order in which they are kept.
        columns: Output column -> input columns, by qualifiedName.
        sql: Output column -> SQL.
        place: Where it lies.
    """
    inputs, outputs = (Tables(names_of(sides[side])) for side in SIDES)
    left_out = {"connection", "process_id", "qualified_name", "managed_by", *SIDES}
    short = {name: value for name, value in process.items() if name not in left_out and value is not None}
    if short.get("name") == process["process_id"]:
        short.pop("name")
    short |= {side: one_or_many([place.paths.short(each) for each in sides[side]]) for side in SIDES}
    short |= {"columns": shortened(columns, inputs, outputs)} if columns else {}
    return short | ({"column_sql": {outputs.shorten(each): sql[each] for each in sorted(sql)}} if sql else {})


def _in_order(references: list[Props], former: Any) -> list[Props]:
    before = former if isinstance(former, list) else []
    kept = [each for each in before if each in references]
    return [*kept, *(each for each in references if each not in kept)]


class ExpandedProcess(NamedTuple):
    """A process of a set as what it makes in Atlan."""

    process: Props
    """As a `Process`, with the `qualified_name`."""
    columns: list[Props]
    """As `ColumnProcess`es, with their `qualified_name`s."""


def whole(
    process_id: str, short: Mapping[str, Any], place: Place, template: str | None, mark: Any
) -> ExpandedProcess | None:
    """What a process in short form makes; None while that is not known."""
    columns, sql = _given(short, "columns"), _given(short, "column_sql")
    process = as_process(process_id, short, place)
    if columns is UNKNOWN or sql is UNKNOWN or has_unknown(process):
        return None
    inputs, outputs = (Tables(names_of(process[side])) for side in SIDES)
    marked = {} if mark is None else {"managed_by": mark}
    process |= {side: as_set(process[side]) for side in SIDES} | marked
    process["qualified_name"] = below_connection(place.connection, process_id)
    full = lengthened(columns, inputs, outputs)
    texts = {outputs.expand(target): text for target, text in sql.items()}
    ids = column_ids(full)
    above = {"type_name": "Process", "qualified_name": process["qualified_name"]}
    below = [
        column_process(above, ids[target], target, sources, template)
        | ({"sql": texts[target]} if target in texts else {})
        | marked
        for target, sources in known(full).items()
    ]
    return ExpandedProcess(process, below)
