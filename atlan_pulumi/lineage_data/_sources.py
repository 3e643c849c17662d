"""Read lineage from any source. YAML and JSON with duplicate keys are refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.lineage_data._csv import rows_of_csv
from atlan_pulumi.lineage_data._normalize import Lineage, normalize_lineage, processes_in
from atlan_pulumi.lineage_data._problems import format_value, source_error, type_in_words
from atlan_pulumi.lineage_data._process_rows import processes_of_rows
from atlan_pulumi.lineage_data._rows import rows_from
from atlan_pulumi.not_text import problem_of_text
from atlan_pulumi.text import did_you_mean

_DEEP = "nested too deeply"
_SOURCES = "a mapping, the path of a file, a list of records, or a pandas, polars, or pyarrow data frame"


class Document(NamedTuple):
    """The content of a file."""

    data: Any
    lines: Mapping[str, int]
    """The line of each key that may be a process id, if known."""


class _BadValueError(Exception):
    """A value that is invalid for its YAML type, such as month 13."""


def load_json(text: str, where: str) -> Any:
    """Parse a JSON text.

    Raises:
        LineageDataError: The text is not valid JSON, or a key is a duplicate.
    """

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in items:
            if key in found:
                reason = f"duplicate key {format_value(key)}; remove one"
                raise source_error(where, reason + _at_second(key, text))
            found[key] = value
        return found

    try:
        return json.loads(text, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise source_error(where, f"line {error.lineno}: invalid JSON: {error.msg}") from None
    except ValueError as error:  # a number of thousands of digits
        raise source_error(where, f"invalid JSON: {_short(error)}") from None
    except RecursionError:
        raise source_error(where, _DEEP) from None


def _at_second(key: str, text: str) -> str:
    """Return the location of the second of two equal keys, or nothing if the text has more of them."""
    found = [
        each.start() for each in re.finditer(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:", text)
    ]
    return _at_line(text, found[1]) if len(found) == 2 else ""  # noqa: PLR2004 - the two


def _at_line(text: str, position: int) -> str:
    return f" (line {text.count(chr(10), 0, position) + 1})"


def _short(error: Exception) -> str:
    """Return the first sentence of an interpreter error, on one line."""
    return " ".join(str(error).partition(";")[0].split())


def load_yaml(text: str, where: str) -> Document:
    """Parse a YAML text.

    Raises:
        LineageDataError: The text is not valid YAML, a key is a duplicate, or PyYAML is not installed.
    """
    try:
        import yaml  # noqa: PLC0415 - the extra may be absent
    except ImportError:
        reason = "reading YAML requires PyYAML: pip install 'atlan-pulumi[cli]', or use JSON"
        raise source_error(where, reason) from None
    loader: Any = None
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        _locate_values(loader)
        root = loader.get_single_node()
        _refuse_duplicate_keys(root, where)
        data = None if root is None else loader.construct_document(root)
        return Document(data, dict(_lines_of_keys(root)))
    except yaml.MarkedYAMLError as error:
        raise source_error(where, f"line {_line(error)}: invalid YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError, _BadValueError) as error:
        position = getattr(error, "position", None)  # of a character that YAML does not allow
        place = "" if position is None else _at_line(text, position)
        raise source_error(where, f"invalid YAML: {_one_line(error)}{place}") from None
    except RecursionError:
        raise source_error(where, _DEEP) from None
    finally:
        if loader is not None:
            loader.dispose()


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _locate_values(loader: Any) -> None:
    """Add the line to errors about invalid values."""
    construct = loader.construct_object

    def located(node: Any, deep: bool = False) -> Any:
        try:
            return construct(node, deep=deep)
        except ValueError as error:
            raise _BadValueError(f"{_short(error)} (line {node.start_mark.line + 1})") from None

    loader.construct_object = located


def _lines_of_keys(root: Any) -> Iterator[tuple[str, int]]:
    """Yield the keys of a mapping and of the mappings in it, with their lines."""
    for _, value in _pairs(root):
        for inner, _ in _pairs(value):
            yield str(inner.value), inner.start_mark.line + 1
    for key, _ in _pairs(root):
        yield str(key.value), key.start_mark.line + 1


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    value = getattr(node, "value", None)
    return [item for item in value if isinstance(item, tuple)] if isinstance(value, list) else []


def _line(error: Any) -> int:
    mark = error.problem_mark or error.context_mark
    return int(mark.line) + 1


def _refuse_duplicate_keys(root: Any, where: str) -> None:
    # PyYAML silently keeps only the last of two entries with the same key.
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or not isinstance(getattr(node, "value", None), list):
            continue
        seen.add(id(node))  # an alias leads to the same node again
        pairs = [item for item in node.value if isinstance(item, tuple)]
        _refuse_duplicate_key([key for key, _ in pairs], where)
        waiting += [value for _, value in pairs] or node.value


def _refuse_duplicate_key(keys: list[Any], where: str) -> None:
    seen = set()
    for key in keys:
        name = (key.tag, str(key.value))
        if name in seen:
            reason = f"duplicate key {format_value(key.value)}; remove one"
            raise source_error(where, f"line {key.start_mark.line + 1}: {reason}")
        seen.add(name)


def read_file(path: Path) -> Lineage:
    """Return the normalized processes of a file.

    Raises:
        LineageDataError: The file cannot be read, or its content is invalid.
    """
    if problem := problem_of_text(str(path)):
        raise LineageDataError(f"cannot read lineage: the path {problem}")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        near = did_you_mean(path.suffix, list(_READERS))
        reason = f"the file name must end in one of {', '.join(_READERS)}{near}"
        raise source_error(format_value(str(path)), reason)
    where = str(path)
    text = read_text(path, where)
    if not text.strip():
        raise source_error(where, "the file is empty")
    return reader(text, where, path.parent)


def read_text(path: Path, where: str) -> str:
    """Return the text of a file.

    Raises:
        LineageDataError: The file cannot be read, or is not UTF-8.
    """
    try:
        # Not `read_text`, which changes the line ends within CSV cells.
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise source_error(where, f"line {line}: not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise source_error(where, error.strerror or error) from None
    except ValueError as error:  # a path with a null character
        raise source_error(where, error) from None


def _yaml(text: str, where: str, folder: Path) -> Lineage:
    data, lines = load_yaml(text, where)
    return normalize_lineage(processes_in(data, where), where, lines, folder)


def _json(text: str, where: str, folder: Path) -> Lineage:
    return normalize_lineage(processes_in(load_json(text, where), where), where, folder=folder)


def _csv(text: str, where: str, folder: Path) -> Lineage:
    return normalize_lineage(processes_of_rows(rows_of_csv(text, where), where), where, folder=folder)


_READERS: dict[str, Callable[[str, str, Path], Lineage]] = {
    ".yaml": _yaml,
    ".yml": _yaml,
    ".json": _json,
    ".csv": _csv,
}


def read_lineage(source: object) -> Lineage:
    """Read lineage from a source, and return the normalized processes.

    Each process has `inputs` and `outputs` (lists of tables), `columns` (each output column with the list of
    its input columns), `column_sql` if any, and its other attributes unchanged. A column is `<column>` if its
    side has one table, otherwise `<table>/<column>`. If a process has `sql`, or a `sql_file` whose text
    becomes its `sql`, tables and columns may be missing: the SQL decides them. Normalized lineage is returned
    unchanged.

    Args:
        source: A mapping of process id to process; the path of a `.yaml`, `.yml`, `.json`, or `.csv` file; a
            sequence of records with the columns of the CSV; or a pandas, polars, or pyarrow data frame with
            such rows.

    Raises:
        LineageDataError: The source cannot be read or is invalid. The message names the location.

    Example:
        >>> read_lineage({"load": {"inputs": "RAW/A", "outputs": "MART/A", "columns": {"ID": "RAW/A/ID"}}})
        {'load': {'inputs': ['RAW/A'], 'outputs': ['MART/A'], 'columns': {'ID': ['ID']}}}
    """
    if isinstance(source, (str, Path)):
        return read_file(Path(source))
    if isinstance(source, Mapping):
        return normalize_lineage(processes_in(source, "the mapping"), "the mapping")
    found = rows_from(source)
    if found is None:
        raise LineageDataError(f"cannot read lineage: expected {_SOURCES}, got {type_in_words(source)}")
    return normalize_lineage(processes_of_rows(*found), found.where)
