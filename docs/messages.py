"""Write the list of messages at the end of the troubleshooting page.

The rows are in `messages_*.py`. A test checks that they describe every text of the code.
"""

from __future__ import annotations

import re
from pathlib import Path

import messages_assets as assets
import messages_dbt as dbt
import messages_deployment as deployment
import messages_files as files
import messages_program as program
import messages_sql as sql
import messages_tools as tools
from message_row import Message

GROUPS: dict[str, tuple[Message, ...]] = {
    "References to assets": program.REFERENCES,
    "Properties": program.INPUTS,
    "Assets that a program declares": assets.ASSETS,
    "Lineage": program.LINEAGE,
    "Connections": program.CONNECTIONS,
    "OpenLineage jobs and connections": program.OPENLINEAGE,
    "Lineage as plain data": program.DATA,
    "Lineage from files": files.FILES,
    "Lineage from SQL": sql.SQL,
    "Lineage of a dbt project": dbt.DBT,
    "Assets that Atlan does not have yet": deployment.PLACEHOLDERS,
    "Crawler runs": deployment.CRAWLERS,
    "Ownership": deployment.OWNERSHIP,
    "Removals and replacements": deployment.REMOVALS,
    "Previews and deployments": deployment.PREVIEW,
    "Refreshes": deployment.REFRESH,
    "Settings": tools.SETTINGS,
    "Requests to Atlan": tools.NETWORK,
    "`atlan-pulumi init`": tools.INIT,
    "`atlan-pulumi derive`": tools.DERIVE,
    "`atlan-pulumi import`": tools.IMPORT,
    "`atlan-pulumi drift`, `orphans`, and `release`": tools.DRIFT,
    "`atlan-pulumi openlineage emit`": tools.EMIT,
    "`atlan-pulumi engine`": tools.ENGINE,
    "`atlan-pulumi review`": tools.REVIEW,
    "Policies": tools.POLICIES,
    "Local Atlan": tools.LOCAL,
    "Missing extras": tools.EXTRAS,
    "Parts of messages": deployment.COMMON,
}
PAGE = Path(__file__).parent / "troubleshooting.md"
#: The line of the page after which the list is generated.
START = "<!-- `make docs` writes the rest of this page from docs/messages*.py. -->"
_INTRODUCTION = (
    "Every message of the package, grouped by where it appears. `…` stands for any text, such as a name. A "
    "message may consist of several of these texts. The violations of policies are on the [pages of the "
    "policies](reference/policies/README.md)."
)


def rows() -> list[Message]:
    """Return the rows of all groups."""
    return [row for group in GROUPS.values() for row in group]


def page() -> str:
    """Return the troubleshooting page: its written part, and the list of messages."""
    written, start, _ = PAGE.read_text("utf-8").partition(START)
    groups = [f"### {name}\n\n{_table(group)}" for name, group in GROUPS.items()]
    return "\n\n".join([f"{written}{start}", "## All messages", _INTRODUCTION, *groups]) + "\n"


def _table(group: tuple[Message, ...]) -> str:
    lines = ["| message | cause | what to do |", "| --- | --- | --- |"]
    lines += [
        f"| {'<br>'.join(map(_code, row.texts))} | {_cell(row.cause)} | {_cell(row.fix)} |" for row in group
    ]
    return "\n".join(lines)


def _code(text: str) -> str:
    """Return a text as code, which may contain backticks. Two values in a row are one `…`."""
    text = re.sub("…+", "…", text)
    fence = "`` " if "`" in text else "`"
    return _cell(f"{fence}{text}{fence[::-1]}")


def _cell(text: str) -> str:
    return text.replace("|", r"\|")
