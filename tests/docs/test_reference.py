"""The reference pages match the docstrings, and name what exists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import atlan_pulumi as atlan

ROOT = Path(__file__).parents[2]
#: Types that a program gets, but does not create.
RETURNED = {"AssetReference", "AtlanError", "DatasetReference", "FoundConnection"}
PAGES = sorted((ROOT / "docs" / "reference").glob("*.md"))


def test_the_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "build.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_public_name_is_documented() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    documented = [name for name in atlan.__all__ if re.search(rf"^#+ `?{name}\b", text, flags=re.MULTILINE)]
    assert set(atlan.__all__) - set(documented) == RETURNED


def test_no_link_of_the_reference_is_broken() -> None:
    for page in [ROOT / "README.md", *PAGES, *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
