"""The examples on the page and in the docstrings run as printed, and the extra is named if it is missing."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import atlan_pulumi.sql
from atlan_pulumi.sql import derive_lineage

PAGE = Path(__file__).parents[2] / "docs" / "sql.md"
TEXTS = {
    "page": PAGE.read_text(encoding="utf-8"),
    "package": atlan_pulumi.sql.__doc__ or "",
    "function": re.sub(r"(?m)^ {8}", "", derive_lineage.__doc__ or ""),
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_examples_run(name: str) -> None:
    examples = re.findall(r"```python\n(.*?)```", TEXTS[name], re.DOTALL)
    alone = [each for each in examples if "derive_lineage" in each]  # others are deployed
    assert alone
    for example in alone:
        exec(compile(example, name, "exec"), {})


def test_a_missing_extra_is_one_line() -> None:
    program = (
        "import sys; sys.modules['sqlglot'] = None\n"
        "try:\n    import atlan_pulumi.sql\nexcept ImportError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "lineage from SQL needs sqlglot, which is not installed: pip install 'atlan-pulumi[sql]'\n"
    )
