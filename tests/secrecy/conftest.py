"""A local Atlan whose key is a canary, and stacks isolated from the files of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from secrecy.searching import CANARY, FIRST, SECOND, THEIRS
from support.atlan import SEED
from support.fixtures import engine
from support.stack import NewStack, Stack

from atlan_pulumi.local import LocalAtlan

__all__ = ["engine"]


@pytest.fixture(scope="module")
def guarded() -> Iterator[LocalAtlan]:
    """A local Atlan that accepts only the canary and Alice's key."""
    seed = {**SEED, "users": [FIRST, SECOND, THEIRS]}
    with LocalAtlan(seed=seed, api_key=CANARY, users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture
def new_stack(tmp_path: Path, engine: dict[str, str]) -> NewStack:
    """Create stacks with all files below one folder. The test sets the tenant."""

    def make(program: str = "", name: str = "project", **environ: str) -> Stack:
        return enclosed(tmp_path / name, engine, program, **environ)

    return make


def enclosed(folder: Path, engine: dict[str, str], program: str = "", **environ: str) -> Stack:
    """Return a stack whose home, temporary, and state folders are below `folder`."""
    for place in ("home-of-user", "temporary", "cache"):
        (folder / place).mkdir(parents=True)
    places = {
        "HOME": str(folder / "home-of-user"),
        "TMPDIR": str(folder / "temporary"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "ATLAN_DEADLINE_SECONDS": "3",
    }
    return Stack(folder, engine, program, environ={**places, **environ})
