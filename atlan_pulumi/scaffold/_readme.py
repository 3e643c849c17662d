"""The README of a new repository: the template without the rows and sections that do not concern it."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from atlan_pulumi.scaffold._choices import Choices

_ROW = re.compile(r"^\| `([^`]+)`.*\n", re.MULTILINE)
_URL, _PORT = "http://127.0.0.1:8585", 8585
_SERVE = "atlan-pulumi local --sample"


def readme(template: str, choices: Choices, names: Collection[str]) -> str:
    """Return the README.

    Args:
        template: A README with all rows and sections.
        choices: What the repository depends on.
        names: The names of its files.
    """
    text = _ROW.sub(lambda row: row[0] if row[1] in names else "", template)
    head, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    wanted = _headings(choices)
    kept = [f"## {each.rstrip()}\n" for each in sections if each.partition("\n")[0] in wanted]
    page = "\n".join([head.rstrip() + "\n", *kept])
    return page.replace(_SERVE, serve_command(choices)).replace(_URL, choices.base_url)


def contents(page: str) -> dict[str, str]:
    """Return what each file of a README's table contains."""
    return dict(re.findall(r"^\| `([^`]+)`.* \| (.*) \|$", page, re.MULTILINE))


def serve_command(choices: Choices) -> str:
    """Return the command that starts the local Atlan of the stack `dev`."""
    port = urlsplit(choices.base_url).port
    catalog = "--sample" if choices.sample else "--seed CATALOG.yaml"
    return f"atlan-pulumi local {catalog}{f' --port {port}' if port not in (None, _PORT) else ''}"


def _headings(choices: Choices) -> set[str]:
    """Return the headings of the wanted sections."""
    source = "The lineage of the SQL" if choices.sql else "The lineage of dbt" if choices.dbt else ""
    if not source and not choices.sample:
        source = "The first process"
    ci = {"github": "CI on GitHub", "gitlab": "CI on GitLab", "none": "CI"}[choices.ci]
    return {source, ci, *(("Start on this machine", "Use your tenant") if choices.is_local else ("Start",))}
