"""Reading lineage, in whichever form it comes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from atlan_pulumi.lineage_data._errors import LineageDataError
from atlan_pulumi.lineage_data._file import read_file
from atlan_pulumi.lineage_data._gather import gathered
from atlan_pulumi.lineage_data._plain import Lineage, plain_lineage, processes_in
from atlan_pulumi.lineage_data._records import rows_of
from atlan_pulumi.lineage_data._words import kind

_TAKEN = "a mapping, the path of a file, a list of records, or a data frame of pandas, polars or pyarrow"


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
