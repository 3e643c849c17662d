"""SQL of processes in files next to the data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from atlan_pulumi.lineage_data._problems import InvalidDataError, format_value, located, type_in_words


class FileText(str):
    """The text of a file.

    Attributes:
        path: The path of the file, for messages.
    """

    path: str = ""


def _shown(path: Path) -> str:
    """Return a path, relative to the current folder if it is below it."""
    absolute, here = path.absolute(), Path.cwd()
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else path).as_posix()


def with_sql_of_file(process: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return a process with the text of its `sql_file` as `sql`.

    Args:
        process: The process.
        folder: The folder to which the path is relative.

    Raises:
        InvalidDataError: The file cannot be read, or the process has `sql` as well.
    """
    if "sql_file" not in process:
        return process
    with located("sql_file"):
        if "sql" in process:
            raise InvalidDataError("sql is set as well; remove one")
        path = process["sql_file"]
        if not isinstance(path, (str, Path)):
            raise InvalidDataError(f"expected the path of a file, got {type_in_words(path)}")
        text = FileText(_read(folder / path))
        text.path = _shown(folder / path)
    return {**{name: value for name, value in process.items() if name != "sql_file"}, "sql": text}


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidDataError(f"{format_value(str(path))} is not UTF-8; save the file as UTF-8") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidDataError(f"cannot read {format_value(str(path))}: {reason}") from None
