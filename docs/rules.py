"""Write the reference pages of the policies from their docstrings and the models of their settings."""

from __future__ import annotations

import inspect
import json
import re
import textwrap
from typing import Any

from atlan_pulumi.policies import RULES, ResourceRule, Rule
from atlan_pulumi.policies._rule_settings import properties_of

_SECTION = re.compile(r"^(Passes|Fails|Configuration):[ ]*$", re.MULTILINE)


def pages() -> dict[str, str]:
    """Return every page with its text, by file name."""
    return {f"{rule.name}.md": page(rule) for rule in RULES} | {"README.md": index()}


def sections(rule: Rule[Any]) -> dict[str, str]:
    """Split a rule's docstring into sections. The text before the first is under ``""``."""
    found = _SECTION.split(inspect.getdoc(type(rule)) or "")
    return {"": found[0].strip()} | {
        name: textwrap.dedent(text).strip() for name, text in zip(found[1::2], found[2::2], strict=True)
    }


def page(rule: Rule[Any]) -> str:
    """Return the page of a rule."""
    parts = sections(rule)
    page = [
        f"# {rule.name}",
        parts[""],
        _facts(rule),
        "## Passes",
        parts["Passes"],
        "## Fails",
        parts["Fails"],
    ]
    page += ["## Configuration", parts["Configuration"], _settings(rule)]
    return "\n\n".join(page) + "\n"


def _facts(rule: Rule[Any]) -> str:
    alone = isinstance(rule, ResourceRule)
    scope = "each resource, before it is written" if alone else "the stack, after all resources are declared"
    lines = [
        f"- **Requires:** {rule.description}",
        f"- **Checks:** {scope}",
        f"- **Severity:** {rule.severity.value}",
        f"- **Levels:** {', '.join(rule.levels)}",
    ]
    if rule.needs:
        lines.append(f"- **Not checked** unless one of these is set: {rule.describe_needs()}.")
    return "\n".join(lines)


def _settings(rule: Rule[Any]) -> str:
    schema = properties_of(rule.settings)
    if not schema:
        return "This policy has no settings."
    lines = ["| setting | in Python | description | default |", "| --- | --- | --- | --- |"]
    for name, field in rule.settings.model_fields.items():
        default = json.dumps(field.get_default(call_default_factory=True), ensure_ascii=False, default=str)
        text = (field.description or "").replace("|", r"\|")
        lines.append(f"| `{field.alias}` | `{name}` | {text} | `{default}` |")
    return "\n".join(lines)


def index() -> str:
    """Return the page that lists the policies."""
    lines = ["| policy | requirement |", "| --- | --- |"]
    lines += [f"| [{rule.name}]({rule.name}.md) | {rule.description} |" for rule in RULES]
    return (
        "\n\n".join(
            [
                "# Policies",
                "What each policy of the pack requires. See [Set up policies](../../policies.md).",
                "\n".join(lines),
            ]
        )
        + "\n"
    )
