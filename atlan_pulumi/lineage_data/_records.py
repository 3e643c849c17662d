"""Records and data frames as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from atlan_pulumi.lineage_data._errors import FlawError, unreadable
from atlan_pulumi.lineage_data._header import columns_of
from atlan_pulumi.lineage_data._row import Row, filled
from atlan_pulumi.lineage_data._words import kind

_RECORDS = "the records"
_FRAME = "the data frame"


class _Kind(NamedTuple):
    """How a kind of data frame gives its records, and the names of its columns."""

    method: str
    arguments: tuple[str, ...]
    names: str


# Polars comes before pandas: its frames have a `to_dict` as well, which takes other arguments.
_KINDS = (
    _Kind("to_dicts", (), "columns"),  # polars
    _Kind("to_pylist", (), "column_names"),  # pyarrow
    _Kind("to_dict", ("records",), "columns"),  # pandas
)


class Rows(NamedTuple):
    """Rows, and what to call their source in an error."""

    rows: Iterator[Row]
    where: str


def rows_of(source: object) -> Rows | None:
    """The rows of a sequence of records or of a data frame; nothing where it is neither.

    Raises:
        LineageDataError: Their columns are not as they have to be.
    """
    for each in _KINDS:
        # The class is asked: an Output of Pulumi's would say that it has any attribute.
        if hasattr(type(source), each.method) and hasattr(source, each.names):
            return Rows(_of_frame(source, each), _FRAME)
    if isinstance(source, Sequence) and not isinstance(source, (str, bytes, bytearray)):
        return Rows(_of_records(source), _RECORDS)
    return None


def _of_frame(frame: Any, how: _Kind) -> Iterator[Row]:
    # Before the records: of two columns of one name, they hold only one.
    names = list(getattr(frame, how.names))
    columns = _columns(_FRAME, names)
    return _rows(_FRAME, columns, getattr(frame, how.method)(*how.arguments))


def _of_records(records: Sequence[Any]) -> Iterator[Row]:
    for number, record in enumerate(records, 1):
        if not isinstance(record, Mapping):
            raise unreadable(_RECORDS, f"row {number} is {kind(record)}, and must be a mapping")
    if not records:
        return iter(())
    names = dict.fromkeys(name for record in records for name in record)
    return _rows(_RECORDS, _columns(_RECORDS, names), records)


def _columns(where: str, names: Iterable[Any]) -> dict[Any, str]:
    names = list(names)
    try:
        return dict(zip(names, columns_of(names), strict=True))
    except FlawError as flaw:
        raise unreadable(where, flaw) from None


def _rows(where: str, columns: dict[Any, str], records: Iterable[Mapping[Any, Any]]) -> Iterator[Row]:
    for number, record in enumerate(records, 1):
        if cells := filled({columns[name]: value for name, value in record.items()}):
            yield Row(where, f"row {number}", cells)
