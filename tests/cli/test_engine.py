"""`atlan-pulumi engine`."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from atlan_pulumi.cli._engine import commands
from atlan_pulumi.engine import provide_engine
from atlan_pulumi.engine._find import EXECUTABLES, wanted_version
from atlan_pulumi.errors import EngineError
from tools.engine.recipe import recipe_of


@pytest.fixture
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without any engine."""
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"/usr/bin{os.pathsep}/bin")
    monkeypatch.delenv("ATLAN_PULUMI_ENGINE", raising=False)


def _run(*arguments: str):
    before = signal.getsignal(signal.SIGTERM)
    try:
        return CliRunner().invoke(commands, arguments)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_help_lists_the_commands():
    shown = _run("--help").output

    for command in ("install", "path", "doctor"):
        assert command in shown


@pytest.mark.usefixtures("_bare")
def test_path_without_an_engine_is_one_line_on_stderr():
    done = _run("path")

    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr == "atlan-pulumi: no Pulumi engine yet: run `atlan-pulumi engine install`\n"


@pytest.mark.usefixtures("_bare")
def test_doctor_without_an_engine_says_what_to_do_and_fails():
    done = _run("doctor")

    assert done.exit_code == 1
    assert done.stdout.startswith(
        "engine           none\n                 → run `atlan-pulumi engine install`\n"
    )


@pytest.mark.usefixtures("_bare")
def test_install_from_path_without_pulumi_is_an_engine_error():
    done = _run("install", "--source", "path")

    assert isinstance(done.exception, EngineError)
    assert "no `pulumi` is on PATH" in str(done.exception)


@pytest.mark.usefixtures("_bare")
def test_install_from_a_build_names_make_engine(tmp_path):
    folder = tmp_path / "cache" / "engine" / "build-3.274.1" / "bin"
    folder.mkdir(parents=True)
    for name in EXECUTABLES:
        (folder / name).touch(0o755)

    done = _run("install", "--source", "build")

    assert isinstance(done.exception, EngineError)
    assert "`make engine` in a checkout of atlan-pulumi (tools/engine/build.py)" in str(done.exception)
    assert _run("path").stdout == f"{folder}\n"  # an existing build is found


def test_install_refuses_other_sources():
    done = _run("install", "--source", "aur")

    assert done.exit_code == 2
    assert "aur" in done.stderr


@pytest.mark.engine
def test_path_prints_only_the_folder():
    engine = provide_engine()

    done = _run("path")

    assert (done.exit_code, done.stdout, done.stderr) == (0, f"{engine.folder}\n", "")
    assert (engine.folder / "pulumi").is_file()


@pytest.mark.engine
def test_install_of_an_installed_engine_prints_its_folder():
    engine = provide_engine()

    done = _run("install")

    assert (done.exit_code, done.stdout) == (0, f"{engine.folder}\n")
    assert done.stderr == f"Pulumi {engine.version} is installed; add this folder to PATH:\n"


@pytest.mark.engine
def test_doctor_with_an_engine_passes():
    engine = provide_engine()

    done = _run("doctor")

    assert done.exit_code == 0
    assert f"Pulumi {engine.version} from" in done.stdout
    assert "Pulumi SDK 3." in done.stdout


@pytest.mark.engine
def test_the_engine_has_the_pinned_version():
    engine = provide_engine()
    output = subprocess.check_output([engine.executable, "version"], env=engine.environment(), text=True)

    assert output == f"v{engine.version}\n"
    assert wanted_version() in (None, engine.version)
    if engine.source == "build":
        assert engine.version == recipe_of(engine.version).version
