"""The folder of `atlan-pulumi policy path`: Pulumi runs it with the Python that has this package."""

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
    """Put another Python first on PATH."""
    other = tmp_path / "bin" / "python3"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))


def test_the_folder_of_the_package_is_used_if_pulumi_runs_this_python(monkeypatch, cache) -> None:
    monkeypatch.setenv("PATH", BIN)

    assert pack_folder() == IN_PACKAGE
    assert not cache.exists()


def test_pulumi_python_cmd_selects_the_python(monkeypatch, elsewhere) -> None:
    monkeypatch.setenv("PULUMI_PYTHON_CMD", sys.executable)

    assert pack_folder() == IN_PACKAGE


@needs_environment
@pytest.mark.usefixtures("elsewhere")
def test_a_copy_names_this_python_if_pulumi_runs_another_one() -> None:
    folder = pack_folder()

    project = yaml.safe_load((folder / "PulumiPolicy.yaml").read_text())
    assert folder != IN_PACKAGE
    assert project["runtime"] == {"name": "python", "options": {"virtualenv": sys.prefix}}
    assert project["version"] == yaml.safe_load((IN_PACKAGE / "PulumiPolicy.yaml").read_text())["version"]
    assert (folder / "__main__.py").read_text() == (IN_PACKAGE / "__main__.py").read_text()


@needs_environment
@pytest.mark.usefixtures("elsewhere")
def test_the_copy_is_written_only_if_it_differs(cache) -> None:
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
def test_an_unwritable_cache_is_refused_in_one_line(cache) -> None:
    cache.write_text("a file")

    with pytest.raises(PolicyError) as caught:
        pack_folder()

    assert "cannot be written to" in str(caught.value)
    assert f"put {BIN} first on PATH" in str(caught.value)
