"""Each problem in a file is told in one line: where it is, what is wrong, and what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from lineage_data.telling import NO_TYPE, SOURCES, of_file

from atlan_pulumi.lineage_data import read_lineage

COLUMNS = (
    "process, input_table, output_table, input_column, output_column, name, sql, description, source_url, "
    "column_sql, input_type, output_type"
)
AGREE = "give it once, or the same each time"
HEAD = "process,input_table,output_table,input_column,output_column,name,sql,column_sql,input_type\n"

CSV = [
    ("", "the file is empty"),
    (" \n\n", "the file is empty"),
    (",\n", "there are no names in it, not even those of a header"),
    (HEAD, "there are no rows in it"),
    (HEAD + ",,,\n\n", "there are no rows in it"),
    (
        "process,input_table\np,A\n",
        "line 1: the column 'output_table' is missing; process, input_table, output_table are required",
    ),
    (
        "process,input_tabel,output_table\n",
        "line 1: there is no column 'input_tabel'; did you mean 'input_table'?",
    ),
    ("\n\nprocess;outputTabel\n", "line 3: there is no column 'outputTabel'; did you mean 'output_table'?"),
    ("p|A|B\n", f"line 1: there is no column 'p|A|B'; there are {COLUMNS}"),
    (
        "process,Input Table,output_table,input_table\n",
        "line 1: the column 'input_table' is there already, as 'Input Table'; take one out",
    ),
    (
        "process,input_table,output_table,process\n",
        "line 1: the column 'process' is there already; take one out",
    ),
    (
        ",process,input_table,output_table\n0,p,A,B\n",
        "line 1: column 1 has no name (an index, written by pandas?); name it, or take it out",
    ),
    (
        HEAD + "p,A,B\n\n ,A,B\n",
        "line 4, process: must not be empty: each row names its process and two tables",
    ),
    (HEAD + "p,,B\n", "line 2, input_table: must not be empty: each row names its process and two tables"),
    (HEAD + "p,A\n", "line 2, output_table: must not be empty: each row names its process and two tables"),
    (
        HEAD + "p,A,B,ID\n",
        "line 2, output_column: is empty, but input_column is not; give both, or neither for tables alone",
    ),
    (
        HEAD + "p,A,B,,ID\n",
        "line 2, input_column: is empty, but output_column is not; give both, or neither for tables alone",
    ),
    (
        HEAD + "p,A,B,,,One\nq,A,B,,,Two\np,A,B,,,\np,A,B,,,Two\n",
        f"line 5, name: is not what line 2 says of the process 'p'; {AGREE}",
    ),
    (
        HEAD + 'p,A,B,,,,"select\n1"\np,A,B,,,,select 1\n',
        f"line 4, sql: is not what line 2 says of the process 'p'; {AGREE}",
    ),
    (
        HEAD + "p,A,B,,,,,,View\np,A,B,,,,,,Table\n",
        f"line 3, input_type: is not what line 2 says of the table 'A'; {AGREE}",
    ),
    (
        HEAD + "p,A,B,X,T,,,f\np,A,B,Y,T,,,g\n",
        f"line 3, column_sql: is not what line 2 says of the column 'B/T'; {AGREE}",
    ),
    (
        HEAD + "p,A,B,,,,,,view\n",
        f"line 2, input_type: 'view' {NO_TYPE}; did you mean 'View'?",
    ),
    (
        HEAD + "p,A,B,,,,,f(x)\n",
        "line 2, column_sql: needs input_column and output_column in the same row",
    ),
    (
        HEAD + "p,A,B,ID,X\np,A,B,NO,X\np,A,B,A/ID,X\n",
        "line 4, input_column: 'ID' becomes 'X' in line 2 already; take one out",
    ),
    (
        HEAD + "p,A,B,f(x,y),X,,,,,,\n,,\np,A,B,1,2,3,4,5,6,7\n",
        "line 4: there are 10 cells, and 9 columns in the header; quote a cell that holds ','",
    ),
    (HEAD + 'p,A,B\np,"A" ,B\n', "line 3 is not CSV: ',' expected after '\"'"),
    (HEAD + 'p,A,B\np,A,"B\n\n', "line 3 is not CSV: unexpected end of data"),
    (HEAD.replace(",", "\t") + 'p\t"A"x\tB\n', "line 2 is not CSV: '\\t' expected after '\"'"),
    (HEAD.encode() + b"p,A,B\nq,\xe4,B\n", "line 3 is not UTF-8; save the file as UTF-8"),
    (HEAD.encode("utf-16"), "line 1 is not UTF-8; save the file as UTF-8"),
]


@pytest.mark.parametrize(("content", "reason"), CSV)
def test_csv(tmp_path: Path, content: str | bytes, reason: str) -> None:
    assert of_file(tmp_path, "lineage.csv", content) == reason


MUST_MAP = "and must map the id of each process to the process"

YAML = [
    ("# nothing yet\n", f"it is empty, {MUST_MAP}"),
    ("just text", f"it is a text, {MUST_MAP}"),
    ("- p", f"it is a list, {MUST_MAP}"),
    ("processes: 7", f"it is a number, {MUST_MAP}"),
    ("processes:\n", f"it is empty, {MUST_MAP}"),
    ("{}", "there is no process in it"),
    ("processes: {}", "there is no process in it"),
    ("processes: {}\nversion: 1", "'version' stands beside 'processes'; move it below, or take it out"),
    ("p:\n  inputs: [A\n  outputs: B", "line 3 is not YAML: did not find expected ',' or ']'"),
    ("p: a: b", "line 1 is not YAML: mapping values are not allowed in this context"),
    ("p: *gone", "line 1 is not YAML: found undefined alias"),
    ("p: 1\n---\nq: 2", "line 2 is not YAML: but found another document"),
    ("p: !python/name:os 1", "line 1 is not YAML: could not determine a constructor for the tag"),
    ("p: {sql: 2024-13-45}", "it is not YAML: month must be in 1..12"),
    ("p: \0", "it is not YAML: unacceptable character #x0000"),
    ("p: {inputs: A}\nq: 1\np: 2", "line 3: 'p' is there twice; take one out"),
    ("p:\n  columns:\n    X: A\n    X: B", "line 4: 'X' is there twice; take one out"),
    (
        "7: {inputs: A, outputs: B}",
        "process 7: is a number, and must be a text; quote it",
    ),
    (
        "p: {inputs: A, outputs: B, columns: {X: NO}}",
        f"process 'p': columns: 'X': is a truth value, and must be {SOURCES}; quote it",
    ),
    (
        "p: {inputs: A, outputs: B, columns: {ON: ID}}",
        "process 'p': columns: True: is a truth value, and must be an output column; quote it",
    ),
]


@pytest.mark.parametrize(("content", "reason"), YAML)
def test_yaml(tmp_path: Path, content: str, reason: str) -> None:
    assert of_file(tmp_path, "lineage.yaml", content).startswith(reason)


def test_keys_that_are_merged_in_are_not_there_twice(tmp_path: Path) -> None:
    path = tmp_path / "lineage.yaml"
    path.write_text(
        "p: &p {inputs: A, outputs: B, sql: x}\nq: &q {<<: *p, sql: y}\nr: {<<: [*q, *p], sql: z}\ns: *p"
    )
    assert [process["sql"] for process in read_lineage(path).values()] == ["x", "y", "z", "x"]


def test_yaml_without_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    reason = "reading YAML needs PyYAML: pip install 'atlan-pulumi[cli]', or write it as JSON"
    assert of_file(tmp_path, "lineage.yaml", "p: 1") == reason


def test_yaml_without_the_fast_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert of_file(tmp_path, "a.yaml", "p: {inputs: A}\np: 2") == "line 2: 'p' is there twice; take one out"
    assert of_file(tmp_path, "b.yaml", "p: " + "[" * 5_000).startswith("it is nested too deeply")


JSON = [
    ("{", "line 1 is not JSON: Expecting property name enclosed in double quotes"),
    ('{"p":\n {},}', "line 2 is not JSON: "),
    ("[" * 100_000, "it is nested too deeply"),
    ("[]", f"it is a list, {MUST_MAP}"),
    ("null", f"it is empty, {MUST_MAP}"),
    ('{"p": {}, "p": {}}', "'p' is there twice; take one out"),
    ('{"processes": {"p": {"columns": {"X": 1, "X": 2}}}}', "'X' is there twice; take one out"),
    ('{"p": {"inputs": "A"}}', "process 'p': outputs is missing; give a table, or a list of tables"),
]


@pytest.mark.parametrize(("content", "reason"), JSON)
def test_json(tmp_path: Path, content: str, reason: str) -> None:
    assert of_file(tmp_path, "lineage.json", content).startswith(reason)
