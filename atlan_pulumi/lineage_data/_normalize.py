"""Validate processes and normalize them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlan_pulumi.lineage_data._problems import (
    InvalidDataError,
    format_value,
    format_values,
    located,
    refuse_data,
    require_text,
    source_error,
    type_in_words,
)
from atlan_pulumi.lineage_data._sql_files import with_sql_of_file
from atlan_pulumi.naming import asset_types, table_of
from atlan_pulumi.text import did_you_mean

TABLE = "Table"
_KEYS = ["type_name", "qualified_name"]
_A_TABLE = "a table: a string, or a mapping with type_name and qualified_name"
_INPUT_COLUMNS = "an input column or a list of input columns"
Lineage = dict[str, dict[str, Any]]
"""Process id to normalized process."""

_WRAPPER = "processes"
_ATTRIBUTES = ["inputs", "outputs", "columns", "column_sql", "sql_file"]


def normalize_table(value: Any) -> Any:
    """Return a normalized table: a string for a `Table`, otherwise its type and name.

    Raises:
        InvalidDataError: The value is not a table.
    """
    if isinstance(value, str):
        return require_text(value, _A_TABLE)
    if not isinstance(value, Mapping):
        refuse_data(value, _A_TABLE)
        return value
    for key in value:
        if key not in _KEYS:
            raise InvalidDataError(f"unknown key {format_value(key)} of a table{did_you_mean(key, _KEYS)}")
    type_name, name = (_part(value, key) for key in _KEYS)
    if isinstance(type_name, str):
        refuse_type(type_name)
    return table_reference(type_name, name) if isinstance(name, str) else dict(value)


def _part(table: Mapping[str, Any], key: str) -> Any:
    if key not in table:
        raise InvalidDataError(f"{key} is missing; set type_name and qualified_name")
    with located(key):
        return require_text(table[key], "a string")


def table_reference(type_name: Any, name: str) -> str | dict[str, Any]:
    """Return the normalized table of a type and a name."""
    return name if type_name == TABLE else {"type_name": type_name, "qualified_name": name}


def table_name(table: Any) -> Any:
    """Return the name of a normalized table."""
    return table["qualified_name"] if isinstance(table, dict) else table


def refuse_type(type_name: str) -> None:
    """Check that Atlan has a type.

    Raises:
        InvalidDataError: The type is unknown.
    """
    if not asset_types.is_asset_type(type_name):
        near = did_you_mean(type_name, asset_types.type_names())
        raise InvalidDataError(
            f"{format_value(type_name)} is not an Atlan type such as 'Table' (case-sensitive){near}"
        )


@dataclass(frozen=True)
class ProcessSide:
    """The inputs or the outputs of a process.

    Attributes:
        label: `inputs` or `outputs`.
        tables: The normalized tables, or a value that is not known yet; None if the SQL decides them.
        names: The names of the tables, if known.
        is_open: Whether the names of some tables may be unknown.
    """

    label: str
    tables: Any
    names: frozenset[str]
    is_open: bool

    def column(self, text: str) -> str:
        """Return the normalized name of a column: `<column>` for one table, otherwise `<table>/<column>`.

        Raises:
            InvalidDataError: The table of the column is not clear.
        """
        table = table_of(text, self.names)
        if len(self.names) == 1 and not self.is_open:
            return self._bare(text, table)
        if table or self.is_open:
            return text
        above = text.rpartition("/")[0]
        ending = [name for name in self.names if name.endswith(f"/{above}")]
        if len(ending) == 1:  # the end of a table's name is enough, as in a ColumnLineage
            return f"{ending[0]}/{text[len(above) + 1 :]}"
        near = did_you_mean(above, list(self.names))
        tables = format_values(sorted(self.names))
        raise InvalidDataError(
            f"its table is not one of the {self.label} ({tables}); write <table>/<column>{near}"
        )

    def _bare(self, text: str, table: str) -> str:
        column = text[len(table) + 1 :] if table else text
        # Without the table, a column whose name starts with a table's name would be ambiguous.
        return text if table_of(column, self.names) else column


def read_side(process: Mapping[str, Any], label: str) -> ProcessSide:
    """Return one side of a process with normalized tables.

    Raises:
        InvalidDataError: The side is missing, or an item is a duplicate or not a table.
    """
    if label not in process:
        if "sql" in process:  # which decides it
            return ProcessSide(label, None, frozenset(), is_open=True)
        raise InvalidDataError(f"{label} is missing; set it to a table or a list of tables")
    value = process[label]
    if isinstance(value, (str, Mapping)):
        value = [value]
    with located(label):
        if not isinstance(value, (list, tuple)):
            refuse_data(value, "a table or a list of tables")
            return ProcessSide(label, value, frozenset(), is_open=True)
        if not value:
            raise InvalidDataError("is empty; add at least one table")
    tables = []
    for number, item in enumerate(value):
        with located(f"{label}[{number}]"):
            tables.append(normalize_table(item))
    return _side(label, tables)


def _side(label: str, tables: list[Any]) -> ProcessSide:
    names: set[str] = set()
    for number, name in enumerate(map(table_name, tables)):
        if isinstance(name, str):
            if name in names:
                raise InvalidDataError(f"{label}[{number}]: duplicate table {format_value(name)}; remove one")
            names.add(name)
    return ProcessSide(label, tables, frozenset(names), is_open=len(names) < len(tables))


def normalize_columns(value: Any, inputs: ProcessSide, outputs: ProcessSide) -> Any:
    """Return the mapping of output columns to lists of input columns.

    Raises:
        InvalidDataError: A column is a duplicate, has no input columns, or does not belong to a table.
    """
    if not isinstance(value, Mapping):
        refuse_data(value, "a mapping of output columns to input columns")
        return value
    found: dict[str, Any] = {}
    for text, target in _targets(value, outputs):
        with located(format_value(text)):
            found[target] = _sources(value[text], inputs)
    return found


def normalize_column_sql(value: Any, columns: Any, outputs: ProcessSide) -> Any:
    """Return the mapping of output columns to SQL.

    Raises:
        InvalidDataError: A column is a duplicate or has no input columns, or its SQL is not a string.
    """
    if not isinstance(value, Mapping):
        refuse_data(value, "a mapping of output columns to SQL")
        return value
    found: dict[str, Any] = {}
    for text, target in _targets(value, outputs):
        with located(format_value(text)):
            if isinstance(columns, dict) and target not in columns:
                near = did_you_mean(target, list(columns))
                raise InvalidDataError(f"not an output column in columns ({format_values(columns)}){near}")
            found[target] = require_text(value[text], "a string")
    return found


def _targets(value: Mapping[Any, Any], outputs: ProcessSide) -> Iterator[tuple[str, str]]:
    first: dict[str, str] = {}
    for text in value:
        with located(format_value(text)):
            target = outputs.column(require_text(text, "an output column"))
            if target in first:
                raise _duplicate_column(first[target], text)
        first[target] = text
        yield text, target


def _duplicate_column(first: str, second: str) -> InvalidDataError:
    if first == second:
        return InvalidDataError(f"duplicate column {format_value(first)}; remove one")
    return InvalidDataError(
        f"duplicate column ({format_value(first)} and {format_value(second)}); remove one"
    )


def _sources(value: Any, inputs: ProcessSide) -> Any:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)):
        refuse_data(value, _INPUT_COLUMNS)
        return value
    if not value:
        raise InvalidDataError("has no input columns; add at least one, or remove the column")
    sources: list[Any] = []
    first: dict[str, str] = {}
    for item in value:
        source = _source(item, inputs)
        if isinstance(source, str):
            if source in first:
                raise _duplicate_column(first[source], item)
            first[source] = item
        sources.append(source)
    return sources


def _source(item: Any, inputs: ProcessSide) -> Any:
    text = require_text(item, "an input column")
    if not isinstance(text, str):
        return text
    with located(format_value(text)):
        return inputs.column(text)


def normalize_lineage(
    processes: Mapping[Any, Any],
    where: str,
    lines: Mapping[str, int] | None = None,
    folder: Path = Path(),
) -> Lineage:
    """Return the normalized processes.

    Args:
        processes: Process id to process.
        where: The label of the source in errors.
        lines: Process id to the first line of the process, if known.
        folder: The folder to which paths of SQL files are relative.

    Raises:
        LineageDataError: A process is invalid.
    """
    found: Lineage = {}
    line = None
    try:
        for process_id, process in processes.items():
            line = (lines or {}).get(str(process_id))
            with located(f"process {format_value(process_id)}"):
                require_text(process_id, "a string")
                found[process_id] = _normalize_process(process, folder)
    except InvalidDataError as problem:
        raise source_error(where, f"{problem} (line {line})" if line else problem) from None
    return found


def processes_in(data: object, where: str) -> Mapping[Any, Any]:
    """Return the processes of a mapping: the mapping, or its value for `processes`.

    Raises:
        LineageDataError: The data is not a mapping, or has other keys next to `processes`.
    """
    if isinstance(data, Mapping) and _WRAPPER in data and not _is_process(data[_WRAPPER]):
        other = next((key for key in data if key != _WRAPPER), None)
        if other is not None:
            reason = f"unexpected key {format_value(other)} next to 'processes'"
            raise source_error(where, f"{reason}; move it into 'processes', or remove it")
        data = data[_WRAPPER]
    if not isinstance(data, Mapping):
        raise source_error(where, f"expected a mapping of process id to process, got {type_in_words(data)}")
    if not data:
        raise source_error(where, "no processes")
    return data


def _is_process(value: object) -> bool:
    if not isinstance(value, Mapping):
        return False
    return {"inputs", "outputs"} <= value.keys() or isinstance(value.get("sql_file"), (str, Path))


def _normalize_process(value: Any, folder: Path) -> dict[str, Any]:
    process = with_sql_of_file(_given(value), folder)
    inputs, outputs = read_side(process, "inputs"), read_side(process, "outputs")
    plain = {**process, **{side.label: side.tables for side in (inputs, outputs) if side.tables is not None}}
    if "columns" not in process and "sql" in process and None in (inputs.tables, outputs.tables):
        return plain  # the SQL decides the columns, too
    with located("columns"):
        plain["columns"] = normalize_columns(process.get("columns", {}), inputs, outputs)
    with located("column_sql"):
        sql = normalize_column_sql(plain.pop("column_sql", {}), plain["columns"], outputs)
    # An unknown value has no truth value, so compare.
    return plain if sql == {} else {**plain, "column_sql": sql}


def _given(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidDataError(f"expected a mapping with inputs and outputs, got {type_in_words(value)}")
    for key in value:
        if not isinstance(key, str):
            raise InvalidDataError(f"expected the name of an attribute, got {format_value(key)}")
        # Any other name may be an attribute of a process, but a similar name is a typo.
        near = "" if key in _ATTRIBUTES else did_you_mean(key, _ATTRIBUTES)
        if near:
            raise InvalidDataError(f"unknown attribute {format_value(key)}{near}")
    # `null` in YAML and JSON means unset.
    process = {key: item for key, item in value.items() if item is not None}
    with located("name"):
        require_text(process.get("name", "not given"), "a string")
    return process
