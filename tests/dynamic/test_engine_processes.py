"""Where the engine runs that a process serves an inline program to: its command line, environment, folder."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pulumi
import pytest

from atlan_pulumi.dynamic import _engine_processes
from atlan_pulumi.dynamic._engine_processes import (
    EnginePlace,
    engines_served,
    environ_in,
    environ_shown,
    folder_shown,
    serves,
)
from atlan_pulumi.dynamic.program import _ownership_mark
from atlan_pulumi.stack_origin import origin_of

UP = "pulumi up --yes --skip-preview --client=127.0.0.1:4321 --exec-kind auto.inline --stack dev"


@pytest.mark.parametrize(
    ("command", "served"),
    [
        (UP, True),
        (UP.replace("dev", "acme/shop/dev"), True),
        (UP.replace("--stack dev", "--stack=dev"), True),
        (UP.replace("--client=", "--client "), True),
        (UP.replace("pulumi", "/opt/bin/.pulumi-wrapped", 1), True),
        (UP.replace("dev", "prod"), False),
        (UP.replace("--client=127.0.0.1:4321 ", ""), False),
        (UP.replace("pulumi", "pulumi-language-python", 1), False),
        ("pulumi up --client=127.0.0.1:4321", False),
        ("pulumi up --client=127.0.0.1:4321 --stack", False),
        ("", False),
    ],
)
def test_an_engine_that_gets_the_program_of_a_stack_elsewhere(command: str, served: bool) -> None:
    assert serves(command.split(), "dev") is served


def test_the_variables_in_linuxs_proc() -> None:
    text = "A=1\0PULUMI_BACKEND_URL=s3://b?x=y\0EMPTY=\0no variable\0LINES=a\nb\0"
    assert environ_in(text) == {
        "A": "1",
        "PULUMI_BACKEND_URL": "s3://b?x=y",
        "EMPTY": "",
        "LINES": "a\nb",
    }


def test_the_variables_that_ps_shows_behind_the_arguments() -> None:
    line = (
        f"{UP} PATH=/bin:/usr/bin HOME=/Users/ann lee PULUMI_BACKEND_URL=s3://b?endpoint=c&x=y EMPTY= A=1\n"
    )
    assert environ_shown(line) == {
        "PATH": "/bin:/usr/bin",
        "HOME": "/Users/ann lee",
        "PULUMI_BACKEND_URL": "s3://b?endpoint=c&x=y",
        "EMPTY": "",
        "A": "1",
    }


@pytest.mark.parametrize("line", ["", UP, f"{UP} A=1"])
def test_an_environment_that_ps_hides_is_none(line: str) -> None:
    assert environ_shown(line) == {}


def test_the_folder_that_lsof_shows() -> None:
    assert folder_shown("p4711\nfcwd\nn/Users/ann lee/shop\n") == Path("/Users/ann lee/shop")
    assert folder_shown("p4711\nfcwd\nnunknown (readlink: denied)\n") is None
    assert folder_shown("") is None


@contextmanager
def engine(folder: Path, environ: Mapping[str, str], stack: str = "dev") -> Iterator[None]:
    """A process with an engine's command line, until its input ends."""
    said = "import sys; print('up', flush=True); sys.stdin.read()"
    command = ["pulumi", "-c", said, "--client=127.0.0.1:1", "--stack", stack]
    with subprocess.Popen(
        command,
        executable=sys.executable,
        cwd=folder,
        env={**os.environ, **environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"up\n"
        yield


def test_the_engine_below_this_process_is_found_with_its_place(tmp_path: Path) -> None:
    assert engines_served("dev") == []
    with engine(tmp_path, {"PULUMI_BACKEND_URL": "s3://a"}), engine(tmp_path, {}, "prod"):
        (found,) = engines_served("dev")
        assert found
        assert (found.folder, found.environ["PULUMI_BACKEND_URL"]) == (tmp_path.resolve(), "s3://a")
        assert engines_served("test") == []


def test_where_there_is_no_proc_the_systems_commands_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {
        "-A": f"    1     0 /sbin/launchd\n 4711 {os.getpid()} {UP}\n 4712 1 {UP}\n",
        "eww": f"{UP} PATH=/bin PULUMI_BACKEND_URL=s3://a\n",
        "-a": "p4711\nfcwd\nn/shop\n",
    }
    monkeypatch.setattr(_engine_processes, "_PROC", Path("/nowhere"))
    monkeypatch.setattr(_engine_processes, "_answer", lambda *command: answers[command[1]])
    assert engines_served("dev") == [
        EnginePlace({"PATH": "/bin", "PULUMI_BACKEND_URL": "s3://a"}, Path("/shop"))
    ]
    answers["eww"] = UP
    assert engines_served("dev") == [None]
    answers["-A"] = ""
    assert engines_served("dev") == []


# -- the origin of a run -------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\n")
    monkeypatch.setattr(pulumi, "get_organization", lambda: "organization")
    monkeypatch.setattr(pulumi, "get_project", lambda: "shop")
    monkeypatch.setattr(pulumi, "get_stack", lambda: "dev")
    return tmp_path.resolve()


def places(monkeypatch: pytest.MonkeyPatch, *found: EnginePlace | None) -> str:
    monkeypatch.setattr(_ownership_mark, "engines_served", lambda _name: list(found))
    return _ownership_mark._origin_of_run()


def test_an_inline_program_has_the_origin_of_its_engine(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = (EnginePlace({"PULUMI_BACKEND_URL": f"s3://{name}"}, project) for name in "ab")
    assert places(monkeypatch, a) == origin_of("shop/dev", "dev", project, a.environ)
    assert places(monkeypatch, b) == origin_of("shop/dev", "dev", project, b.environ)
    assert places(monkeypatch) == origin_of("shop/dev", "dev", Path.cwd(), os.environ)


def test_the_engine_of_another_project_does_not_count(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "Pulumi.yaml").write_text("name: other\n")
    ours = EnginePlace({"PULUMI_BACKEND_URL": "s3://a"}, project)
    other = EnginePlace({"PULUMI_BACKEND_URL": "s3://b"}, tmp_path / "other")
    assert places(monkeypatch, other, ours) == origin_of("shop/dev", "dev", project, ours.environ)


def test_where_it_cannot_be_known_the_origin_is_no_other_backends(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda size: "f" * 2 * size)
    a, b = (EnginePlace({"PULUMI_BACKEND_URL": f"s3://{name}"}, project) for name in "ab")
    assert (
        places(monkeypatch, None) == places(monkeypatch, a, None) == places(monkeypatch, a, b) == "ffffffff"
    )
    monkeypatch.setattr(_ownership_mark, "_is_inline", lambda: True)
    assert places(monkeypatch) == "ffffffff"


def test_a_workspace_for_one_run_has_no_salt_of_the_stack(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(project))
    found = []
    for name, salt in (("automation-a1", "v1:AAAA"), ("automation-b2", "v1:BBBB"), ("kept", "v1:AAAA")):
        (project / name).mkdir()
        (project / name / "Pulumi.yaml").write_text("name: shop\n")
        (project / name / "Pulumi.dev.yaml").write_text(f"encryptionsalt: {salt}\n")
        found.append(places(monkeypatch, EnginePlace({}, project / name)))
    assert found[0] == found[1] != found[2]


def test_a_program_that_the_sdk_runs_in_this_process_is_inline() -> None:
    assert not _ownership_mark._is_inline()
    code = compile("found = is_inline()", str(Path("pulumi", "automation", "_server.py")), "exec")
    names = {"is_inline": _ownership_mark._is_inline}
    exec(code, names)
    assert names["found"] is True
