"""`atlan-pulumi derive`: SQL files as the data of a LineageMap."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from support.atlan import WAREHOUSE, seed_of
from support.command import ATLAN_PULUMI

from atlan_pulumi.lineage_data import read_lineage
from atlan_pulumi.local import LocalAtlan

LOAD = "insert into T1 (ID, A)\nselect ID, A + B from DB.S.T0\n"
DAILY = "select t0.id, t1.* from DB.S.T0 join DB.S.T1 on t0.id = t1.id\n"
TWICE = "2 files have the process id 'load':"
DEFAULTS = ("--default-database", "DB", "--default-schema", "S")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sql" / "marts").mkdir(parents=True)
    (tmp_path / "sql" / "load.sql").write_text(LOAD)
    (tmp_path / "sql" / "marts" / "daily.sql").write_text(DAILY)
    return tmp_path


@pytest.fixture(scope="module")
def tenant() -> Iterator[dict[str, str]]:
    columns = [{"name": name} for name in ("ID", "A", "B")]
    with LocalAtlan(seed=seed_of([{"name": f"T{n}", "columns": columns} for n in range(3)])) as server:
        yield {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}


def derive(
    folder: Path, *arguments: str, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    offline = [] if environ else ["--offline"]
    return subprocess.run(
        [ATLAN_PULUMI, "derive", *arguments, "--connection", WAREHOUSE, *DEFAULTS, *offline],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "100", **(environ or {})},
    )


def test_the_file_is_the_data_of_a_lineage_map(folder: Path, tenant: dict[str, str]) -> None:
    done = derive(folder, "sql", environ=tenant)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "wrote lineage.yaml: 2 processes with 5 columns"
    assert yaml.safe_load((folder / "lineage.yaml").read_text()) == {
        "processes": {
            "load": {
                "sql_file": "sql/load.sql",
                "inputs": "DB/S/T0",
                "outputs": "DB/S/T1",
                "columns": {"A": ["A", "B"], "ID": "ID"},
            },
            "marts.daily": {
                "sql_file": "sql/marts/daily.sql",
                "inputs": ["DB/S/T0", "DB/S/T1"],
                "outputs": "DB/S/DAILY",
                "columns": {"A": "DB/S/T1/A", "B": "DB/S/T1/B", "ID": ["DB/S/T0/ID", "DB/S/T1/ID"]},
            },
        }
    }
    assert read_lineage(folder / "lineage.yaml")["load"]["sql"] == LOAD


def test_odd_names_of_files_and_folders(folder: Path) -> None:
    (folder / "sql" / "marts" / "daily.sql").unlink()
    (folder / "sql" / "sql_file.SQL").write_text(LOAD)
    (folder / "sql" / "folder.sql").mkdir()
    (folder / "deep" / "real").mkdir(parents=True)
    (folder / "link").symlink_to(folder / "deep" / "real")
    assert derive(folder, "sql", "--out", "link/lineage.yaml").returncode == 0
    found = read_lineage(folder / "link" / "lineage.yaml")
    assert {name: process["sql"] for name, process in found.items()} == {"load": LOAD, "sql_file": LOAD}


def test_a_second_run_writes_the_same(folder: Path) -> None:
    (folder / "sql" / "marts" / "daily.sql").unlink()
    derive(folder, "sql")
    first = (folder / "lineage.yaml").read_bytes()
    derive(folder, "sql")
    assert (folder / "lineage.yaml").read_bytes() == first


def test_check_shows_what_differs(folder: Path) -> None:
    path = folder / "sql" / "load.sql"
    assert derive(folder, str(path)).returncode == 0
    current = derive(folder, str(path), "--check")
    assert current.returncode == 0
    assert current.stdout.splitlines()[-1] == "lineage.yaml is current: 1 process with 2 columns"

    before = (folder / "lineage.yaml").read_text()
    path.write_text(LOAD.replace("A + B", "A"))
    changed = derive(folder, str(path), "--check")
    assert changed.returncode == 2
    assert "-      - B" in changed.stdout.splitlines()
    assert changed.stderr == (
        "lineage.yaml is not current: run `atlan-pulumi derive` without --check, and commit it\n"
    )
    assert (folder / "lineage.yaml").read_text() == before


def test_problems_have_a_place_and_nothing_is_written(folder: Path) -> None:
    (folder / "sql" / "wrong.sql").write_text("insert into T1\nselec ID from T0")
    done = derive(folder, "sql")
    assert done.returncode == 1
    star, parse, last = done.stderr.splitlines()
    assert star == (
        "sql/marts/daily.sql:1:43: warning: * of 'DB.S.T1' cannot be expanded: its columns are not in Atlan"
    )
    assert parse.startswith("sql/wrong.sql:2:1: error: this cannot be parsed (Invalid expression")
    assert last == "atlan-pulumi: 1 file without lineage; nothing was written"
    assert not (folder / "lineage.yaml").exists()


def test_json_has_the_lineage_and_the_problems(folder: Path) -> None:
    done = derive(folder, "sql", "--json")
    found = json.loads(done.stdout)
    assert found["processes"]["load"]["columns"] == {"A": ["A", "B"], "ID": "ID"}
    (problem,) = found["problems"]
    assert (problem["file"], problem["line"]) == ("sql/marts/daily.sql", 1)
    assert problem["message"] == "* of 'DB.S.T1' cannot be expanded: its columns are not in Atlan"
    assert not (folder / "lineage.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["empty"], "empty has no .sql files"),
        (["sql/load.sql", "other/load.sql"], f"{TWICE} sql/load.sql and other/load.sql"),
        (
            ["sql/load.sql", "sql"],
            f"{TWICE} sql/load.sql and sql/load.sql; rename one, or name each file once",
        ),
        (["clash"], "2 files have the process id 'a.b_c': clash/a/b c.sql and clash/a.b_c.sql; rename one"),
        (["latin.sql"], "latin.sql, line 2: not UTF-8; save the file as UTF-8"),
        (["sql/load.sql", "--dialect", "snowflak"], "Unknown dialect 'snowflak'"),
        (["sql/load.sql", "--out", "no/l.yaml"], "cannot write no/l.yaml: No such file or directory"),
        (["sql/load.sql", "--out", "l.json"], "--out l.json: the file name must end in .yaml or .yml"),
        (["sql/load.sql", "--out", "dir.yaml", "--check"], "cannot read dir.yaml: Is a directory"),
        (["sql/load.sql", "--json", "--check"], "--check and --json exclude each other"),
    ],
)
def test_mistakes_are_one_line(folder: Path, arguments: list[str], reason: str) -> None:
    (folder / "empty").mkdir()
    (folder / "other").mkdir()
    (folder / "other" / "load.sql").write_text(LOAD)
    (folder / "clash" / "a").mkdir(parents=True)
    for name in ("a/b c.sql", "a.b_c.sql"):
        (folder / "clash" / name).write_text(LOAD)
    (folder / "dir.yaml").mkdir()
    (folder / "latin.sql").write_bytes(b"select 1\nas \xe9")
    done = derive(folder, *arguments)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"atlan-pulumi: {reason}")
    assert "Traceback" not in done.stderr


def test_a_connection_that_is_none_is_one_line(folder: Path) -> None:
    command = [ATLAN_PULUMI, "derive", "sql", "--connection", "snowflake", "--offline"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        "atlan-pulumi: --connection 'snowflake' is not a connection's qualifiedName, such as "
        "'default/snowflake/1657025257'\n"
    )
