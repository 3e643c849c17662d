"""`atlan-pulumi init`: a new repository."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from support.command import ATLAN_PULUMI

from atlan_pulumi.local import SAMPLE, LocalAtlan

WAREHOUSE = "default/snowflake/1657025257"
TENANT = ("--base-url", "https://acme.atlan.com", "--connection", WAREHOUSE)
KEY = "canary-7f3a"
LOAD = "insert into MART.PUBLIC.ORDERS (ORDER_ID, NET) select ID, AMOUNT - DISCOUNT from RAW.PUBLIC.ORDERS\n"
QUESTION = "The connection with the tables"


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SAMPLE, api_key=KEY) as server:
        yield server


def environment(environ: Mapping[str, str] | None) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "COLUMNS": "100", **(environ or {})}


def init(
    folder: Path, *arguments: str, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ATLAN_PULUMI, "init", *arguments],
        cwd=folder,
        env=environment(environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def init_on_terminal(
    folder: Path, *arguments: str, answers: Sequence[str], environ: Mapping[str, str] | None = None
) -> str:
    """Return what a terminal shows; each answer is typed when the last line is a question."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [ATLAN_PULUMI, "init", *arguments],
        cwd=folder,
        env=environment(environ),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown, left = "", list(answers)
        with suppress(OSError):  # it has ended
            while select.select([ours], [], [], 60)[0] and (read := os.read(ours, 4096)):
                shown += read.decode()
                if left and re.search(r": $", shown):
                    os.write(ours, f"{left.pop(0)}\n".encode())
        os.close(ours)
    assert process.returncode == 0, shown
    assert left == []
    return shown.replace("\r\n", "\n")


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()
    }


def config(folder: Path, stack: str) -> dict[str, str]:
    settings: dict[str, str] = yaml.safe_load((folder / f"Pulumi.{stack}.yaml").read_text())["config"]
    return settings


def test_options_answer_all_questions(tmp_path: Path) -> None:
    done = init(tmp_path, "shop", *TENANT, environ={"ATLAN_API_KEY": KEY})
    assert (done.returncode, done.stderr) == (0, "")
    assert config(tmp_path / "shop", "prod") == {
        "atlan:baseUrl": "https://acme.atlan.com",
        "shop:warehouse": WAREHOUSE,
    }
    written = files(tmp_path / "shop")
    lines = done.stdout.splitlines()
    assert lines[0] == f"Wrote {len(written)} files to {tmp_path / 'shop'}:"
    assert {line.split()[0] for line in lines[1 : len(written) + 1]} == written.keys()
    assert lines[-3].startswith("Next")
    assert lines[-2].startswith("  1. cd shop && ")
    assert lines[-2].endswith("./ci/setup.sh && . ci/environment.sh")
    assert lines[-1] == "  2. pulumi login && pulumi stack init prod && pulumi preview"


def test_the_next_commands_name_the_key_if_it_is_not_set(tmp_path: Path) -> None:
    lines = init(tmp_path, ".", *TENANT).stdout.splitlines()
    assert "cd " not in lines[-3]
    assert lines[-2].startswith("  2. read -rs ATLAN_API_KEY && export ATLAN_API_KEY  # ")


def test_the_key_is_in_no_file(tmp_path: Path, server: LocalAtlan) -> None:
    tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": KEY}
    (tmp_path / "load.sql").write_text(LOAD)
    done = init(tmp_path, "a", "--connection", WAREHOUSE, "--from-sql", "load.sql", environ=tenant)
    assert done.returncode == 0, done.stderr
    for text in (done.stdout, done.stderr, *files(tmp_path / "a").values()):
        assert KEY not in text


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ((), "--base-url https://TENANT.atlan.com (or ATLAN_BASE_URL), and --connection QN, such as"),
        (TENANT[:2], "--connection QN, such as"),
        (TENANT[2:], "--base-url https://TENANT.atlan.com (or ATLAN_BASE_URL)"),
    ],
)
def test_without_a_terminal_a_missing_answer_is_one_line(
    given: tuple[str, ...], named: str, tmp_path: Path
) -> None:
    done = init(tmp_path, "shop", *given)
    assert done.returncode == 1
    assert done.stderr.startswith(f"atlan-pulumi: there is no terminal to ask on: set {named}")
    assert done.stderr.count("\n") == 1
    assert files(tmp_path) == {}


