"""The same lineage in every supported form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml

VIEW = {"type_name": "View", "qualified_name": "RAW/PUBLIC/RECENT"}
SQL = "insert into ORDERS\nselect a, b; -- and so on"

#: Three processes: one with two inputs, a view, and SQL; one with table lineage only.
PLAIN: dict[str, dict[str, Any]] = {
    "load-orders": {
        "name": "Load orders",
        "sql": SQL,
        "source_url": "https://etl.example.com/1",
        "inputs": ["RAW/PUBLIC/ORDERS", VIEW],
        "outputs": ["MART/PUBLIC/ORDERS"],
        "columns": {
            "ORDER_ID": ["RAW/PUBLIC/ORDERS/ID"],
            "AMOUNT": ["RAW/PUBLIC/ORDERS/AMOUNT", "RAW/PUBLIC/RECENT/RATE"],
        },
        "column_sql": {"AMOUNT": "o.AMOUNT * r.RATE"},
    },
    "copy": {
        "description": "Kein Spaß: 表",
        "inputs": ["MART/PUBLIC/ORDERS"],
        "outputs": ["MART/PUBLIC/COPY"],
        "columns": {"ID": ["ORDER_ID"]},
    },
    "report": {"inputs": ["MART/PUBLIC/COPY"], "outputs": ["BI/REPORT"], "columns": {}},
}

HEADER = [
    *("process", "input_table", "output_table", "input_column", "output_column", "name", "sql"),
    *("description", "source_url", "column_sql", "input_type", "output_type"),
]


class PandasFrame:
    """The interface of a pandas frame that `read_lineage` uses. A missing value is NaN."""

    def __init__(self, rows: list[dict[str, Any]], columns: list[Any] | None = None) -> None:
        self.columns = columns or HEADER
        self._rows = rows

    def to_dict(self, orient: str) -> list[dict[str, Any]]:
        assert orient == "records"
        return [{name: row.get(name, float("nan")) for name in self.columns} for row in self._rows]


class PolarsFrame:
    """The interface of a polars frame that `read_lineage` uses, and the `to_dict` that it must not use."""

    columns = HEADER

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows

    def to_dicts(self) -> list[dict[str, Any]]:
        return [{name: row.get(name) for name in self.columns} for row in self._rows]

    def to_dict(self, *, as_series: bool = True) -> dict[str, Any]:
        raise AssertionError("polars' to_dict differs from pandas'")


class ArrowTable:
    """The interface of a pyarrow table that `read_lineage` uses. Its `columns` are the data."""

    columns = (object(),)
    column_names = HEADER

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows

    def to_pylist(self) -> list[dict[str, Any]]:
        return [{name: row.get(name) for name in self.column_names} for row in self._rows]


def rows_of(processes: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that describe normalized processes."""
    return [row for process_id in processes for row in _rows(process_id, processes[process_id])]


def as_csv(rows: Iterable[Mapping[str, Any]], separator: str = ",", end: str = "\r\n") -> str:
    """Format rows as CSV with every cell quoted."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, HEADER, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_forms(folder: Path) -> dict[str, Any]:
    """Return `PLAIN` in every form by name, with the files written to `folder`."""
    rows = rows_of(PLAIN)
    texts = {
        "wrapped.yaml": yaml.safe_dump({"processes": PLAIN}, allow_unicode=True),
        "bare.yml": yaml.safe_dump(PLAIN, sort_keys=False),
        "wrapped.json": json.dumps({"processes": PLAIN}, ensure_ascii=False),
        "bare.JSON": json.dumps(PLAIN, indent=2),
        "comma.csv": as_csv(rows),
        "semicolon.csv": as_csv(rows, ";", "\n"),
        "tab.CSV": as_csv(rows, "\t"),
        "byte-order-mark.csv": "\ufeff" + as_csv(rows, ";"),
        "byte-order-mark.json": "\ufeff" + json.dumps(PLAIN),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8", newline="")
    files = {name: folder / name for name in texts}
    frames = {"pandas": PandasFrame(rows), "polars": PolarsFrame(rows), "pyarrow": ArrowTable(rows)}
    others = {"plain": PLAIN, "wrapped": {"processes": PLAIN}, "records": rows, "tuple": tuple(rows)}
    return {**files, **frames, **others, "text": str(folder / "comma.csv")}


def _rows(process_id: str, process: Mapping[str, Any]) -> list[dict[str, Any]]:
    inputs, outputs = (_types(process[side]) for side in ("inputs", "outputs"))
    ends = list(zip_longest(inputs, outputs))
    filled = [(source or ends[0][0], target or ends[0][1], {}) for source, target in ends]
    filled += list(_links(process, list(inputs), list(outputs)))
    rows = [{"process": process_id, **_ends(source, target), **more} for source, target, more in filled]
    for row in rows:
        row.update(input_type=inputs[row["input_table"]], output_type=outputs[row["output_table"]])
    # The attributes of a process may be in any of its rows.
    rows[-1].update({key: value for key, value in process.items() if isinstance(value, str)})
    return rows


def _ends(source: str, target: str) -> dict[str, str]:
    return {"input_table": source, "output_table": target}


def _links(
    process: Mapping[str, Any], inputs: list[str], outputs: list[str]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    for target, sources in process["columns"].items():
        out_table, out_column = _field(target, outputs)
        for source in sources:
            in_table, in_column = _field(source, inputs)
            sql = process.get("column_sql", {}).get(target, "")
            columns = {"input_column": in_column, "output_column": out_column, "column_sql": sql}
            yield in_table, out_table, columns


def _field(text: str, tables: list[str]) -> tuple[str, str]:
    if len(tables) == 1:
        return tables[0], text
    table, _, column = text.rpartition("/")
    return table, column


def _types(tables: list[Any]) -> dict[str, str]:
    return {
        table["qualified_name"] if isinstance(table, dict) else table: (
            table["type_name"] if isinstance(table, dict) else ""
        )
        for table in tables
    }
