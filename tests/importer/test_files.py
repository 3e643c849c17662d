"""The files that are written, and those that are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from importer.entities import GUID, plan_of, process
from support.atlan import WAREHOUSE

from atlan_pulumi.dynamic.provider._adapter import LifecycleProvider
from atlan_pulumi.errors import ImporterError
from atlan_pulumi.importer import ensure_writable, import_file, stack_name, write_files

MARK = "pulumi:shop/prod#load"


def test_the_import_file_holds_what_the_state_will() -> None:
    (resource,) = json.loads(import_file(plan_of(process(sql="x\n\ud800"))))["resources"]
    provider = resource["inputs"].pop("__provider")
    assert resource["outputs"].pop("__provider") == provider
    assert resource["outputs"].pop("guid") == GUID
    assert resource["outputs"] == resource["inputs"]
    assert resource["inputs"]["sql"] == "x\n\ud800"
    assert {key: resource[key] for key in ("type", "name", "id")} == {
        "type": "pulumi-python:dynamic/atlan:Process",
        "name": "dag",
        "id": f"{WAREHOUSE}/dag",
    }


def test_the_provider_is_the_constant_that_every_state_has() -> None:
    import base64

    import dill

    (resource,) = json.loads(import_file(plan_of(process())))["resources"]
    loaded = dill.loads(base64.b64decode(resource["inputs"]["__provider"]))
    assert isinstance(loaded, LifecycleProvider)
    assert len(resource["inputs"]["__provider"]) < 150


@pytest.mark.parametrize(
    ("mark", "stack", "expected"),
    [
        (MARK, None, MARK),
        (MARK, "shop/prod", MARK),
        (MARK, "shop/test", ""),
        ("atlan-snowflake-1", "shop/prod", None),
        (None, "shop/prod", None),
    ],
)
def test_only_what_carries_no_other_stacks_mark_is_ours_to_remove(
    mark: str | None, stack: str | None, expected: str | None
) -> None:
    (resource,) = json.loads(import_file(plan_of(process(lastSyncWorkflowName=mark)), stack))["resources"]
    assert resource["outputs"].get("own_mark") == expected
    assert resource["inputs"].get("managed_by") == mark
    # Another stack's: the inputs have it as well, so that the first preview names the takeover.
    assert resource["inputs"].get("own_mark") == ("" if expected == "" else None)


def test_files_are_written_as_a_whole_and_readable(tmp_path: Path) -> None:
    path = tmp_path / "lineage.py"
    path.write_text("before")
    write_files({path: "ü\n\r\n"})
    assert path.read_bytes() == "ü\n\r\n".encode()
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "lineage.py"
    ensure_writable([path], force=False)
    write_files({path: "x"})
    assert path.read_text() == "x"


def test_what_exists_is_overwritten_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "lineage.py"
    path.write_text("mine")
    with pytest.raises(ImporterError, match=r"lineage\.py exists already: .* give --force"):
        ensure_writable([path], force=False)
    ensure_writable([path], force=True)
    assert path.read_text() == "mine"


def test_what_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cases = {
        tmp_path / "file" / "lineage.py": "cannot be written",
        tmp_path: "is a folder: name a file",
        tmp_path / ("x" * 300) / "lineage.py": "cannot be written: file name too long",
    }
    for path, message in cases.items():
        with pytest.raises(ImporterError) as caught:
            ensure_writable([path], force=True)
        assert message in str(caught.value)
    with pytest.raises(ImporterError, match="cannot be written: no such file or directory"):
        write_files({tmp_path / "gone" / "x": ""})


def test_two_files_need_two_names(tmp_path: Path) -> None:
    with pytest.raises(ImporterError, match="cannot hold both"):
        ensure_writable([tmp_path / "a", tmp_path / "b" / ".." / "a"], force=True)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("shop/prod", "shop/prod"),
        ("organization/shop/prod", "shop/prod"),
        ("acme/shop/prod", "acme/shop/prod"),
    ],
)
def test_a_stack_with_its_project(given: str, expected: str, tmp_path: Path) -> None:
    assert stack_name(given, tmp_path) == expected


def test_a_stack_of_the_project_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    assert stack_name("prod", tmp_path) == "shop/prod"


@pytest.mark.parametrize("content", [None, "runtime: python", "- x", ": : :", b"\xff"])
def test_a_stack_of_no_known_project(content: str | bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "Pulumi.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ImporterError, match="give --stack PROJECT/prod"):
        stack_name("prod", tmp_path)
