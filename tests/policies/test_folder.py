"""The folder that `atlan-pulumi policy path` names: Pulumi runs it with the Python that the package is in."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from atlan_pulumi import policies
from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.pack_folder import pack_folder

IN_PACKAGE = Path(policies.__file__).parent / "pack"
BIN = str(Path(sys.executable).parent)

needs_environment = pytest.mark.skipif(sys.prefix == sys.base_prefix, reason="not in a virtual environment")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PULUMI_PYTHON_CMD", raising=False)
    return tmp_path / "cache"


@pytest.fixture
def elsewhere(tmp_path, monkeypatch) -> None:
    """Another Python is first on PATH."""
    other = tmp_path / "bin" / "python3"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))


def test_where_pulumi_takes_this_python_it_is_the_packages_own(monkeypatch, cache) -> None:
    monkeypatch.setenv("PATH", BIN)

    assert pack_folder() == IN_PACKAGE
    assert not cache.exists()


def test_the_command_that_pulumi_is_told_to_use_counts(monkeypatch, elsewhere) -> None:
    monkeypatch.setenv("PULUMI_PYTHON_CMD", sys.executable)

    assert pack_folder() == IN_PACKAGE


@needs_environment
@pytest.mark.usefixtures("elsewhere")
def test_where_pulumi_takes_another_one_a_copy_names_this() -> None:
    folder = pack_folder()

    project = yaml.safe_load((folder / "PulumiPolicy.yaml").read_text())
    assert folder != IN_PACKAGE
    assert project["runtime"] == {"name": "python", "options": {"virtualenv": sys.prefix}}
    assert project["version"] == yaml.safe_load((IN_PACKAGE / "PulumiPolicy.yaml").read_text())["version"]
    assert (folder / "__main__.py").read_text() == (IN_PACKAGE / "__main__.py").read_text()


@needs_environment
@pytest.mark.usefixtures("elsewhere")
def test_a_second_time_writes_nothing_and_an_old_copy_is_renewed(cache) -> None:
    folder = pack_folder()
    written = (folder / "__main__.py").stat()

    assert pack_folder() == folder
    assert (folder / "__main__.py").stat() == written

    (folder / "__main__.py").write_text("old")
    assert pack_folder() == folder
    assert (folder / "__main__.py").read_text() == (IN_PACKAGE / "__main__.py").read_text()
    assert sorted(file.name for file in folder.iterdir()) == ["PulumiPolicy.yaml", "__main__.py"]


@needs_environment
@pytest.mark.usefixtures("elsewhere")
def test_a_cache_that_cannot_be_written_is_one_line(cache) -> None:
    cache.write_text("a file")

    with pytest.raises(PolicyError) as caught:
        pack_folder()

    assert "cannot be kept in" in str(caught.value)
    assert f"put {BIN} first on PATH" in str(caught.value)
