"""A problem in a file is reported on one line: location, reason, and fix."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from lineage_data.errors import INPUT_COLUMNS, UNKNOWN_TYPE, error_of_file

from atlan_pulumi.lineage_data import read_lineage

COLUMNS = (
    "process, input_table, output_table, input_column, output_column, name, sql, sql_file, description, "
    "source_url, column_sql, input_type, output_type"
)
BOTH = "set both, or neither for table lineage only"
AGREE = "set it once, or to the same value in every row"
HEAD = "process,input_table,output_table,input_column,output_column,name,sql,column_sql,input_type\n"

CSV = [
    ("", "the file is empty"),
    (" \n\n", "the file is empty"),
    (",\n", "no header"),
    (HEAD, "no rows"),
    (HEAD + ",,,\n\n", "no rows"),
    (
        "process,input_table\np,A\n",
        "line 1: missing column 'output_table'; process, input_table, output_table are required",
    ),
    (
        "process,input_tabel,output_table\n",
        "line 1: unknown column 'input_tabel'; did you mean 'input_table'?",
    ),
    ("\n\nprocess;outputTabel\n", "line 3: unknown column 'outputTabel'; did you mean 'output_table'?"),
    ("p|A|B\n", f"line 1: unknown column 'p|A|B'; the columns are {COLUMNS}"),
    (
        "process,Input Table,output_table,input_table\n",
        "line 1: duplicate column ('Input Table' and 'input_table'); remove one",
    ),
    (
        "process,input_table,output_table,process\n",
        "line 1: duplicate column 'process'; remove one",
    ),
    (
        ",process,input_table,output_table\n0,p,A,B\n",
        "line 1: column 1 has no name (an index written by pandas?); name it, or remove it",
    ),
    (
        HEAD + "p,A,B\n\n ,A,B\n",
        "line 4, process: must not be empty: each row names its process and two tables",
    ),
    (HEAD + "p,,B\n", "line 2, input_table: must not be empty: each row names its process and two tables"),
    (HEAD + "p,A\n", "line 2, output_table: must not be empty: each row names its process and two tables"),
    (
        HEAD + "p,A,B,ID\n",
        f"line 2, output_column: is empty, but input_column is not; {BOTH}",
    ),
    (
        HEAD + "p,A,B,,ID\n",
        f"line 2, input_column: is empty, but output_column is not; {BOTH}",
    ),
    (
        HEAD + "p,A,B,,,One\nq,A,B,,,Two\np,A,B,,,\np,A,B,,,Two\n",
        f"line 5, name: differs from line 2 for the process 'p'; {AGREE}",
    ),
    (
        HEAD + 'p,A,B,,,,"select\n1"\np,A,B,,,,select 1\n',
        f"line 4, sql: differs from line 2 for the process 'p'; {AGREE}",
    ),
    (
        HEAD + "p,A,B,,,,,,View\np,A,B,,,,,,Table\n",
        f"line 3, input_type: differs from line 2 for the table 'A'; {AGREE}",
    ),
    (
        HEAD + "p,A,B,X,T,,,f\np,A,B,Y,T,,,g\n",
        f"line 3, column_sql: differs from line 2 for the column 'B/T'; {AGREE}",
    ),
    (
        HEAD + "p,A,B,,,,,,view\n",
        f"line 2, input_type: 'view' {UNKNOWN_TYPE}; did you mean 'View'?",
    ),
    (
        HEAD + "p,A,B,,,,,f(x)\n",
        "line 2, column_sql: needs input_column and output_column in the same row",
    ),
    (
        HEAD + "p,A,B,ID,X\np,A,B,NO,X\np,A,B,A/ID,X\n",
        "line 4, input_column: duplicate of line 2 ('ID' to 'X'); remove one",
    ),
    (
        HEAD + "p,A,B,f(x,y),X,,,,,,\n,,\np,A,B,1,2,3,4,5,6,7\n",
        "line 4: 10 cells, but 9 columns in the header; quote cells that contain ','",
    ),
    (HEAD + 'p,A,B\np,"A" ,B\n', "line 3: invalid CSV: ',' expected after '\"'"),
    (HEAD + 'p,A,B\np,A,"B\n\n', "line 3: invalid CSV: unexpected end of data"),
    (HEAD.replace(",", "\t") + 'p\t"A"x\tB\n', "line 2: invalid CSV: '\\t' expected after '\"'"),
    (HEAD.encode() + b"p,A,B\nq,\xe4,B\n", "line 3: not UTF-8; save the file as UTF-8"),
    (HEAD.encode("utf-16"), "line 1: not UTF-8; save the file as UTF-8"),
]


@pytest.mark.parametrize(("content", "reason"), CSV)
def test_invalid_csv_is_refused(tmp_path: Path, content: str | bytes, reason: str) -> None:
    assert error_of_file(tmp_path, "lineage.csv", content) == reason


A_MAPPING = "expected a mapping of process id to process"

YAML = [
    ("# nothing yet\n", f"{A_MAPPING}, got nothing"),
    ("just text", f"{A_MAPPING}, got a string"),
    ("- p", f"{A_MAPPING}, got a list"),
    ("processes: 7", f"{A_MAPPING}, got a number"),
    ("processes:\n", f"{A_MAPPING}, got nothing"),
    ("{}", "no processes"),
    ("processes: {}", "no processes"),
    (
        "processes: {}\nversion: 1",
        "unexpected key 'version' next to 'processes'; move it into 'processes', or remove it",
    ),
    ("p:\n  inputs: [A\n  outputs: B", "line 3: invalid YAML: did not find expected ',' or ']'"),
    ("p: a: b", "line 1: invalid YAML: mapping values are not allowed in this context"),
    ("p: *gone", "line 1: invalid YAML: found undefined alias"),
    ("p: 1\n---\nq: 2", "line 2: invalid YAML: but found another document"),
    ("p: !python/name:os 1", "line 1: invalid YAML: could not determine a constructor for the tag"),
    ("p: {sql: 2024-13-45}", "invalid YAML: month must be in 1..12"),
    ("p: \0", "invalid YAML: unacceptable character #x0000"),
    ("p: {inputs: A}\nq: 1\np: 2", "line 3: duplicate key 'p'; remove one"),
    ("p:\n  columns:\n    X: A\n    X: B", "line 4: duplicate key 'X'; remove one"),
    (
        "7: {inputs: A, outputs: B}",
        "process 7: expected a string, got a number; quote it",
    ),
    (
        "p: {inputs: A, outputs: B, columns: {X: NO}}",
        f"process 'p': columns: 'X': expected {INPUT_COLUMNS}, got a boolean; quote it",
    ),
    (
        "p: {inputs: A, outputs: B, columns: {ON: ID}}",
        "process 'p': columns: True: expected an output column, got a boolean; quote it",
    ),
]


@pytest.mark.parametrize(("content", "reason"), YAML)
def test_invalid_yaml_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    assert error_of_file(tmp_path, "lineage.yaml", content).startswith(reason)


def test_merged_yaml_keys_are_no_duplicates(tmp_path: Path) -> None:
    path = tmp_path / "lineage.yaml"
    path.write_text(
        "p: &p {inputs: A, outputs: B, sql: x}\nq: &q {<<: *p, sql: y}\nr: {<<: [*q, *p], sql: z}\ns: *p"
    )
    assert [process["sql"] for process in read_lineage(path).values()] == ["x", "y", "z", "x"]


def test_yaml_requires_pyyaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    reason = "reading YAML requires PyYAML: pip install 'atlan-pulumi[cli]', or use JSON"
    assert error_of_file(tmp_path, "lineage.yaml", "p: 1") == reason


def test_yaml_with_the_pure_python_loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert (
        error_of_file(tmp_path, "a.yaml", "p: {inputs: A}\np: 2") == "line 2: duplicate key 'p'; remove one"
    )
    assert error_of_file(tmp_path, "b.yaml", "p: " + "[" * 5_000).startswith("nested too deeply")


JSON = [
    ("{", "line 1: invalid JSON: Expecting property name enclosed in double quotes"),
    ('{"p":\n {},}', "line 2: invalid JSON: "),
    ("[" * 100_000, "nested too deeply"),
    ("[]", f"{A_MAPPING}, got a list"),
    ("null", f"{A_MAPPING}, got nothing"),
    ('{"p": {}, "p": {}}', "duplicate key 'p'; remove one"),
    ('{"processes": {"p": {"columns": {"X": 1, "X": 2}}}}', "duplicate key 'X'; remove one"),
    ('{"p": {"inputs": "A"}}', "process 'p': outputs is missing; set it to a table or a list of tables"),
]


@pytest.mark.parametrize(("content", "reason"), JSON)
def test_invalid_json_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    assert error_of_file(tmp_path, "lineage.json", content).startswith(reason)
