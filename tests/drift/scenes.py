"""Programs to look at, and what a look must leave as it is."""

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
    """A line of a program: one process from table 0 to table 1, unless told otherwise."""
    sides: dict[str, object] = {"inputs": tables(0), "outputs": tables(1)}
    given = {"name": name, "connection": WAREHOUSE, **sides, **attributes}
    arguments = ", ".join(f"{key}={value!r}" for key, value in given.items() if key != "opts")
    opts = f", opts={attributes['opts']}" if "opts" in attributes else ""
    return f"{name} = atlan.Process({name!r}, {arguments}{opts})\n"


def tables(*numbers: int) -> list[dict[str, str]]:
    """References to the seed's tables."""
    return [{"type_name": "Table", "qualified_name": table_name(number)} for number in numbers]


def state_files(stack: Stack) -> dict[str, bytes]:
    """Everything in the backend, by path."""
    return {str(path): path.read_bytes() for path in (stack.folder / "state").rglob("*") if path.is_file()}


def writes(server: LocalAtlan) -> int:
    """How many requests to the local Atlan were not for reading."""
    requests: dict[str, int] = server.stats()["requests"]
    reading = ("GET ", "POST /api/meta/search/", "POST /api/meta/lineage/")
    return sum(count for name, count in requests.items() if not name.startswith(reading))


def checkpoint(stack: Stack) -> Path:
    """The file that holds the stack's state."""
    (found,) = (stack.folder / "state").rglob("stacks/acceptance/test.json")
    return found


@contextmanager
def edited(stack: Stack, edit: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """The stored state otherwise than it is, while the block runs."""
    path = checkpoint(stack)
    before = path.read_bytes()
    state = json.loads(before)
    edit(state["checkpoint"]["latest"])
    path.write_text(json.dumps(state))
    try:
        yield
    finally:
        path.write_bytes(before)
