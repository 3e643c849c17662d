"""Write the reference pages from the docstrings; with `--check`, say which are out of date."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import guarantees
import rules

import atlan_pulumi as atlan
import atlan_pulumi.errors
import atlan_pulumi.lineage_data
import atlan_pulumi.local.seed
from atlan_pulumi.client import errors as client_errors
from atlan_pulumi.resources import _arguments as _attributes
from atlan_pulumi.resources import _edge, connection

FOLDER = Path(__file__).parent / "reference"
RESOURCES = {
    atlan.Connection: [connection.ConnectionArgs, _attributes.AssetArgs],
    atlan.Process: [_edge.ProcessArgs, _attributes.AssetArgs],
    atlan.ColumnProcess: [_edge.ProcessArgs, _attributes.AssetArgs],
    atlan.ColumnLineage: [],
    atlan.LineageMap: [],
    atlan.ProcessSet: [],
    atlan.OpenLineageConnection: [connection.ConnectionArgs, _attributes.AssetArgs],
    atlan.OpenLineageJob: [],
    atlan.AtlanProvider: [],
}
#: Pages that are the docstrings of modules: file, heading, modules.
MODULES = {
    "local-atlan.md": ("The local Atlan", [atlan_pulumi.local, atlan_pulumi.local.seed]),
    "lineage-data.md": ("Lineage as plain data", [atlan_pulumi.lineage_data]),
    "errors.md": ("Errors", [atlan_pulumi.errors, client_errors]),
}
FUNCTIONS = [atlan.asset, atlan.table, atlan.view, atlan.column, atlan.dataset, atlan.sdk_process_id]


def pages() -> dict[Path, str]:
    """Every page with its text."""
    made = {FOLDER / _file(kind): _resource_page(kind, args) for kind, args in RESOURCES.items()}
    made[FOLDER / "references.md"] = _functions_page()
    for name, (heading, modules) in MODULES.items():
        texts = [inspect.getdoc(module) or "" for module in modules]
        made[FOLDER / name] = "\n\n".join([f"# {heading}", *texts]) + "\n"
    made |= {FOLDER / "policies" / name: text for name, text in rules.pages().items()}
    made[FOLDER / "README.md"] = _index()
    made[FOLDER.parent / "guarantees.md"] = guarantees.page()
    return made


def _file(kind: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower() + ".md"


def _sections(doc: str) -> dict[str, str]:
    """A Google-style docstring by section; the text before the first is under ``""``."""
    found = re.split(r"^(Args|Attributes|Example|Returns|Raises|Source):[ ]?", doc, flags=re.MULTILINE)
    return {"": found[0].strip()} | {
        name: textwrap.dedent(text).strip() for name, text in zip(found[1::2], found[2::2], strict=True)
    }


def _entries(section: str) -> dict[str, str]:
    """The entries `name: text` of a section, each on one line."""
    joined = re.sub(r"\n\s+", " ", section)
    return dict(line.split(": ", 1) for line in joined.splitlines() if ": " in line)


def _table(heads: tuple[str, str], rows: dict[str, str]) -> str:
    lines = [f"| {heads[0]} | {heads[1]} |", "| --- | --- |"]
    lines += [f"| `{name}` | {text.replace('|', chr(92) + '|')} |" for name, text in rows.items()]
    return "\n".join(lines)


def _attribute_docs(args: type) -> dict[str, str]:
    """The string under each annotation of a TypedDict."""
    (declaration,) = ast.parse(textwrap.dedent(inspect.getsource(args))).body
    body = getattr(declaration, "body", [])
    found: dict[str, str] = {}
    for declared, doc in itertools.pairwise(body):
        if isinstance(declared, ast.AnnAssign) and isinstance(doc, ast.Expr):
            found[ast.unparse(declared.target)] = ast.literal_eval(doc.value)
    return found


def _resource_page(kind: type, args: list[type]) -> str:
    parts = _sections(inspect.getdoc(kind) or "")
    arguments = {name: text for name, text in _entries(parts["Args"]).items() if not name.startswith("*")}
    page = [f"# {kind.__name__}", parts[""], "## Example", parts["Example"], "## Arguments"]
    page += [_table(("argument", "what it is"), arguments)]
    for group in args:
        page += [f"### {_heading(group)}", _table(("argument", "what it is"), _attribute_docs(group))]
    if "Attributes" in parts:
        page += ["## Outputs", _table(("output", "what it is"), _entries(parts["Attributes"]))]
    return "\n\n".join(page) + "\n"


def _heading(group: type) -> str:
    return {
        "AssetArgs": "What every asset has",
        "ProcessArgs": "What processes have",
        "ConnectionArgs": "What connections have",
    }[group.__name__]


def _functions_page() -> str:
    page = ["# References to assets, and ids", "Functions that make the values which the resources take."]
    for function in FUNCTIONS:
        arguments = ", ".join(inspect.signature(function).parameters)
        page += [f"## `{function.__name__}({arguments})`", _function_text(function)]
    return "\n\n".join(page) + "\n"


def _function_text(function: Any) -> str:
    parts = _sections(inspect.getdoc(function) or "")
    text = [parts.pop("")]
    for name, section in parts.items():
        if name == "Args":
            text.append(_table(("argument", "what it is"), _entries(section)))
        elif name == "Example":
            text.append(f"```python\n{section}\n```")
        else:
            text.append(f"**{name}:** " + re.sub(r"\s*\n\s*", " ", section))
    return "\n\n".join(text)


def _index() -> str:
    rows = {
        f"[{kind.__name__}]({_file(kind)})": (inspect.getdoc(kind) or "").splitlines()[0]
        for kind in RESOURCES
    }
    rows["[table(), column(), …](references.md)"] = "References to assets, and ids."
    rows["[Plain data](lineage-data.md)"] = "What a `LineageMap` takes: YAML, CSV, data frames."
    rows["[The local Atlan](local-atlan.md)"] = "Its API, its catalogs, its faults."
    rows["[Rules](policies/README.md)"] = "The rules of the policy pack, one page each."
    rows["[Errors](errors.md)"] = "The one family of errors."
    lines = ["| page | what it is |", "| --- | --- |"]
    lines += [f"| {name} | {text} |" for name, text in rows.items()]
    return "# Reference\n\n" + "\n".join(lines) + "\n"


def main() -> None:
    """Write the pages, or say which are out of date."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        sys.exit("\n".join(f"{path.name} is out of date: run `make docs`" for path in stale) or None)
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()
