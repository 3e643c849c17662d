"""The engine that runs an inline program of this process: command line, environment, folder."""

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
    engine_command,
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


def of_linux(proc: Path, pid: int | str, parent: int, command: str | bytes, **place: str) -> None:
    """Add a process to a folder in place of `/proc`."""
    folder = proc / str(pid)
    folder.mkdir(parents=True)
    folder.joinpath("stat").write_text(f"{pid} (a (b) c) S {parent} 1 1")
    line = command if isinstance(command, bytes) else command.encode()
    folder.joinpath("cmdline").write_bytes(b"".join(each + b"\0" for each in line.split(b" ")))
    folder.joinpath("environ").write_text("\0".join(f"{name}={value}" for name, value in place.items()))
    folder.joinpath("cwd").symlink_to("/shop")


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a `/proc` in which this process is the child of 50."""
    found = tmp_path / "proc"
    of_linux(found, "self", 50, "python")
    monkeypatch.setattr(_engine_processes, "_PROC", found)
    monkeypatch.setattr(os, "getppid", lambda: 50)
    monkeypatch.setattr(_engine_processes, "_answer", lambda *_command: "")
    return found


@pytest.mark.parametrize("launchers", [0, 1, 9])
def test_the_engine_is_the_nearest_one_above(proc: Path, launchers: int) -> None:
    for number in range(launchers):
        of_linux(proc, 50 + number, 51 + number, b"sh \xff" if number else "pulumi-language-python")
    of_linux(proc, 50 + launchers, 90, "/opt/bin/pulumi up -t a")
    of_linux(proc, 90, 1, "pulumi up -t outer")
    assert engine_command() == ["/opt/bin/pulumi", "up", "-t", "a"]


def test_ten_processes_above_are_asked(proc: Path) -> None:
    for number in range(10):
        of_linux(proc, 50 + number, 51 + number, "sh")
    of_linux(proc, 60, 1, "pulumi up")
    assert engine_command() is None


@pytest.mark.parametrize("top", [0, 1])
def test_the_first_process_and_one_that_has_ended_are_no_engine(proc: Path, top: int) -> None:
    of_linux(proc, 50, top, "sh")
    of_linux(proc, top, 0, "pulumi up")
    assert engine_command() is None
    proc.joinpath("50", "stat").unlink()
    assert engine_command() is None


def test_all_engines_below_are_found_with_their_places(proc: Path) -> None:
    here = os.getpid()
    of_linux(proc, here, 50, "python program.py")
    of_linux(proc, here + 1, here, "sh")
    of_linux(proc, here + 2, here + 1, UP.encode() + b" \xff", A="1", B="x=y")
    of_linux(proc, here + 3, here, UP, A="2")
    of_linux(proc, here + 4, 1, UP, A="3")  # which serves another process
    proc.joinpath(str(here + 3), "cwd").unlink()  # another user's, which cannot be read
    found = engines_served("dev")
    assert sorted(found, key=bool) == [None, EnginePlace({"A": "1", "B": "x=y"}, Path("/shop"))]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Answer the system's commands without a `/proc`; fail for others."""
    monkeypatch.setattr(_engine_processes, "_PROC", Path("/nowhere"))
    monkeypatch.setattr(os, "getppid", lambda: 50)
    answers: dict[str, str] = {}
    monkeypatch.setattr(_engine_processes, "_answer", lambda *command: answers.get(" ".join(command), ""))
    return answers


def test_where_there_is_no_proc_the_systems_commands_say_it(asked: dict[str, str]) -> None:
    everything = "ps -A -o pid= -o ppid= -o args="
    asked[everything] = f"    1     0 /sbin/launchd\n 4711 {os.getpid()} {UP}\n 4712 1 {UP}\n"
    asked["ps eww -o command= -p 4711"] = f"{UP} PATH=/bin PULUMI_BACKEND_URL=s3://a\n"
    asked["lsof -a -d cwd -F n -p 4711"] = "p4711\nfcwd\nn/shop\n"
    assert engines_served("dev") == [
        EnginePlace({"PATH": "/bin", "PULUMI_BACKEND_URL": "s3://a"}, Path("/shop"))
    ]
    asked["ps eww -o command= -p 4711"] = UP
    assert engines_served("dev") == [None]
    asked[everything] = ""
    assert engines_served("dev") == []


def test_where_there_is_no_proc_ps_says_what_is_above(asked: dict[str, str]) -> None:
    ps = "ps -o ppid= -o args= -p"
    asked[f"{ps} 50"] = "   60 sh -c x\n"
    asked[f"{ps} 60"] = "    1 /opt/bin/pulumi up -t a\n"
    assert engine_command() == ["/opt/bin/pulumi", "up", "-t", "a"]
    asked[f"{ps} 60"] = "garbage\n"
    assert engine_command() is None
    asked[f"{ps} 60"] = ""
    assert engine_command() is None


def test_a_system_without_these_commands_says_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(_engine_processes, "_PROC", Path("/nowhere"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (engines_served("dev"), engine_command()) == ([], None)


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
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(project / "kept"))
    elsewhere = places(monkeypatch, EnginePlace({}, project / "automation-a1"))  # a folder of the user
    assert elsewhere == origin_of("shop/dev", "dev", project / "automation-a1", {}) != found[0]


def test_a_program_that_the_sdk_runs_in_this_process_is_inline() -> None:
    assert not _ownership_mark._is_inline()
    code = compile("found = is_inline()", str(Path("pulumi", "automation", "_server.py")), "exec")
    names = {"is_inline": _ownership_mark._is_inline}
    exec(code, names)
    assert names["found"] is True