def test_a_terminal_asks_for_the_tenant_and_the_connection(tmp_path: Path) -> None:
    answers = ["acme.atlan.com", "https://acme.atlan.com/home?tab=1", "snowflake", WAREHOUSE]
    shown = init_on_terminal(tmp_path, "shop", answers=answers)
    assert shown.count("Atlan's base URL, such as https://acme.atlan.com: ") == 2
    assert "is not a URL such as https://TENANT.atlan.com" in shown
    assert shown.count(QUESTION) == 2
    assert "'snowflake' is not a connection's qualifiedName" in shown
    assert config(tmp_path / "shop", "prod")["atlan:baseUrl"] == "https://acme.atlan.com"


def test_the_connections_of_the_tenant_are_offered(tmp_path: Path, server: LocalAtlan) -> None:
    tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": KEY}
    answers = ["9", f"{WAREHOUSE}1", "3"]
    shown = init_on_terminal(tmp_path, "shop", answers=answers, environ=tenant)
    assert "base URL, such as" not in shown
    assert re.search(rf"2 +snowflake +warehouse +{WAREHOUSE} ", shown)
    assert "'9' is not a connection's qualifiedName" in shown
    assert f"Atlan has no connection '{WAREHOUSE}1'; did you mean" in shown
    assert config(tmp_path / "shop", "dev") == {
        "atlan:baseUrl": server.base_url,
        "atlan:requestsPerMinute": "0",
        "shop:warehouse": "default/snowflake/1657025258",
    }


def test_a_key_that_is_refused_is_said_and_the_name_is_asked_for(tmp_path: Path, server: LocalAtlan) -> None:
    tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": "wrong"}
    shown = init_on_terminal(tmp_path, "shop", answers=[WAREHOUSE], environ=tenant)
    assert "The connections cannot be listed: " in shown
    assert "401" in shown
    assert config(tmp_path / "shop", "dev")["shop:warehouse"] == WAREHOUSE


def test_the_local_repository_asks_nothing(tmp_path: Path) -> None:
    done = init(tmp_path, "shop", "--local", "--name", "orders", "--ci", "none")
    assert (done.returncode, done.stderr) == (0, "")
    assert config(tmp_path / "shop", "dev") == {
        "atlan:baseUrl": "http://127.0.0.1:8585",
        "atlan:requestsPerMinute": "0",
        "orders:warehouse": WAREHOUSE,
    }
    assert "  2. .venv/bin/atlan-pulumi local --sample  # " in done.stdout
    assert not (tmp_path / "shop" / ".github").exists()


def test_existing_files_are_listed_before_anything_is_asked_or_written(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "Pulumi.staging.yaml").write_text("mine")
    done = init(tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        f"atlan-pulumi: Pulumi.staging.yaml and README.md exist in {tmp_path}; nothing was written: "
        "use another folder, or move them away\n"
    )
    assert files(tmp_path) == {"README.md": "mine", "Pulumi.staging.yaml": "mine"}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--from-sql", ".", "--from-dbt", "."), "--from-sql and --from-dbt exclude each other"),
        (("--local", "--base-url", "https://acme.atlan.com"), "--local and --base-url exclude each other"),
        (("--offline",), "--dialect, --default-database, --default-schema, and --offline need --from-sql"),
        (("--base-url", "http://acme.atlan.com"), "is plain http to acme.atlan.com"),
        (("--connection", "snowflake"), "'snowflake' is not a connection's qualifiedName"),
        (("--name", "a b"), "--name 'a b': use up to 100 letters"),
        (("--from-dbt", "."), "--from-dbt .: has no manifest.json; run `dbt docs generate` first"),
        (("--from-dbt", "dbt"), "--from-dbt dbt: has no manifest.json; use dbt/target"),
    ],
)
def test_a_wrong_option_is_one_line(arguments: tuple[str, ...], reason: str, tmp_path: Path) -> None:
    (tmp_path / "dbt" / "target").mkdir(parents=True)
    (tmp_path / "dbt" / "target" / "manifest.json").write_text("{}")
    rest = [*TENANT[2:]] if arguments[0] == "--base-url" else [*TENANT[:2]]
    done = init(tmp_path, "shop", *arguments, *([] if arguments[0] == "--local" else rest))
    assert done.returncode == 1
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "shop").exists()


