"""The guarantees page names existing tests, and every fault."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from faults.table import FAULTS

ROOT = Path(__file__).parents[2]


def guarantees() -> ModuleType:
    if str(ROOT / "docs") not in sys.path:  # contains the modules that it imports
        sys.path.append(str(ROOT / "docs"))
    spec = importlib.util.spec_from_file_location("guarantees", ROOT / "docs" / "guarantees.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def declared_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_named_test_exists() -> None:
    module = guarantees()
    rows = [row for group in module.MISTAKES.values() for row in group]
    rows += module.DRIFTS + module.MANY + module.POLICIES
    named = [module.COMMANDS, module.ASSETS, module.SQL, module.FILES]
    rows += [row for groups in named for group in groups.values() for row in group]
    assert len(rows) > 50
    missing = []
    for row in rows:
        file, _, name = row.test.partition("::")
        path = ROOT / "tests" / file
        if not path.exists() or name not in declared_in(path):
            missing.append(row.test)
    assert missing == []


def test_every_fault_is_on_the_page() -> None:
    page = guarantees().page()
    assert len(FAULTS) >= 40
    assert [fault.name for fault in FAULTS if f"[{fault.slug}]`" not in page] == []
    for named in ("test_kill.py", "properties"):
        assert named in page
    assert (ROOT / "tests" / "faults" / "test_kill.py").exists()
    assert (ROOT / "tests" / "properties").is_dir()
