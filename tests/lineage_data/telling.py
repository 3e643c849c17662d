"""What is told of lineage that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlan_pulumi.errors import AtlanError, LineageDataError
from atlan_pulumi.lineage_data import read_lineage

NO_TYPE = "is not a type of Atlan's, such as 'Table' (case matters)"
SOURCES = "an input column, or a list of them"


def told(source: object) -> str:
    with pytest.raises(LineageDataError) as refused:
        read_lineage(source)
    assert isinstance(refused.value, AtlanError)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    text = str(refused.value)
    assert "\n" not in text
    return text


def of_file(folder: Path, name: str, content: str | bytes) -> str:
    """What is told of a file, without the words that every such message begins with."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    start, path_, rest = told(path).partition(str(path))
    assert (start, path_) == ("cannot read lineage from ", str(path))
    return rest.removeprefix(": ")
