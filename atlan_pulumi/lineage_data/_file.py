"""Lineage in a file: YAML, JSON or CSV, by its suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from atlan_pulumi.lifecycle import did_you_mean, problem_of_text
from atlan_pulumi.lineage_data._csv import rows_of_csv
from atlan_pulumi.lineage_data._document import load_json, load_yaml
from atlan_pulumi.lineage_data._errors import LineageDataError, unreadable
from atlan_pulumi.lineage_data._gather import gathered
from atlan_pulumi.lineage_data._plain import Lineage, plain_lineage, processes_in
from atlan_pulumi.lineage_data._words import shown


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
