"""Ten thousand rows are read quickly, in any distribution."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from lineage_data.forms import PandasFrame, as_csv

from atlan_pulumi.lineage_data import read_lineage

MANY = 10_000
#: Processor time, which other tests do not affect; about ten times the need of an idle machine.
SECONDS = 2.5


def row(number: int, process: str, table: str) -> dict[str, str]:
    ends = {"input_table": table, "output_table": "MART/O"}
    columns = {"input_column": f"C{number}", "output_column": f"D{number}"}
    return {"process": process, "name": process, **ends, **columns}


SPREADS = {
    "many processes": [row(number, f"p{number // 10}", f"RAW/T{number % 7}") for number in range(MANY)],
    "one process of many tables": [row(number, "p", f"RAW/T{number}") for number in range(MANY)],
    "one column of many sources": [
        {**row(number, "p", "RAW/T"), "output_column": "ALL"} for number in range(MANY)
    ],
}


@pytest.mark.parametrize("spread", SPREADS)
def test_ten_thousand_rows_are_read_in_time(spread: str, tmp_path: Path) -> None:
    rows = SPREADS[spread]
    path, again = tmp_path / "lineage.csv", tmp_path / "lineage.json"
    path.write_text(as_csv(rows), "utf-8", newline="")
    plain = timed(path)
    again.write_text(json.dumps(plain), "utf-8")
    assert timed(rows) == timed(PandasFrame(rows)) == timed(again) == plain
    assert sum(len(sources) for process in plain.values() for sources in process["columns"].values()) == MANY


def timed(source: object) -> dict[str, dict[str, Any]]:
    start = time.process_time()
    found = read_lineage(source)
    assert time.process_time() - start < SECONDS
    return found