def test_the_lineage_of_sql_files_is_derived(tmp_path: Path, server: LocalAtlan) -> None:
    tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": KEY}
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "load.sql").write_text(
        "insert into ORDERS select ID, AMOUNT from RAW.PUBLIC.ORDERS\n"
    )
    names = ("--default-database", "MART", "--default-schema", "PUBLIC")
    done = init(tmp_path, "shop", "--connection", WAREHOUSE, "--from-sql", "sql", *names, environ=tenant)
    assert done.returncode == 0, done.stderr
    assert "the repository does not contain ../sql: CI needs the same path" in done.stdout
    assert yaml.safe_load((tmp_path / "shop" / "lineage.yaml").read_text()) == {
        "processes": {
            "load": {
                "sql_file": "../sql/load.sql",
                "inputs": "RAW/PUBLIC/ORDERS",
                "outputs": "MART/PUBLIC/ORDERS",
                "columns": {"NET": "AMOUNT", "ORDER_ID": "ID"},
            }
        }
    }
    script = (tmp_path / "shop" / "ci" / "derive.sh").read_text()
    command = f"atlan-pulumi derive ../sql --connection {WAREHOUSE} {' '.join(names)} --base-url "
    assert f'{command}"${{ATLAN_BASE_URL:-{server.base_url}}}" "$@"\n' in script


def test_sql_without_lineage_is_named_with_its_place_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "load.sql").write_text("selec 1")
    done = init(tmp_path, "shop", *TENANT, "--from-sql", "load.sql", "--offline")
    assert done.returncode == 1
    assert done.stderr.startswith("load.sql:1:")
    assert done.stderr.endswith("atlan-pulumi: 1 file without lineage; nothing was written\n")
    assert not (tmp_path / "shop").exists()


def test_sql_in_the_repository_needs_no_tenant_offline(tmp_path: Path) -> None:
    (tmp_path / "load.sql").write_text(LOAD)
    done = init(tmp_path, ".", *TENANT, "--from-sql", "load.sql", "--offline")
    assert (done.returncode, done.stderr) == (0, "")
    assert "does not contain" not in done.stdout
    command = f'atlan-pulumi derive load.sql --connection {WAREHOUSE} --offline "$@"\n'
    assert command in (tmp_path / "ci" / "derive.sh").read_text()


def test_a_file_whose_name_looks_like_an_option_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "-x.sql").write_text(LOAD)
    done = init(tmp_path, ".", *TENANT, "--from-sql=-x.sql", "--offline")
    assert done.returncode == 0, done.stderr
    assert "atlan-pulumi derive ./-x.sql --connection" in (tmp_path / "ci" / "derive.sh").read_text()


def test_the_lineage_of_a_dbt_project(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "manifest.json").write_text("{}")
    done = init(tmp_path, "shop", *TENANT, "--from-dbt", "target")
    assert (done.returncode, done.stderr) == (0, "")
    program = (tmp_path / "shop" / "__main__.py").read_text()
    expected = 'atlan.LineageMap(\n    "dbt",\n    connection=warehouse,\n'
    assert f'{expected}    processes=atlan.lineage_from_dbt("../target"),\n)\n' in program


def test_a_folder_within_a_git_repository_is_noted(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "load.sql").write_text(LOAD)
    done = init(tmp_path, "shop", *TENANT, "--from-sql", "sql", "--offline")
    assert f"at the root of the git repository only: move it to {tmp_path}, " in done.stdout
    assert "does not contain" not in done.stdout


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = init(tmp_path, "file/shop", *TENANT)
    assert done.returncode == 1
    assert re.fullmatch(r"atlan-pulumi: cannot write .*: .*; nothing was written\n", done.stderr)
