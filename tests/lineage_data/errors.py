"""Errors of `read_lineage`."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlan_pulumi.errors import AtlanError, LineageDataError
from atlan_pulumi.lineage_data import read_lineage

UNKNOWN_TYPE = "is not an Atlan type such as 'Table' (case-sensitive)"
INPUT_COLUMNS = "an input column or a list of input columns"


def error_of(source: object) -> str:
    with pytest.raises(LineageDataError) as refused:
        read_lineage(source)
    assert isinstance(refused.value, AtlanError)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    text = str(refused.value)
    assert "\n" not in text
    return text


def error_of_file(folder: Path, name: str, content: str | bytes) -> str:
    """Return the error for a file, without the prefix of every such message."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    start, path_, rest = error_of(path).partition(str(path))
    assert (start, path_) == ("cannot read lineage from ", str(path))
    return rest.removeprefix(": ")
