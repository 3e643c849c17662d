"""Finding an engine on PATH and in the cache."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from atlan_pulumi.engine import Engine, find_engine, require_engine, version_tuple
from atlan_pulumi.engine._find import EXECUTABLES, engine_root
from atlan_pulumi.engine._install import download_version
from atlan_pulumi.errors import EngineError
from atlan_pulumi.files import cache_folder

BUILT = "3.259.0"


def _engine_at(folder: Path, version: str, names=EXECUTABLES) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\necho v{version}\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"/usr/bin{os.pathsep}/bin")


def _on_path(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


def test_no_engine_is_found_without_path_and_cache():
    assert find_engine() is None


def test_the_official_engine_on_path_is_found(tmp_path, monkeypatch):
    folder = _engine_at(tmp_path / "official", "3.272.0")
    _on_path(monkeypatch, folder)

    assert find_engine() == Engine(folder, "3.272.0", "path")
    assert find_engine(["download", "build"]) is None


def test_a_link_to_the_official_engine_is_resolved(tmp_path, monkeypatch):
    folder = _engine_at(tmp_path / "official", "3.272.0")
    links = tmp_path / "links"
    links.mkdir()
    (links / "pulumi").symlink_to(folder / "pulumi")
    _on_path(monkeypatch, links)

    assert find_engine() == Engine(folder, "3.272.0", "path")


@pytest.mark.parametrize("version", ["3.253.9", "2.999.0", ""])
def test_an_old_engine_is_not_used(tmp_path, monkeypatch, version):
    _on_path(monkeypatch, _engine_at(tmp_path / "official", version))

    assert find_engine() is None


def test_an_engine_without_python_plugins_is_not_used(tmp_path, monkeypatch):
    _on_path(monkeypatch, _engine_at(tmp_path / "official", "3.272.0", EXECUTABLES[:1]))
    assert find_engine() is None

    _on_path(monkeypatch, _engine_at(tmp_path / "elsewhere", "3.272.0", EXECUTABLES[1:]))
    assert find_engine() == Engine(tmp_path / "official", "3.272.0", "path")


def test_the_order_is_path_download_build(tmp_path, monkeypatch):
    built = _engine_at(engine_root("build", BUILT) / "bin", BUILT)
    assert find_engine() == Engine(built, BUILT, "build")
    downloaded = _engine_at(engine_root("download", download_version()) / "bin", download_version())
    assert find_engine() == Engine(downloaded, download_version(), "download")
    official = _engine_at(tmp_path / "official", "3.260.0")
    _on_path(monkeypatch, official)
    assert find_engine() == Engine(official, "3.260.0", "path")


@pytest.mark.parametrize("requested", ["3.274.1", "v3.274.1"])
@pytest.mark.parametrize("by_variable", [True, False])
def test_only_the_requested_version_is_used(tmp_path, monkeypatch, requested, by_variable):
    _on_path(monkeypatch, _engine_at(tmp_path / "official", "3.272.0"))
    _engine_at(engine_root("build", BUILT) / "bin", BUILT)
    if by_variable:
        monkeypatch.setenv("ATLAN_PULUMI_ENGINE", requested)
    version = None if by_variable else requested
    assert find_engine(version=version) is None

    built = _engine_at(engine_root("build", "3.274.1") / "bin", "3.274.1")
    assert find_engine(version=version) == Engine(built, "3.274.1", "build")
    downloaded = _engine_at(engine_root("download", "3.274.1") / "bin", "3.274.1")
    assert find_engine(version=version) == Engine(downloaded, "3.274.1", "download")
    official = _engine_at(tmp_path / "newer", "3.274.1")
    _on_path(monkeypatch, official)
    assert find_engine(version=version) == Engine(official, "3.274.1", "path")


def _cached(name: str, version: str, names=EXECUTABLES) -> Path:
    return _engine_at(cache_folder() / "engine" / name / "bin", version, names)


@pytest.mark.parametrize("source", ["build", "download"])
def test_the_newest_supported_engine_in_the_cache_is_used(source):
    for version in ("3.99.0", "3.253.9"):
        _cached(f"{source}-{version}", version)
    assert find_engine() is None

    found = []
    for version in ("3.259.0", "3.1000.2", "3.274.1"):
        _cached(f"{source}-{version}", version)
        found.append(find_engine())

    oldest, newest = (engine_root(source, name) / "bin" for name in ("3.259.0", "3.1000.2"))
    assert found == [
        Engine(oldest, "3.259.0", source),
        Engine(newest, "3.1000.2", source),
        Engine(newest, "3.1000.2", source),
    ]


def test_incomplete_and_unknown_engines_in_the_cache_are_ignored():
    _cached("build-3.280.0", "3.280.0", EXECUTABLES[:-1])
    _cached(".work-build-3.281.0", "3.281.0")
    _cached("build-unknown", "3.282.0")
    _cached("other-3.283.0", "3.283.0")
    complete = _cached("build-3.260.0", "3.260.0")

    assert find_engine() == Engine(complete, "3.260.0", "build")


def test_a_missing_requested_version_is_in_the_error(monkeypatch):
    monkeypatch.setenv("ATLAN_PULUMI_ENGINE", "3.274.1")

    with pytest.raises(
        EngineError, match=r"^no Pulumi engine of version 3\.274\.1 \(ATLAN_PULUMI_ENGINE\) yet"
    ):
        require_engine()


def test_a_cached_engine_on_path_is_not_the_official_one(monkeypatch):
    built = _engine_at(engine_root("build", BUILT) / "bin", BUILT)
    _on_path(monkeypatch, built)

    assert find_engine() == Engine(built, BUILT, "build")


def test_the_environment_runs_this_engine_with_this_python(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.delenv("PULUMI_PYTHON_CMD", raising=False)
    engine = Engine(tmp_path, "3.259.0", "build")

    environment = engine.environment(PULUMI_BACKEND_URL="file:///state")

    assert engine.executable == tmp_path / "pulumi"
    assert environment["PATH"] == f"{tmp_path}:/usr/bin"
    assert environment["PULUMI_PYTHON_CMD"] == sys.executable
    assert environment["PULUMI_BACKEND_URL"] == "file:///state"
    assert environment["PULUMI_SKIP_UPDATE_CHECK"] == "true"
    assert environment["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"
    monkeypatch.setenv("PULUMI_PYTHON_CMD", "python3.13")
    assert engine.environment()["PULUMI_PYTHON_CMD"] == "python3.13"


@pytest.mark.parametrize(
    ("text", "version"),
    [("v3.259.0\n", (3, 259, 0)), ("go1.26", (1, 26, 0)), ("3.260.0-alpha.1", (3, 260, 0)), ("", (0, 0, 0))],
)
def test_version_tuple_parses_the_first_version(text, version):
    assert version_tuple(text) == version


def test_the_cache_folder_follows_its_variable(tmp_path, monkeypatch):
    assert cache_folder() == tmp_path / "cache"
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", "relative")
    assert cache_folder() == Path.cwd() / "relative"
    monkeypatch.delenv("ATLAN_PULUMI_CACHE")
    assert cache_folder().name == "atlan-pulumi"
