"""The findings of the doctor, and its suggested fixes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from atlan_pulumi.engine import examine
from atlan_pulumi.engine._find import EXECUTABLES, engine_root

BUILT = "3.274.1"


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"/usr/bin{os.pathsep}/bin")


def _found() -> dict[str, tuple[str, str]]:
    return {finding.what: (finding.found, finding.to_do) for finding in examine()}


def _executables(folder: Path, version: str, names=EXECUTABLES) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\necho {version}\n")
        (folder / name).chmod(0o755)
    return folder


def test_without_an_engine_each_missing_item_has_a_fix(tmp_path):
    found = _found()

    assert found["engine"] == ("none", "run `atlan-pulumi engine install`")
    assert found["official pulumi"] == ("not on PATH", "")
    assert found["launchers"] == ("no engine", "run `atlan-pulumi engine install`")
    assert sys.executable in found["python"][0]
    assert found["cache"] == (f"{tmp_path / 'cache'}, writable", "")
    assert not (tmp_path / "cache").exists()


def test_a_usable_official_engine_is_found(tmp_path, monkeypatch):
    folder = _executables(tmp_path / "official", "v3.272.0")
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)

    found = _found()

    assert found["engine"] == ("Pulumi 3.272.0 from PATH", "")
    assert found["official pulumi"] == (f"3.272.0 in {folder}", "")
    assert found["launchers"][1] == ""


def test_an_old_official_engine_is_reported_with_the_reason(tmp_path, monkeypatch):
    folder = _executables(tmp_path / "official", "v3.100.0")
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)

    assert _found()["official pulumi"] == (f"3.100.0 in {folder}", "version 3.100.0 is older than 3.254.0")


def test_a_built_engine_is_found():
    folder = _executables(engine_root("build", BUILT) / "bin", f"v{BUILT}")

    found = _found()

    assert found["engine"] == (f"Pulumi {BUILT} from a build of its source", "")
    assert found["provided by build"] == (f"{BUILT} in {folder}", "")


def test_a_built_engine_without_a_launcher_must_be_installed_again():
    _executables(engine_root("build", BUILT) / "bin", f"v{BUILT}", EXECUTABLES[:-1])

    assert _found()["engine"] == ("none", "run `atlan-pulumi engine install`")


def test_launchers_elsewhere_on_path_are_listed(tmp_path, monkeypatch):
    for name, executables in (("one", EXECUTABLES[:2]), ("two", EXECUTABLES[2:])):
        folder = _executables(tmp_path / name, "v3.272.0", executables)
        monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)

    found, to_do = _found()["launchers"]

    assert found.endswith(
        "on PATH, not beside pulumi: pulumi-language-python-exec, pulumi-resource-pulumi-python"
    )
    assert to_do == ""


def test_a_cache_that_is_not_a_folder_is_not_writable(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "file" / "cache"))

    assert _found()["cache"][1] == "make it writable, or set ATLAN_PULUMI_CACHE"
