"""Processes in their one plain form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.lineage_data._problems import (
    InvalidDataError,
    kind,
    located,
    refuse_data,
    shown,
    shown_all,
    text_of,
    unreadable,
)
from atlan_pulumi.naming import asset_types, table_of
from atlan_pulumi.text import did_you_mean

TABLE = "Table"
_KEYS = ["type_name", "qualified_name"]
_MUST_TABLE = "a table: a text, or a mapping of type_name and qualified_name"
_MUST = "an input column, or a list of them"
Lineage = dict[str, dict[str, Any]]
"""Process id to process, in the plain form."""

_WRAPPER = "processes"
_OWN = ["inputs", "outputs", "columns", "column_sql"]


def plain_table(value: Any) -> Any:
    """A table in its plain form: a text for a `Table`, else its type and its name.

    Raises:
        InvalidDataError: It is no table.
    """
    if isinstance(value, str):
        return text_of(value, _MUST_TABLE)
    if not isinstance(value, Mapping):
        refuse_data(value, _MUST_TABLE)
        return value
    for key in value:
        if key not in _KEYS:
            raise InvalidDataError(f"there is no {shown(key)} in a table{did_you_mean(key, _KEYS)}")
    type_name, name = (_part(value, key) for key in _KEYS)
    if isinstance(type_name, str):
        refuse_type(type_name)
    return reference(type_name, name) if isinstance(name, str) else dict(value)


def _part(table: Mapping[str, Any], key: str) -> Any:
    if key not in table:
        raise InvalidDataError(f"has no {key}; give type_name and qualified_name")
    with located(key):
        return text_of(table[key], "a text")


def reference(type_name: Any, name: str) -> str | dict[str, Any]:
    """The plain form of a table of a type and a name."""
    return name if type_name == TABLE else {"type_name": type_name, "qualified_name": name}


def name_of(table: Any) -> Any:
    """The name of a table in its plain form."""
    return table["qualified_name"] if isinstance(table, dict) else table


def refuse_type(type_name: str) -> None:
    """Refuse a typeName that Atlan does not know.

    Raises:
        InvalidDataError: There is no such type.
    """
    if not asset_types.is_asset_type(type_name):
        near = did_you_mean(type_name, asset_types.type_names())
        raise InvalidDataError(
            f"{shown(type_name)} is not a type of Atlan's, such as 'Table' (case matters){near}"
        )


@dataclass(frozen=True)
class Side:
    """The inputs of a process, or its outputs.

    Attributes:
        label: `inputs` or `outputs`.
        tables: The tables in the plain form, or a value that is not known yet.
        names: The names of those tables whose names are known.
        is_open: Whether there may be tables whose names are not known.
    """

    label: str
    tables: Any
    names: frozenset[str]
    is_open: bool

    def column(self, text: str) -> str:
        """The one text for a column: bare where there is one table, else `<table>/<column>`.

        Raises:
            InvalidDataError: It does not tell which of the tables it is of.
        """
        table = table_of(text, self.names)
        if len(self.names) == 1 and not self.is_open:
            return self._bare(text, table)
        if table or self.is_open:
            return text
        above = text.rpartition("/")[0]
        ending = [name for name in self.names if name.endswith(f"/{above}")]
        if len(ending) == 1:  # led by the end of a table's name, as a ColumnLineage takes it too
            return f"{ending[0]}/{text[len(above) + 1 :]}"
        near = did_you_mean(above, list(self.names))
        tables = shown_all(sorted(self.names))
        raise InvalidDataError(
            f"names no table of the {self.label} ({tables}); write it as <table>/<column>{near}"
        )

    def _bare(self, text: str, table: str) -> str:
        column = text[len(table) + 1 :] if table else text
        # A column whose own name begins like its table's would be another one if it stood bare.
        return text if table_of(column, self.names) else column


def read_side(process: Mapping[str, Any], label: str) -> Side:
    """A side of a process, its tables checked.

    Raises:
        InvalidDataError: It is missing, or something that stands there is no table, or is there twice.
    """
    if label not in process:
        raise InvalidDataError(f"{label} is missing; give a table, or a list of tables")
    value = process[label]
    if isinstance(value, (str, Mapping)):
        value = [value]
    with located(label):
        if not isinstance(value, (list, tuple)):
            refuse_data(value, "a table, or a list of tables")
            return Side(label, value, frozenset(), is_open=True)
        if not value:
            raise InvalidDataError("is empty; give at least one table")
    tables = []
    for number, item in enumerate(value):
        with located(f"{label}[{number}]"):
            tables.append(plain_table(item))
    return _side(label, tables)


def _side(label: str, tables: list[Any]) -> Side:
    names: set[str] = set()
    for number, name in enumerate(map(name_of, tables)):
        if isinstance(name, str):
            if name in names:
                raise InvalidDataError(f"{label}[{number}]: {shown(name)} is there already; take one out")
            names.add(name)
    return Side(label, tables, frozenset(names), is_open=len(names) < len(tables))


def plain_columns(value: Any, inputs: Side, outputs: Side) -> Any:
    """Each output column with the list of its input columns.

    Raises:
        InvalidDataError: A column is of none of the tables, or is there twice, or has no input columns.
    """
    if not isinstance(value, Mapping):
        refuse_data(value, "a mapping of output columns to input columns")
        return value
    found: dict[str, Any] = {}
    for text, target in _targets(value, outputs):
        with located(shown(text)):
            found[target] = _sources(value[text], inputs)
    return found


def plain_column_sql(value: Any, columns: Any, outputs: Side) -> Any:
    """Each output column with its SQL.

    Raises:
        InvalidDataError: A column has no input columns, or is there twice, or its SQL is no text.
    """
    if not isinstance(value, Mapping):
        refuse_data(value, "a mapping of output columns to SQL")
        return value
    found: dict[str, Any] = {}
    for text, target in _targets(value, outputs):
        with located(shown(text)):
            if isinstance(columns, dict) and target not in columns:
                near = did_you_mean(target, list(columns))
                raise InvalidDataError(
                    f"there is no such output column in columns ({shown_all(columns)}){near}"
                )
            found[target] = text_of(value[text], "a text")
    return found


def _targets(value: Mapping[Any, Any], outputs: Side) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for text in value:
        with located(shown(text)):
            target = outputs.column(text_of(text, "an output column"))
            if target in seen:
                raise InvalidDataError("is there twice, written in two ways; take one out")
        seen.add(target)
        yield text, target


def _sources(value: Any, inputs: Side) -> Any:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)):
        refuse_data(value, _MUST)
        return value
    if not value:
        raise InvalidDataError("has no input columns; give at least one, or leave it out")
    sources: list[Any] = []
    seen: set[str] = set()
    for item in value:
        source = _source(item, inputs)
        if isinstance(source, str):
            if source in seen:
                raise InvalidDataError(f"{shown(item)} is there twice; take one out")
            seen.add(source)
        sources.append(source)
    return sources


def _source(item: Any, inputs: Side) -> Any:
    text = text_of(item, "an input column")
    if not isinstance(text, str):
        return text
    with located(shown(text)):
        return inputs.column(text)


def plain_lineage(
    processes: Mapping[Any, Any], where: str, lines: Mapping[str, int] | None = None
) -> Lineage:
    """Each process in the plain form.

    Args:
        processes: Process id to process.
        where: What to call the source in an error.
        lines: The lines in which the processes begin, by their ids, where they are known.

    Raises:
        LineageDataError: Something in it is wrong.
    """
    found: Lineage = {}
    line = None
    try:
        for process_id, process in processes.items():
            line = (lines or {}).get(str(process_id))
            with located(f"process {shown(process_id)}"):
                text_of(process_id, "a text")
                found[process_id] = _plain_process(process)
    except InvalidDataError as problem:
        raise unreadable(where, f"{problem} (line {line})" if line else problem) from None
    return found


def processes_in(data: object, where: str) -> Mapping[Any, Any]:
    """The processes of a mapping: itself, or what it holds as `processes`.

    Raises:
        LineageDataError: It is no mapping, or holds something beside.
    """
    if isinstance(data, Mapping) and _WRAPPER in data and not _is_process(data[_WRAPPER]):
        beside = next((key for key in data if key != _WRAPPER), None)
        if beside is not None:
            reason = f"{shown(beside)} stands beside 'processes'; move it below, or take it out"
            raise unreadable(where, reason)
        data = data[_WRAPPER]
    if not isinstance(data, Mapping):
        raise unreadable(where, f"it is {kind(data)}, and must map the id of each process to the process")
    if not data:
        raise unreadable(where, "there is no process in it")
    return data


def _is_process(value: object) -> bool:
    return isinstance(value, Mapping) and "inputs" in value and "outputs" in value


def _plain_process(value: Any) -> dict[str, Any]:
    process = _given(value)
    inputs, outputs = read_side(process, "inputs"), read_side(process, "outputs")
    plain = {**process, "inputs": inputs.tables, "outputs": outputs.tables}
    with located("columns"):
        plain["columns"] = plain_columns(process.get("columns", {}), inputs, outputs)
    with located("column_sql"):
        sql = plain_column_sql(plain.pop("column_sql", {}), plain["columns"], outputs)
    # What is a mapping here may be empty; what is not, is not known yet, and has no truth either.
    return plain if sql == {} else {**plain, "column_sql": sql}


def _given(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidDataError(f"is {kind(value)}, and must be a mapping with inputs and outputs")
    for key in value:
        if not isinstance(key, str):
            raise InvalidDataError(f"{shown(key)} is {kind(key)}, and must be the name of an attribute")
        # Any other name may be an attribute of a process; one that is nearly ours is a slip.
        near = "" if key in _OWN else did_you_mean(key, _OWN)
        if near:
            raise InvalidDataError(f"there is no {shown(key)}{near}")
    # Empty, as YAML and JSON say it, is the same as not given.
    process = {key: item for key, item in value.items() if item is not None}
    with located("name"):
        text_of(process.get("name", "not given"), "a text")
    return process
