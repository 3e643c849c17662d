"""Write the import file and the code, and find the stack."""

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


def test_the_import_file_contains_the_inputs_and_outputs_of_the_state() -> None:
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


def test_the_provider_is_the_same_reference_as_in_every_state() -> None:
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
def test_own_mark_follows_from_the_stack_in_the_mark(
    mark: str | None, stack: str | None, expected: str | None
) -> None:
    (resource,) = json.loads(import_file(plan_of(process(lastSyncWorkflowName=mark)), stack))["resources"]
    assert resource["outputs"].get("own_mark") == expected
    assert resource["inputs"].get("managed_by") == mark
    # The inputs have the property for another stack's mark, so that the first preview names the takeover.
    assert resource["inputs"].get("__own_mark") == ("" if expected == "" else None)


def test_files_are_written_atomically_and_readable(tmp_path: Path) -> None:
    path = tmp_path / "lineage.py"
    path.write_text("before")
    write_files({path: "ü\n\r\n"})
    assert path.read_bytes() == "ü\n\r\n".encode()
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_missing_folders_are_created(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "lineage.py"
    ensure_writable([path], force=False)
    write_files({path: "x"})
    assert path.read_text() == "x"


def test_existing_files_are_overwritten_only_with_force(tmp_path: Path) -> None:
    path = tmp_path / "lineage.py"
    path.write_text("mine")
    with pytest.raises(ImporterError, match=r"lineage\.py already exists: .* --force"):
        ensure_writable([path], force=False)
    ensure_writable([path], force=True)
    assert path.read_text() == "mine"


def test_an_unwritable_file_is_refused_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cases = {
        tmp_path / "file" / "lineage.py": "cannot be written",
        tmp_path: "is a folder: use the path of a file",
        tmp_path / ("x" * 300) / "lineage.py": "cannot be written: file name too long",
    }
    for path, message in cases.items():
        with pytest.raises(ImporterError) as caught:
            ensure_writable([path], force=True)
        assert message in str(caught.value)
    with pytest.raises(ImporterError, match="cannot be written: no such file or directory"):
        write_files({tmp_path / "gone" / "x": ""})


def test_two_files_with_the_same_path_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImporterError, match="cannot be both"):
        ensure_writable([tmp_path / "a", tmp_path / "b" / ".." / "a"], force=True)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("shop/prod", "shop/prod"),
        ("organization/shop/prod", "shop/prod"),
        ("acme/shop/prod", "acme/shop/prod"),
    ],
)
def test_stack_names_with_a_project(given: str, expected: str, tmp_path: Path) -> None:
    assert stack_name(given, tmp_path) == expected


def test_the_project_of_a_stack_comes_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    assert stack_name("prod", tmp_path) == "shop/prod"


@pytest.mark.parametrize("content", [None, "runtime: python", "- x", ": : :", b"\xff"])
def test_a_stack_without_a_known_project_is_refused(content: str | bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "Pulumi.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ImporterError, match="set --stack PROJECT/prod"):
        stack_name("prod", tmp_path)
