"""The reference pages match the docstrings, and their examples run with the real engine."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.atlan import WAREHOUSE
from support.stack import Stack

import atlan_pulumi as atlan
from atlan_pulumi import ownership_mark, settings
from atlan_pulumi import text as printable
from atlan_pulumi.engine import provide_engine
from atlan_pulumi.lifecycle import _children as _guids
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources import datasets as _datasets
from atlan_pulumi.resources import references as _references
from atlan_pulumi.resources import references as _sdk_id

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "reference").glob("*.md"))


def _columns(*names: str) -> list[dict[str, str]]:
    return [{"name": name, "data_type": "NUMBER"} for name in names]


#: The assets that the examples refer to.
SEED = {
    "connections": [
        {
            "name": "warehouse",
            "connector": "snowflake",
            "qualified_name": WAREHOUSE,
            "databases": [
                {
                    "name": name,
                    "schemas": [{"name": "PUBLIC", "tables": [{"name": "ORDERS", "columns": columns}]}],
                }
                for name, columns in {
                    "RAW": _columns("ID", "AMOUNT", "DISCOUNT"),
                    "MART": _columns("ORDER_ID", "NET"),
                }.items()
            ],
        }
    ]
}


def examples() -> dict[str, str]:
    """Return each Python block of the README and the pages that declares a resource, by page and number."""
    found = {}
    for page in [ROOT / "README.md", *PAGES]:
        blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(), flags=re.DOTALL | re.MULTILINE)
        programs = [block for block in blocks if "atlan." in block and "import atlan_pulumi" in block]
        found.update({f"{page.name}-{number}": block for number, block in enumerate(programs)})
    return found


def test_the_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "build.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_public_name_is_documented() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    documented = [name for name in atlan.__all__ if re.search(rf"^#+ `?{name}\b", text, flags=re.MULTILINE)]
    assert set(atlan.__all__) - set(documented) == {"AssetReference", "AtlanError", "DatasetReference"}


@pytest.mark.parametrize(
    "module",
    [_references, _datasets, _sdk_id, _guids, ownership_mark, printable, settings],
    ids=lambda module: module.__name__,
)
def test_the_docstring_examples_pass(module: object) -> None:
    results = doctest.testmod(module)  # type: ignore[arg-type]
    assert results.attempted > 0
    assert results.failed == 0


def test_no_link_of_the_reference_is_broken() -> None:
    for page in [ROOT / "README.md", *PAGES, *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def _each_example() -> list[Any]:
    """Return the examples: those of README and of two pages run always, the others in the long run."""
    always = ("README", "process.md", "atlan-provider.md")
    return [
        where if where.startswith(always) else pytest.param(where, marks=pytest.mark.soak)
        for where in examples()
    ]


@pytest.mark.engine
@pytest.mark.parametrize("where", _each_example())
def test_an_example_deploys_without_changes_afterwards(where: str, tmp_path: Path) -> None:
    with LocalAtlan(seed=SEED) as server:
        stack = Stack(
            tmp_path / "project",
            provide_engine().environment(),
            environ={"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key},
        )
        if "pulumi.Config" in examples()[where]:
            stack.run("config", "set", "prod:baseUrl", server.base_url).check()
            stack.run("config", "set", "--secret", "prod:apiKey", server.api_key).check()
        stack.up(examples()[where])
        assert stack.resources()
        assert set(stack.preview("--refresh").changes) <= {"same", "refresh"}
