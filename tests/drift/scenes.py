"""Programs with processes, and what finding drift must not change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.atlan import WAREHOUSE, table_name
from support.stack import Stack

from atlan_pulumi.drift import Report
from atlan_pulumi.local import LocalAtlan

Look = Callable[..., Report]


def process(name: str, **attributes: object) -> str:
    """Return a line of a program: a process, by default from table 0 to table 1."""
    sides: dict[str, object] = {"inputs": tables(0), "outputs": tables(1)}
    given = {"name": name, "connection": WAREHOUSE, **sides, **attributes}
    arguments = ", ".join(f"{key}={value!r}" for key, value in given.items() if key != "opts")
    opts = f", opts={attributes['opts']}" if "opts" in attributes else ""
    return f"{name} = atlan.Process({name!r}, {arguments}{opts})\n"


def tables(*numbers: int) -> list[dict[str, str]]:
    """Return references to the seed's tables."""
    return [{"type_name": "Table", "qualified_name": table_name(number)} for number in numbers]


def state_files(stack: Stack) -> dict[str, bytes]:
    """Return all files of the backend, by path."""
    return {str(path): path.read_bytes() for path in (stack.folder / "state").rglob("*") if path.is_file()}


def writes(server: LocalAtlan) -> int:
    """Return the number of requests to the local Atlan that were not reads."""
    requests: dict[str, int] = server.stats()["requests"]
    reading = ("GET ", "POST /api/meta/search/", "POST /api/meta/lineage/")
    return sum(count for name, count in requests.items() if not name.startswith(reading))


def checkpoint(stack: Stack) -> Path:
    """Return the file with the stack's state."""
    (found,) = (stack.folder / "state").rglob("stacks/acceptance/test.json")
    return found


@contextmanager
def edited(stack: Stack, edit: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """Change the stored state while the block runs."""
    path = checkpoint(stack)
    before = path.read_bytes()
    state = json.loads(before)
    edit(state["checkpoint"]["latest"])
    path.write_text(json.dumps(state))
    try:
        yield
    finally:
        path.write_bytes(before)
