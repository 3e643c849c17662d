"""`atlan-pulumi review`: output files, options, and errors."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from review import previews
from support.atlan import SEED, WAREHOUSE, Witness
from support.command import ATLAN_PULUMI

from atlan_pulumi.cli._app import app
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.review import MARKER, as_markdown, parse, review

LOAD = previews.process("dag", [0], [1])
GONE = previews.log(previews.delete("Process", "dag", LOAD))
NOT_LOOKED_UP = "Not looked up: set"


@pytest.fixture
def events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "events.jsonl"
    path.write_text(GONE)
    return path


class Done(NamedTuple):
    """The result of a run in this process."""

    code: int | str | None
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def go(*arguments: str) -> Done:
        monkeypatch.setattr("sys.argv", ["atlan-pulumi", "review", *arguments])
        with pytest.raises(SystemExit) as ended:
            app()
        output = capsys.readouterr()
        return Done(ended.value.code, output.out, output.err)

    return go


def test_markdown_goes_to_stdout_by_default(events: Path, run: Run) -> None:
    done = run("events.jsonl")
    assert (done.code, done.err) == (0, "")
    assert done.out == as_markdown(review(parse(GONE, "x")))
    assert done.out.startswith(MARKER)
    assert NOT_LOOKED_UP in done.out
    assert [path.name for path in events.parent.iterdir()] == ["events.jsonl"]


def test_each_format_is_written_to_its_file(events: Path, run: Run) -> None:
    done = run(
        "events.jsonl", "--markdown", "new/a.md", "--html", "a.html", "--svg", "a.svg", "--title", "My @PR"
    )
    assert (done.code, done.out, done.err) == (0, "", "")
    assert (events.parent / "new/a.md").read_text().startswith(f"{MARKER}\n\n# My @&#8203;PR\n")
    assert "My @PR" in (events.parent / "a.html").read_text()
    assert (events.parent / "a.svg").read_text().lstrip().startswith("<svg")


def test_files_are_overwritten(events: Path, run: Run) -> None:
    Path("a.md").write_text("old")
    run("events.jsonl", "--markdown", "a.md")
    run("events.jsonl", "--markdown", "a.md")
    assert Path("a.md").read_text() == as_markdown(review(parse(GONE, "x")))


def test_stdin_and_stdout() -> None:
    command = [ATLAN_PULUMI, "review", "-", "--impact-depth", "0"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ATLAN_")}
    done = subprocess.run(
        command,
        input=previews.digest(previews.delete("Process", "dag", LOAD)).encode(),
        capture_output=True,
        timeout=60,
        env=environ,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "DB/S/T0 → DB/S/T1" in done.stdout.decode()
    assert NOT_LOOKED_UP not in done.stdout.decode()


def test_a_failed_preview_is_reviewed(events: Path, run: Run) -> None:
    events.write_text(previews.log(previews.message("no", severity="error"), end=previews.summary("failed")))
    done = run("events.jsonl")
    assert done.code == 0
    assert "The preview failed (1 error)" in done.out


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("", (), "events.jsonl is empty: use the file"),
        ("hello", (), "events.jsonl: line 1 is not JSON"),
        ('{"resourcePlans": {}}', (), "events.jsonl is a saved plan (`--save-plan`)"),
        (previews.log(end=previews.summary(is_preview=False)), (), "is the log of a deployment"),
        (GONE, ("--markdown", "events.jsonl/x.md"), "events.jsonl/x.md cannot be written: "),
        (GONE, ("--svg", "."), ". cannot be written: is a directory"),
    ],
)
def test_an_error_is_one_line(
    events: Path, run: Run, text: str, arguments: tuple[str, ...], message: str
) -> None:
    events.write_text(text)
    done = run("events.jsonl", *arguments)
    assert isinstance(done.code, str)
    assert done.code.startswith("atlan-pulumi: ")
    assert message in done.code
    assert "\n" not in done.code
    assert done.out == ""


def test_a_missing_file_is_an_error(run: Run) -> None:
    assert run("none.jsonl").code == "atlan-pulumi: none.jsonl cannot be read: no such file or directory"


@pytest.mark.parametrize("arguments", [(), ("a", "b"), ("a", "--impact-depth", "-1"), ("a", "--nonsense")])
def test_usage_errors(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert "Usage:" in done.err


# -- Atlan ------------------------------------------------------------------------------------------------


@pytest.fixture
def tenant(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED) as server:
        witness = Witness(server.base_url, server.api_key)
        witness.make_process(WAREHOUSE, "dag", 0, 1)
        witness.make_process(WAREHOUSE, "next", 1, 2)
        witness.close()
        monkeypatch.setenv("ATLAN_API_KEY", server.api_key)
        monkeypatch.setenv("ATLAN_REQUESTS_PER_MINUTE", "0")
        yield server


def test_the_impact_depth_is_used(events: Path, run: Run, tenant: LocalAtlan) -> None:
    shallow = run("events.jsonl", "--base-url", tenant.base_url, "--impact-depth", "1")
    assert "1 table loses lineage, based on Atlan's current lineage to a depth of 1." in shallow.out
    deep = run("events.jsonl", "--base-url", tenant.base_url)
    assert "| `Process dag` | `2 tables lose their lineage` | `DB/S/T1`<br>`DB/S/T2` |" in deep.out


def test_nothing_is_looked_up_if_no_lineage_can_be_lost(
    events: Path, run: Run, tenant: LocalAtlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAN_BASE_URL", tenant.base_url)
    before = tenant.stats()["requests"]
    events.write_text(previews.log(previews.create("Process", "dag", LOAD)))
    assert "1 process added" in run("events.jsonl").out
    events.write_text(GONE)
    assert "1 process removed" in run("events.jsonl", "--impact-depth", "0").out
    assert tenant.stats()["requests"] == before


def test_a_wrong_key_is_reported_in_the_review(
    events: Path, run: Run, tenant: LocalAtlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAN_API_KEY", "canary-1234")
    done = run("events.jsonl", "--base-url", tenant.base_url)
    assert done.code == 0
    assert "Unknown, because the request to Atlan failed: " in done.out
    assert "401" in done.out
    assert "canary" not in done.out + done.err


def test_an_unreachable_tenant_is_reported_in_the_review(
    events: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAN_API_KEY", "key")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        done = run("events.jsonl", "--base-url", f"http://127.0.0.1:{unused.getsockname()[1]}")
    assert done.code == 0
    assert "Unknown, because the request to Atlan failed: " in done.out


def test_an_invalid_base_url_is_an_error(events: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAN_API_KEY", "key")
    done = run("events.jsonl", "--base-url", "ftp://x")
    assert "is not a URL such as https://" in str(done.code)


def test_help_contains_each_option(run: Run) -> None:
    shown = run("--help").out
    for option in ("--markdown", "--html", "--svg", "--impact-depth", "--base-url", "--title"):
        assert option in shown
