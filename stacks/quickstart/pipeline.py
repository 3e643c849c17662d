"""Read the pipeline: `sql/*.sql` has the SQL of each step, and `lineage/*.yaml` what the SQL does not say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Step:
    """A SQL statement that fills one table or defines one view."""

    key: str
    name: str
    description: str
    certificate_status: str | None
    sql: str
    loads: str | None
    """The raw table into which the rows are copied, if the SQL only reads them from the application."""


def read_steps(folder: Path = HERE) -> Iterator[Step]:
    """Yield every step of the pipeline, file by file."""
    for file in sorted((folder / "lineage").glob("*.yaml")):
        for key, facts in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            yield Step(
                key=key,
                name=facts["name"],
                description=facts["description"],
                certificate_status=facts.get("certificate_status"),
                sql=(folder / "sql" / f"{key}.sql").read_text(encoding="utf-8"),
                loads=facts.get("loads"),
            )
