"""Write the reference pages from the docstrings. With `--check`, list the pages that are out of date."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import sys
import textwrap
from pathlib import Path
from typing import Any, get_args

import guarantees
import messages
import rules

import atlan_pulumi as atlan
import atlan_pulumi.errors
import atlan_pulumi.lineage_data
import atlan_pulumi.local.seed
from atlan_pulumi.client import errors as client_errors
from atlan_pulumi.resources import _arguments as _attributes
from atlan_pulumi.resources import _edge, _typed_asset, connection, literals
from atlan_pulumi.settings import NETWORK_VARIABLES, SETTINGS, VARIABLES, variable

FOLDER = Path(__file__).parent / "reference"
RESOURCES = {
    atlan.Connection: [connection.ConnectionArgs, _attributes.AssetArgs],
    atlan.Process: [_edge.ProcessArgs, _attributes.AssetArgs],
    atlan.ColumnProcess: [_edge.ProcessArgs, _attributes.AssetArgs],
    atlan.ColumnLineage: [],
    atlan.LineageMap: [],
    atlan.ProcessSet: [],
    atlan.SqlContext: [],
    atlan.OpenLineageConnection: [connection.ConnectionArgs, _attributes.AssetArgs],
    atlan.OpenLineageJob: [],
    atlan.Asset: [_attributes.AssetArgs],
    atlan.CrawlerRun: [],
    atlan.AtlanProvider: [],
}
#: Pages that are docstrings of modules: file, heading, modules.
MODULES = {
    "local-atlan.md": ("Local Atlan", [atlan_pulumi.local, atlan_pulumi.local.seed]),
    "lineage-data.md": ("Lineage as plain data", [atlan_pulumi.lineage_data]),
    "errors.md": ("Errors", [atlan_pulumi.errors, client_errors]),
}
#: The typed forms of an asset, which share a page.
TYPED_ASSETS = [
    atlan.Database,
    atlan.Schema,
    atlan.Table,
    atlan.View,
    atlan.Column,
    atlan.S3Bucket,
    atlan.S3Object,
    atlan.File,
    atlan.KafkaTopic,
    atlan.APISpec,
    atlan.APIPath,
    atlan.Application,
    atlan.ApplicationField,
    atlan.CustomEntity,
]
FUNCTIONS = [
    atlan.asset,
    atlan.table,
    atlan.view,
    atlan.column,
    atlan.asset_of,
    atlan.table_of,
    atlan.column_of,
    atlan.register_asset_type,
    atlan.lineage_of,
    atlan.lineage_from_dbt,
    atlan.lineage_from_openlineage,
    atlan.lineage_from_builder,
    atlan.get_connection,
    atlan.find_asset,
    atlan.dataset,
    atlan.sdk_process_id,
]


def pages() -> dict[Path, str]:
    """Return every page with its text."""
    made = {FOLDER / _file(kind): _resource_page(kind, args) for kind, args in RESOURCES.items()}
    made[FOLDER / "typed-assets.md"] = _typed_assets_page()
    made[FOLDER / "references.md"] = _functions_page()
    for name, (heading, modules) in MODULES.items():
        texts = [inspect.getdoc(module) or "" for module in modules]
        made[FOLDER / name] = "\n\n".join([f"# {heading}", *texts]) + "\n"
    made[FOLDER / "configuration.md"] = _settings_page()
    made |= {FOLDER / "policies" / name: text for name, text in rules.pages().items()}
    made[FOLDER / "README.md"] = _index()
    made[FOLDER.parent / "guarantees.md"] = guarantees.page()
    made[messages.PAGE] = messages.page()
    return made


def _file(kind: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower() + ".md"


def _sections(doc: str) -> dict[str, str]:
    """Split a Google-style docstring into sections. The text before the first is under ``""``."""
    found = re.split(r"^(Args|Attributes|Example|Returns|Raises|Source):[ ]?", doc, flags=re.MULTILINE)
    return {"": found[0].strip()} | {
        name: textwrap.dedent(text).strip() for name, text in zip(found[1::2], found[2::2], strict=True)
    }


def _entries(section: str) -> dict[str, str]:
    """Return the entries `name: text` of a section, each on one line."""
    joined = re.sub(r"\n\s+", " ", section)
    return dict(line.split(": ", 1) for line in joined.splitlines() if ": " in line)


def _table(heads: tuple[str, str], rows: dict[str, str]) -> str:
    lines = [f"| {heads[0]} | {heads[1]} |", "| --- | --- |"]
    lines += [f"| `{name}` | {text.replace('|', chr(92) + '|')} |" for name, text in rows.items()]
    return "\n".join(lines)


def _attribute_docs(args: type) -> dict[str, str]:
    """Return the string below each annotation of a TypedDict."""
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
    page += [_table(("argument", "description"), arguments)]
    for group in args:
        page += [f"### {_heading(group)}", _table(("argument", "description"), _attribute_docs(group))]
    if "Attributes" in parts:
        page += ["## Outputs", _table(("output", "description"), _entries(parts["Attributes"]))]
    return "\n\n".join(page) + "\n"


_TYPED = (
    "Shorter forms of an [`Asset`](asset.md) for common types. What the type needs is an argument. The type "
    'token is the same: `Table(…)` and `Asset(…, type_name="Table")` declare the same resource.'
)


def _typed_assets_page() -> str:
    page = ["# Typed assets", _TYPED]
    for kind in TYPED_ASSETS:
        parts = _sections(inspect.getdoc(kind) or "")
        arguments = {name: text for name, text in _entries(parts["Args"]).items() if not name.startswith("*")}
        page += [f"## {kind.__name__}", parts[""], _table(("argument", "description"), arguments)]
        page += [parts["Example"]] if "Example" in parts else []
    for group in (_typed_asset.TypedAssetArgs, _attributes.AssetArgs):
        page += [f"## {_heading(group)}", _table(("argument", "description"), _attribute_docs(group))]
    return "\n\n".join(page) + "\n"


def _heading(group: type) -> str:
    return {
        "TypedAssetArgs": "Arguments of every typed asset",
        "AssetArgs": "Arguments of every asset",
        "ProcessArgs": "Arguments of processes",
        "ConnectionArgs": "Arguments of connections",
    }[group.__name__]


_SETTINGS = (
    "Settings of the tenant, the checks, and the tools. Set the `atlan:` settings per stack with "
    "`pulumi config set`. A setting in the stack's configuration takes precedence over the environment "
    "variable. A name in the namespace `atlan:` that is not in this table is a warning, and so is an API key "
    "in plain text."
)
_NETWORK = (
    "Variables of the network. They apply to https only: a proxy could read the key of a request without "
    "TLS, which only a local Atlan gets."
)
_LOGS = (
    "Pulumi's own logs at `-v=9` contain configuration values, including secrets. If you keep such logs, set "
    "the key as `ATLAN_API_KEY`: the logs then do not contain it."
)


def _settings_page() -> str:
    rows = [f"| `{each.key}` | `{variable(each.name)}` | {each.description} |" for each in SETTINGS.values()]
    table = "\n".join(["| setting | environment variable | description |", "| --- | --- | --- |", *rows])
    heads = ("environment variable", "description")
    page = [
        "# Configuration",
        _SETTINGS,
        table,
        "An explicit [`AtlanProvider`](atlan-provider.md) has the same settings as arguments.",
        "Variables of the `atlan-pulumi` command and the provider process:",
        _table(heads, VARIABLES),
        _NETWORK,
        _table(heads, NETWORK_VARIABLES),
        _LOGS,
    ]
    return "\n\n".join(page) + "\n"


def _functions_page() -> str:
    page = ["# References, ids, and types", "Functions that return the values that resources accept."]
    for function in FUNCTIONS:
        arguments = ", ".join(inspect.signature(function).parameters)
        page += [f"## `{function.__name__}({arguments})`", _function_text(function)]
    page += ["## Types", inspect.getdoc(literals) or ""]
    for name in [name for name in atlan.__all__ if hasattr(literals, name)]:
        values = ", ".join(f"`{value}`" for value in get_args(getattr(literals, name)))
        page += [f"### `{name}`", f"One of {values}."]
    return "\n\n".join(page) + "\n"


def _function_text(function: Any) -> str:
    parts = _sections(inspect.getdoc(function) or "")
    text = [parts.pop("")]
    for name, section in parts.items():
        if name == "Args":
            text.append(_table(("argument", "description"), _entries(section)))
        elif name == "Example":
            text.append(section if section.startswith("```") else f"```python\n{section}\n```")
        else:
            text.append(f"**{name}:** " + re.sub(r"\s*\n\s*", " ", section))
    return "\n\n".join(text)


def _index() -> str:
    rows = {
        f"[{kind.__name__}]({_file(kind)})": (inspect.getdoc(kind) or "").splitlines()[0]
        for kind in RESOURCES
    }
    rows["[Table, S3Object, File, …](typed-assets.md)"] = "Shorter forms of an `Asset` for common types."
    rows["[table(), column(), …](references.md)"] = "Functions that return references to assets, and ids."
    rows["[Lineage as plain data](lineage-data.md)"] = "Data for a `LineageMap`: YAML, CSV, data frames."
    rows["[Policies](policies/README.md)"] = "The policies of the policy pack, one page each."
    rows["[Configuration](configuration.md)"] = "Settings of a stack, and environment variables."
    rows["[Commands](commands.md)"] = "The commands of `atlan-pulumi`, with their exit codes."
    rows["[Local Atlan](local-atlan.md)"] = "The API of the local Atlan, seed catalogs, and fault injection."
    rows["[Errors](errors.md)"] = "The exceptions of the package."
    rows["[Messages](../troubleshooting.md#all-messages)"] = "All messages, with their causes and fixes."
    rows["[Guarantees](../guarantees.md)"] = "Known mistakes, drift, and faults, each with its test."
    lines = ["| page | description |", "| --- | --- |"]
    lines += [f"| {name} | {text} |" for name, text in rows.items()]
    start = "All resources, functions, policies, settings, and commands."
    return f"# Reference\n\n{start}\n\n" + "\n".join(lines) + "\n"


def main() -> None:
    """Write the pages, or list those that are out of date."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        sys.exit("\n".join(f"{path.name} is out of date: run `make docs`" for path in stale) or None)
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()
