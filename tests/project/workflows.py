"""Parse the workflows and the action of this repository."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def load(path: Path) -> Any:
    """Return the parsed YAML with the key `on`, which YAML 1.1 parses as true."""
    loaded = yaml.safe_load(path.read_text("utf-8"))
    if isinstance(loaded, dict) and True in loaded:
        loaded["on"] = loaded.pop(True)
    return loaded


@dataclass(frozen=True)
class Step:
    """A step, with its location."""

    where: str
    content: dict[str, Any]
    shell: str

    @property
    def script(self) -> str:
        return str(self.content["run"])


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    return dict(load(path)["jobs"])


def steps(path: Path) -> Iterator[Step]:
    if path == ACTION:
        groups = {"action": load(path)["runs"]["steps"]}
    else:
        groups = {name: job["steps"] for name, job in jobs(path).items()}
    for group, listed in groups.items():
        for number, content in enumerate(listed):
            yield Step(f"{path.name}: {group}: {number}", content, content.get("shell", "bash"))
