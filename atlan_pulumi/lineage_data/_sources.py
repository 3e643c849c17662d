"""read_lineage: which reader a source needs; YAML and JSON without repeated keys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.lineage_data._gather import gathered
from atlan_pulumi.lineage_data._plain import Lineage, plain_lineage, processes_in
from atlan_pulumi.lineage_data._problems import kind, shown, unreadable
from atlan_pulumi.lineage_data._rows import rows_of, rows_of_csv
from atlan_pulumi.not_text import problem_of_text
from atlan_pulumi.text import did_you_mean

_DEEP = "it is nested too deeply"
_TAKEN = "a mapping, the path of a file, a list of records, or a data frame of pandas, polars or pyarrow"


class Document(NamedTuple):
    """What a file holds."""

    data: Any
    lines: Mapping[str, int]
    """The lines of the keys that may be the ids of processes, as far as they are known."""


class _BadValueError(Exception):
    """A value that its YAML type does not allow, such as the 13th month."""


def load_json(text: str, where: str) -> Any:
    """The data of a JSON text.

    Raises:
        LineageDataError: It is not JSON, or a key is there twice.
    """

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in items:
            if key in found:
                reason = f"{shown(key)} is there twice; take one out"
                raise unreadable(where, reason + _at_second(key, text))
            found[key] = value
        return found

    try:
        return json.loads(text, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise unreadable(where, f"line {error.lineno} is not JSON: {error.msg}") from None
    except ValueError as error:  # a number of thousands of digits
        raise unreadable(where, f"it is not JSON: {_short(error)}") from None
    except RecursionError:
        raise unreadable(where, _DEEP) from None


def _at_second(key: str, text: str) -> str:
    """The place of the second of two equal keys; nothing where the text has more of them."""
    found = [
        each.start() for each in re.finditer(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:", text)
    ]
    return _at_line(text, found[1]) if len(found) == 2 else ""  # noqa: PLR2004 - the two


def _at_line(text: str, position: int) -> str:
    return f" (line {text.count(chr(10), 0, position) + 1})"


def _short(error: Exception) -> str:
    """The first sentence of an error of the interpreter, in one line."""
    return " ".join(str(error).partition(";")[0].split())


def load_yaml(text: str, where: str) -> Document:
    """The data of a YAML text.

    Raises:
        LineageDataError: It is not YAML, or a key is there twice, or no reader of YAML is installed.
    """
    try:
        import yaml  # noqa: PLC0415 - the extra may be absent
    except ImportError:
        reason = "reading YAML needs PyYAML: pip install 'atlan-pulumi[cli]', or write it as JSON"
        raise unreadable(where, reason) from None
    loader: Any = None
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        _locate_values(loader)
        root = loader.get_single_node()
        _refuse_twins(root, where)
        data = None if root is None else loader.construct_document(root)
        return Document(data, dict(_lines_of_keys(root)))
    except yaml.MarkedYAMLError as error:
        raise unreadable(where, f"line {_line(error)} is not YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError, _BadValueError) as error:
        position = getattr(error, "position", None)  # of a character that YAML does not allow
        place = "" if position is None else _at_line(text, position)
        raise unreadable(where, f"it is not YAML: {_one_line(error)}{place}") from None
    except RecursionError:
        raise unreadable(where, _DEEP) from None
    finally:
        if loader is not None:
            loader.dispose()


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _locate_values(loader: Any) -> None:
    """Let a value that cannot be constructed be refused with its line."""
    construct = loader.construct_object

    def located(node: Any, deep: bool = False) -> Any:
        try:
            return construct(node, deep=deep)
        except ValueError as error:
            raise _BadValueError(f"{_short(error)} (line {node.start_mark.line + 1})") from None

    loader.construct_object = located


def _lines_of_keys(root: Any) -> Iterator[tuple[str, int]]:
    """The lines of the keys of a mapping, and of the mappings in it."""
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


def _refuse_twins(root: Any, where: str) -> None:
    # PyYAML takes the last of two entries with one key: the other would be lost without a word.
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or not isinstance(getattr(node, "value", None), list):
            continue
        seen.add(id(node))  # an alias leads to the same node again
        pairs = [item for item in node.value if isinstance(item, tuple)]
        _refuse_twin([key for key, _ in pairs], where)
        waiting += [value for _, value in pairs] or node.value


def _refuse_twin(keys: list[Any], where: str) -> None:
    seen = set()
    for key in keys:
        name = (key.tag, str(key.value))
        if name in seen:
            reason = f"{shown(key.value)} is there twice; take one out"
            raise unreadable(where, f"line {key.start_mark.line + 1}: {reason}")
        seen.add(name)


def read_file(path: Path) -> Lineage:
    """The processes that a file tells of, in the plain form.

    Raises:
        LineageDataError: It cannot be read, or is not what its suffix says.
    """
    if problem := problem_of_text(str(path)):
        raise LineageDataError(f"cannot read lineage: the path {problem}")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        near = did_you_mean(path.suffix, list(_READERS))
        reason = f"the file must end in one of {', '.join(_READERS)}{near}"
        raise unreadable(shown(str(path)), reason)
    where = str(path)
    text = _text(path, where)
    if not text.strip():
        raise unreadable(where, "the file is empty")
    return reader(text, where)


def _text(path: Path, where: str) -> str:
    try:
        # Not `read_text`: it would change the line ends within the cells of a CSV.
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise unreadable(where, f"line {line} is not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise unreadable(where, error.strerror or error) from None
    except ValueError as error:  # a path with a null character
        raise unreadable(where, error) from None


def _yaml(text: str, where: str) -> Lineage:
    data, lines = load_yaml(text, where)
    return plain_lineage(processes_in(data, where), where, lines)


def _json(text: str, where: str) -> Lineage:
    return plain_lineage(processes_in(load_json(text, where), where), where)


def _csv(text: str, where: str) -> Lineage:
    return plain_lineage(gathered(rows_of_csv(text, where), where), where)


_READERS: dict[str, Callable[[str, str], Lineage]] = {
    ".yaml": _yaml,
    ".yml": _yaml,
    ".json": _json,
    ".csv": _csv,
}


def read_lineage(source: object) -> Lineage:
    """The processes that a source tells of, in the plain form.

    Each process has `inputs` and `outputs`, which are lists of tables; `columns`, which maps each output
    column to the list of its input columns; `column_sql` where there is any; and whatever else it was given,
    unchanged. A column stands bare where its side has one table, else as `<table>/<column>`. What is in the
    plain form already comes back equal.

    Args:
        source: A mapping of process id to process; the path of a `.yaml`, `.yml`, `.json` or `.csv` file; a
            sequence of records that are like the rows of the CSV; or a data frame of pandas, polars or
            pyarrow with such rows.

    Raises:
        LineageDataError: It cannot be read, or something in it is wrong; the message names the place.

    Example:
        >>> read_lineage({"load": {"inputs": "RAW/A", "outputs": "MART/A", "columns": {"ID": "RAW/A/ID"}}})
        {'load': {'inputs': ['RAW/A'], 'outputs': ['MART/A'], 'columns': {'ID': ['ID']}}}
    """
    if isinstance(source, (str, Path)):
        return read_file(Path(source))
    if isinstance(source, Mapping):
        return plain_lineage(processes_in(source, "the mapping"), "the mapping")
    found = rows_of(source)
    if found is None:
        raise LineageDataError(f"cannot read lineage: the source is {kind(source)}, and must be {_TAKEN}")
    return plain_lineage(gathered(*found), found.where)
